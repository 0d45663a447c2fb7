import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { HtmlValidate } from "html-validate";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { type PreviewOptions, previewCommand } from "../../../src/commands/preview/preview.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/index.ts";
import { type Desk, openDesk } from "../house.ts";

const REPORTS = `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}", client_id: "\${LOOKER_CLIENT_ID}", client_secret: "\${LOOKER_CLIENT_SECRET}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
slack: { token: "\${SLACK_BOT_TOKEN}", api_url: "\${SLACK_API_URL}" }
server: { port: 0, url: "https://lookpost.example.com" }
reports:
  weekly:
    title: "Delays & <b>more</b>"
    schedule: "0 8 * * mon"
    look: 42
    deliver:
      - email: { to: ops@example.com, cc: ana@example.com, subject: "Delays, {{ rows }} rows" }
        attach: [csv]
      - slack: "#flight-ops"
      - file: ./shelf
  empty: { schedule: "0 8 * * mon", look: 42, send_if: no_results, deliver: [{ email: ops@example.com }] }
  broken: { schedule: "0 8 * * mon", look: 999999, deliver: [{ email: ops@example.com }] }
`;

let desk: Desk;
let sandbox: Sandbox;
let out: string;
beforeEach(async () => {
  sandbox = await startSandbox({ queryMs: 5 });
  const folder = mkdtempSync(join(tmpdir(), "lookpost-preview-test-"));
  out = join(folder, "made", "on demand");
  onTestFinished(async () => {
    await sandbox.close();
    rmSync(sandbox.outbox, { recursive: true, force: true });
    rmSync(folder, { recursive: true, force: true });
  });
  desk = await openDesk(REPORTS, sandbox.env);
});

const preview = (options: Partial<PreviewOptions> = {}, report = "weekly") =>
  previewCommand(report, { config: desk.config, out, ...options }, desk.io);
const read = (...path: string[]) => readFileSync(join(out, ...path), "utf8");

test("every delivery is shown as it would be, with its files, and nothing is sent", async () => {
  expect(await preview()).toBe(0);
  expect(desk.out()).toBe(`${join(out, "index.html")}\n`);
  expect(readdirSync(out).sort()).toEqual(["1-email", "2-slack", "3-file", "index.html"]);
  expect(readdirSync(join(out, "1-email"))).toEqual(
    expect.arrayContaining(["message.eml", "body.html", "body.txt", "files"]),
  );
  expect(read("1-email", "message.eml")).toMatch(/^To: .*ops@example\.com/m);
  const [csv] = readdirSync(join(out, "1-email", "files"));
  expect(read("1-email", "files", csv!).split("\r\n").length).toBeGreaterThan(2);
  expect(JSON.parse(read("2-slack", "post.json"))).toMatchObject({ channel: "#flight-ops" });
  expect(await sandbox.smtp.messages()).toEqual([]);
  expect(sandbox.slack.posts("#flight-ops")).toEqual([]);
  expect(existsSync(join(desk.folder, "shelf"))).toBe(false);
});

test("the overview names each recipient, escapes what the report says, and runs nothing", async () => {
  await preview();
  const page = read("index.html");
  for (const words of [
    "ops@example.com, ana@example.com",
    "#flight-ops",
    "Delays &amp; &lt;b&gt;more&lt;/b&gt;",
  ])
    expect(page).toContain(words);
  expect(page).not.toContain("<b>more");
  expect(page).not.toMatch(/<script/i);
  expect(page).toContain(`src="1-email/body.html"`);
  const { results } = await new HtmlValidate({ extends: ["html-validate:standard"] }).validateString(page);
  expect(
    results.flatMap(({ messages }) => messages.map(({ ruleId, message }) => `${ruleId}: ${message}`)),
  ).toEqual([]);
});

test("the ledger keeps the trial, and nothing else of it", async () => {
  await preview();
  const runs = await desk.ledger.runs({ limit: 10 });
  expect(runs).toMatchObject([{ report: "weekly", kind: "trial", state: "skipped" }]);
  expect(await desk.ledger.deliveries(runs[0]!.id)).toEqual([]);
  expect(await desk.ledger.recall("weekly", "changes 1", new Date(8.64e15))).toBeNull();
});

test("a recipient is shown what he would get, and no more", async () => {
  expect(await preview({ as: "ana@example.com" })).toBe(0);
  expect(readdirSync(out).sort()).toEqual(["1-email", "index.html"]);
  expect(read("index.html")).not.toContain("#flight-ops");
});

test("an earlier preview is replaced, and nothing else ever is", async () => {
  await preview();
  await preview({ as: "#flight-ops" });
  expect(readdirSync(out).sort()).toEqual(["1-slack", "index.html"]);
  writeFileSync(join(out, "notes.txt"), "mine");
  await expect(preview()).rejects.toMatchObject({ code: "config", message: expect.stringContaining(out) });
  expect(read("notes.txt")).toBe("mine");
  rmSync(out, { recursive: true });
  mkdirSync(join(out, "1-photos"), { recursive: true });
  await expect(preview()).rejects.toMatchObject({ code: "config" });
  expect(existsSync(join(out, "1-photos"))).toBe(true);
  expect(await desk.ledger.runs({ limit: 10 })).toHaveLength(2);
});

test("without a folder of its own it goes into a fresh one of the system's", async () => {
  expect(await previewCommand("weekly", { config: desk.config }, desk.io)).toBe(0);
  const page = desk.out().trim();
  onTestFinished(() => rmSync(join(page, ".."), { recursive: true }));
  expect(page.startsWith(join(tmpdir(), "lookpost-weekly-"))).toBe(true);
  expect(readFileSync(page, "utf8")).toContain("#flight-ops");
});

test("a machine reads a line for each delivery", async () => {
  await preview({ json: true });
  const lines = desk
    .out()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(lines).toMatchObject([
    {
      type: "preview",
      destination: "email",
      target: "ops@example.com, ana@example.com",
      subject: expect.stringMatching(/^Delays, \d+ rows$/),
      folder: join(out, "1-email"),
      forms: expect.arrayContaining(["message.eml"]),
      files: [{ bytes: expect.any(Number), rows: expect.any(Number) }],
    },
    { destination: "slack", target: "#flight-ops" },
    { destination: "file" },
  ]);
});

test("a report that would not be sent says why, and makes no folder", async () => {
  expect(await preview({}, "empty")).toBe(0);
  expect(desk.err()).toContain("There are rows, and the report is sent only when there are none.");
  expect(existsSync(out)).toBe(false);
});

test("a report that fails says why, and makes no folder", async () => {
  expect(await preview({}, "broken")).toBe(1);
  expect(desk.err()).toContain("999999");
  expect(existsSync(out)).toBe(false);
});

test.each<[{ report?: string; as?: string; due?: string }, string]>([
  [{ report: "weakly" }, 'There is no report "weakly"'],
  [{ as: "anna@example.com" }, 'Did you mean "ana@example.com"'],
  [{ due: "next monday" }, '"next monday" is not a day and a minute'],
])("a call that is wrong (%j) is told before anything is run", async ({ report, ...options }, words) => {
  const message = expect.stringContaining(words);
  await expect(preview(options, report)).rejects.toMatchObject({ code: "config", message });
  expect(await desk.ledger.runs({ limit: 1 })).toEqual([]);
});

test.skipIf(process.platform !== "linux")(
  "the browser is opened where there is one (Linux alone: by xdg-open)",
  async () => {
    const bin = join(desk.folder, "bin");
    const opened = join(desk.folder, "opened");
    mkdirSync(bin);
    writeFileSync(join(bin, "xdg-open"), `#!/bin/sh\necho "$1" > '${opened}'\nexport -p > '${opened}.env'\n`);
    chmodSync(join(bin, "xdg-open"), 0o755);
    const env = { ...desk.io.env, PATH: bin, DISPLAY: ":7", SLACK_BOT_TOKEN: "xoxb-not-for-a-browser" };
    const io = { ...desk.io, env };
    expect(await previewCommand("weekly", { config: desk.config, out, open: true }, io)).toBe(0);
    const told = readFileSync(`${opened}.env`, "utf8");
    expect(told).toContain("DISPLAY=':7'");
    expect(told).not.toMatch(/SLACK|LOOKER|SMTP|not-for-a-browser/);
    expect(readFileSync(opened, "utf8").trim()).toBe(join(out, "index.html"));
    expect(desk.err()).not.toContain("No browser");
  },
);

test("without a browser the address is told", async () => {
  const io = { ...desk.io, env: { ...desk.io.env, PATH: join(desk.folder, "nothing here") } };
  expect(await previewCommand("weekly", { config: desk.config, out, open: true }, io)).toBe(0);
  expect(desk.err()).toContain(
    `No browser could be opened here: file://${out.replace(" ", "%20")}/index.html`,
  );
});
