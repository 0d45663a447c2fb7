import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { LogLevel, WebClient } from "@slack/web-api";
import { createTransport } from "nodemailer";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SandboxMail, startSandboxMail } from "../../../src/sandbox/mail/server.ts";
import { type SandboxPage, startSandboxPage } from "../../../src/sandbox/page/server.ts";
import { type SandboxSlack, startSandboxSlack } from "../../../src/sandbox/slack/server.ts";

let outbox: string;
let mail: SandboxMail;
let slack: SandboxSlack;
let page: SandboxPage;

beforeEach(async () => {
  outbox = await mkdtemp(path.join(tmpdir(), "sandbox-control-"));
  mail = await startSandboxMail({ outbox });
  slack = await startSandboxSlack({ outbox });
  page = await startSandboxPage({ mail, slack });
});

afterEach(async () => {
  await Promise.all([page.close(), mail.close(), slack.close()]);
  await rm(outbox, { recursive: true, force: true });
});

test("mail faults are asked for, listed and cleared from outside", async () => {
  const greylist = { at: "rcpt", refuse: 451, times: 1 };
  const noBob = { at: "rcpt", refuse: 550, recipient: "bob@example.com" };
  expect(await ask("POST", "mail/faults", [greylist, noBob])).toEqual([
    { id: "1", fault: greylist, left: 1 },
    { id: "2", fault: noBob, left: "always" },
  ]);
  await expect(send("ana@example.com")).rejects.toMatchObject({ responseCode: 451 });
  await send("ana@example.com");
  await expect(send("bob@example.com")).rejects.toMatchObject({ responseCode: 550 });
  expect(await ask("GET", "mail/faults")).toHaveLength(1);
  expect(await ask("DELETE", "mail/faults/2")).toEqual([]);
  await send("bob@example.com");
});

test("Slack faults are asked for, listed and cleared from outside", async () => {
  await ask("POST", "slack/faults", { method: "chat.postMessage", error: "internal_error", when: "after" });
  await expect(post()).rejects.toMatchObject({ data: { error: "internal_error" } });
  expect(slack.posts("general")).toHaveLength(1);
  expect(await ask("DELETE", "slack/faults")).toEqual([]);
  await post();
});

test("what is not a fault is refused with what is wrong about it", async () => {
  for (const [server, wrong] of [
    ["mail", { at: "body", refuse: 550 }],
    ["mail", { at: "rcpt", refuse: 250 }],
    ["mail", { at: "rcpt", drop: true, chance: 2 }],
    ["slack", { method: "chat.postMessage" }],
    ["slack", { error: "x", times: 0 }],
  ] as const) {
    const response = await fetch(address(`${server}/faults`), {
      method: "POST",
      body: JSON.stringify(wrong),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ message: expect.stringContaining("Not a fault") });
  }
  const broken = await fetch(address("mail/faults"), { method: "POST", body: "{" });
  expect(broken.status).toBe(400);
  expect(mail.faults.list()).toEqual([]);
});

test("a fault with a chance strikes now and then, the same times with the same seed, until it is cleared", async () => {
  const outcomes = async () => {
    await ask("DELETE", "slack/faults");
    await ask("POST", "slack/faults", {
      method: "chat.postMessage",
      error: "fatal_error",
      chance: 0.5,
      seed: 7,
    });
    const tries = Array.from({ length: 30 }, () =>
      post().then(
        () => "ok",
        () => "failed",
      ),
    );
    return (await Promise.all(tries)).join();
  };
  const first = await outcomes();
  expect(first.match(/ok/g)?.length).toBeGreaterThan(5);
  expect(first.match(/failed/g)?.length).toBeGreaterThan(5);
  expect((await outcomes()).match(/ok/g)?.length).toBe(first.match(/ok/g)?.length);
  expect(await ask("GET", "slack/faults")).toMatchObject([{ left: "always" }]);
});

test("what has arrived by mail is listed with its id, its envelope and its subject, oldest first", async () => {
  await send("ana@example.com", { messageId: "<one@example.com>", subject: "Verspätungen" });
  await send("bob@example.com", { messageId: "<two@example.com>", bcc: "cleo@example.com" });
  expect(await ask("GET", "mail/messages")).toMatchObject([
    {
      messageId: "<one@example.com>",
      from: "reports@example.com",
      recipients: ["ana@example.com"],
      subject: "Verspätungen",
      receivedAt: expect.stringMatching(/^20\d\d-.*Z$/),
    },
    { messageId: "<two@example.com>", recipients: ["bob@example.com", "cleo@example.com"] },
  ]);
});

test("what was posted is listed with its channel, its key and its files", async () => {
  const metadata = { event_type: "delivery", event_payload: { key: "k1" } };
  const answer = await client().chat.postMessage({ channel: "#general", text: "digest", metadata });
  const { upload_url, file_id } = await client().files.getUploadURLExternal({ filename: "a.csv", length: 3 });
  await fetch(upload_url!, { method: "POST", body: "abc" });
  await client().files.completeUploadExternal({
    files: [{ id: file_id!, title: "a" }],
    channel_id: answer.channel!,
    thread_ts: answer.ts!,
  });
  expect(await ask("GET", "slack/posts")).toMatchObject([
    { channelName: "general", ts: answer.ts, threadTs: null, key: "k1", metadata, text: "digest", files: [] },
    { channel: answer.channel, threadTs: answer.ts, key: null, files: [{ name: "a.csv", bytes: 3 }] },
  ]);
});

function address(server: string): string {
  return new URL(`/sandbox/${server}`, page.url).href;
}

async function ask(method: string, server: string, body?: unknown): Promise<unknown> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const response = await fetch(address(server), init);
  expect(response.status).toBe(200);
  return response.json();
}

function post() {
  return client().chat.postMessage({ channel: "#general", text: "digest" });
}

function client(): WebClient {
  return new WebClient(slack.token, {
    slackApiUrl: slack.url,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
  });
}

function send(to: string, more: Record<string, string> = {}) {
  return createTransport({ host: "127.0.0.1", port: mail.port }).sendMail({
    from: "reports@example.com",
    to,
    subject: "Delays",
    text: "text",
    ...more,
  });
}
