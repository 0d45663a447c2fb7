import type { Socket } from "node:net";
import { expect, onTestFinished, test, vi } from "vitest";
import { openEmail } from "../../../src/deliver/email/email.ts";
import { emailConnection, emailOptions } from "../../../src/deliver/email/schema.ts";
import { openSession } from "../../../src/deliver/email/session.ts";
import { openSessions } from "../../../src/deliver/email/sessions.ts";
import { renderMail, sampleMessage, systemClock, termsOf } from "../sample-message.ts";
import { type Script, type ScriptedSmtp, scriptedSmtp } from "./scripted-smtp.ts";

interface Deps {
  readonly idleMs?: number;
  readonly terms?: Parameters<typeof termsOf>[0];
}

/** A server with a destination that sends to it. */
async function house(script: Script = () => null, { idleMs }: Deps = {}) {
  const smtp = await scriptedSmtp(script);
  const connection = emailConnection.parse({ smtp: smtp.url, from: "reports@example.com" });
  const deps = { renderMail, clock: systemClock, ...(idleMs === undefined ? {} : { idleMs }) };
  const email = openEmail(connection, deps);
  onTestFinished(() => email.close());
  const send = (to: string, terms: Deps["terms"] = {}) =>
    email.deliver(sampleMessage(), emailOptions.parse(to), termsOf(terms));
  return { smtp, email, send };
}

/** Whom the server was asked to take a message for, in order. */
function named({ received }: ScriptedSmtp): string[] {
  return [...received().matchAll(/^RCPT TO:<(.*)>/gm)].map(([, address = ""]) => address);
}

const count = ({ received }: ScriptedSmtp, line: string) =>
  received()
    .split("\r\n")
    .filter((one) => one === line).length;

/** Counts the messages of each connection, and is asked what to answer to a line by how many there were. */
function perConnection(answer: (line: string, taken: number, socket: Socket) => string | null): Script {
  const taken = new Map<Socket, number>();
  return (line, socket) => {
    const before = taken.get(socket) ?? 0;
    if (line === ".") taken.set(socket, before + 1);
    return answer(line, before, socket);
  };
}

test("one connection carries one message after the other", async () => {
  const { smtp, send } = await house();
  for (const to of ["a@example.com", "b@example.com", "c@example.com"])
    expect(await send(to)).toMatchObject({ kind: "sent" });
  expect(smtp.connections()).toBe(1);
  expect(named(smtp)).toEqual(["a@example.com", "b@example.com", "c@example.com"]);
});

test.each([
  ["421 in answer to MAIL", "421 4.7.0 Too many messages in one connection"],
  ["450 in answer to MAIL", "450 4.7.1 Enough of this session"],
  ["550 in answer to MAIL", "550 5.5.1 Too many messages in one session"],
  ["closing the connection after the tenth", null],
] as const)(
  "a server that ends a connection after ten messages by %s: each message arrives once, by a connection for each ten",
  async (_how, answer) => {
    const script = perConnection((line, taken, socket) => {
      if (answer === null && line === "." && taken === 9) {
        setImmediate(() => socket.end());
        return "250 taken, and good-bye";
      }
      return line.startsWith("MAIL") && taken === 10 ? answer : null;
    });
    const { smtp, send } = await house(script);
    const all = Array.from({ length: 35 }, (_, at) => `r${at}@example.com`);
    for (const to of all) expect(await send(to)).toMatchObject({ kind: "sent" });
    expect(named(smtp)).toEqual(all);
    expect(smtp.connections()).toBe(4);
  },
);

test.each([
  ["at once", (socket: Socket) => void socket.resetAndDestroy()],
  ["in good order", (socket: Socket) => void socket.end()],
  ["saying so", (socket: Socket) => void socket.end("421 4.4.2 Idle for too long\r\n")],
])("a connection that the server drops %s while it is idle costs nothing", async (_how, drop) => {
  const sockets = new Set<Socket>();
  const { smtp, send } = await house((_line, socket) => {
    sockets.add(socket);
    return null;
  });
  await send("a@example.com");
  for (const socket of sockets) drop(socket);
  expect(await send("b@example.com")).toMatchObject({ kind: "sent" });
  expect(named(smtp)).toContain("b@example.com");
  expect(count(smtp, ".")).toBe(2);
});

test.each(["MAIL", "RCPT", "DATA"])(
  "a connection that turns out to be dead at %s is given up for a new one, and the message is committed once",
  async (verb) => {
    const script = perConnection((line, taken, socket) => {
      if (taken === 0 || !line.startsWith(verb)) return null;
      socket.resetAndDestroy();
      return "";
    });
    const { smtp, send } = await house(script);
    await send("a@example.com");
    const commit = vi.fn();
    expect(await send("b@example.com", { commit })).toMatchObject({ kind: "sent", refused: [] });
    expect(commit).toHaveBeenCalledTimes(1);
    expect(smtp.connections()).toBe(2);
    expect(count(smtp, ".")).toBe(2);
  },
);

test("a connection lost after the final dot is never tried again, whatever it carried before", async () => {
  const script = perConnection((line, taken, socket) => {
    if (line !== "." || taken === 0) return null;
    socket.resetAndDestroy();
    return "";
  });
  const { smtp, send } = await house(script);
  await send("a@example.com");
  expect(await send("b@example.com")).toMatchObject({ kind: "unknown" });
  expect(named(smtp)).toEqual(["a@example.com", "b@example.com"]);
  expect(smtp.connections()).toBe(1);
});

test("once the server waits for the message, a connection that is lost costs a try", async () => {
  const script = perConnection((line, taken, socket) => {
    if (line !== "DATA" || taken === 0) return null;
    setImmediate(() => socket.resetAndDestroy());
    return "354 go on";
  });
  const { smtp, send } = await house(script);
  await send("a@example.com");
  const held = Promise.withResolvers<void>();
  const confirm = () => void setTimeout(() => held.resolve(), 50);
  const outcome = await send("b@example.com", { confirm, commit: () => held.promise });
  expect(outcome).toMatchObject({ kind: "again" });
  expect(outcome).not.toHaveProperty("busy");
  expect(smtp.connections()).toBe(1);
});

test("what a server thinks of the message itself, a new connection says", async () => {
  const script = perConnection((line, _taken, socket) => {
    if (!line.startsWith("MAIL")) return null;
    return smtpOf.get(socket) === 1 ? null : "550 5.7.1 Not from you";
  });
  const smtpOf = new Map<Socket, number>();
  const { smtp, send } = await house((line, socket) => {
    if (line.startsWith("EHLO")) smtpOf.set(socket, smtpOf.size + 1);
    return script(line, socket);
  });
  await send("a@example.com");
  smtpOf.forEach((_at, socket) => void smtpOf.set(socket, 9));
  expect(await send("b@example.com")).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining("550 5.7.1 Not from you"),
  });
  // Refused once over the old connection and once over a new one, which is not kept for that.
  await send("c@example.com");
  expect(smtp.connections()).toBe(3);
});

test.each([
  ["RCPT", "550 5.1.1 No such mailbox", "refused"],
  ["DATA", "451 4.3.0 Not now", "again"],
  [".", "554 5.6.0 Spam", "refused"],
])("a message refused at %s leaves the connection to the next one, after RSET", async (at, answer, kind) => {
  let isBad = false;
  const { smtp, send } = await house((line) => {
    if (line.startsWith("RCPT")) isBad = line.includes("bad@");
    return isBad && line.startsWith(at) ? answer : null;
  });
  expect(await send("bad@example.com")).toMatchObject({ kind });
  expect(await send("good@example.com")).toMatchObject({ kind: "sent", refused: [] });
  expect(smtp.connections()).toBe(1);
  expect(count(smtp, "RSET")).toBe(1);
});

test("after a while without a message it takes leave", async () => {
  const { smtp, send } = await house(() => null, { idleMs: 20 });
  await send("a@example.com");
  await expect.poll(() => count(smtp, "QUIT")).toBe(1);
  await send("b@example.com");
  expect(smtp.connections()).toBe(2);
});

test.each(["close", "release"] as const)("%s takes leave of the server on every connection", async (end) => {
  const { smtp, send, email } = await house();
  await Promise.all(["a@example.com", "b@example.com"].map((to) => send(to)));
  email[end]?.();
  await expect.poll(() => count(smtp, "QUIT")).toBe(smtp.connections());
});

test("a hundred messages are enough for one connection", async () => {
  const { smtp, send } = await house();
  for (let at = 0; at < 101; at += 1) await send(`r${at}@example.com`);
  expect(smtp.connections()).toBe(2);
  expect(named(smtp)).toHaveLength(101);
});

test("a connection for which there is no room any more is closed once its message is out", async () => {
  const sessions = openSessions({ idleMs: 60_000, hasRoom: (idle) => idle === 0 });
  onTestFinished(() => sessions.close());
  const smtp = await scriptedSmtp(() => null);
  const connection = emailConnection.parse({ smtp: smtp.url, from: "reports@example.com" });
  const open = () => openSession(connection, new AbortController().signal);
  for (const session of [await open(), await open()]) sessions.keep(session);
  await expect.poll(() => count(smtp, "QUIT")).toBe(1);
  expect(sessions.take()?.isOpen).toBe(true);
  expect(sessions.take()).toBeNull();
});
