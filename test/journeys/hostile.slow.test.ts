import { execFile, execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "csv-parse/sync";
import { type ParsedMail, simpleParser } from "mailparser";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";

const CLI = join(import.meta.dirname, "../../src/cli.ts");
const hasPython = spawnSync("python3", ["--version"]).status === 0;
if (!hasPython) console.warn("Skipped: there is no python3 to read the email with");

const HEAD = `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}", client_id: "\${LOOKER_CLIENT_ID}", client_secret: "\${LOOKER_CLIENT_SECRET}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
slack: { token: "\${SLACK_BOT_TOKEN}", api_url: "\${SLACK_API_URL}" }
`;
const REPORT = String.raw`reports:
  hostile:
    title: "Cells\r\nBcc: eve@example.com \"quoted\" <b>🛫</b> \u202Etfel <!channel>"
    schedule: { cron: "0 8 * * mon", timezone: UTC }
    look: 81
    rows: 40
    deliver:
      - email: ops@example.com
        attach: { csv: { filename: "../a\n\"b\" 🛫 שלום \u202Evsc.exe" } }
      - slack: { channel: "#flight-ops", message: "<!here> *all* & <@U012ABCDEF>" }
        attach: csv
`;

interface Letter {
  readonly subject: string;
  readonly filename: string;
  readonly text: string;
  readonly html: string;
  readonly rows: string[][];
}

let sandbox: Sandbox;
let folder = "";
let eml = "";
let mail: ParsedMail;
let letter: Letter;

beforeAll(async () => {
  sandbox = await startSandbox({ queryMs: 5 });
  folder = mkdtempSync(join(tmpdir(), "lookpost-hostile-"));
  writeFileSync(join(folder, "reports.yaml"), HEAD + REPORT);
  // Rejects where the exit code is not 0.
  await promisify(execFile)(process.execPath, [CLI, "run", "hostile"], { cwd: folder, env: sandbox.env });
  const messages = await sandbox.smtp.messages();
  expect(messages.map(({ recipients }) => recipients)).toEqual([["ops@example.com"]]);
  eml = messages[0]?.file ?? "";
  mail = await simpleParser(await readFile(eml));
  letter = readByMailparser(mail);
});
afterAll(async () => {
  await sandbox.close();
  rmSync(folder, { recursive: true, force: true });
});

test("the attached CSV holds what Looker renders, cell by cell, formulas guarded", async () => {
  const { labels, rows } = await askLooker();
  expect(rows.length).toBeGreaterThan(20);
  expect(letter.rows).toEqual([labels, ...rows.map((row) => row.map(guarded))]);
  expect(letter.rows.flat().filter((cell) => cell.startsWith("'")).length).toBeGreaterThanOrEqual(6);
});

test.skipIf(!hasPython)(
  `Python reads the same letter${hasPython ? "" : " (SKIPPED: there is no python3)"}`,
  () => expect(readByPython(eml)).toEqual(letter),
);

test("a title of several lines makes no header of its own", () => {
  expect(letter.subject).toBe('Cells Bcc: eve@example.com "quoted" <b>🛫</b> \u202Etfel <!channel>');
  expect([...mail.headers.keys()]).not.toContain("bcc");
});

test("the file's name is one name, whatever was asked for", () => {
  expect(letter.filename).toMatch(/^[^\p{Cc}\p{Cf}/\\"<>:|?*]+\.csv$/u);
  expect(letter.filename).toContain("🛫 שלום");
});

test("nothing in the HTML runs, loads or leads elsewhere", () => {
  const { html } = letter;
  const shown = html.replace(/<!--[\s\S]*?-->/g, "").replace(/<style>[\s\S]*?<\/style>/g, "");
  const tags = [...shown.matchAll(/<\/?([a-z!][a-z0-9]*)((?:"[^"]*"|[^">])*)>/gi)];
  const harmless =
    /^(!doctype|html|head|meta|title|body|div|table|caption|thead|tbody|tfoot|tr|th|td|h1|h2|p|a|span|bdi|br)$/i;
  expect(tags.map(([, name = ""]) => name).filter((name) => !harmless.test(name))).toEqual([]);
  expect(
    tags.filter(([, , attributes = ""]) => /\son\w+\s*=|\ssrc\s*=|javascript:/i.test(attributes)),
  ).toEqual([]);
  // No "<" that begins no tag is left over.
  expect(shown.match(/</g)).toHaveLength(tags.length);
  const links = [...shown.matchAll(/href="([^"]*)"/g)].map(([, href = ""]) => new URL(href).origin);
  // A link to write to the sender has no origin.
  const mailto = [...shown.matchAll(/href="mailto:([^"?]*)/g)].map(([, address]) => address);
  expect(new Set(links)).toEqual(new Set([sandbox.looker.url, "null"]));
  expect(links.filter((link) => link === "null")).toHaveLength(mailto.length);
  expect(new Set(mailto)).toEqual(new Set(["reports@example.com"]));
  for (const words of [
    "&lt;script&gt;alert(1)",
    "&lt;img src=x onerror=",
    "&amp;amp; already escaped",
    "{{ liquid }} {% raw %}",
  ])
    expect(html).toContain(words);
  expect(html).toContain("Hostile &lt;cells&gt; &amp; ");
});

test("the Slack post mentions no one and formats none of the data", () => {
  const [post, ...replies] = sandbox.slack.posts("#flight-ops");
  const texts = textsIn(post);
  expect(texts.length).toBeGreaterThan(3);
  for (const { kind, text } of texts) {
    // Slack reads control sequences in mrkdwn, and in the text that stands in for the blocks; nowhere else.
    if (kind !== "mrkdwn") continue;
    expect(text).not.toMatch(/<[!@#]|<https?:\/\/evil/);
  }
  expect(texts.some(({ text }) => text.includes("&lt;!channel&gt;"))).toBe(true);
  expect(texts.filter(({ kind }) => kind !== "mrkdwn").map(({ text }) => text)).toEqual(
    expect.arrayContaining(["<!channel> look at this", "<@U012ABCDEF>"]),
  );
  expect(replies.length + sandbox.slack.files().length).toBeGreaterThan(0);
});

test("the file in the thread is the file of the email", () => {
  const [file] = sandbox.slack.files();
  if (file === undefined) throw new Error("Nothing was uploaded");
  const uploaded = readFileSync(sandbox.slack.pathOf(file));
  expect(uploaded.equals(mail.attachments[0]?.content ?? Buffer.alloc(0))).toBe(true);
});

/** What a spreadsheet would run is led by an apostrophe; numbers run nothing. */
function guarded({ rendered, value }: RenderedCell): string {
  return typeof value === "string" && /^[\s\u200b\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n]/.test(rendered)
    ? `'${rendered}`
    : rendered;
}

interface RenderedCell {
  readonly value: unknown;
  readonly rendered: string;
}

/** Looker's own json_detail of the Look, asked for without the program. */
async function askLooker(): Promise<{ labels: string[]; rows: RenderedCell[][] }> {
  const { url, clientId, clientSecret } = sandbox.looker;
  const form = new URLSearchParams({ client_id: clientId, client_secret: clientSecret });
  const login = await fetch(`${url}/api/4.0/login`, { method: "POST", body: form });
  const { access_token: token } = (await login.json()) as { access_token: string };
  const answer = await fetch(`${url}/api/4.0/looks/81/run/json_detail`, {
    headers: { authorization: `token ${token}` },
  });
  const { fields, data } = (await answer.json()) as {
    fields: { dimensions: { name: string; label: string }[] };
    data: Record<string, { value: unknown; rendered?: string }>[];
  };
  const cell = (raw: { value: unknown; rendered?: string } | undefined): RenderedCell => ({
    value: raw?.value,
    rendered: raw?.rendered ?? String(raw?.value ?? ""),
  });
  return {
    labels: fields.dimensions.map((field) => field.label),
    rows: data.map((row) => fields.dimensions.map(({ name }) => cell(row[name]))),
  };
}

function readByMailparser({ subject = "", attachments, text = "", html }: ParsedMail): Letter {
  const [attached] = attachments;
  return {
    subject,
    filename: attached?.filename ?? "",
    text: text.trimEnd(),
    html: (html || "").trimEnd(),
    rows: parse(attached?.content ?? ""),
  };
}

/** The same by Python's email and csv, which share no code with what wrote it. */
function readByPython(file: string): Letter {
  const program = `
import csv, email, email.policy, io, json, sys
with open(sys.argv[1], "rb") as opened:
    message = email.message_from_binary_file(opened, policy=email.policy.default)
(attached,) = message.iter_attachments()
body = lambda kind: message.get_body((kind,)).get_content().replace("\\r\\n", "\\n").rstrip()
csv.field_size_limit(10_000_000)
print(json.dumps({
    "subject": str(message["subject"]),
    "filename": attached.get_filename(),
    "text": body("plain"),
    "html": body("html"),
    "rows": list(csv.reader(io.StringIO(attached.get_payload(decode=True).decode("utf-8"), newline=""), strict=True)),
}))`;
  return JSON.parse(execFileSync("python3", ["-c", program, file], { encoding: "utf8" }));
}

/** Every text object of a post, with the word that says how Slack reads it. */
function textsIn(value: unknown, key = ""): { kind: string; text: string }[] {
  if (typeof value === "string") return key === "text" ? [{ kind: "mrkdwn", text: value }] : [];
  if (typeof value !== "object" || value === null) return [];
  const { type, text } = value as { type?: unknown; text?: unknown };
  if (typeof type === "string" && typeof text === "string" && type !== "message")
    return [{ kind: type, text }];
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, name));
}
