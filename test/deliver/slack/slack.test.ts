import { readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import type { Message } from "../../../src/core/model/message.ts";
import { notebookInMemory } from "../../../src/core/ports/notebook.ts";
import { slackConnection, slackOptions } from "../../../src/deliver/slack/schema.ts";
import { openSlack } from "../../../src/deliver/slack/slack.ts";
import type { AnyFault } from "../../../src/sandbox/slack/faults.ts";
import { type SandboxSlack, startSandboxSlack } from "../../../src/sandbox/slack/server.ts";
import { quickClock, renderSlack, sampleMessage, sha256, termsOf } from "../sample-message.ts";
import { artifactOf, scratchFolder } from "../scratch.ts";

let server: SandboxSlack;
let outbox: string;
beforeEach(async () => {
  outbox = await scratchFolder();
  server = await startSandboxSlack({ outbox });
});
afterEach(async () => {
  await server.close();
  await rm(outbox, { recursive: true });
});

function slack(over: Record<string, unknown> = {}, clock = quickClock()) {
  const connection = slackConnection.parse({ token: server.token, api_url: server.url, ...over });
  return openSlack(connection, { renderSlack, clock });
}

function deliver(to: unknown = "#flight-ops", message: Partial<Message> = {}, destination = slack()) {
  return destination.deliver(sampleMessage(message), slackOptions.parse(to), termsOf());
}

const fault = (given: AnyFault) => server.faults.add(given);
const calls = (method: string) => server.requests.filter((request) => request.method === method);
const flightOps = "C0000000002";

test("a channel by name gets one post with blocks, text, metadata and no previews", async () => {
  const outcome = await deliver({ channel: "#flight-ops", message: "Good morning." });
  const [post] = server.posts("#flight-ops");
  expect(outcome).toEqual({ kind: "sent", externalId: `${flightOps}:${post?.ts}`, refused: [] });
  expect(server.posts("#flight-ops")).toHaveLength(1);
  expect(post).toMatchObject({
    text: "Weekly flight delays: Good morning.",
    blocks: [{ type: "section" }],
    metadata: {
      event_type: "lookpost_delivery",
      event_payload: { key: expect.stringMatching(/^[0-9a-f]{32}$/) },
    },
  });
  expect(JSON.stringify(post)).not.toContain("run-1/email/1");
  expect(calls("chat.postMessage")[0]?.args).toMatchObject({
    channel: flightOps,
    unfurl_links: "false",
    unfurl_media: "false",
  });
});

test("a name is looked up once, an id never", async () => {
  const destination = slack();
  const notebook = notebookInMemory(quickClock());
  for (const place of ["#flight-ops", "#general", flightOps])
    await destination.deliver(sampleMessage(), slackOptions.parse(place), termsOf({ notebook }));
  expect(calls("conversations.list")).toHaveLength(1);
  expect(server.posts("#flight-ops")).toHaveLength(2);
});

test("a name is found on a later page of the list", async () => {
  const channels = Array.from({ length: 2100 }, (_, index) => ({ name: `c-${index}` }));
  const big = await startSandboxSlack({ outbox, channels });
  onTestFinished(() => big.close());
  const destination = slack({ token: big.token, api_url: big.url });
  expect(await deliver("#c-2050", {}, destination)).toMatchObject({ kind: "sent" });
  expect(big.posts("#c-2050")).toHaveLength(1);
});

test("a person gets a direct message", async () => {
  const outcome = await deliver({ user: "ana@example.com" });
  expect(outcome).toMatchObject({ kind: "sent", externalId: expect.stringMatching(/^D/) });
  expect(server.posts("ana")).toHaveLength(1);
});

test("files come to the thread byte for byte, and the token is not shown to the upload address", async () => {
  const bytes = Buffer.from(Array.from({ length: 200_001 }, (_, index) => (index * 7) % 256));
  const artifacts = [
    await artifactOf("Verspätungen 週.csv", "a,b\r\n"),
    await artifactOf("delays.xlsx", bytes),
  ];
  expect(await deliver("#flight-ops", { artifacts })).toMatchObject({ kind: "sent" });
  const [post, reply, ...more] = server.posts("#flight-ops");
  expect(more).toEqual([]);
  expect(reply).toMatchObject({ thread_ts: post?.ts });
  expect(reply?.files?.map(({ name, title }) => [name, title])).toEqual([
    ["Verspätungen 週.csv", "Verspätungen 週.csv"],
    ["delays.xlsx", "delays.xlsx"],
  ]);
  const [, xlsx] = reply?.files ?? [];
  expect(sha256(await readFile(server.pathOf(xlsx!)))).toBe(sha256(bytes));
  expect(calls("upload").map(({ token }) => token)).toEqual([undefined, undefined]);
  expect(calls("files.completeUploadExternal")).toHaveLength(1);
});

test("a connection dropped after the post was made: unknown, one post, and it can be found", async () => {
  fault({ method: "chat.postMessage", drop: true, when: "after", times: 1 });
  const destination = slack();
  const before = new Date();
  expect(await deliver("#flight-ops", {}, destination)).toEqual({
    kind: "unknown",
    reason: expect.stringContaining("The connection to Slack failed"),
  });
  expect(calls("chat.postMessage")).toHaveLength(1);
  const [post] = server.posts("#flight-ops");
  const options = slackOptions.parse("#flight-ops");
  expect(await destination.find?.(sampleMessage(), before, options, termsOf())).toBe(
    `${flightOps}:${post?.ts}`,
  );
});

test("a connection dropped before the post was made looks the same, and nothing is found", async () => {
  fault({ method: "chat.postMessage", drop: true, times: 1 });
  const destination = slack();
  expect(await deliver("#flight-ops", {}, destination)).toMatchObject({ kind: "unknown" });
  expect(calls("chat.postMessage")).toHaveLength(1);
  const options = slackOptions.parse("#flight-ops");
  expect(await destination.find?.(sampleMessage(), new Date(), options, termsOf())).toBeNull();
});

test.each([
  [{ error: "internal_error" }, "unknown"],
  [{ error: "fatal_error" }, "unknown"],
  [{ error: "request_timeout" }, "unknown"],
  [{ status: 200 }, "unknown"],
  [{ status: 200, body: '{"ok":true}' }, "unknown"],
  [{ status: 500 }, "unknown"],
  [{ status: 502 }, "unknown"],
  [{ error: "service_unavailable" }, "again"],
  [{ status: 503, body: '{"ok":false,"error":"service_unavailable"}' }, "again"],
  [{ error: "ratelimited" }, "again"],
  [{ status: 429 }, "again"],
  [{ status: 404 }, "refused"],
] as const)("%j at the post is %s %s, and nothing is tried twice", async (given, kind) => {
  fault({ method: "chat.postMessage", ...given });
  expect(await deliver()).toMatchObject({ kind });
  expect(calls("chat.postMessage")).toHaveLength(1);
});

test("Slack's wish to wait is passed on, and holds no other channel up", async () => {
  fault({ method: "chat.postMessage", status: 429, retryAfterS: 17, times: 1 });
  fault({ method: "chat.postMessage", status: 503, retryAfterS: 4, times: 1 });
  const destination = slack();
  expect(await deliver("#flight-ops", {}, destination)).toMatchObject({ kind: "again", afterMs: 17_000 });
  expect(await deliver("#flight-ops", {}, destination)).toMatchObject({ kind: "again", afterMs: 4_000 });
  expect(await deliver("#general", {}, destination)).toMatchObject({ kind: "sent" });
});

test.each([
  ["is_archived", "Unarchive #flight-ops"],
  ["invalid_auth", "Set slack.token to a valid bot token"],
  ["token_revoked", "Set slack.token to a valid bot token"],
  ["account_inactive", "Set slack.token to a valid bot token"],
  ["missing_scope", "Add the scope"],
  ["channel_not_found", "Check the id"],
  ["invalid_blocks", "Show fewer rows"],
  ["msg_too_long", "Show fewer rows"],
  ["restricted_action", "A rule of the workspace forbids it"],
  ["brand_new_error", "Slack's documentation"],
])("%s is refused, with advice", async (error, advice) => {
  fault({ method: "chat.postMessage", error });
  expect(await deliver()).toEqual({
    kind: "refused",
    reason: `Slack answered ${error} for #flight-ops.`,
    advice: expect.stringContaining(advice),
    ...(advice.startsWith("Set slack.token") && { isLogin: true }),
  });
});

test("where the bot is no member it is told how to be invited, by its name", async () => {
  expect(await deliver("#lounge")).toEqual({
    kind: "refused",
    reason: "Slack answered not_in_channel for #lounge.",
    advice: 'Invite the bot: type "/invite @lookpost" in #lounge.',
  });
});

test("a channel that is not there is refused with the nearest names", async () => {
  expect(await deliver("#flightops")).toMatchObject({
    kind: "refused",
    reason: 'The bot sees no channel #flightops. Did you mean "#flight-ops"?',
  });
  expect(await deliver("#old-reports")).toMatchObject({ kind: "refused" });
  expect(await deliver({ user: "nobody@example.com" })).toMatchObject({
    kind: "refused",
    advice: expect.stringContaining("Nobody in this workspace"),
  });
});

test("a missing scope is named", async () => {
  const bare = await startSandboxSlack({ outbox, scopes: ["chat:write", "channels:read"] });
  onTestFinished(() => bare.close());
  const destination = slack({ token: bare.token, api_url: bare.url });
  expect(await deliver({ user: "ana@example.com" }, {}, destination)).toMatchObject({
    kind: "refused",
    advice: expect.stringContaining("Add the scope users:read.email"),
  });
  // Without groups:read the public channels can still be found.
  expect(await deliver("#flight-ops", {}, destination)).toMatchObject({ kind: "sent" });
});

test("a lost connection while names are looked up: again, for nothing was posted", async () => {
  fault({ method: "conversations.list", drop: true, when: "after" });
  fault({ method: "users.lookupByEmail", error: "internal_error" });
  expect(await deliver()).toMatchObject({ kind: "again" });
  expect(await deliver({ user: "ana@example.com" })).toMatchObject({ kind: "again" });
  expect(calls("chat.postMessage")).toEqual([]);
});

test("nobody there: again", async () => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  expect(await deliver(flightOps, {}, slack({ api_url: `http://127.0.0.1:${port}/api/` }))).toMatchObject({
    kind: "again",
    reason: expect.stringContaining("ECONNREFUSED"),
  });
});

test("an abort before the post: again; during it: unknown", async () => {
  const stop = new AbortController();
  const destination = slack();
  const options = slackOptions.parse("#flight-ops");
  fault({ method: "conversations.list", hang: true, times: 1 });
  const early = destination.deliver(sampleMessage(), options, termsOf({ signal: stop.signal }));
  while (calls("conversations.list").length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  stop.abort(new Error("the worker stops"));
  expect(await early).toEqual({
    kind: "again",
    reason: "Stopped before anything was posted: the worker stops.",
  });

  fault({ method: "chat.postMessage", hang: true, times: 1 });
  const late = destination.deliver(sampleMessage(), options, termsOf());
  while (calls("chat.postMessage").length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  destination.close();
  expect(await late).toMatchObject({ kind: "unknown" });
});
