import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
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

test("a message is kept as it came over the wire, with its envelope next to it", async () => {
  await send({ to: ["ana@example.com", "ops@example.com"], text: "forty-two" });
  const [stored] = await mail.messages();
  expect(stored).toMatchObject({
    from: "reports@example.com",
    recipients: ["ana@example.com", "ops@example.com"],
  });
  const source = await readFile(stored!.file, "utf8");
  expect(source).toContain("Subject: Delays");
  expect(source).toContain("forty-two");
  expect(stored!.bytes).toBe(Buffer.byteLength(source));
  expect(JSON.parse(await readFile(stored!.file.replace(/eml$/, "json"), "utf8"))).toMatchObject({
    recipients: ["ana@example.com", "ops@example.com"],
  });
});

test("messages are numbered in the order of arrival, and go on after those of an earlier start", async () => {
  await send({ subject: "one" });
  await send({ subject: "two" });
  await mail.close();
  mail = await startSandboxMail({ outbox });
  await send({ subject: "three" });
  const ids = (await mail.messages()).map((message) => message.id.slice(0, 5));
  expect(ids).toEqual(["0001-", "0002-", "0003-"]);
});

test("a line that begins with a dot arrives with one dot", async () => {
  await converse([
    "EHLO me",
    "MAIL FROM:<a@example.com>",
    "RCPT TO:<b@example.com>",
    "DATA",
    "Subject: dots\r\n\r\n..hidden\r\n.",
  ]);
  const [stored] = await mail.messages();
  expect(await readFile(stored!.file, "utf8")).toBe("Subject: dots\r\n\r\n.hidden\r\n");
});

test("the null sender of a bounce is accepted and kept as an empty string", async () => {
  await converse(["EHLO me", "MAIL FROM:<>", "RCPT TO:<b@example.com>", "DATA", "Subject: x\r\n\r\n."]);
  expect((await mail.messages())[0]).toMatchObject({ from: "" });
});

test("any user and password will do, and none is needed", async () => {
  await send({}, { auth: { user: "whoever", pass: "whatever" } });
  await send({});
  expect(await mail.messages()).toHaveLength(2);
});

test("SIZE is announced, and a larger message is refused before DATA where its size is declared, after it where not", async () => {
  await mail.close();
  mail = await startSandboxMail({ outbox, bytesMax: 2000 });
  const replies = await converse(["EHLO me", "MAIL FROM:<a@example.com> SIZE=2001"]);
  expect(replies[1]).toContain("SIZE 2000");
  expect(replies[2]).toMatch(/^552/);
  await expect(send({ text: "x".repeat(3000) })).rejects.toMatchObject({ responseCode: 552 });
  expect(await filesLeft()).toEqual([]);
});

test("a large attachment is on disk while it is still being sent: it is never in memory whole", async () => {
  const chunkBytes = 1024 * 1024;
  let onDiskBytes = 0;
  async function* content() {
    for (let n = 0; n < 20; n += 1) yield Buffer.alloc(chunkBytes, "lookpost ");
    const [part] = await filesLeft();
    onDiskBytes = (await stat(path.join(outbox, "mail", part!))).size;
    yield Buffer.from("the end");
  }
  await send({ attachments: [{ filename: "big.bin", content: Readable.from(content()) }] });
  // How far the disk lags behind is its own affair; a server that collects the message first has nothing there yet.
  expect(onDiskBytes).toBeGreaterThan(5 * chunkBytes);
  expect((await mail.messages())[0]!.bytes).toBeGreaterThan(20 * chunkBytes * 1.36);
});

test("STARTTLS is not offered, so that a client that requires it says so", async () => {
  await expect(send({}, { requireTLS: true })).rejects.toMatchObject({ code: "ETLS" });
});

test("a taken port is the system's error, with its code", async () => {
  await expect(startSandboxMail({ outbox, port: mail.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

test("a client that leaves in the middle of a message leaves nothing behind", async () => {
  await converse(
    ["EHLO me", "MAIL FROM:<a@example.com>", "RCPT TO:<b@example.com>", "DATA", "Subject: half"],
    {
      leave: true,
    },
  );
  await expect.poll(filesLeft).toEqual([]);
});

test("connections beyond the limit are turned away with 421", async () => {
  await mail.close();
  mail = await startSandboxMail({ outbox, connectionsMax: 1 });
  const first = net.connect(mail.port, "127.0.0.1");
  await new Promise((resolve) => first.once("data", resolve));
  expect((await converse([]))[0]).toMatch(/^421 .*Too many/);
  first.destroy();
});

async function filesLeft(): Promise<string[]> {
  return readdir(path.join(outbox, "mail"));
}

function send(message: Record<string, unknown>, transport: Record<string, unknown> = {}) {
  return createTransport({ host: "127.0.0.1", port: mail.port, ...transport }).sendMail({
    from: "reports@example.com",
    to: "ana@example.com",
    subject: "Delays",
    text: "text",
    ...message,
  });
}

/** Speaks SMTP by hand: sends each line once the reply to the one before has come. */
function converse(lines: string[], { leave = false } = {}): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const socket = net.connect(mail.port, "127.0.0.1");
    const replies: string[] = [];
    const waiting = [...lines];
    socket.setEncoding("utf8");
    socket.on("error", reject);
    socket.on("close", () => resolve(replies));
    socket.on("data", (reply: string) => {
      replies.push(reply.trim());
      const next = waiting.shift();
      if (next === undefined) socket.end();
      else socket.write(`${next}\r\n`);
      if (leave && waiting.length === 0) socket.end();
    });
  });
}

test("a wrong password is refused where there are passwords, and a recipient that can be no one's always", async () => {
  const guarded = await startSandboxMail({ outbox, passwords: { ana: "right" } });
  const { port } = guarded;
  const send = async (pass: string, to: string) => {
    const transport = createTransport({ host: "127.0.0.1", port, auth: { user: "ana", pass } });
    const letter = { from: "a@example.com", to, subject: "x", text: "y" };
    return transport.sendMail(letter).finally(() => transport.close());
  };
  await expect(send("wrong", "b@example.com")).rejects.toMatchObject({ responseCode: 535 });
  await expect(send("right", "b@nowhere.invalid")).rejects.toMatchObject({ responseCode: 550 });
  expect(await send("right", "b@example.com")).toMatchObject({ accepted: ["b@example.com"] });
  await guarded.close();
});
