import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { expect } from "vitest";
import { printError } from "../../src/commands/io.ts";
import { commands } from "../../src/commands/program.ts";
import { toReportError } from "../../src/core/error.ts";
import { startSandbox } from "../../src/sandbox/index.ts";
import { journey, temporaryFolder, whenFinished } from "./program.ts";

/** What a text from outside may hold that a terminal obeys, that hides or turns what is next to it, or that begins a line of its own. */
const NASTY =
  "\u0007\u001b[31m\u001b]8;;https://evil.example\u0007x\u001b]8;;\u0007\u009b2J\u0090\u061c\u200b\u200d\u202e\u2066\u{e0041}\u3164\u2028FORGED\u2029FORGED\rFORGED\nFORGED\u0085FORGED\u000bFORGED";
/** As YAML takes it between double quotes. */
const QUOTED = [...NASTY].map((letter) => `\\U${hex(letter).padStart(8, "0")}`).join("");

function hex(letter: string): string {
  return (letter.codePointAt(0) ?? 0).toString(16);
}

/** Unicode's own list, which shares nothing with ours: controls, formats, separators, and what is drawn as nothing. */
const UNSAFE = /[^\P{Cc}\n]|\p{Cf}|\p{Zl}|\p{Zp}|(?!\p{Variation_Selector})\p{Default_Ignorable_Code_Point}/u;

function wrongIn(text: string): string[] {
  const forged = text.split("\n").filter((line) => line.trim().startsWith("FORGED"));
  const unsafe = UNSAFE.exec(text);
  const at =
    unsafe === null
      ? []
      : [
          `U+${hex(unsafe[0])} in ${JSON.stringify(text.slice(Math.max(0, unsafe.index - 80), unsafe.index + 20))}`,
        ];
  return [...at, ...forged.map((line) => `a line of its own: ${line.slice(0, 80)}`)];
}

/** Passes on what a server says, with the letters above in every text that people read. */
async function nastyServer(target: () => string, words: RegExp): Promise<string> {
  const server = createServer(async (incoming, outgoing) => {
    const body = await new Response(incoming as never).arrayBuffer();
    const { authorization = "", "content-type": sort = "" } = incoming.headers;
    const answer = await fetch(`${target()}${incoming.url}`, {
      method: incoming.method ?? "GET",
      headers: { authorization, "content-type": sort },
      ...(body.byteLength > 0 && { body }),
    });
    const type = answer.headers.get("content-type") ?? "";
    const text = Buffer.from(await answer.arrayBuffer());
    const said = type.includes("json") ? JSON.stringify(withNasty(JSON.parse(text.toString()), words)) : text;
    outgoing.writeHead(answer.status, { "content-type": type });
    outgoing.end(said);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  whenFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function withNasty(value: unknown, words: RegExp): unknown {
  if (Array.isArray(value)) return value.map((one) => withNasty(one, words));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      typeof one === "string" && words.test(key) ? `${one}${NASTY}` : withNasty(one, words),
    ]),
  );
}

const REPORTS = (mail: string) => `version: 1
looker: { base_url: "\${LOOKER_BASE_URL}", client_id: "\${LOOKER_CLIENT_ID}", client_secret: "\${LOOKER_CLIENT_SECRET}" }
email: { smtp: "\${SMTP_URL}", from: reports@example.com }
slack: { token: "\${SLACK_BOT_TOKEN}", api_url: "\${SLACK_API_URL}" }
reports:
  nasty:
    title: "Flights${QUOTED}"
    schedule: { cron: "0 8 * * mon", timezone: UTC }
    expect_by: "08:30"
    sections: [{ title: "First${QUOTED}", look: 42 }]
    deliver:
      - email: ${mail}
        attach: { csv: { filename: "a${QUOTED}" } }
      - slack: { channel: "#flight-ops", message: "b${QUOTED}" }
    on_failure: { slack: "#data-ops" }
  missing: { schedule: "0 8 * * mon", look: 4242, deliver: [{ slack: "#flight-ops" }] }
`;

const WRONG = `version: 1
"${QUOTED}": 1
looker: { base_url: "\${LOOKER_BASE_URL}", client_id: "\${LOOKER_CLIENT_ID}", client_secret: "\${LOOKER_CLIENT_SECRET}", "k${QUOTED}": "v${QUOTED}" }
reports:
  "n${QUOTED}": { schedule: "0 8 * * mon", look: 42 }
  one:
    title: "t${QUOTED}{{ nope${QUOTED} }}"
    schedule: { cron: "0 8 ${QUOTED} mon", timezone: "U${QUOTED}" }
    sections: [{ look: "42${QUOTED}", "s${QUOTED}": 1, filters: { "flights.x${QUOTED}": "y" } }]
    deliver: [{ slack: "#ops${QUOTED}" }, { email: "a${QUOTED}@example.com" }, { pager: "${QUOTED}" }]
`;

journey("nothing that others write commands a terminal or begins a line, whatever the command", async () => {
  const sandbox = await startSandbox({ queryMs: 1 });
  whenFinished(() => sandbox.close());
  const folder = temporaryFolder();
  const file = join(folder, "reports.yaml");
  const looker = await nastyServer(
    () => sandbox.looker.url,
    /^(title|label|label_short|view_label|display_name|first_name|description|message|error|documentation_url|sql_error_loc|hidden_reason)$/,
  );
  const slack = await nastyServer(
    () => new URL(sandbox.slack.url).origin,
    /^(needed|provided|team|user|topic|purpose)$/,
  );
  const env = {
    ...sandbox.env,
    LOOKER_BASE_URL: looker,
    SLACK_API_URL: `${slack}${new URL(sandbox.slack.url).pathname}`,
    HOME: folder,
  };
  const said: Record<string, string> = {};
  const lookpost = async (...args: readonly string[]): Promise<string> => {
    let text = "";
    const write = (words: string) => {
      text += words;
    };
    // So wide that no line is broken for its length.
    const output = { write, columns: 100_000 };
    const io = { env, out: output, err: output, stop: new AbortController().signal };
    const program = commands("0", io, () => undefined);
    for (const one of [program, ...program.commands])
      one.configureOutput({ writeOut: write, writeErr: write });
    const own = ["check", "schema"].includes(args[0] ?? "") ? [] : ["--config", file];
    await program
      .parseAsync(["node", "lookpost", ...args, ...own])
      .catch((thrown) => printError(toReportError(thrown), io));
    said[args.join(" ")] = text;
    return text;
  };
  const both = async (...args: readonly string[]) => [
    await lookpost(...args),
    await lookpost(...args, "--json"),
  ];

  writeFileSync(file, WRONG);
  await both("check", file);
  await lookpost("run", "one");
  await lookpost("history");
  await lookpost("next");
  writeFileSync(file, REPORTS("ana@example.com"));
  await both("check", file);
  await both("check", file, "--online");
  await both("looks");
  await both("fields", "--look", "42");
  await both("test-connection");
  await both("preview", "nasty");
  await both("next", "nasty");
  sandbox.smtp.faults.add({ at: "rcpt", refuse: 550, message: `no ${NASTY.replace(/[\r\n]/g, "")}` });
  const refusal = { ok: false, error: "missing_scope", needed: `odd${NASTY}`, provided: NASTY };
  sandbox.slack.faults.add({ method: "chat.postMessage", status: 200, body: JSON.stringify(refusal) });
  await both("run", "nasty");
  sandbox.looker.faults.add({ kind: "database_error", message: `bad ${NASTY}` });
  await lookpost("run", "nasty");
  await lookpost("run", "missing");
  const runs = (await lookpost("history", "--json"))
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));
  for (const { type, run, delivery } of runs) {
    if (type === "delivery") await lookpost("resend", delivery);
    if (type !== "run") continue;
    await both("history", "--run", run);
    await lookpost("retry", run, "--failed-only");
    await lookpost("cancel", run);
  }
  for (const { type, run } of runs.slice(0, 4)) if (type === "run") await lookpost("retry", run, "--json");
  await both("history");
  await both("pause", "nasty", "--reason", `because ${NASTY}`);
  await both("pause", "nasty");
  await both("next");
  await both("history", "nasty");
  await both("resume", "nasty");
  await lookpost("health");
  await lookpost("schema");
  await lookpost("schema", "--reference");
  sandbox.looker.faults.add({ kind: "login_refused", times: "always" });
  await both("test-connection");
  await both("check", file, "--online");
  await lookpost("run", "nasty");
  await lookpost("looks", `x${NASTY}`);
  await lookpost("run", `x${NASTY}`);

  // What was asked for did come: else there would be nothing to find.
  const all = Object.values(said).join("");
  for (const words of ["550 no ", "odd", "because", "bad "]) expect(all).toContain(words);
  const wrong = Object.entries(said).flatMap(([command, text]) =>
    wrongIn(text).map((what) => `${command.slice(0, 60)}: ${what}`),
  );
  expect(wrong).toEqual([]);
});
