import { PNG } from "pngjs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Client, startWithClient } from "../client.ts";
import { render } from "./rendering.ts";

let client: Client;

beforeAll(async () => {
  client = await startWithClient({ renderMs: 20 });
});
afterAll(() => client.looker.close());

test("a Look is drawn as a PNG of exactly the size asked for, through Looker's states", async () => {
  const { task, states, answer, bytes } = await render(client, "looks/42/png?width=803&height=401");
  const order = ["enqueued_for_query", "querying", "enqueued_for_render", "rendering", "success"];
  expect(states).toEqual(order.filter((state) => states.includes(state)));
  expect(states.at(-1)).toBe("success");
  expect(task).toMatchObject({ look_id: "42", query_id: null, width: 803, height: 401, status_detail: null });
  expect(task.runtime).toBeCloseTo(task.query_runtime + task.render_runtime, 3);
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/png"]);
  const { width, height } = PNG.sync.read(bytes);
  expect([width, height]).toEqual([803, 401]);
});

test("a picture shows the data: other data are another picture, the same data the same", async () => {
  const draw = async (filters: Record<string, string>) => {
    const { id } = await (
      await client.post("/queries", {
        model: "faa",
        view: "flights",
        fields: ["flights.date_date", "flights.count"],
        filters,
        vis_config: { type: "looker_line" },
      })
    ).json();
    return (await render(client, `queries/${id}/png?width=400&height=200`)).bytes;
  };
  const [first, again, other] = [
    await draw({ "flights.origin": "SFO" }),
    await draw({ "flights.origin": "SFO" }),
    await draw({ "flights.origin": "ORD" }),
  ];
  expect(first.equals(again)).toBe(true);
  expect(first.equals(other)).toBe(false);
  const colors = PNG.sync.read(first).data;
  const isLine = (at: number) => colors[at] === 0x1a && colors[at + 1] === 0x73 && colors[at + 2] === 0xe8;
  expect(Array.from({ length: colors.length / 4 }, (_, index) => index * 4).some(isLine)).toBe(true);
});

test("every Look, element and dashboard is drawn at any size, the hostile ones too", async () => {
  const looks: { id: string }[] = await client.getJson("/looks?fields=id");
  const elements: { id: string }[] = await client.getJson("/dashboards/8/dashboard_elements?fields=id");
  const paths = [
    ...looks.filter(({ id }) => id !== "83").map(({ id }) => `looks/${id}`),
    ...elements.filter(({ id }) => id !== "810").map(({ id }) => `dashboard_elements/${id}`),
    "dashboards/8",
    "dashboards/faa::punctuality",
  ];
  for (const path of paths) {
    for (const [width, height] of [
      [1, 1],
      [320, 180],
    ]) {
      const body = path.startsWith("dashboards/") ? {} : undefined;
      const { task, bytes } = await render(client, `${path}/png?width=${width}&height=${height}`, body);
      expect([path, task.status, task.status_detail]).toEqual([path, "success", null]);
      const image = PNG.sync.read(bytes);
      expect([path, image.width, image.height]).toEqual([path, width, height]);
    }
  }
});

test("a Look whose query fails is not drawn, and says why; a dashboard shows it in the tile", async () => {
  const { task, answer } = await render(client, "looks/83/png?width=400&height=200");
  expect(task).toMatchObject({ status: "failure", status_detail: expect.stringContaining("database") });
  expect([answer.status, (await client.get(`/render_tasks/${task.id}`)).status]).toEqual([400, 200]);
  expect((await render(client, "dashboards/8/png?width=400&height=400", {})).task.status).toBe("success");
});

test("a drawing counts as a query, and one whose query is killed fails", async () => {
  await using slow = await startWithClient({ queryMs: 600_000, renderMs: 0, isAdmin: true });
  const { id } = await (await slow.post("/render_tasks/looks/42/png?width=10&height=10", undefined)).json();
  const [running] = await slow.getJson("/running_queries");
  expect(running).toMatchObject({ source: "renderer" });
  expect((await slow.getJson(`/render_tasks/${id}`)).status).toBe("querying");
  const pending = await slow.get(`/render_tasks/${id}/results`);
  expect([pending.status, pending.headers.get("retry-after"), await pending.text()]).toEqual([202, "1", ""]);
  await slow.delete(`/running_queries/${running.id}`);
  await expect
    .poll(async () => (await slow.getJson(`/render_tasks/${id}`)).status_detail)
    .toBe("Query was killed");
});

test("two are drawn at one time, and the third waits", async () => {
  await using slow = await startWithClient({ queryMs: 0, renderMs: 600_000 });
  const ids: string[] = [];
  for (let count = 0; count < 3; count += 1) {
    const made = await slow.post("/render_tasks/looks/42/png?width=10&height=10", undefined);
    ids.push((await made.json()).id);
  }
  const states = () => Promise.all(ids.map(async (id) => (await slow.getJson(`/render_tasks/${id}`)).status));
  await expect.poll(states).toEqual(["rendering", "rendering", "enqueued_for_render"]);
});

test("a task says what it draws and how, also of a dashboard in LookML", async () => {
  const body = { dashboard_filters: "Departure=7 days", dashboard_style: "single_column" };
  const { task } = await render(client, "dashboards/faa::punctuality/png?width=40&height=30", body);
  expect(task).toMatchObject({
    ...body,
    lookml_dashboard_id: "faa::punctuality",
    dashboard_id: null,
    result_format: "png",
  });
  const element = await render(
    client,
    "dashboard_elements/faa::punctuality::by_state/png?width=40&height=30",
  );
  expect(element.task).toMatchObject({
    dashboard_element_id: "faa::punctuality::by_state",
    dashboard_style: null,
  });
});

test("what cannot be asked for is refused by the field that is wrong", async () => {
  const refused = async (path: string, body?: unknown) => {
    const answer = await client.post(`/render_tasks/${path}`, body);
    const { errors = [] } = await answer.json();
    return [
      answer.status,
      ...errors.map(({ field, code }: { field: string; code: string }) => `${field} ${code}`),
    ];
  };
  const size = "width=100&height=100";
  expect(await refused("looks/42/png")).toEqual([422, "width missing_field", "height missing_field"]);
  expect(await refused("looks/42/png?width=0&height=10001")).toEqual([
    422,
    "width invalid",
    "height invalid",
  ]);
  expect(await refused("looks/42/png?width=9999&height=9999")).toEqual([422, "width invalid"]);
  expect(await refused("looks/42/png?width=wide&height=1")).toEqual([400]);
  expect(await refused(`looks/42/pdf?${size}`)).toEqual([422, "result_format invalid"]);
  expect(await refused(`dashboards/7/gif?${size}`, {})).toEqual([422, "result_format invalid"]);
  expect(await refused(`dashboards/7/pdf?${size}&pdf_paper_size=a9`, {})).toEqual([
    422,
    "pdf_paper_size invalid",
  ]);
  expect(await refused(`dashboards/7/png?${size}`, { dashboard_style: "x" })).toEqual([
    422,
    "dashboard_style invalid",
  ]);
  expect(await refused(`dashboards/7/png?${size}`, { dashboard_filters: 7 })).toEqual([
    422,
    "dashboard_filters invalid",
  ]);
  expect(await refused(`dashboards/7/png?${size}`)).toEqual([400]);
  for (const path of ["looks/1", "looks/90", "queries/1", "dashboard_elements/1"])
    expect([path, ...(await refused(`${path}/png?${size}`))]).toEqual([path, 404]);
  expect(await refused(`dashboards/1/png?${size}`, {})).toEqual([404]);
});

test("a finished drawing can be fetched again, until it expires", async () => {
  const { task, bytes } = await render(client, "looks/44/png?width=20&height=20");
  const again = await client.get(`/render_tasks/${task.id}/results`);
  expect(bytes.equals(Buffer.from(await again.arrayBuffer()))).toBe(true);
  await using brief = await startWithClient({ renderMs: 0, resultTtlMs: 1 });
  const { task: gone } = await render(brief, "looks/44/png?width=20&height=20");
  expect(gone.status).toBe("success");
  await expect.poll(async () => (await brief.get(`/render_tasks/${gone.id}/results`)).status).toBe(404);
});

test("render tasks are listed for what drives the sandbox, in this process or outside it", async () => {
  await using fresh = await startWithClient({ renderMs: 0 });
  await render(fresh, "dashboards/7/png?width=30&height=20", { dashboard_filters: "Origin=SFO" });
  const expected = {
    id: expect.any(String),
    content: "dashboards/7",
    format: "png",
    width: 30,
    height: 20,
    dashboardFilters: "Origin=SFO",
    state: "success",
  };
  expect(fresh.looker.renders()).toEqual([expected]);
  expect(await (await fetch(`${fresh.looker.url}/sandbox/renders`)).json()).toEqual([expected]);
});
