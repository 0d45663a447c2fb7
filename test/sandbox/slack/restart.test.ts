import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import { LogLevel, WebClient } from "@slack/web-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SandboxSlack, startSandboxSlack } from "../../../src/sandbox/slack/server.ts";

let outbox: string;
let slack: SandboxSlack;

beforeEach(async () => {
  outbox = await mkdtemp(path.join(tmpdir(), "sandbox-slack-"));
  slack = await startSandboxSlack({ outbox });
});

afterEach(async () => {
  await slack.close();
  await rm(outbox, { recursive: true, force: true });
});

test("posts, threads, metadata and direct messages are still there after a restart, and new ones come after them", async () => {
  const metadata = { event_type: "delivery", event_payload: { key: "k1" } };
  const first = await client().chat.postMessage({ channel: "#general", text: "first", metadata });
  await client().chat.postMessage({ channel: "#general", text: "reply", thread_ts: first.ts! });
  await client().chat.postMessage({ channel: "U0000000001", text: "to ana" });
  const before = slack.posts("general");
  await restart();
  expect(slack.posts("general")).toEqual(before);
  expect(slack.posts("ana").map(({ text }) => text)).toEqual(["to ana"]);
  const second = await client().chat.postMessage({ channel: "#general", text: "second" });
  expect(Number(second.ts)).toBeGreaterThan(Number(first.ts));
  const history = await client().conversations.history({
    channel: first.channel!,
    include_all_metadata: true,
  });
  expect(history.messages?.map(({ text }) => text)).toEqual(["second", "first"]);
  expect(history.messages?.[1]).toMatchObject({ metadata, reply_count: 1 });
});

test("files outlast a restart, shared or only uploaded, and no new one takes their ids", async () => {
  const shared = await upload("shared.csv");
  const waiting = await upload("waiting.csv");
  await client().files.completeUploadExternal({ files: [{ id: shared, title: "s" }], channel_id: general() });
  await restart();
  expect(slack.files().map(({ id, name }) => [id, name])).toEqual([[shared, "shared.csv"]]);
  await expect(
    client().files.completeUploadExternal({ files: [{ id: shared, title: "s" }] }),
  ).rejects.toMatchObject({ data: { error: "file_not_found" } });
  await client().files.completeUploadExternal({
    files: [{ id: waiting, title: "w" }],
    channel_id: general(),
  });
  expect(slack.files().map(({ name }) => name)).toEqual(["shared.csv", "waiting.csv"]);
  expect([shared, waiting]).not.toContain(await upload("new.csv"));
});

test("a picture that a post shows is still there after a restart", async () => {
  const id = await upload("chart.png");
  await client().files.completeUploadExternal({ files: [{ id, title: "Chart" }] });
  while ((await client().files.info({ file: id })).file?.mimetype === "") await setTimeout(10);
  const blocks = [{ type: "image" as const, slack_file: { id }, alt_text: "A chart" }];
  await client().chat.postMessage({ channel: "#general", text: "x", blocks });
  await restart();
  expect(slack.files()).toMatchObject([{ id, mimetype: "image/png" }]);
  const again = await client().chat.postMessage({ channel: "#general", text: "y", blocks });
  expect(again.ok).toBe(true);
});

test("a channel that is another one by now keeps its own posts", async () => {
  await client().chat.postMessage({ channel: "#general", text: "x" });
  await restart({ channels: [{ name: "other" }] });
  expect(slack.posts("other")).toEqual([]);
});

async function restart(options: { channels?: { name: string }[] } = {}): Promise<void> {
  await slack.close();
  slack = await startSandboxSlack({ outbox, ...options });
}

async function upload(filename: string): Promise<string> {
  const { upload_url, file_id } = await client().files.getUploadURLExternal({ filename, length: 3 });
  await fetch(upload_url!, { method: "POST", body: "abc" });
  return file_id!;
}

function general(): string {
  return slack.channels().find(({ name }) => name === "general")!.id;
}

function client(): WebClient {
  return new WebClient(slack.token, {
    slackApiUrl: slack.url,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
  });
}
