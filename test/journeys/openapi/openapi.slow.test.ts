import { copyFileSync, cpSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { documentIsPresent } from "../../sandbox/looker/openapi.ts";
import { jsonLines, run, start, temporaryFolder, until } from "../program.ts";
import { startValidatingProxy, type ValidatingProxy } from "./proxy.ts";
import { openRequests } from "./requests.ts";

const ifPresent = documentIsPresent
  ? "every call of the program is one that Looker's OpenAPI document knows"
  : "SKIPPED: ../shared/looker/looker-4.0-subset.oas.json is not here";

const ROOT = join(import.meta.dirname, "../../..");
const FILES = [
  "reports.yaml",
  ...readdirSync(join(ROOT, "examples"))
    .filter((name) => name.endsWith(".yaml"))
    .map((name) => `examples/${name}`),
];
const REPORTS = FILES.flatMap((file) => {
  const { reports } = parse(readFileSync(join(ROOT, file), "utf8")) as { reports: object };
  return Object.keys(reports).map((report) => ({ file, report }));
});

/** The file in a folder of its own, which its store is made in: an example with those that it includes. */
function copyOf(file: string): string {
  const folder = temporaryFolder();
  if (dirname(file) === ".") copyFileSync(join(ROOT, file), join(folder, file));
  else cpSync(join(ROOT, dirname(file)), folder, { recursive: true });
  return join(folder, basename(file));
}

const HEAD = `version: 1
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
defaults: { timezone: UTC }
reports:
`;
const report = (content: string) =>
  `${HEAD}  one: { schedule: "0 8 * * mon", ${content}, deliver: [{ email: ops@example.com, attach: csv }] }\n`;

describe.skipIf(!documentIsPresent)(ifPresent, () => {
  let sandbox: Sandbox;
  let proxy: ValidatingProxy;

  beforeAll(async () => {
    sandbox = await startSandbox({ queryMs: 5 });
    proxy = await startValidatingProxy(sandbox.looker.url, "/api/gateway");
  });
  afterAll(async () => {
    await proxy.close();
    await sandbox.close();
  });

  /** Runs the program through the proxy; the calls it made are in `calls`, and none may be out of order. */
  async function through(
    args: readonly string[],
    { yaml, env }: { yaml?: string; env?: Record<string, string> } = {},
  ) {
    const folder = temporaryFolder();
    if (yaml !== undefined) writeFileSync(join(folder, "reports.yaml"), yaml);
    const before = proxy.calls.length;
    const ended = await run(args, { ...sandbox.env, LOOKER_BASE_URL: proxy.url, ...env }, folder);
    expect(proxy.complaints.splice(0)).toEqual([]);
    return { ...ended, calls: proxy.calls.slice(before) };
  }

  test.each(REPORTS)("run $report of $file", async ({ file, report }) => {
    const { code, err, calls } = await through(["run", report, "--config", copyOf(file)]);
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(calls).toContain("query_task_results 200");
    expect(calls.at(-1)).toBe("logout 204");
  });

  test("the plain weekly run makes seven calls at most", async () => {
    const { calls } = await through(["run", "weekly-delays", "--config", copyOf("reports.yaml")]);
    const polls = calls.filter((call) => call === "query_task 200").length;
    expect(polls).toBeLessThanOrEqual(2);
    expect(calls.filter((call) => call !== "query_task 200")).toEqual([
      "login 200",
      "look 200",
      "create_query_task 200",
      "query_task_results 200",
      "logout 204",
    ]);
  });

  test("check --online asks for each content and its fields, and runs nothing", async () => {
    const { code, err, calls } = await through(["check", join(ROOT, "reports.yaml"), "--online"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(calls.filter((call) => /task|create/.test(call))).toEqual([]);
    expect(calls.filter((call) => call.startsWith("login"))).toHaveLength(1);
  });

  test("a query with all that the YAML can say of one", async () => {
    const { code, err } = await through(["run", "one"], {
      yaml: report(`query: { model: faa, explore: flights, fields: [origin.state, flights.date_week, flights.count],
        filters: { flights.date_date: 28 days }, sorts: [flights.date_week, origin.state], pivots: [flights.date_week],
        limit: 50, column_limit: 5, totals: true, row_totals: true, timezone: UTC }`),
    });
    expect({ code, err }).toMatchObject({ code: 0 });
    expect(sentBody("create_query")).toEqual({
      model: "faa",
      view: "flights",
      fields: ["origin.state", "flights.date_week", "flights.count"],
      filters: { "flights.date_date": "28 days" },
      sorts: ["flights.date_week", "origin.state"],
      pivots: ["flights.date_week"],
      limit: "50",
      column_limit: "5",
      total: true,
      row_total: "right",
      query_timezone: "UTC",
    });
  });

  test("a Look with filters of the report's own is made again without what is read-only", async () => {
    const { code, calls } = await through(["run", "one"], {
      yaml: report("look: 44, filters: { flights.origin: SFO }"),
    });
    expect(code).toBe(0);
    expect(calls).toContain("create_query 200");
    expect(sentBody("create_query")).toMatchObject({
      filters: { "flights.origin": "SFO" },
      vis_config: { type: "looker_line" },
    });
  });

  test("a query by its slug", async () => {
    const { slug } = await queryOfLook("43");
    const { code, calls } = await through(["run", "one"], { yaml: report(`query: ${slug}`) });
    expect(code).toBe(0);
    expect(calls).toContain("query_for_slug 200");
  });

  test.each([
    ["test-connection", /^me 200$/],
    ["looks delay", /^all_looks 200$/],
    ["fields faa flights", /^lookml_model_explore 200$/],
    ["fields --look 42", /^look 200$/],
  ])("%s", async (command, call) => {
    const { code, calls } = await through(command.split(" "));
    expect(code).toBe(0);
    expect(calls).toContainEqual(expect.stringMatching(call));
    expect(calls.at(-1)).toBe("logout 204");
  });

  test.each([
    ["a Look whose query fails", "look: 83", /dropped/, "query_task_results 200"],
    [
      "the same as a large result",
      "look: 83, limit: -1",
      /database encountered an error/,
      "query_task_results 400",
    ],
    ["a Look that is not there", "look: 4242", /Look 4242/, "look 404"],
    [
      "an unknown field",
      "query: { model: faa, explore: flights, fields: [flights.cuont] }",
      /Did you mean "flights.count"/,
      "lookml_model_explore 200",
    ],
    [
      "an unknown explore",
      "query: { model: faa, explore: fligths, fields: [flights.count] }",
      /Did you mean "flights"/,
      "all_lookml_models 200",
    ],
  ])("%s", async (_, content, words, call) => {
    const { code, err, calls } = await through(["run", "one"], { yaml: report(content) });
    expect(code).toBe(1);
    expect(err).toMatch(words);
    expect(calls).toContain(call);
  });

  test("a login with a wrong secret", async () => {
    const env = { LOOKER_CLIENT_SECRET: "wrong-secret" };
    const { code, calls } = await through(["test-connection"], { env });
    expect(code).toBe(1);
    expect(calls).toEqual(["login 404", expect.stringMatching(/^versions/)]);
  });

  test("a token that expires in the middle leads to one more login", async () => {
    sandbox.looker.faults.add({ kind: "token_expired", on: "query_task" });
    const { code, calls } = await through(["run", "weekly-delays", "--config", copyOf("reports.yaml")]);
    expect(code).toBe(0);
    expect(calls.slice(calls.indexOf("query_task 401"))).toEqual([
      "query_task 401",
      "login 200",
      "query_task 200",
      "query_task_results 200",
      "logout 204",
    ]);
  });

  test("Ctrl-C during a slow query cancels it at Looker", async () => {
    const slow = await startSandbox({ queryMs: 600_000 });
    onTestFinished(() => slow.close());
    const watched = await startValidatingProxy(slow.looker.url);
    onTestFinished(() => watched.close());
    const program = start(
      ["run", "weekly-delays", "--config", copyOf("reports.yaml"), "--json"],
      { ...slow.env, LOOKER_BASE_URL: watched.url },
      temporaryFolder(),
    );
    await until(() => watched.calls.includes("query_task 200"));
    program.process.kill("SIGINT");
    const { code, out } = await program.ended;
    expect(code).toBe(1);
    expect(jsonLines(out).at(-1)).toMatchObject({ type: "run", status: "cancelled" });
    expect(watched.calls.slice(-2)).toEqual(["kill_query 204", "logout 204"]);
    expect(watched.complaints).toEqual([]);
  });

  test("the check itself sees what the document does not know", () => {
    const { problems } = openRequests();
    const plain = {
      method: "GET",
      path: "/looks/42",
      query: new URLSearchParams(),
      headers: { authorization: "token x" },
      body: "",
    };
    const posted = (path: string, body: object) =>
      problems({
        ...plain,
        method: "POST",
        path,
        headers: { ...plain.headers, "content-type": "application/json" },
        body: JSON.stringify(body),
      });
    expect(problems(plain)).toEqual([]);
    expect(problems({ ...plain, path: "/lookss/42" })).toEqual([expect.stringContaining("no such path")]);
    expect(problems({ ...plain, headers: {} })).toEqual(["no token is sent"]);
    expect(problems({ ...plain, body: "{}" })).toEqual([expect.stringContaining("a body is sent")]);
    const query = new URLSearchParams("fields=id&limit=3");
    expect(problems({ ...plain, query })).toEqual(["the query parameter limit is not named"]);
    expect(problems({ ...plain, path: "/query_tasks/multi_results" })).toEqual([
      expect.stringContaining("is required"),
    ]);
    expect(posted("/queries", { model: "faa", view: "flights", limit: "5" })).toEqual([]);
    expect(posted("/queries", { model: "faa", view: "flights", limit: 5 })).toEqual([
      expect.stringContaining("/limit must be"),
    ]);
    expect(posted("/queries", { model: "faa", view: "flights", slug: "x" })).toEqual([
      expect.stringContaining("/slug"),
    ]);
    expect(posted("/queries", { model: "faa", view: "flights", rows: 5 })).toEqual([
      expect.stringContaining("rows"),
    ]);
    expect(posted("/query_tasks", { query_id: "1" })).toEqual([expect.stringContaining("result_format")]);
  });

  /** The body of the last call of an operation. */
  function sentBody(operation: string): unknown {
    return JSON.parse(proxy.sent.findLast((sent) => sent.operation === operation)?.body ?? "null");
  }

  async function queryOfLook(id: string): Promise<{ slug: string }> {
    const { url, clientId, clientSecret } = sandbox.looker;
    const form = new URLSearchParams({ client_id: clientId, client_secret: clientSecret });
    const { access_token: token } = (await (
      await fetch(`${url}/api/4.0/login`, { method: "POST", body: form })
    ).json()) as { access_token: string };
    const look = await fetch(`${url}/api/4.0/looks/${id}`, { headers: { authorization: `token ${token}` } });
    return ((await look.json()) as { query: { slug: string } }).query;
  }
});
