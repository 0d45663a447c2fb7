import { rm } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { RenderSlack } from "../../../src/core/model/digest.ts";
import type { Message } from "../../../src/core/model/message.ts";
import type { Picture } from "../../../src/core/model/picture.ts";
import { slackConnection, slackOptions } from "../../../src/deliver/slack/schema.ts";
import { openSlack } from "../../../src/deliver/slack/slack.ts";
import type { AnyFault } from "../../../src/sandbox/slack/faults.ts";
import { type SandboxSlack, startSandboxSlack } from "../../../src/sandbox/slack/server.ts";
import { quickClock, sampleMessage, systemClock, termsOf } from "../sample-message.ts";
import { artifactOf, scratchFolder } from "../scratch.ts";

// Pictures come to Slack ahead of the post and unseen; none of them holds the post back.

let server: SandboxSlack;
let outbox: string;
let pictures: readonly Picture[];
const options = slackOptions.parse("#flight-ops");
beforeEach(async () => {
  outbox = await scratchFolder();
  server = await startSandboxSlack({ outbox, processingMs: 30 });
  pictures = await Promise.all(["a.png", "b.png"].map(pictureOf));
});
afterEach(async () => {
  await server.close();
  await rm(outbox, { recursive: true });
});

async function pictureOf(name: string): Promise<Picture> {
  const { file } = await artifactOf(name, Buffer.from(`the bytes of ${name}`));
  return { name, file, width: 600, height: 300, alt: `Words of ${name}` };
}

/** Shows the first picture, or its words; what is plainer with each step; the notices. */
const render: RenderSlack = ({ pictures: [first], notices, run }, files = new Map(), step = 0) => {
  const words = { type: "section", text: { type: "plain_text", text: [first?.alt, ...notices].join(" | ") } };
  const id = files.get(first?.name ?? "");
  const image = { type: "image", slack_file: { id }, alt_text: first?.alt };
  const table = { type: "data_table", caption: "c", rows: TABLE };
  const shown = id === undefined ? words : image;
  return {
    text: `${run.title}, step ${step}`,
    blocks: step === 2 ? [] : step === 1 ? [words] : [shown, table],
  };
};
const TABLE = [[{ type: "raw_text", text: "a" }], [{ type: "raw_number", value: 1, text: "1" }]];

function open(clock = systemClock) {
  return openSlack(slackConnection.parse({ token: server.token, api_url: server.url }), {
    renderSlack: render,
    clock,
  });
}

const deliver = (over: Partial<Message> = {}, destination = open(), sending = termsOf()) =>
  destination.deliver(sampleMessage({ pictures, ...over }), options, sending);
const fault = (given: AnyFault) => server.faults.add(given);
const calls = (method: string) => server.requests.filter((request) => request.method === method);
const blockTypes = () => server.posts("#flight-ops").map(({ blocks = [] }) => blocks.map(({ type }) => type));

test("a picture is at Slack before the post, usable, and shown by its id; one that the post does not show is not", async () => {
  const outcome = await deliver();
  expect(outcome).toMatchObject({ kind: "sent" });
  expect(outcome).not.toHaveProperty("note");
  const [file, ...more] = server.files();
  expect([file?.name, more]).toEqual(["a.png", []]);
  expect(server.posts("#flight-ops")[0]?.blocks?.[0]).toEqual({
    type: "image",
    slack_file: { id: file?.id },
    alt_text: "Words of a.png",
  });
  expect(calls("files.completeUploadExternal")[0]?.args).not.toHaveProperty("channel_id");
  expect(calls("chat.postMessage")).toHaveLength(1);
});

test("only the post is a commitment: a picture that is brought is none", async () => {
  const committed: number[] = [];
  const commit = async () => {
    committed.push(calls("files.info").length);
  };
  await deliver({}, open(), termsOf({ commit }));
  expect(committed).toEqual([calls("files.info").length]);
});

test("another attempt at the same delivery brings nothing twice", async () => {
  fault({ method: "chat.postMessage", error: "service_unavailable", times: 1 });
  const destination = open();
  expect(await deliver({}, destination)).toMatchObject({ kind: "again" });
  expect(await deliver({}, destination)).toMatchObject({ kind: "sent" });
  expect(calls("upload")).toHaveLength(1);
});

test.each([
  { method: "files.getUploadURLExternal", error: "file_uploads_disabled" },
  { method: "upload", status: 413 },
  { method: "upload", when: "midway", drop: true },
  { method: "files.completeUploadExternal", error: "missing_scope" },
  { method: "files.completeUploadExternal", drop: true },
] as const)("%j: the words stand in the picture's place, readers and the ledger are told", async (given) => {
  fault(given);
  const note = "The picture a.png could not be brought to Slack, so its words are shown instead: ";
  expect(await deliver({}, open(quickClock()))).toMatchObject({
    kind: "sent",
    note: expect.stringContaining(note),
  });
  const [post] = server.posts("#flight-ops");
  expect(post?.blocks?.[0]).toMatchObject({
    text: { text: expect.stringContaining(`Words of a.png | ${note}`) },
  });
});

test("a picture whose file is gone does not hold the post back either", async () => {
  await rm(pictures[0]?.file.path ?? "");
  expect(await deliver()).toMatchObject({ kind: "sent", note: expect.stringContaining("a.png") });
  expect(blockTypes()).toEqual([["section", "data_table"]]);
});

test("what passes is waited for once", async () => {
  fault({ method: "files.getUploadURLExternal", status: 429, retryAfterS: 7, times: 1 });
  const clock = { ...quickClock(), sleep: systemClock.sleep };
  const slept: number[] = [];
  const outcome = await deliver({}, open({ ...clock, sleep: async (ms) => void slept.push(ms) }));
  expect(slept[0]).toBe(7_000);
  expect(outcome).toMatchObject({ kind: "sent" });
});

test("a picture that Slack will not show after all: the same post without it, and its table stays", async () => {
  const slow = await startSandboxSlack({ outbox: await scratchFolder(), processingMs: 3_600_000 });
  const connection = slackConnection.parse({ token: slow.token, api_url: slow.url });
  const destination = openSlack(connection, { renderSlack: render, clock: quickClock() });
  const outcome = await deliver({}, destination);
  expect(outcome).toMatchObject({
    kind: "sent",
    note: expect.stringContaining("Slack would not take it in full"),
  });
  const [post, ...more] = slow.posts("#flight-ops");
  expect([post?.blocks?.map(({ type }) => type), more]).toEqual([["section", "data_table"], []]);
  await slow.close();
});

test("blocks that Slack refuses are made plainer, step by step, and the post carries its key all along", async () => {
  fault({ method: "chat.postMessage", error: "invalid_blocks", times: 1 });
  const since = new Date();
  const destination = open();
  expect(await deliver({}, destination)).toMatchObject({
    kind: "sent",
    note: "Slack would not take it in full, so it is plainer: Slack answered invalid_blocks for #flight-ops.",
  });
  expect(server.posts("#flight-ops").map(({ text }) => text)).toEqual(["Weekly flight delays, step 1"]);
  const message = sampleMessage({ pictures });
  expect(await destination.find?.(message, since, options, termsOf())).toMatch(/^C0000000002:/);
});

test("at last the text goes alone, without blocks", async () => {
  fault({ method: "chat.postMessage", error: "msg_blocks_too_long", times: 2 });
  expect(await deliver()).toMatchObject({ kind: "sent" });
  const [post] = server.posts("#flight-ops");
  expect(post).toMatchObject({ text: "Weekly flight delays, step 2" });
  expect(post).not.toHaveProperty("blocks");
});

test("what Slack refuses in every form is refused, and nothing else is stepped down", async () => {
  fault({ method: "chat.postMessage", error: "invalid_blocks" });
  expect(await deliver()).toMatchObject({
    kind: "refused",
    reason: expect.stringContaining("invalid_blocks"),
  });
  expect(calls("chat.postMessage")).toHaveLength(3);
  server.faults.clear();
  fault({ method: "chat.postMessage", error: "is_archived" });
  expect(await deliver()).toMatchObject({ kind: "refused" });
  // Not in a plainer form: in the channel that the name was looked up as once more.
  expect(calls("chat.postMessage")).toHaveLength(5);
});

test("a post whose end nobody knows is not stepped down: it may stand", async () => {
  fault({ method: "chat.postMessage", drop: true, when: "after", times: 1 });
  expect(await deliver()).toMatchObject({ kind: "unknown" });
  expect(server.posts("#flight-ops")).toHaveLength(1);
});

test("stopped while a picture is brought: again, and nothing was posted", async () => {
  fault({ method: "upload", hang: true, times: 1 });
  const destination = open();
  const outcome = deliver({}, destination);
  while (calls("upload").length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  destination.close();
  expect(await outcome).toMatchObject({ kind: "again" });
  expect(calls("chat.postMessage")).toEqual([]);
});

test("without the scope to look at files a picture is waited for by posting again", async () => {
  const scopes = ["chat:write", "files:write", "channels:read"];
  const bare = await startSandboxSlack({ outbox: await scratchFolder(), processingMs: 300, scopes });
  const connection = slackConnection.parse({ token: bare.token, api_url: bare.url });
  const clock = { ...systemClock, sleep: (ms: number) => systemClock.sleep(Math.min(ms, 300)) };
  const destination = openSlack(connection, { renderSlack: render, clock });
  const outcome = await deliver({}, destination);
  expect(outcome).toMatchObject({ kind: "sent" });
  expect(outcome).not.toHaveProperty("note");
  expect(bare.posts("#flight-ops").map(({ blocks = [] }) => blocks[0]?.type)).toEqual(["image"]);
  await bare.close();
});
