import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { jsonLines, type Program, run, start, temporaryFolder, until } from "./program.ts";

const QUERY_MS = 3_000;
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ queryMs: QUERY_MS });
});
afterAll(() => sandbox.close());

const REPORTS = `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}", client_id: "\${LOOKER_CLIENT_ID}", client_secret: "\${LOOKER_CLIENT_SECRET}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
reports:
  minutely: { schedule: "* * * * *", look: 42, deliver: [{ email: ops@example.com }] }
`;

const said = (program: Program, message: string) =>
  jsonLines(program.out().slice(0, program.out().lastIndexOf("\n") + 1)).filter(
    (line) => line.msg === message,
  );

// A crontab cannot tick sooner than the next minute: one test waits for it, and looks at all that happens then.
test("of two services on one store, one runs the tick; SIGTERM lets it finish; past the grace it is cut short", {
  timeout: 240_000,
}, async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "reports.yaml"), REPORTS);
  const patient = start(["start", "--grace-seconds", "30"], sandbox.env, folder);
  const hasty = start(["start", "--grace-seconds", "0"], sandbox.env, folder);
  const early = Promise.race([patient.ended, hasty.ended]).then(({ code, err }) => {
    throw new Error(`a service ended at once with ${code}: ${err}`);
  });
  const bothRun = until(() => said(patient, "started").length + said(hasty, "started").length === 2);
  await Promise.race([bothRun, early]);
  early.catch(() => "they end later on, as they should");
  expect(await run(["health"], sandbox.env, folder)).toMatchObject({ code: 0 });

  await until(() => said(patient, "run started").length + said(hasty, "run started").length > 0);
  await until(() => sandbox.looker.tasks().length > 0);
  for (const service of [patient, hasty]) service.process.kill("SIGTERM");
  for (const service of [patient, hasty]) expect(await service.ended).toMatchObject({ code: 0, err: "" });

  const finished = said(patient, "run started").length === 1;
  expect(said(patient, "run started").length + said(hasty, "run started").length).toBe(1);
  const { out } = await run(["history", "--json"], sandbox.env, folder);
  const runs = jsonLines(out).filter((line) => line.type === "run");
  expect(runs).toMatchObject([{ status: finished ? "delivered" : "cut_short", trigger: "schedule" }]);
  expect(new Date(String(runs[0]?.dueAt)).getUTCSeconds()).toBe(0);
  expect(sandbox.looker.tasks().map((task) => task.state)).toEqual([finished ? "complete" : "killed"]);
  expect(await run(["health"], sandbox.env, folder)).toMatchObject({ code: 1 });
});

test("start refuses a file with problems, all of them at once", async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, "reports.yaml"),
    REPORTS.replace("look: 42", "lok: 42").replace('"* * * * *"', '"61 * * * *"'),
  );
  const { code, err, out } = await run(["start"], sandbox.env, folder);
  expect(code).toBe(2);
  expect(out).toBe("");
  expect(err).toMatch(/reports\.yaml:5:\d+: report "minutely".*61/);
  expect(err).toMatch(/lok.*\n.*\n.*\n.*"look"/);
});
