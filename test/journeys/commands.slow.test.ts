import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { jsonLines, run, start, temporaryFolder } from "./program.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  // One moment for all: over midnight the data would be dated by one day and filtered by the next.
  const started = new Date();
  sandbox = await startSandbox({ queryMs: 5, now: () => started });
});
afterAll(() => sandbox.close());

const HEAD = `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}", client_id: "\${LOOKER_CLIENT_ID}", client_secret: "\${LOOKER_CLIENT_SECRET}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com, allowed_domains: [example.com] }
slack: { token: "\${SLACK_BOT_TOKEN}", api_url: "\${SLACK_API_URL}" }
reports:
`;
const WEEKLY = `  weekly: { schedule: "0 8 * * mon", timezone: America/New_York, look: 42, deliver: [{ email: ops@example.com, attach: csv }] }
`;
const GONE = `  gone: { schedule: "0 9 * * *", look: 4242, deliver: [{ slack: "#nowhere" }] }
`;

/** A folder with a reports.yaml, and commands run in it over the sandbox. */
function desk(reports: string) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "reports.yaml"), HEAD + reports);
  return { folder, lookpost: (...args: string[]) => run(args, sandbox.env, folder) };
}

test("run tells a person how it went, and a machine with --json", async () => {
  const { lookpost } = desk(WEEKLY);
  const told = await lookpost("run", "weekly");
  expect(told).toMatchObject({ code: 0, out: "" });
  expect(told.err).toMatch(/queried {4}.*: 49 rows of 5 columns/);
  expect(told.err).toMatch(/email {6}ops@example.com: sent/);
  const { code, out } = await lookpost("run", "weekly", "--json");
  expect(code).toBe(0);
  expect(jsonLines(out)).toMatchObject([
    { type: "delivery", report: "weekly", destination: "email", status: "sent", rows: 49, error: null },
    { type: "run", report: "weekly", status: "delivered", rows: 49 },
  ]);
  expect(jsonLines(out)[0]).toMatchObject({
    bytes: expect.any(Number),
    externalId: expect.stringMatching(/^<.+@example.com>$/),
  });
});

test("a failed run exits with 1 and says what to do", async () => {
  const { lookpost } = desk(GONE);
  const { code, out, err } = await lookpost("run", "gone", "--json");
  expect(code).toBe(1);
  expect(err).toMatch(/Look 4242/);
  expect(err).not.toMatch(/\bat .*\.ts:/);
  expect(jsonLines(out)).toMatchObject([
    { type: "run", status: "failed", error: expect.stringContaining("4242") },
  ]);
});

test("a tick is run once by hand; --again runs it once more; a trial does not stand in for it", async () => {
  const { lookpost } = desk(WEEKLY);
  const due = ["--due", "2026-11-16T08:00"];
  expect((await lookpost("run", "weekly", ...due, "--dry-run")).code).toBe(0);
  expect((await lookpost("run", "weekly", ...due, "--to", "me@example.com")).code).toBe(0);
  expect((await lookpost("run", "weekly", ...due)).code).toBe(0);
  const second = await lookpost("run", "weekly", ...due);
  expect(second.code).toBe(2);
  expect(second.err).toMatch(
    /has already been run for Mon 2026-11-16 08:00 EST: run \w+, delivered\.\n.*--again/,
  );
  expect((await lookpost("run", "weekly", ...due, "--again")).code).toBe(0);
  const { out } = await lookpost("history", "weekly", "--json");
  const runs = jsonLines(out).filter((line) => line.type === "run");
  expect(runs.map((line) => line.status)).toEqual(["delivered", "delivered", "delivered", "skipped"]);
  expect(new Set(runs.map((line) => line.dueAt))).toEqual(new Set(["2026-11-16T13:00:00.000Z"]));
});

test("a run of a tick to come is refused unless it is a trial", async () => {
  const { lookpost } = desk(WEEKLY);
  const { code, err } = await lookpost("run", "weekly", "--due", "2099-01-05T08:00");
  expect(code).toBe(2);
  expect(err).toMatch(/in the future\.\n.*--dry-run/);
});

test.each([
  [["run", "weakly"], /no report "weakly".*Did you mean "weekly"\?/],
  [["run", "weekly", "--due", "monday"], /"monday" is not a day and a minute/],
  [
    ["run", "weekly", "--due", "2026-11-16T09:00"],
    /not a tick of weekly .*The previous one was Mon 2026-11-16 08:00 EST/,
  ],
  [["check", "."], /\. is a folder/],
  [["run", "weekly", "--to", "nobody"], /nobody/],
  [["run", "weekly", "--to", "me@elsewhere.example"], /outside email\.allowed_domains/],
  [["run"], /missing required argument 'report'/],
  [["next", "--days", "soon"], /whole number.*\n\(see lookpost next --help\)/],
  [["frobnicate"], /unknown command/],
  [["check", "missing.yaml"], /There is no file missing\.yaml/],
  [["history", "--run", "nope"], /There is no ledger at /],
])("%j is a wrong call: exit code 2, and a sentence", async (args, words) => {
  const { code, err } = await desk(WEEKLY).lookpost(...args);
  expect(err).toMatch(words);
  expect(err).not.toMatch(/\bat .*\.ts:/);
  expect(code).toBe(2);
});

test("check finds what the file alone tells, --online what Looker and Slack know, each at its place", async () => {
  const { lookpost } = desk(WEEKLY + GONE);
  expect(await lookpost("check")).toMatchObject({
    code: 0,
    out: expect.stringContaining("2 reports, no problems"),
  });
  const { code, err } = await lookpost("check", "--online");
  expect(code).toBe(2);
  expect(err).toMatch(/reports\.yaml:7:\d+: report "gone".*4242/);
  expect(err).toMatch(/#?nowhere/);
  expect(err).toMatch(/2 problems/);
});

test("check and start refuse addresses outside the allowed domains", async () => {
  const { lookpost } = desk(WEEKLY.replace("ops@example.com", "ops@elsewhere.example"));
  for (const command of ["check", "start"]) {
    const { code, err } = await lookpost(command);
    expect(code).toBe(2);
    expect(err).toMatch(
      /reports\.yaml:6:\d+: report "weekly".*ops@elsewhere\.example is outside email\.allowed_domains/,
    );
  }
});

test("the help fits a terminal of 80 columns", async () => {
  const { out, code } = await desk(WEEKLY).lookpost("--help");
  expect(code).toBe(0);
  expect(out.split("\n").filter((line) => line.length > 80)).toEqual([]);
});

test("next lists the ticks in the report's zone and in UTC", async () => {
  const { out, code } = await desk(WEEKLY).lookpost("next", "--days", "7");
  expect(code).toBe(0);
  expect(out).toMatch(/^Mon \d{4}-\d\d-\d\d 08:00 E[SD]T {2}\d{4}-\d\d-\d\d 1[23]:00Z {2}weekly\n$/);
});

test("history shows one run in full", async () => {
  const { lookpost } = desk(WEEKLY);
  const { out } = await lookpost("run", "weekly", "--json");
  const id = String(jsonLines(out)[0]?.run);
  const told = await lookpost("history", "--run", id);
  expect(told.out).toMatch(/state +delivered/);
  expect(told.out).toMatch(/query 1 .*49 rows in .* \(task [0-9a-f]{32}\)/);
  expect(told.out).toMatch(/email {2}ops@example\.com: sent, with 1\.\d kB of files and pictures/);
});

test("names are found with the environment alone, without a reports.yaml", async () => {
  const folder = temporaryFolder();
  const looks = await run(["looks", "delay by"], sandbox.env, folder);
  expect(looks.out).toMatch(/^44 +Delay by day/m);
  expect((await run(["looks", "zebra"], sandbox.env, folder)).code).toBe(1);
  const fields = await run(["fields", "--look", "42", "--json"], sandbox.env, folder);
  expect(jsonLines(fields.out)).toContainEqual(
    expect.objectContaining({ name: "flights.count", kind: "measure" }),
  );
  const wrong = await run(["fields", "faa", "flihgts"], sandbox.env, folder);
  expect(wrong.err).toMatch(/Did you mean "flights"/);
  expect(wrong.code).toBe(1);
});

test("test-connection says who the API user is; a wrong secret says what to check and hides it", async () => {
  const folder = temporaryFolder();
  const right = await run(["test-connection"], sandbox.env, folder);
  expect(right).toMatchObject({ code: 0, out: expect.stringMatching(/API user +Report Robot/) });
  const wrong = await run(
    ["test-connection"],
    { ...sandbox.env, LOOKER_CLIENT_SECRET: "hunter2hunter2" },
    folder,
  );
  expect(wrong.code).toBe(1);
  expect(wrong.err).toMatch(/client/i);
  expect(wrong.out + wrong.err).not.toContain("hunter2hunter2");
});

test("health says that there is no ledger before a service has made one", async () => {
  expect(await desk(WEEKLY).lookpost("health")).toMatchObject({
    code: 2,
    err: expect.stringContaining("There is no ledger at "),
  });
});

test("--help shows examples for every command", async () => {
  const { out, code } = await run(["--help"]);
  expect(code).toBe(0);
  const commands = [...out.matchAll(/^ {2}([a-z-]+) /gm)]
    .map((match) => match[1] ?? "")
    .filter((name) => name !== "help");
  expect(commands.length).toBeGreaterThan(10);
  for (const command of ["run", "check", "sandbox"]) {
    expect((await run([command, "--help"])).out).toMatch(/Example:\n {2}lookpost /);
  }
});

test("check --online says once that a server is down, and still asks the others", async () => {
  const { lookpost, folder } = desk(WEEKLY + WEEKLY.replace("weekly", "another") + GONE);
  const { code, err } = await run(
    ["check", "--online"],
    { ...sandbox.env, SMTP_URL: "smtp://127.0.0.1:9" },
    folder,
  );
  expect(code).toBe(2);
  expect(err.match(/reports\.yaml:3:\d+: .*127\.0\.0\.1:9/g)).toHaveLength(1);
  expect(err).toMatch(/4242/);
  expect(err).toMatch(/3 problems/);
  const login = await run(
    ["check", "--online"],
    { ...sandbox.env, LOOKER_CLIENT_SECRET: "wrong-secret" },
    folder,
  );
  expect(login.err).toMatch(/reports\.yaml:2:\d+: /);
  expect(login.err).not.toMatch(/Look 4242|wrong-secret/);
  expect((await lookpost("next", "weakly")).err).toMatch(/Did you mean "weekly"/);
});

test("a lost reader of the output stops nothing: the run is carried out and settled", async () => {
  const { folder } = desk(WEEKLY);
  const program = start(["run", "weekly"], sandbox.env, folder);
  program.process.stdout?.destroy();
  program.process.stderr?.destroy();
  await program.ended;
  const { out } = await run(["history", "--json"], sandbox.env, folder);
  expect(jsonLines(out).at(-2)).toMatchObject({ type: "run", status: "delivered" });
});

test("the store belongs to the file, wherever the command is run", async () => {
  const { folder, lookpost } = desk(WEEKLY);
  const elsewhere = temporaryFolder();
  await run(["run", "weekly", "--dry-run", "--config", join(folder, "reports.yaml")], sandbox.env, elsewhere);
  expect(existsSync(join(elsewhere, "data"))).toBe(false);
  expect((await lookpost("history")).out).toMatch(/skipped/);
});

test("a file that is not in UTF-8 is refused, one with a byte order mark and Windows line ends is read", async () => {
  const { folder, lookpost } = desk(WEEKLY);
  const file = join(folder, "reports.yaml");
  const text = `${HEAD}${WEEKLY}`.replace("look: 42", "title: Zoé, look: 42");
  writeFileSync(file, Buffer.from(text, "latin1"));
  expect(await lookpost("check")).toMatchObject({
    code: 2,
    err: expect.stringMatching(/is not in UTF-8\.\n {2}Save it as UTF-8\.\n$/),
  });
  writeFileSync(file, `\uFEFF${text.replaceAll("\n", "\r\n")}`);
  expect(await lookpost("check")).toMatchObject({ code: 0 });
});

test("without `store:` in the file, LOOKPOST_STORE says where the ledger is, as the container image does", async () => {
  const { folder } = desk(WEEKLY);
  const store = join(temporaryFolder(), "ledger-here");
  await run(["run", "weekly", "--dry-run"], { ...sandbox.env, LOOKPOST_STORE: `file:${store}` }, folder);
  expect([existsSync(join(store, "ledger.sqlite")), existsSync(join(folder, "data"))]).toEqual([true, false]);
});
