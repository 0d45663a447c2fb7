import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, login, startWithClient } from "./client.ts";
import { documentIsPresent, openDocument } from "./openapi.ts";

const ifPresent = documentIsPresent
  ? "held against Looker's OpenAPI document"
  : "SKIPPED: ../shared/looker/looker-4.0-subset.oas.json is not here";

/** Content validation, other users and the like: no part of running a report, and answered 404. */
const notServed = [
  "content_validation",
  "login_user",
  "run_url_encoded_query",
  "scheduled_plans_for_lookml_dashboard",
];

describe.skipIf(!documentIsPresent)(ifPresent, () => {
  const document = documentIsPresent ? openDocument() : undefined;
  let client: Client & AsyncDisposable;
  let takesMs = 5;
  const good = new Set<string>();

  beforeAll(async () => {
    client = await startWithClient({ isAdmin: true, queryMs: () => takesMs, renderMs: 5 });
  });
  afterAll(() => client[Symbol.asyncDispose]());

  async function check(operation: string, answer: Response, status: number) {
    expect(answer.status, `${operation} ${answer.url}`).toBe(status);
    const text = await answer.text();
    if (status < 300) good.add(operation);
    if (status === 204 || status === 202) {
      expect(text).toBe("");
      expect(document!.operation(operation).responses[status]).toBeDefined();
      return undefined;
    }
    const body = JSON.parse(text);
    expect(document!.problems(operation, status, body), `${operation} ${status}`).toEqual([]);
    return body;
  }

  test("sessions, versions and people", async () => {
    await check("login", await login(client.looker), 200);
    await check("login", await login(client.looker, "wrong"), 404);
    await check("session", await client.get("/session"), 200);
    await check("versions", await client.get("/versions"), 200);
    const me = await check("me", await client.get("/user"), 200);
    await check("user", await client.get(`/users/${me.id}`), 200);
    await check("user", await client.get("/users/999"), 404);
    const [role] = await check("user_roles", await client.get(`/users/${me.id}/roles`), 200);
    await check("all_roles", await client.get("/roles"), 200);
    await check("role", await client.get(`/roles/${role.id}`), 200);
    await check("all_permissions", await client.get("/permissions"), 200);
    await check("all_user_attributes", await client.get("/user_attributes"), 200);
    await check("user_attribute", await client.get("/user_attributes/1"), 200);
    await check("search_users", await client.get("/users/search?first_name=Rep%25&limit=2"), 200);
    await check("user_attribute_user_values", await client.get(`/users/${me.id}/attribute_values`), 200);
  });

  test("every Look, in the list and by itself", async () => {
    const looks = await check("all_looks", await client.get("/looks"), 200);
    expect(looks.length).toBeGreaterThan(10);
    for (const { id } of looks) await check("look", await client.get(`/looks/${id}`), 200);
    await check("search_looks", await client.get("/looks/search?title=%25delay%25&limit=3"), 200);
    await check("search_looks", await client.get("/looks/search?limit=many"), 400);
    await check("look", await client.get("/looks/1"), 404);
  });

  test("queries, made and found", async () => {
    const body = { model: "faa", view: "flights", fields: ["flights.origin"], limit: "5" };
    const query = await check("create_query", await client.post("/queries", body), 200);
    await check("create_query", await client.post("/queries", { model: "faa", fields: "x" }), 422);
    await check("create_query", await client.post("/queries", { ...body, view: "nowhere" }), 404);
    await check("create_query", await client.post("/queries", [body]), 400);
    await check("query", await client.get(`/queries/${query.id}`), 200);
    await check("query", await client.get("/queries/1"), 404);
    await check("query_for_slug", await client.get(`/queries/slug/${query.slug}`), 200);
    await check("query_for_slug", await client.get("/queries/slug/none"), 404);
  });

  test("a query task through its life", async () => {
    const { query_id } = await client.getJson("/looks/42");
    const body = { query_id, result_format: "json_detail" };
    takesMs = 600_000;
    const slow = await check("create_query_task", await client.post("/query_tasks", body), 200);
    await check("query_task_results", await client.get(`/query_tasks/${slow.id}/results`), 202);
    await check("query_task", await client.get(`/query_tasks/${slow.id}`), 200);
    const running = await check("all_running_queries", await client.get("/running_queries"), 200);
    expect(running).toHaveLength(1);
    await check("kill_query", await client.delete(`/running_queries/${slow.id}`), 204);
    await check("query_task", await client.get(`/query_tasks/${slow.id}`), 200);
    takesMs = 5;
    const { id } = await check("create_query_task", await client.post("/query_tasks", body), 200);
    await client.statuses(id);
    const task = await check("query_task", await client.get(`/query_tasks/${id}`), 200);
    expect(task).toMatchObject({ status: "complete", result_source: "query" });
    const all = await client.get(`/query_tasks/multi_results?query_task_ids=${id}`);
    await check("query_task_multi_results", all, 200);
    await check("query_task_multi_results", await client.get("/query_tasks/multi_results"), 400);
    await check("create_query_task", await client.post("/query_tasks", {}), 422);
    await check("create_query_task", await client.post("/query_tasks", { ...body, query_id: "1" }), 404);
    await check("create_query_task", await client.post("/query_tasks?limit=x", body), 400);
    await check("query_task", await client.get("/query_tasks/0"), 404);
    await check("query_task_results", await client.get("/query_tasks/0/results"), 404);
  });

  test("a result in every format has a listed status, and errors have the document's shape", async () => {
    const sound = await client.getJson("/looks/42");
    for (const format of ["json", "json_detail", "csv", "txt", "html", "md"]) {
      const id = await client.task("42", format);
      await client.statuses(id);
      const answers = {
        query_task_results: await client.get(`/query_tasks/${id}/results`),
        run_look: await client.get(`/looks/42/run/${format}`),
        run_query: await client.get(`/queries/${sound.query_id}/run/${format}`),
        run_inline_query: await client.post(`/queries/run/${format}`, sound.query),
      };
      for (const [operation, answer] of Object.entries(answers)) {
        expect(answer.status, operation).toBe(200);
        expect((await answer.text()).length).toBeGreaterThan(100);
        good.add(operation);
      }
    }
    const { query_id, query } = await client.getJson("/looks/83");
    const failed = await client.task("83", "csv");
    await client.statuses(failed);
    await check("query_task_results", await client.get(`/query_tasks/${failed}/results`), 400);
    await check("run_look", await client.get("/looks/83/run/csv"), 400);
    await check("run_look", await client.get("/looks/42/run/xlsx"), 422);
    await check("run_look", await client.get("/looks/1/run/csv"), 404);
    await check("run_query", await client.get(`/queries/${query_id}/run/csv`), 400);
    await check("run_query", await client.get("/queries/1/run/csv"), 404);
    await check("run_inline_query", await client.post("/queries/run/csv", query), 400);
    await check("run_inline_query", await client.post("/queries/run/csv", {}), 422);
  });

  test("models, explores and suggestions", async () => {
    const models = await check("all_lookml_models", await client.get("/lookml_models"), 200);
    for (const model of models) {
      await check("lookml_model", await client.get(`/lookml_models/${model.name}`), 200);
      for (const { name } of model.explores) {
        const path = `/lookml_models/${model.name}/explores/${name}`;
        await check("lookml_model_explore", await client.get(path), 200);
      }
    }
    await check("lookml_model", await client.get("/lookml_models/none"), 404);
    await check("lookml_model_explore", await client.get("/lookml_models/faa/explores/none"), 404);
    const path = "/models/faa/views/flights/fields/flights.origin/suggestions";
    const { suggestions } = await check(
      "model_fieldname_suggestions",
      await client.get(`${path}?term=SF`),
      200,
    );
    expect(suggestions).toContain("SFO");
    const unknown = await client.get("/models/faa/views/flights/fields/flights.none/suggestions");
    await check("model_fieldname_suggestions", unknown, 404);
  });

  test("dashboards, their elements, schedules and datagroups", async () => {
    await check("all_dashboards", await client.get("/dashboards"), 200);
    const found = await check(
      "search_dashboards",
      await client.get("/dashboards/search?title=flight%25"),
      200,
    );
    expect(found).toHaveLength(1);
    const dashboard = await check("dashboard", await client.get("/dashboards/7"), 200);
    expect(dashboard.dashboard_elements.length).toBeGreaterThan(6);
    await check("dashboard", await client.get("/dashboards/1"), 404);
    for (const dashboardId of ["7", "8", "faa::punctuality"]) {
      await check("dashboard", await client.get(`/dashboards/${dashboardId}`), 200);
      const elements = await check(
        "dashboard_dashboard_elements",
        await client.get(`/dashboards/${dashboardId}/dashboard_elements`),
        200,
      );
      for (const { id } of elements)
        await check("dashboard_element", await client.get(`/dashboard_elements/${id}`), 200);
    }
    await check("dashboard_element", await client.get("/dashboard_elements/1"), 404);
    const [plan] = await check(
      "all_scheduled_plans",
      await client.get("/scheduled_plans?all_users=true"),
      200,
    );
    await check("scheduled_plan", await client.get(`/scheduled_plans/${plan.id}`), 200);
    await check("scheduled_plan", await client.get("/scheduled_plans/1"), 404);
    await check("scheduled_plans_for_look", await client.get("/scheduled_plans/look/42"), 200);
    await check("scheduled_plans_for_dashboard", await client.get("/scheduled_plans/dashboard/7"), 200);
    await check("all_datagroups", await client.get("/datagroups"), 200);
    await check("datagroup", await client.get("/datagroups/1"), 200);
    await check("datagroup", await client.get("/datagroups/99"), 404);
  });

  test("render tasks of everything that can be drawn, and signed URLs", async () => {
    const { query_id } = await client.getJson("/looks/42");
    const drawn = {
      create_look_render_task: ["looks/42", undefined],
      create_query_render_task: [`queries/${query_id}`, undefined],
      create_dashboard_element_render_task: ["dashboard_elements/701", undefined],
      create_dashboard_render_task: ["dashboards/7", { dashboard_filters: "Origin=SFO" }],
    } as const;
    for (const [operation, [path, body]] of Object.entries(drawn)) {
      const at = (size: string) => client.post(`/render_tasks/${path}/png${size}`, body);
      const { id } = await check(operation, await at("?width=40&height=30"), 200);
      await check(operation, await at(""), 422);
      await check(operation, await at("?width=a&height=b"), 400);
      const gone = `/render_tasks/${path.split("/")[0]}/1/png?width=40&height=30`;
      await check(operation, await client.post(gone, body), 404);
      await expect.poll(async () => (await client.getJson(`/render_tasks/${id}`)).status).toBe("success");
      const task = await check("render_task", await client.get(`/render_tasks/${id}`), 200);
      expect(document!.operation("render_task_results").responses[200]?.content).toHaveProperty("image/png");
      expect((await client.get(`/render_tasks/${task.id}/results`)).headers.get("content-type")).toBe(
        "image/png",
      );
    }
    client.looker.faults.add({ kind: "render_stuck" });
    const path = "/render_tasks/looks/42/png?width=40&height=30";
    const stuck = await check("create_look_render_task", await client.post(path, undefined), 200);
    await check("render_task_results", await client.get(`/render_tasks/${stuck.id}/results`), 202);
    await check("render_task", await client.get("/render_tasks/0"), 404);
    await check("render_task_results", await client.get("/render_tasks/0/results"), 404);
    client.looker.faults.add({ kind: "render_failure" });
    const failed = await check("create_look_render_task", await client.post(path, undefined), 200);
    const results = () => client.get(`/render_tasks/${failed.id}/results`);
    await expect.poll(async () => (await results()).status).toBe(400);
    await check("render_task_results", await results(), 400);
    await check("render_task", await client.get(`/render_tasks/${failed.id}`), 200);
    const target = { target_url: `${client.looker.url}/looks/42`, group_ids: ["1"] };
    await check("create_sso_embed_url", await client.post("/embed/sso_url", target), 200);
    await check("create_sso_embed_url", await client.post("/embed/sso_url", {}), 422);
    await check(
      "create_sso_embed_url",
      await client.post("/embed/sso_url", { ...target, target_url: "/x" }),
      400,
    );
  });

  test("the check itself sees an unlisted status, a wrong type and a property that Looker does not have", () => {
    expect(document!.problems("look", 418, {})).toEqual(["status 418 is not listed"]);
    expect(document!.problems("look", 200, { id: 42 })).toEqual([
      expect.stringContaining("/id must be string"),
    ]);
    expect(document!.problems("look", 200, { name: "x" })).toEqual([
      expect.stringContaining("additional properties"),
    ]);
    expect(document!.problems("look", 404, { message: "Not found" })).toEqual([
      expect.stringContaining("documentation_url"),
    ]);
  });

  test("a rate limit, at any operation, in the document's shape", async () => {
    for (const [operation, path] of [
      ["me", "/user"],
      ["query_task_results", "/query_tasks/0/results"],
    ] as const) {
      client.looker.faults.add({ kind: "status", status: 429, on: operation });
      await check(operation, await client.get(path), 429);
    }
  });

  test("every operation of the document was driven to success, or is known not to be served", async () => {
    await check("logout", await client.delete("/logout"), 204);
    const unknown = document!.operations.map(({ operationId }) => operationId).filter((id) => !good.has(id));
    expect(unknown.filter((id) => !notServed.includes(id))).toEqual([]);
  });
});
