import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { configNotes } from "../../src/app/notes.ts";
import { readReports } from "../../src/app/reports-file.ts";
import { checkCommand } from "../../src/commands/lookup/check.ts";

function fileWith(head: string, deliver = "{ email: ops@example.com }", more = ""): string {
  const folder = mkdtempSync(join(tmpdir(), "lookpost-notes-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "reports.yaml");
  writeFileSync(
    file,
    `version: 1
${head}
reports:
  weekly: { schedule: "0 8 * * mon", ${more}look: 42, deliver: [${deliver}] }
`,
  );
  return file;
}

const LOOKER =
  'looker: { base_url: https://looker.example.com, client_id: id, client_secret: "${SECRET}" }\n';
const MAIL = 'email: { smtp: "${SMTP}", from: reports@example.com }\n';
const ENV = { SECRET: "looker-secret", SMTP: "smtps://u:mail-secret@mail.example.com" };

function notesOf(head: string, env: Record<string, string> = {}) {
  const { config, problems } = readReports(fileWith(head), { ...ENV, ...env });
  expect(problems).toEqual([]);
  return configNotes(config!, { ...ENV, ...env });
}

test("nothing is said of what is encrypted and checked", () => {
  const DB = "postgres://u:p4ss@db.example.com/x?sslmode=verify-full";
  expect(notesOf(`${LOOKER}${MAIL}store: "\${DB}"\nheartbeat: https://hc.example.com/1`, { DB })).toEqual([]);
  expect(notesOf(LOOKER + MAIL, { SMTP: "smtp://u:mail-secret@mail.example.com:587" })).toEqual([]);
  expect(notesOf(LOOKER + MAIL, { SMTP: "smtp://127.0.0.1:25" })).toEqual([]);
});

test.each([
  [
    LOOKER.replace("https", "http").replace(" }", ", insecure: true }") + MAIL,
    {},
    /^looker\.insecure: .*looker\.example\.com in the clear/,
  ],
  [LOOKER + MAIL, { SMTP: "smtp://mail.example.com:25" }, /^email\.smtp: .*only where it offers STARTTLS/],
  [
    LOOKER + MAIL.replace(" }", ", insecure: true }"),
    { SMTP: "smtp://u:mail-secret@mail.example.com" },
    /^email\.insecure: the password/,
  ],
  [
    `${LOOKER}${MAIL}store: { url: "\${DB}", insecure: true }`,
    { DB: "postgres://u:p4ss@db.example.com/x" },
    /^store\.insecure: .*db\.example\.com/,
  ],
  [
    `${LOOKER}${MAIL}store: "\${DB}"`,
    { DB: "postgres://u:p4ss@db.example.com/x?sslmode=no-verify" },
    /^store: .*not checked/,
  ],
  [`${LOOKER}${MAIL}heartbeat: http://hc.example.com/1`, {}, /^heartbeat: .*in the clear/],
  [LOOKER + MAIL, { SECRET: "abc" }, /^looker\.client_secret: a secret of fewer than four characters/],
  [LOOKER + MAIL, { SMTP: "smtps://u:x@mail.example.com" }, /^email\.smtp: a secret of fewer than four/],
  [LOOKER + MAIL, { NODE_TLS_REJECT_UNAUTHORIZED: "0" }, /^NODE_TLS_REJECT_UNAUTHORIZED/],
])("what a person should know is said: %j with %j", (head, env, note) => {
  const notes = notesOf(head, env);
  expect(notes).toEqual([expect.stringMatching(note)]);
  expect(notes.join()).not.toMatch(/mail-secret|p4ss/);
});

test("check says it, and is content all the same", async () => {
  const err: string[] = [];
  const io = {
    env: { ...ENV, SMTP: "smtp://mail.example.com:25" },
    out: { write: () => undefined },
    err: { write: (text: string) => void err.push(text) },
    stop: new AbortController().signal,
  };
  expect(await checkCommand(fileWith(LOOKER + MAIL), {}, io)).toBe(0);
  expect(err.join("")).toMatch(/^Note: email\.smtp: /);
});

test("http:// to Looker beyond this machine is a problem, in the file and in the environment", () => {
  const inFile = readReports(fileWith(LOOKER.replace("https", "http") + MAIL), ENV);
  expect(inFile.problems).toMatchObject([{ line: 2, message: expect.stringContaining("in the clear") }]);
  const env = {
    ...ENV,
    LOOKER_BASE_URL: "http://looker.internal",
    LOOKER_CLIENT_ID: "id",
    LOOKER_CLIENT_SECRET: "s3cret",
  };
  const named = readReports(fileWith(MAIL), env);
  expect(named.problems).toMatchObject([
    { message: expect.stringContaining("in the environment: looker.base_url is http://") },
  ]);
});

test("a conversation whose subject differs from run to run is told of; one whose subject stays is not", () => {
  const noteOf = (deliver: string, more = "") => {
    const { config } = readReports(fileWith(LOOKER + MAIL, deliver, more), ENV);
    return configNotes(config!, ENV);
  };
  const own = (subject: string) => `{ email: { to: ops@example.com, thread: true, subject: "${subject}" } }`;
  expect(noteOf(own("Delays, {{ run.date }}"))).toEqual([
    expect.stringMatching(
      /^reports\.weekly: email: thread: true, and the subject "Delays, .* differs from run to run\./,
    ),
  ]);
  expect(noteOf(own("{% if rows > 9 %}Many{% endif %} delays"))).toHaveLength(1);
  expect(
    noteOf("{ email: { to: ops@example.com, thread: true } }", `title: "{{ run.date }}", `),
  ).toHaveLength(1);
  expect(noteOf(own("{{ report.title }}"), `title: "{{ run.date }}", `)).toHaveLength(1);
  expect(noteOf(own("{{ report.name }}, {{ report.title }}: delays in {{ run.zone }}"))).toEqual([]);
  expect(noteOf(`{ email: { to: ops@example.com, subject: "{{ rows }} rows" } }`)).toEqual([]);
});
