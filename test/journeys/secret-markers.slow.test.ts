import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { simpleParser } from "mailparser";
import { expect } from "vitest";
import { DAILY, type Desk, openDesk } from "./desk.ts";
import { journey, run, temporaryFolder, until } from "./program.ts";
import {
  FAILING_CHANNELS,
  FAILING_LOOKS,
  REFUSED_NAMES,
  type Repeating,
  repeatingLooker,
  repeatingMailServer,
  repeatingSlack,
  repeatingWatcher,
} from "./repeating-servers.ts";

/* Servers that repeat every secret, in every form and so that each cut falls within one; then nothing that lookpost has written has a piece of any. */

/** Letters that each kind of escaping changes, and none that a word of ours could have. */
const MARKERS = {
  looker: `Lk9/qzXa+7vB'w&3<Zj>"~Kd\\9mPuQ2`,
  smtp: `Sm8/wnYc+5tF'g&6<Hx>"~Vé\\4bRiJ0`,
  slack: "xoxb-7730-qHnWzKvTgDyX-Zr8LpEjMc",
  heartbeat: "hb4TnQxVzW7cJyKdGm2R",
};
/** No cut may leave as much of a marker, in whatever form. */
const PIECE_CHARS = 12;

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** All that a server or a program may write a secret as. */
function formsOf(secret: string): string[] {
  const percent = encodeURIComponent(secret);
  const html = secret.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
  const encoded = [secret, `ops:${secret}`, `\0ops\0${secret}`].map(base64);
  return [
    secret,
    `ops:${secret}`,
    percent,
    percent.replace(/%../g, (octet) => octet.toLowerCase()),
    JSON.stringify(secret).slice(1, -1),
    html.replaceAll('"', "&quot;").replaceAll("'", "&#39;"),
    ...encoded,
    ...encoded.map((each) => each.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")),
  ];
}

const FORMS = Object.values(MARKERS).flatMap(formsOf);
const PIECES = new Set(
  FORMS.flatMap((form) =>
    Array.from({ length: form.length - PIECE_CHARS + 1 }, (_, at) => form.slice(at, at + PIECE_CHARS)),
  ),
);

/** All forms one after the other, so that wherever it is cut, it is cut within one; each time another comes first. */
function repeater(): () => string {
  let count = 0;
  return () => {
    count += 1;
    const turned = FORMS.map((_, index) => FORMS[(index * 7 + count * 5) % FORMS.length]);
    return turned.join([" ", ",", '"', "="][count % 4]);
  };
}

function expectClean(where: string, text: string): void {
  for (let at = 0; at + PIECE_CHARS <= text.length; at += 1) {
    if (!PIECES.has(text.slice(at, at + PIECE_CHARS))) continue;
    expect.fail(`${where} has a piece of a secret: ${text.slice(Math.max(0, at - 200), at + 100)}`);
  }
}

function filesBelow(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
}

interface Marked {
  readonly desk: Desk;
  readonly env: Record<string, string>;
  readonly mail: Repeating;
  readonly others: readonly Repeating[];
  /** How many reports there are. */
  readonly count: number;
}

/** A report for each way to fail, over servers that repeat: Looker's and Slack's secrets are in files, the others in the environment. */
async function markedDesk(): Promise<Marked> {
  const desk = await openDesk({ reports: "" });
  const repeat = repeater();
  const upstream = {
    url: desk.sandbox.looker.url,
    clientId: desk.sandbox.env.LOOKER_CLIENT_ID ?? "",
    clientSecret: desk.sandbox.env.LOOKER_CLIENT_SECRET ?? "",
  };
  const looker = await repeatingLooker(upstream, repeat);
  const smtp = await repeatingMailServer(repeat);
  const slack = await repeatingSlack(repeat);
  const watcher = await repeatingWatcher(repeat);
  const secrets = temporaryFolder();
  writeFileSync(join(secrets, "looker"), `${MARKERS.looker}\n`);
  writeFileSync(join(secrets, "slack"), `${MARKERS.slack}\n`);
  const report = (name: string, look: number, deliver: string) =>
    `  ${name}: { schedule: "${DAILY}", look: ${look}, deliver: [${deliver}] }\n`;
  const reports = [
    ...FAILING_LOOKS.map((look) => report(`look-${look}`, look, "email: ana@example.com")),
    ...REFUSED_NAMES.map((name) => report(name, 42, `email: ${name}@example.com`)),
    report("partly", 42, "email: [ana@example.com, unknown@example.com]"),
    ...FAILING_CHANNELS.map((id) => report(id.toLowerCase(), 42, `slack: ${id}`)),
  ];
  writeFileSync(
    join(desk.folder, "reports.yaml"),
    `version: 1
looker: { base_url: "http://127.0.0.1:${looker.port}", client_id: ops, client_secret: "\${file:${secrets}/looker}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
slack: { token: "\${file:${secrets}/slack}", api_url: "http://127.0.0.1:${slack.port}" }
heartbeat: "\${HEARTBEAT}"
server: 0
defaults: { retry: none, on_failure: [{ email: oncall@example.com }, { slack: C0000000TOL }] }
reports:
${reports.join("")}`,
  );
  await desk.promise(reports.map((line) => line.slice(2, line.indexOf(":"))));
  const env = {
    SMTP_URL: `smtp://ops:${encodeURIComponent(MARKERS.smtp)}@127.0.0.1:${smtp.port}`,
    HEARTBEAT: `http://127.0.0.1:${watcher.port}/ping/${MARKERS.heartbeat}`,
  };
  return { desk, env, mail: smtp, others: [slack, watcher], count: reports.length };
}

journey(
  "no piece of a secret is in any file, log, answer, mail or post, whatever servers repeat",
  async () => {
    const { desk, env, mail, others, count } = await markedDesk();
    const service = desk.start({ env });
    const ends = ["run failed", "run partly_failed", "run delivered"];
    await until(() => ends.flatMap((end) => service.said(end)).length === count);
    const commands = [
      ["check", "--online"],
      ["run", "look-44", "--to", "unknown@example.com"],
      ["run", "partly"],
      ["run", "c0000000blk", "--json"],
      ["history", "--limit", "200"],
      ["history", "--json", "--limit", "200"],
    ];
    for (const args of commands) {
      const { out, err } = await run(args, { ...desk.sandbox.env, ...env }, desk.folder);
      expect(out + err).not.toBe("");
      expectClean(args.join(" "), out + err);
    }
    const ready = await service.ready();
    service.kill("SIGTERM");
    await service.ended;
    expectClean("the log", service.out() + service.err());
    expectClean("/readyz", JSON.stringify(ready));
    for (const letter of mail.got) {
      const { subject, text, html } = await simpleParser(letter);
      expectClean("a mail", [letter, subject, text, html].join("\n"));
    }
    for (const server of others) for (const words of server.got) expectClean("what a server got", words);
    const files = [desk.folder, desk.sandbox.outbox].flatMap(filesBelow);
    expect(files.some((path) => path.includes("ledger.sqlite"))).toBe(true);
    for (const path of files) expectClean(path, readFileSync(path, "utf8"));
    // What was looked through has the words of servers in it.
    for (const shown of [service.out(), mail.got.join(""), others.flatMap(({ got }) => got).join("")])
      expect(shown).toContain("[hidden]");
  },
);
