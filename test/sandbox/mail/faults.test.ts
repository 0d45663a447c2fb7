import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createTransport } from "nodemailer";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SandboxMail, startSandboxMail } from "../../../src/sandbox/mail/server.ts";

let outbox: string;
let mail: SandboxMail;

beforeEach(async () => {
  outbox = await mkdtemp(path.join(tmpdir(), "sandbox-mail-"));
  mail = await startSandboxMail({ outbox });
});

afterEach(async () => {
  await mail.close();
  await rm(outbox, { recursive: true, force: true });
});

test("one recipient of three is refused for good, the other two get the message", async () => {
  mail.faults.add({ at: "rcpt", refuse: 550, recipient: "Bob@example.com" });
  const sent = await send(["ana@example.com", "bob@example.com", "ops@example.com"]);
  expect(sent.rejected).toEqual(["bob@example.com"]);
  expect((await mail.messages())[0]!.recipients).toEqual(["ana@example.com", "ops@example.com"]);
});

test("a greylisted recipient is refused as often as asked, then accepted", async () => {
  mail.faults.add({ at: "rcpt", refuse: 451, times: 2 });
  await expect(send()).rejects.toMatchObject({ responseCode: 451 });
  await expect(send()).rejects.toMatchObject({ responseCode: 451 });
  await send();
  expect(await mail.messages()).toHaveLength(1);
  expect(mail.faults.list()).toEqual([]);
});

test.each([
  ["connect", 554],
  ["connect", 421],
  ["mail", 550],
  ["mail", 421],
  ["data", 554],
  ["data", 452],
  ["end", 552],
  ["end", 451],
] as const)("refused at %s with %i: nothing is kept, and the next message passes", async (at, refuse) => {
  mail.faults.add({ at, refuse, times: 1 });
  await expect(send()).rejects.toMatchObject({ responseCode: refuse });
  expect(await readdir(path.join(outbox, "mail"))).toEqual([]);
  await send();
  expect(await mail.messages()).toHaveLength(1);
});

test("wrong credentials answer 535", async () => {
  mail.faults.add({ at: "auth", refuse: 535 });
  await expect(send([], { auth: { user: "a", pass: "b" } })).rejects.toMatchObject({
    code: "EAUTH",
    responseCode: 535,
  });
});

test.each(["connect", "mail", "rcpt", "data"] as const)("dropped at %s: nothing is kept", async (at) => {
  mail.faults.add({ at, drop: true });
  await expect(send()).rejects.toThrow();
  expect(await mail.messages()).toEqual([]);
});

test("dropped before the final dot: the client sees an error and no message is left", async () => {
  mail.faults.add({ at: "body", drop: true });
  await expect(send()).rejects.toThrow();
  await expect.poll(() => readdir(path.join(outbox, "mail"))).toEqual([]);
});

test("dropped after the final dot: the client sees the same error, and yet the message is kept", async () => {
  mail.faults.add({ at: "end", drop: true });
  await expect(send()).rejects.toThrow();
  expect(await mail.messages()).toHaveLength(1);
});

test.each(["connect", "mail", "rcpt", "data"] as const)(
  "no answer at %s: the client gives up by itself",
  async (at) => {
    mail.faults.add({ at, hang: true });
    await expect(send([], { greetingTimeout: 300, socketTimeout: 300 })).rejects.toMatchObject({
      code: "ETIMEDOUT",
    });
    expect(await mail.messages()).toEqual([]);
  },
);

test("no answer after the final dot: the client gives up, the message is kept", async () => {
  mail.faults.add({ at: "end", hang: true });
  await expect(send([], { socketTimeout: 300 })).rejects.toMatchObject({ code: "ETIMEDOUT" });
  expect(await mail.messages()).toHaveLength(1);
});

test("a slow server answers late but answers", async () => {
  mail.faults.add({ at: "rcpt", delayMs: 200, times: 1 });
  await expect(send([], { socketTimeout: 60 })).rejects.toMatchObject({ code: "ETIMEDOUT" });
  mail.faults.add({ at: "rcpt", delayMs: 50, times: 1 });
  await send([], { socketTimeout: 5000 });
  expect(await mail.messages()).toHaveLength(1);
});

test("faults can be given at the start and cleared later; a fault for one recipient leaves others alone", async () => {
  await mail.close();
  mail = await startSandboxMail({
    outbox,
    faults: [{ at: "data", refuse: 554, recipient: "bob@example.com" }],
  });
  await send();
  await expect(send(["bob@example.com"])).rejects.toMatchObject({ responseCode: 554 });
  mail.faults.clear();
  await send(["bob@example.com"]);
  expect(await mail.messages()).toHaveLength(2);
});

test("a server that hangs can still be closed", async () => {
  mail.faults.add({ at: "connect", hang: true });
  const sending = expect(send([], { greetingTimeout: 20_000 })).rejects.toThrow();
  await expect.poll(() => mail.faults.list().length).toBe(1);
  await mail.close();
  await sending;
});

function send(to: string[] = [], transport: Record<string, unknown> = {}) {
  return createTransport({ host: "127.0.0.1", port: mail.port, ...transport }).sendMail({
    from: "reports@example.com",
    to: to.length === 0 ? ["ana@example.com"] : to,
    subject: "Delays",
    text: "text",
  });
}
