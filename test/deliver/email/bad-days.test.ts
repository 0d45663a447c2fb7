import { readFile, rm } from "node:fs/promises";
import { createServer, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import type { Artifact } from "../../../src/core/model/artifact.ts";
import type { Patience } from "../../../src/deliver/email/connection.ts";
import { openEmail } from "../../../src/deliver/email/email.ts";
import { failureOf } from "../../../src/deliver/email/outcome.ts";
import { emailConnection, emailOptions } from "../../../src/deliver/email/schema.ts";
import type { MailFault } from "../../../src/sandbox/mail/faults.ts";
import { type SandboxMail, startSandboxMail } from "../../../src/sandbox/mail/server.ts";
import { quickClock, renderMail, sampleMessage, termsOf } from "../sample-message.ts";
import { artifactOf, scratchFolder } from "../scratch.ts";
import { dribble, scriptedSmtp } from "./scripted-smtp.ts";

let server: SandboxMail;
let outbox: string;
beforeEach(async () => {
  outbox = await scratchFolder();
  server = await startSandboxMail({ outbox, bytesMax: 20_000_000 });
});
afterEach(async () => {
  await server.close();
  await rm(outbox, { recursive: true });
});

interface Given {
  smtp?: string;
  to?: unknown;
  artifacts?: readonly Artifact[];
  sending?: Parameters<typeof termsOf>[0];
  attemptMs?: number;
  patience?: Patience;
  hello?: string;
}

function deliver({
  smtp = server.url,
  to = "ana@example.com",
  artifacts = [],
  sending = {},
  attemptMs,
  patience,
  hello,
}: Given = {}) {
  const connection = emailConnection.parse({ smtp, from: "Data Team <reports@example.com>", hello });
  const limit = {
    ...(attemptMs === undefined ? {} : { attemptMs }),
    ...(patience === undefined ? {} : { patience }),
  };
  const destination = openEmail(connection, { renderMail, clock: quickClock(), ...limit });
  return destination.deliver(sampleMessage({ artifacts }), emailOptions.parse(to), termsOf(sending));
}

const fault = (given: MailFault) => server.faults.add(given);
const inbox = async () => (await server.messages()).map(({ recipients }) => recipients);
const large = () => artifactOf("large.csv", Buffer.alloc(10_000_000, "1,2,3\r\n"));

const three = ["ana@example.com", "bob@example.com", "cleo@example.com"];

test.each(["rcpt", "data", "end"] as const)(
  "greylisting at %s: again, and the server is not out",
  async (at) => {
    fault({ at, refuse: 451 });
    const outcome = await deliver({ to: three });
    expect(outcome).toMatchObject({ kind: "again", reason: expect.stringContaining("451 Greylisted") });
    expect(outcome).not.toHaveProperty("isServerOut");
    expect(await inbox()).toEqual([]);
  },
);

test("one of three refused for now: sent to the others, and only that one is served the next time", async () => {
  fault({ at: "rcpt", refuse: 450, recipient: "bob@example.com", times: 1 });
  const first = await deliver({ to: { to: three[0], cc: three[1], bcc: three[2] } });
  expect(first).toMatchObject({
    kind: "sent",
    refused: [{ recipient: "bob@example.com", permanent: false }],
  });
  const again = { to: { to: three[0], cc: three[1], bcc: three[2] }, sending: { only: ["Bob@example.com"] } };
  expect(await deliver(again)).toMatchObject({ kind: "sent", refused: [] });
  expect(await inbox()).toEqual([["ana@example.com", "cleo@example.com"], ["bob@example.com"]]);
  const [, second] = await server.messages();
  const headers = await readHeaders(second?.file ?? "");
  expect(headers).toMatch(/^To: ana@example\.com$/m);
  expect(headers).toMatch(/^Cc: bob@example\.com$/m);
});

test("recipients that the report has no more: refused, and nobody is asked", async () => {
  expect(await deliver({ sending: { only: ["gone@example.com"] } })).toEqual({
    kind: "refused",
    reason: "gone@example.com: not a recipient of this report any more.",
    advice: expect.stringContaining("reports.yaml"),
  });
  expect(await inbox()).toEqual([]);
});

test("an address outside the allowed domains holds none back that it is not sent with", async () => {
  const connection = emailConnection.parse({
    smtp: server.url,
    from: "reports@example.com",
    allowed_domains: ["example.com"],
  });
  const destination = openEmail(connection, { renderMail, clock: quickClock() });
  const options = emailOptions.parse(["ana@example.com", "eve@evil.example"]);
  const only = termsOf({ only: ["ana@example.com"] });
  expect(await destination.deliver(sampleMessage(), options, only)).toMatchObject({ kind: "sent" });
});

test.each([
  ["a greeting of 421", { at: "connect", refuse: 421 }],
  ["a connection dropped before the greeting", { at: "connect", drop: true }],
  ["a login put off with 454", { at: "auth", refuse: 454 }],
  ["421 in answer to MAIL FROM", { at: "mail", refuse: 421 }],
  ["421 in answer to a recipient", { at: "rcpt", refuse: 421 }],
] as [string, MailFault][])("%s: the whole server is out", async (_what, given) => {
  fault(given);
  const smtp = server.url.replace("//", "//ana:hunter22@");
  expect(await deliver({ smtp })).toMatchObject({ kind: "again", isServerOut: true });
});

test.each([
  ["a sender put off with 451", { at: "mail", refuse: 451 }],
  ["421 once the message is there", { at: "end", refuse: 421 }],
  ["a connection dropped within the message", { at: "body", drop: true }],
  ["a mailbox that is busy", { at: "rcpt", refuse: 450 }],
] as [string, MailFault][])("%s: again, and the server is not out", async (_what, given) => {
  fault(given);
  // Large enough not to fit into the buffers of a socket: otherwise its end may be out before the line is cut.
  const outcome = await deliver({ artifacts: [await large()] });
  expect(outcome).toMatchObject({ kind: "again" });
  expect(outcome).not.toHaveProperty("isServerOut");
});

test("a server that says no to EHLO for now, nobody there, and no such name: the whole server is out", async () => {
  const busy = await scriptedSmtp((line) => (/^(?:EHLO|HELO)/.test(line) ? "451 4.3.2 busy" : null));
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
  const address = gone.address();
  const port = typeof address === "object" ? address?.port : 0;
  await new Promise((resolve) => gone.close(resolve));
  for (const smtp of [busy.url, `smtp://127.0.0.1:${port}`, "smtp://no..host:25"])
    expect(await deliver({ smtp }), smtp).toMatchObject({ kind: "again", isServerOut: true });
});

test("the right to send is asked for once DATA is granted, and once more ahead of the final dot", async () => {
  const heard: string[] = [];
  const smtp = await scriptedSmtp(() => null);
  const confirm = () => void heard.push(smtp.received());
  const commit = async () => confirm();
  expect(await deliver({ smtp: smtp.url, sending: { confirm, commit } })).toMatchObject({ kind: "sent" });
  expect(heard).toHaveLength(2);
  expect(heard[0]).toMatch(/RCPT TO:<ana@example\.com>\r\nDATA\r\n$/);
  for (const before of heard) expect(before).not.toContain("\r\n.\r\n");
  expect(smtp.received()).toContain("\r\n.\r\n");
});

test.each([
  ["small", "first", 1],
  ["small", "second", 2],
  ["large", "first", 1],
  ["large", "second", 2],
] as const)(
  "a %s message whose right is lost when it is asked for the %s time: again, and it never ends",
  async (size, _which, call) => {
    const smtp = await scriptedSmtp(() => null);
    let calls = 0;
    const confirm = () => {
      calls += 1;
      if (calls === call) throw new ReportError("This worker stood still.", { code: "cancelled" });
    };
    const artifacts = size === "large" ? [await large()] : [];
    const commit = async () => confirm();
    expect(await deliver({ smtp: smtp.url, artifacts, sending: { confirm, commit } })).toEqual({
      kind: "again",
      reason: "The message was held back before it was complete: This worker stood still.",
    });
    expect(calls).toBe(call);
    expect(smtp.received()).not.toContain("\r\n.\r\n");
    expect(smtp.received().includes("Subject:")).toBe(call === 2);
  },
);

test("where nobody took a recipient the right to send is not asked for", async () => {
  fault({ at: "rcpt", refuse: 550 });
  let calls = 0;
  expect(
    await deliver({ sending: { confirm: () => void calls++, commit: async () => void calls++ } }),
  ).toMatchObject({ kind: "refused" });
  expect(calls).toBe(0);
});

test("a server that is slow at every step is waited for", async () => {
  for (const at of ["connect", "mail", "rcpt", "data", "end"] as const) fault({ at, delayMs: 60 });
  expect(await deliver({ to: three })).toMatchObject({ kind: "sent", refused: [] });
});

test("a server that dribbles a byte now and then is given up once the attempt's time is over", async () => {
  const begin = await scriptedSmtp((line, socket) => (line.startsWith("EHLO") ? dribble(socket) : null));
  expect(await deliver({ smtp: begin.url, attemptMs: 300 })).toEqual({
    kind: "again",
    reason: "Sending was stopped before the message was complete: it was not through after 0.3 s.",
    isServerOut: true,
  });
  const midway = await scriptedSmtp((line, socket) => (line === "DATA" ? dribble(socket) : null));
  const outcome = await deliver({ smtp: midway.url, attemptMs: 300 });
  expect(outcome).toMatchObject({ kind: "again" });
  expect(outcome).not.toHaveProperty("isServerOut");
  const end = await scriptedSmtp((line, socket) => (line === "." ? dribble(socket) : null));
  expect(await deliver({ smtp: end.url, attemptMs: 300 })).toMatchObject({ kind: "unknown" });
});

test("421 in the middle of the message: again", async () => {
  const smtp = await scriptedSmtp((line, socket) => {
    if (line !== "DATA") return null;
    // Reads no more, so that the message cannot have ended.
    socket.pause();
    void sleep(30).then(() => socket.end("421 4.3.2 shutting down\r\n"));
    return "354 go on";
  });
  expect(await deliver({ smtp: smtp.url, artifacts: [await large()] })).toMatchObject({
    kind: "again",
    reason: `${smtp.url} answered: 421 4.3.2 shutting down`,
  });
});

test("a message that is too large by the server's own word is refused with what to do", async () => {
  fault({ at: "end", refuse: 552, message: "5.3.4 Message too big" });
  expect(await deliver()).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining("552 5.3.4 Message too big"),
    advice: expect.stringContaining("Make the message smaller"),
  });
});

test("a file that breaks off while it is sent: tried again, and no whole message", async () => {
  const artifact = await artifactOf("delays.csv", "a\r\n");
  const folder = { ...artifact, file: { path: outbox, bytes: 10 } };
  expect(await deliver({ artifacts: [folder] })).toMatchObject({
    kind: "again",
    reason: expect.stringContaining("could not be put together"),
  });
  expect(await inbox()).toEqual([]);
});

async function readHeaders(file: string): Promise<string> {
  return (await readFile(file, "utf8")).split("\r\n\r\n")[0] ?? "";
}

test.each([
  ["ETIMEDOUT", "body", "again"],
  ["ETIMEDOUT", "complete", "unknown"],
  ["ECONNECTION", "complete", "unknown"],
] as const)("a connection that ends with %s while the message is %s: %s", (code, stage, kind) => {
  const error = Object.assign(new Error("Timeout"), { code });
  const connection = emailConnection.parse({ smtp: "smtp://127.0.0.1:2525", from: "reports@example.com" });
  expect(failureOf(error, stage, connection)).toMatchObject({ kind });
});

/** Long for a server on this machine, however busy that is. */
const CONNECT_MS = 1_000;
const LATE_MS = 1_200;
const LONGER: Patience = { connectMs: CONNECT_MS, greetingMs: 60_000, answerMs: 60_000 };

test("an answer that is slow is waited for at each step, longer than connecting may take", async () => {
  const late = (socket: Socket, answer: string) =>
    void sleep(LATE_MS).then(() => socket.write(`${answer}\r\n`));
  const smtp = await scriptedSmtp((line, socket) => {
    const answer = line.startsWith("RCPT") ? "250 ok" : line === "." ? "250 taken" : null;
    if (answer === null) return null;
    late(socket, answer);
    return "";
  });
  expect(await deliver({ smtp: smtp.url, patience: LONGER })).toMatchObject({ kind: "sent" });
  fault({ at: "connect", delayMs: LATE_MS });
  expect(await deliver({ patience: LONGER })).toMatchObject({ kind: "sent" });
  expect(await deliver({ smtp: smtp.url, patience: { ...LONGER, answerMs: 20 } })).toMatchObject({
    kind: "again",
  });
});

test.each([
  [
    "the name in EHLO",
    "EHLO",
    "421 4.7.0 Try again later, closing connection. (EHLO)",
    "again",
    "the name reports.example.com, which this machine gives it: set email.hello",
  ],
  ["a mailbox that is full", "RCPT", "552 5.2.2 Mailbox full", "refused", "mailbox is full"],
  ["a mailbox that is full for now", "RCPT", "452 4.2.2 Over quota", "again", "mailbox is full"],
  [
    "STARTTLS first",
    "MAIL",
    "530 5.7.0 Must issue a STARTTLS command first",
    "refused",
    "offers no STARTTLS here",
  ],
])("%s: advice of its own", async (_what, verb, answer, kind, advice) => {
  const smtp = await scriptedSmtp((line) => (line.startsWith(verb) ? answer : null));
  const outcome = await deliver({ smtp: smtp.url, hello: "reports.example.com" });
  expect(outcome).toMatchObject({ kind, advice: expect.stringContaining(advice) });
  expect(smtp.received()).toContain("EHLO reports.example.com\r\n");
});

test.each([
  ["454 4.7.0 TLS not available due to local problem", "again"],
  ["502 5.5.1 not here", "refused"],
])(
  "STARTTLS that is offered and refused with %s, without a login: %s, and no word of a password",
  async (answer, kind) => {
    const smtp = await scriptedSmtp((line) => {
      if (line.startsWith("EHLO")) return "250-scripted\r\n250 STARTTLS";
      return line === "STARTTLS" ? answer : null;
    });
    const outcome = await deliver({ smtp: smtp.url });
    expect(outcome).toMatchObject({
      kind,
      advice: expect.stringContaining("offers STARTTLS and refuses it"),
    });
  },
);
