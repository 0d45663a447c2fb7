import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { WebClient } from "@slack/web-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SandboxSlack, startSandboxSlack } from "../../../src/sandbox/slack/server.ts";

let outbox: string;
let slack: SandboxSlack;
let web: WebClient;

beforeEach(async () => {
  outbox = await mkdtemp(path.join(tmpdir(), "sandbox-slack-"));
  slack = await startSandboxSlack({ outbox });
  web = client();
});

afterEach(async () => {
  await slack.close();
  await rm(outbox, { recursive: true, force: true });
});

test("a post is in its channel, in the answer, and in the outbox for other programs to read", async () => {
  const blocks = [{ type: "section", text: { type: "mrkdwn", text: "*42* flights" } }];
  const posted = await web.chat.postMessage({ channel: "#flight-ops", text: "42 flights", blocks });
  expect(posted).toMatchObject({
    ok: true,
    channel: channelId("flight-ops"),
    message: { text: "42 flights", blocks },
  });
  expect(slack.posts("flight-ops")).toMatchObject([{ ts: posted.ts, text: "42 flights", blocks }]);
  const kept = JSON.parse(await readFile(path.join(outbox, "slack", "flight-ops.json"), "utf8"));
  expect(kept).toMatchObject({ channel: { name: "flight-ops" }, messages: [{ ts: posted.ts, blocks }] });
});

test("every message has a ts of its own, later than the one before, and many at once are all kept", async () => {
  const posted = await Promise.all(
    Array.from({ length: 20 }, (_, n) =>
      web.chat.postMessage({ channel: channelId("general"), text: `no. ${n}` }),
    ),
  );
  expect(new Set(posted.map((each) => each.ts)).size).toBe(20);
  const stamps = slack.posts("general").map((each) => each.ts);
  expect(stamps).toEqual([...stamps].sort());
  expect(stamps.every((ts) => /^\d{10}\.\d{6}$/.test(ts))).toBe(true);
  const kept = JSON.parse(await readFile(path.join(outbox, "slack", "general.json"), "utf8"));
  expect(kept.messages).toHaveLength(20);
});

test("a reply goes into the thread, and only there unless it is broadcast", async () => {
  const channel = channelId("general");
  const { ts } = await web.chat.postMessage({ channel, text: "digest" });
  await web.chat.postMessage({ channel, thread_ts: ts!, text: "quiet reply" });
  await web.chat.postMessage({ channel, thread_ts: ts!, text: "loud reply", reply_broadcast: true });
  const history = await web.conversations.history({ channel });
  expect(history.messages!.map((each) => each.text)).toEqual(["loud reply", "digest"]);
  expect(history.messages![1]).toMatchObject({ reply_count: 2, thread_ts: ts });
  const replies = await web.conversations.replies({ channel, ts: ts! });
  expect(replies.messages!.map((each) => each.text)).toEqual(["digest", "quiet reply", "loud reply"]);
});

test("a reply to a thread that does not exist is refused", async () => {
  await expect(post({ thread_ts: "1.000001", text: "x" })).rejects.toMatchObject(refusal("thread_not_found"));
  await expect(web.conversations.replies({ channel: channelId("general"), ts: "1.0" })).rejects.toMatchObject(
    refusal("thread_not_found"),
  );
});

test("metadata is found again in history, if it is asked for", async () => {
  const channel = channelId("data-ops");
  const metadata = { event_type: "report", event_payload: { key: "k1" } };
  await web.chat.postMessage({ channel, text: "x", metadata });
  const [found] = (await web.conversations.history({ channel, include_all_metadata: true })).messages!;
  expect(found!.metadata).toEqual(metadata);
  const [plain] = (await web.conversations.history({ channel })).messages!;
  expect(plain!.metadata).toBeUndefined();
});

test.each([
  ["not JSON", "invalid_metadata_format", "{"],
  ["no payload", "invalid_metadata_schema", '{"event_type":"a"}'],
  [
    "too large",
    "metadata_too_large",
    JSON.stringify({ event_type: "a", event_payload: { k: "x".repeat(17_000) } }),
  ],
])("metadata: %s is %s", async (_what, error, metadata) => {
  expect(await form("chat.postMessage", { channel: "#general", text: "x", metadata })).toMatchObject({
    ok: false,
    error,
  });
  expect(slack.posts("general")).toEqual([]);
});

test("a message can be changed and taken away; one that is not there cannot", async () => {
  const channel = channelId("general");
  const { ts } = await web.chat.postMessage({ channel, text: "before" });
  await web.chat.update({ channel, ts: ts!, text: "after" });
  expect(slack.posts("general")).toMatchObject([{ ts, text: "after", edited: { user: expect.any(String) } }]);
  await web.chat.delete({ channel, ts: ts! });
  expect(slack.posts("general")).toEqual([]);
  await expect(web.chat.update({ channel, ts: ts!, text: "x" })).rejects.toMatchObject(
    refusal("message_not_found"),
  );
});

test("an edit keeps the metadata that it does not name, and words without blocks take the place of blocks", async () => {
  const channel = channelId("general");
  const metadata = { event_type: "digest", event_payload: { key: "a" } };
  const blocks = [{ type: "section", text: { type: "plain_text", text: "42 flights" } }];
  const { ts } = await web.chat.postMessage({ channel, text: "before", blocks, metadata });
  const edit = (over: Record<string, unknown>) => web.apiCall("chat.update", { channel, ts, ...over });
  await edit({ text: "after", blocks });
  expect(slack.posts("general")).toMatchObject([{ text: "after", blocks, metadata }]);
  await edit({ text: "alone", metadata: {} });
  expect(slack.posts("general")[0]).toMatchObject({ text: "alone" });
  expect(slack.posts("general")[0]).not.toHaveProperty("blocks");
  expect(slack.posts("general")[0]).not.toHaveProperty("metadata");
});

test("an edit that is refused changes nothing: too long, blocks beyond the limits, an archived channel, the window closed", async () => {
  const channel = channelId("general");
  const { ts } = await web.chat.postMessage({ channel, text: "before" });
  const edit = (over: Record<string, unknown>) => web.apiCall("chat.update", { channel, ts, ...over });
  await expect(edit({ text: "x".repeat(40_001) })).rejects.toMatchObject(refusal("msg_too_long"));
  await expect(edit({ text: "" })).rejects.toMatchObject(refusal("no_text"));
  await expect(edit({ text: "x", blocks: [{ type: "crystal_ball" }] })).rejects.toMatchObject(
    refusal("invalid_blocks"),
  );
  await expect(edit({ text: "x", channel: "#old-reports" })).rejects.toMatchObject(refusal("is_inactive"));
  await slack.close();
  slack = await startSandboxSlack({ outbox, editWindowMs: 0 });
  web = client();
  await expect(edit({ text: "x" })).rejects.toMatchObject(refusal("edit_window_closed"));
  expect(slack.posts("general")).toMatchObject([{ text: "before" }]);
});

test.each([
  ["an unknown channel", "#nowhere", "channel_not_found"],
  ["a private channel without the bot", "#leadership", "channel_not_found"],
  ["an archived channel", "#old-reports", "is_archived"],
  ["a channel the bot has not joined", "#lounge", "not_in_channel"],
])("%s is refused with the right word", async (_what, channel, error) => {
  await expect(web.chat.postMessage({ channel, text: "x" })).rejects.toMatchObject(refusal(error));
});

test("an empty message, and one beyond 40,000 characters, are refused; 40,000 pass", async () => {
  await expect(post({ text: "" })).rejects.toMatchObject(refusal("no_text"));
  await expect(post({ text: "x".repeat(40_001) })).rejects.toMatchObject(refusal("msg_too_long"));
  await post({ text: "x".repeat(40_000) });
});

test("refused blocks name each place by a JSON pointer, and nothing is posted", async () => {
  const blocks = [
    { type: "header", text: { type: "plain_text", text: "x".repeat(151) } },
    { type: "crystal_ball" },
  ];
  const answer = await form("chat.postMessage", {
    channel: "#general",
    text: "x",
    blocks: JSON.stringify(blocks),
  });
  const errors = [
    "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
    "unsupported type: crystal_ball [json-pointer:/blocks/1/type]",
  ];
  expect(answer).toMatchObject({
    ok: false,
    error: "invalid_blocks",
    errors,
    response_metadata: { messages: errors.map((error) => `[ERROR] ${error}`) },
  });
  expect(slack.posts("general")).toEqual([]);
});

test("blocks that are no list of JSON are refused", async () => {
  for (const blocks of ["[{", "{}"]) {
    expect(await form("chat.postMessage", { channel: "#general", text: "x", blocks })).toMatchObject({
      error: "invalid_blocks_format",
    });
  }
});

test("two tables in one message are refused, whichever their kind", async () => {
  const cell = { type: "raw_text", text: "a" };
  const table = { type: "table", rows: [[cell]] };
  const dataTable = { type: "data_table", caption: "c", rows: [[cell], [cell]] };
  const blocks = JSON.stringify([table, dataTable]);
  expect(await form("chat.postMessage", { channel: "#general", text: "x", blocks })).toMatchObject({
    error: "invalid_attachments",
    errors: ["only_one_table_allowed"],
  });
});

test("blocks.validate says what is wrong without posting, for blocks and for a message", async () => {
  const blocks = JSON.stringify([{ type: "section" }]);
  expect(await form("blocks.validate", { blocks })).toMatchObject({
    error: "invalid_blocks",
    errors: [{ pointer: "/0", message: "must define either `text` or `fields`" }],
  });
  expect(await form("blocks.validate", { message: `{"blocks":${blocks}}` })).toMatchObject({
    error: "invalid_message",
    errors: [{ pointer: "/blocks/0" }],
  });
  expect(await form("blocks.validate", { blocks: '[{"type":"divider"}]' })).toEqual({ ok: true });
});

function client(): WebClient {
  const logger = {
    debug() {},
    info() {},
    warn() {},
    error() {},
    setLevel() {},
    getLevel: () => "error",
    setName() {},
  };
  return new WebClient(slack.token, {
    slackApiUrl: slack.url,
    retryConfig: { retries: 0 },
    logger: logger as never,
  });
}

function post(message: { text: string; thread_ts?: string }) {
  return web.chat.postMessage({ channel: channelId("general"), ...message });
}

async function form(method: string, fields: Record<string, string>): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${slack.token}` };
  const response = await fetch(slack.url + method, {
    method: "POST",
    headers,
    body: new URLSearchParams(fields),
  });
  return (await response.json()) as Record<string, unknown>;
}

function channelId(name: string): string {
  return slack.channels().find((channel) => channel.name === name)!.id;
}

function refusal(error: string) {
  return { data: { ok: false, error } };
}
