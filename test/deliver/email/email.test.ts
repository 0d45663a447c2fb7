import { once } from "node:events";
import { rm } from "node:fs/promises";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import type { Message } from "../../../src/core/model/message.ts";
import { openEmail } from "../../../src/deliver/email/email.ts";
import { emailConnection, emailOptions } from "../../../src/deliver/email/schema.ts";
import type { MailFault } from "../../../src/sandbox/mail/faults.ts";
import { type SandboxMail, startSandboxMail } from "../../../src/sandbox/mail/server.ts";
import { quickClock, renderMail, sampleMessage, termsOf } from "../sample-message.ts";
import { artifactOf, scratchFolder } from "../scratch.ts";

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

function email(smtp: string, over: Record<string, unknown> = {}) {
  const connection = emailConnection.parse({ smtp, from: "Data Team <reports@example.com>", ...over });
  return openEmail(connection, { renderMail, clock: quickClock() });
}

function deliver(
  options: {
    smtp?: string;
    to?: unknown;
    message?: Partial<Message>;
    signal?: AbortSignal;
    over?: Record<string, unknown>;
  } = {},
) {
  const { smtp = server.url, to = "ana@example.com", message = {}, over = {} } = options;
  const sending = termsOf(options.signal === undefined ? {} : { signal: options.signal });
  return email(smtp, over).deliver(sampleMessage(message), emailOptions.parse(to), sending);
}

const fault = (given: MailFault) => server.faults.add(given);

/** Large enough not to fit into the buffers of a socket. */
async function large(): Promise<Partial<Message>> {
  return { artifacts: [await artifactOf("large.csv", Buffer.alloc(10_000_000, "1,2,3\r\n"))] };
}

test("some recipients refused: sent, with who was refused and whether for good", async () => {
  fault({ at: "rcpt", refuse: 550, message: "5.1.1 No such mailbox", recipient: "gone@example.com" });
  fault({ at: "rcpt", refuse: 450, message: "4.2.2 Mailbox full", recipient: "full@example.com" });
  const to = ["ana@example.com", "gone@example.com", "full@example.com"];
  expect(await deliver({ to })).toEqual({
    kind: "sent",
    externalId: expect.stringMatching(/^<.+@example\.com>$/),
    refused: [
      { recipient: "gone@example.com", reason: "550 5.1.1 No such mailbox", permanent: true },
      { recipient: "full@example.com", reason: "450 4.2.2 Mailbox full", permanent: false },
    ],
  });
  expect((await server.messages()).map(({ recipients }) => recipients)).toEqual([["ana@example.com"]]);
});

test("every recipient refused for good: refused, with what to look at", async () => {
  fault({ at: "rcpt", refuse: 550, message: "5.1.1 No such mailbox" });
  expect(await deliver({ to: ["ana@example.com", "bob@example.com"] })).toEqual({
    kind: "refused",
    reason:
      "Every recipient was refused. ana@example.com: 550 5.1.1 No such mailbox; bob@example.com: 550 5.1.1 No such mailbox",
    advice: "Check the address, and correct it in reports.yaml.",
  });
  expect(await server.messages()).toEqual([]);
});

test("every recipient refused, one of them for now: again", async () => {
  fault({ at: "rcpt", refuse: 550, recipient: "gone@example.com" });
  fault({ at: "rcpt", refuse: 451, recipient: "grey@example.com" });
  expect(await deliver({ to: ["gone@example.com", "grey@example.com"] })).toMatchObject({
    kind: "again",
    reason: expect.stringContaining("grey@example.com: 451 Greylisted"),
  });
});

test.each([
  ["connect", 421, "again", ""],
  ["connect", 554, "refused", "Ask the people who run the mail server"],
  ["mail", 451, "again", ""],
  ["mail", 550, "refused", "Check that this account may send as reports@example.com"],
  ["data", 451, "again", ""],
  ["data", 554, "refused", "Ask the people who run"],
  ["end", 452, "again", ""],
  ["end", 421, "again", ""],
  ["end", 552, "refused", "Make the message smaller"],
  ["end", 554, "refused", "Ask the people who run"],
] as const)("a refusal at %s with %i is %s", async (at, code, kind, advice) => {
  fault({ at, refuse: code });
  const outcome = await deliver();
  expect(outcome).toMatchObject({ kind, reason: expect.stringContaining(`${server.url} answered: ${code}`) });
  if (outcome.kind === "refused") expect(outcome.advice).toContain(advice);
  expect(await server.messages()).toEqual([]);
});

test("a server that quotes the login while it refuses one of two shows none of it, wherever its words are cut", async () => {
  const login = Buffer.from("\0ana\0hunter22-and-more").toString("base64");
  const smtp = server.url.replace("//", "//ana:hunter22-and-more@");
  for (const filler of [0, 240, 260, 280]) {
    server.faults.clear();
    const message = `No. ${"x".repeat(filler)} AUTH PLAIN ${login} or hunter22-and-more`;
    fault({ at: "rcpt", refuse: 550, recipient: "bob@example.com", message });
    const outcome = await deliver({ smtp, to: ["ana@example.com", "bob@example.com"] });
    expect(outcome).toMatchObject({ kind: "sent", refused: [{ recipient: "bob@example.com" }] });
    expect(JSON.stringify(outcome)).not.toMatch(new RegExp(`hunter|${login.slice(0, 6)}`));
  }
});

test("a login the server refuses is a matter of configuration, and the password is not repeated", async () => {
  fault({ at: "auth", refuse: 535, message: "5.7.8 bad password hunter22" });
  const smtp = server.url.replace("//", "//ana:hunter22@");
  expect(await deliver({ smtp })).toEqual({
    kind: "refused",
    isLogin: true,
    reason: `${server.url} answered: 535 5.7.8 bad password [hidden]`,
    advice: expect.stringContaining("Check the user and the password in email.smtp"),
  });
  server.faults.clear();
  const command = `AUTH PLAIN ${Buffer.from("\0ana\0hunter22").toString("base64")}`;
  fault({ at: "auth", refuse: 501, message: `5.5.2 Syntax error in "${command}"` });
  expect(await deliver({ smtp })).toMatchObject({
    reason: `${server.url} answered: 501 5.5.2 Syntax error in "AUTH PLAIN [hidden]"`,
  });
  server.faults.clear();
  fault({ at: "auth", refuse: 454, message: "4.7.0 Try later" });
  expect(await deliver({ smtp })).toMatchObject({ kind: "again" });
});

test("a rule of the server is quoted on one line", async () => {
  fault({ at: "end", refuse: 550, message: "5.7.1 Rejected by policy" });
  expect(await deliver()).toMatchObject({
    kind: "refused",
    reason: `${server.url} answered: 550 5.7.1 Rejected by policy`,
    advice: expect.stringContaining("A rule of the server forbids it"),
  });
});

test("a connection lost before the message was complete: again, and nothing was taken", async () => {
  const message = await large();
  const stages: MailFault[] = [
    { at: "connect", drop: true },
    { at: "mail", drop: true },
    { at: "rcpt", drop: true },
    { at: "data", drop: true },
    { at: "body", drop: true },
  ];
  for (const stage of stages) {
    server.faults.clear();
    fault(stage);
    expect(await deliver({ message }), stage.at).toMatchObject({ kind: "again" });
  }
  expect(await server.messages()).toEqual([]);
});

test("a connection lost after the final dot, with no reply: unknown, and the message was taken", async () => {
  fault({ at: "end", drop: true });
  expect(await deliver()).toEqual({
    kind: "unknown",
    reason: expect.stringContaining("did not answer once it had the whole message"),
  });
  expect(await deliver({ message: await large() })).toMatchObject({ kind: "unknown" });
  expect(await server.messages()).toHaveLength(2);
});

test("an abort ahead of the message: again, with the reason of the abort", async () => {
  fault({ at: "mail", hang: true });
  const stop = new AbortController();
  const outcome = deliver({ signal: stop.signal });
  setTimeout(() => stop.abort(new ReportError("the worker stops", { code: "cancelled" })), 200);
  expect(await outcome).toEqual({
    kind: "again",
    reason: "Sending was stopped before the message was complete: the worker stops.",
  });
  const before = AbortSignal.abort(new Error("too late"));
  expect(await deliver({ signal: before })).toMatchObject({ kind: "again" });
});

test("an abort after the final dot: unknown", async () => {
  fault({ at: "end", hang: true });
  const stop = new AbortController();
  const outcome = deliver({ signal: stop.signal });
  while ((await server.messages()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  stop.abort(new Error("the worker stops"));
  expect(await outcome).toMatchObject({ kind: "unknown" });
});

test("closing the destination ends what is under way", async () => {
  fault({ at: "rcpt", hang: true });
  const destination = email(server.url);
  const outcome = destination.deliver(sampleMessage(), emailOptions.parse("ana@example.com"), termsOf());
  setTimeout(() => destination.close(), 100);
  expect(await outcome).toMatchObject({ kind: "again", reason: expect.stringContaining("was closed") });
});

test("an abort closes the connection", async () => {
  const connected = Promise.withResolvers<Socket>();
  const port = await listen(createServer((socket) => connected.resolve(socket)));
  const stop = new AbortController();
  const outcome = deliver({ smtp: `smtp://127.0.0.1:${port}`, signal: stop.signal });
  const socket = await connected.promise;
  socket.resume();
  const closed = once(socket, "close");
  stop.abort(new Error("the worker stops"));
  await closed;
  expect(await outcome).toMatchObject({ kind: "again" });
});

test("the connection is closed where the login is refused, though the server leaves it open", async () => {
  const connected = Promise.withResolvers<Socket>();
  const port = await listen(
    createServer((socket) => {
      socket.write("220 hi\r\n");
      socket.once("data", () => {
        socket.write("250-hi\r\n250 AUTH PLAIN\r\n");
        socket.once("data", () => socket.write("535 no\r\n"));
      });
      connected.resolve(socket);
    }),
  );
  const outcome = deliver({ smtp: `smtp://ana:hunter22@127.0.0.1:${port}` });
  const closed = once(await connected.promise, "close");
  expect(await outcome).toMatchObject({ kind: "refused", isLogin: true });
  await closed;
});

test("what is given up as incomplete never reaches the server whole, however much was buffered", async () => {
  const replies = ["250 ok", "250 ok", "250 ok", "354 go on"];
  const stalled = Promise.withResolvers<Socket>();
  const port = await listen(
    createServer((socket) => {
      socket.write("220 slow\r\n");
      let next = 0;
      const converse = () => {
        socket.write(`${replies[next++]}\r\n`);
        if (next < replies.length) return;
        socket.off("data", converse).pause();
        stalled.resolve(socket);
      };
      socket.on("data", converse);
    }),
  );
  const stop = new AbortController();
  const outcome = deliver({ smtp: `smtp://127.0.0.1:${port}`, message: await large(), signal: stop.signal });
  const socket = await stalled.promise;
  setTimeout(() => stop.abort(new Error("the worker stops")), 300);
  expect(await outcome).toMatchObject({ kind: "again" });
  let last = "";
  socket.on("data", (chunk: Buffer) => {
    last = (last + chunk.toString("latin1")).slice(-5);
  });
  socket.on("error", () => {});
  socket.resume();
  await once(socket, "close").catch(() => {});
  expect(last).not.toBe("\r\n.\r\n");
});

test("a server that is not there: again", async () => {
  const gone = createServer();
  const port = await listen(gone);
  gone.close();
  expect(await deliver({ smtp: `smtp://127.0.0.1:${port}` })).toMatchObject({
    kind: "again",
    reason: expect.stringContaining("ECONNREFUSED"),
  });
  // A name that no resolver is asked for.
  expect(await deliver({ smtp: "smtp://no..host:25" })).toMatchObject({ kind: "again" });
});

test("a message above the server's SIZE is refused before any of it is sent", async () => {
  const artifact = await artifactOf("big.csv", Buffer.alloc(15_000_000, "1,2,3\r\n"));
  expect(await deliver({ message: { artifacts: [artifact] } })).toEqual({
    kind: "refused",
    reason: expect.stringContaining("larger than allowed 20000000"),
    advice: expect.stringContaining("Make the message smaller"),
  });
  // Base64 makes 14.5 MB into 19.8.
  const fitting = await artifactOf("fits.csv", Buffer.alloc(14_500_000, "1,2,3\r\n"));
  expect(await deliver({ message: { artifacts: [fitting] } })).toMatchObject({ kind: "sent" });
});

test("addresses outside allowed_domains are refused before the server is asked", async () => {
  const over = { allowed_domains: ["example.com"] };
  const to = { to: "ana@example.com", bcc: "eve@evil.example" };
  expect(await deliver({ to, over })).toEqual({
    kind: "refused",
    reason: "eve@evil.example is outside the domains that reports may go to.",
    advice: "Remove the address, or add its domain to email.allowed_domains.",
  });
  expect(await server.messages()).toEqual([]);
});

test("a file that is gone: refused, with what to do, and nothing is sent", async () => {
  const artifact = await artifactOf("delays.csv", "a\r\n");
  await rm(artifact.file.path);
  const kept = await artifactOf("kept.csv", "a\r\n");
  expect(await deliver({ message: { artifacts: [kept, artifact] } })).toEqual({
    kind: "refused",
    reason: expect.stringContaining("delays.csv"),
    advice: expect.stringContaining("Run the report again"),
  });
  expect(await server.messages()).toEqual([]);
});

test("a password is not sent where the server offers no STARTTLS", async () => {
  // 0.0.0.0 is this machine too, and stands here for any other.
  const smtp = server.url.replace("//127.0.0.1", "//ana:hunter22@0.0.0.0");
  expect(await deliver({ smtp })).toMatchObject({
    kind: "refused",
    advice: expect.stringContaining("The server offers no STARTTLS"),
  });
  expect(await deliver({ smtp: smtp.replace("ana:hunter22@", "") })).toMatchObject({ kind: "sent" });
});

test("STARTTLS is used where it is offered", async () => {
  const seen: boolean[] = [];
  const port = await smtpServer({
    onData(body, session, done) {
      seen.push(session.secure);
      body.resume().on("end", () => done());
    },
  });
  expect(await deliver({ smtp: `smtp://ana:pw@127.0.0.1:${port}` })).toMatchObject({ kind: "sent" });
  expect(seen).toEqual([true]);
});

test("smtps speaks TLS from the start, and a wrong certificate or protocol is told", async () => {
  const port = await smtpServer({ secure: true });
  expect(await deliver({ smtp: `smtps://ana:pw@127.0.0.1:${port}` })).toMatchObject({ kind: "sent" });
  expect(await deliver({ smtp: `smtps://ana:pw@0.0.0.0:${port}` })).toMatchObject({
    kind: "refused",
    advice: expect.stringContaining("certificate"),
  });
  expect(await deliver({ smtp: server.url.replace("smtp:", "smtps:") })).toMatchObject({
    kind: "refused",
    advice: expect.stringContaining("does not speak TLS from the start"),
  });
});

test("check says whether the server answers and takes the login", async () => {
  const signal = new AbortController().signal;
  const check = (smtp: string) => email(smtp).checkConnection?.(signal);
  const smtp = server.url.replace("//", "//ana:hunter22@");
  expect(await check(smtp)).toEqual([]);
  fault({ at: "auth", refuse: 535 });
  expect(await check(smtp)).toEqual([
    {
      message: `${server.url} answered: 535 Authentication credentials invalid`,
      advice: expect.stringContaining("Check the user and the password"),
      path: [],
    },
  ]);
  const gone = createServer();
  const port = await listen(gone);
  gone.close();
  expect(await check(`smtp://127.0.0.1:${port}`)).toEqual([
    {
      message: expect.stringContaining("ECONNREFUSED"),
      advice: expect.stringContaining("Check email.smtp"),
      path: [],
    },
  ]);
  expect(await server.messages()).toEqual([]);
});

test("an aborted check ends with the reason of the abort", async () => {
  fault({ at: "connect", hang: true });
  const stop = new AbortController();
  const checking = email(server.url).checkConnection?.(stop.signal);
  setTimeout(() => stop.abort(new Error("enough")), 100);
  await expect(checking).rejects.toThrow("enough");
});

async function listen(target: Server): Promise<number> {
  onTestFinished(() => void target.close());
  await new Promise<void>((resolve) => target.listen(0, "127.0.0.1", resolve));
  return (target.address() as AddressInfo).port;
}

/** One that has TLS, with the library's own self-signed certificate. */
async function smtpServer(options: SMTPServerOptions): Promise<number> {
  const smtp = new SMTPServer({
    disableReverseLookup: true,
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? "" }),
    onData: (body, _session, done) => void body.resume().on("end", () => done()),
    ...options,
  });
  smtp.on("error", () => {});
  onTestFinished(() => void smtp.close());
  await new Promise<void>((resolve) => smtp.listen(0, "127.0.0.1", resolve));
  return (smtp.server.address() as AddressInfo).port;
}
