import { rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import type { Message } from "../../../src/core/model/message.ts";
import { slackConnection, slackOptions } from "../../../src/deliver/slack/schema.ts";
import { openSlack } from "../../../src/deliver/slack/slack.ts";
import type { AnyFault } from "../../../src/sandbox/slack/faults.ts";
import { type SandboxSlack, startSandboxSlack } from "../../../src/sandbox/slack/server.ts";
import { quickClock, renderSlack, sampleMessage, termsOf } from "../sample-message.ts";
import { artifactOf, scratchFolder } from "../scratch.ts";

let server: SandboxSlack;
let outbox: string;
const flightOps = "C0000000002";
const options = slackOptions.parse(flightOps);
beforeEach(async () => {
  outbox = await scratchFolder();
  server = await startSandboxSlack({ outbox });
});
afterEach(async () => {
  await server.close();
  await rm(outbox, { recursive: true });
});

const fault = (given: AnyFault) => server.faults.add(given);
const calls = (method: string) => server.requests.filter((request) => request.method === method);
const posts = () => server.posts(flightOps);

function slack(callTimeoutMs = 5_000, url = server.url) {
  const connection = slackConnection.parse({ token: server.token, api_url: url });
  return openSlack(connection, { renderSlack, clock: quickClock(), callTimeoutMs });
}

function deliver(
  over: Partial<Message> = {},
  sending: Parameters<typeof termsOf>[0] = {},
  destination = slack(),
) {
  return destination.deliver(sampleMessage(over), options, termsOf(sending));
}

const lost = () => {
  throw new ReportError("This worker stood still.", { code: "cancelled", retryable: true });
};

test("an hour's wait is passed on, and is no outage", async () => {
  fault({ method: "chat.postMessage", status: 429, retryAfterS: 3600 });
  const outcome = await deliver();
  expect(outcome).toEqual({ kind: "again", reason: expect.any(String), afterMs: 3_600_000 });
});

test.each([
  ["a web page with 200 for the look-up of a name", { status: 200 }],
  ["500 for it", { status: 500 }],
  ["a line cut before the answer", { drop: true }],
] as const)("%s: the whole of Slack is out", async (_what, given) => {
  fault({ method: "conversations.list", ...given });
  const named = slackOptions.parse("#flight-ops");
  expect(await slack().deliver(sampleMessage(), named, termsOf())).toMatchObject({
    kind: "again",
    isServerOut: true,
  });
});

test("503 and service_unavailable say that nothing was posted, and that Slack is out", async () => {
  fault({ method: "chat.postMessage", status: 503, retryAfterS: 30, times: 1 });
  expect(await deliver()).toMatchObject({ kind: "again", isServerOut: true, afterMs: 30_000 });
  fault({ method: "chat.postMessage", error: "service_unavailable", times: 1 });
  expect(await deliver()).toMatchObject({ kind: "again", isServerOut: true });
  expect(posts()).toEqual([]);
});

test("nobody listens: again, and the server is out", async () => {
  const gone = createServer();
  await new Promise<void>((resolve) => gone.listen(0, "127.0.0.1", resolve));
  const { port } = gone.address() as AddressInfo;
  await new Promise((resolve) => gone.close(resolve));
  for (const host of [`127.0.0.1:${port}`, `localhost:${port}`]) {
    const destination = slack(5_000, `http://${host}/api/`);
    expect(await deliver({}, {}, destination), host).toMatchObject({ kind: "again", isServerOut: true });
  }
});

test.each([
  ["a web page with 200", { status: 200 }],
  ["JSON that breaks off", { status: 200, body: '{"ok":true,"channel":"C00' }],
  ["nothing at all with 200", { status: 200, body: "" }],
  ["one word with 200", { status: 200, body: "Oops" }],
  ["internal_error", { error: "internal_error" }],
  ["a line cut once the post stands", { drop: true }],
] as const)("%s in answer to the post: unknown, and the look-up finds it", async (_what, given) => {
  fault({ method: "chat.postMessage", when: "after", times: 1, ...given });
  const since = new Date();
  const outcome = await deliver();
  expect(outcome).toEqual({ kind: "unknown", reason: expect.any(String) });
  const found = await slack().find?.(sampleMessage(), since, options, termsOf());
  expect(found).toBe(`${flightOps}:${posts()[0]?.ts}`);
});

test("an answer that never comes is unknown once the call's time is over, and the post is found", async () => {
  fault({ method: "chat.postMessage", when: "after", hang: true, times: 1 });
  const since = new Date();
  expect(await deliver({}, {}, slack(200))).toEqual({
    kind: "unknown",
    reason: expect.stringContaining("timeout"),
  });
  expect(await slack().find?.(sampleMessage(), since, options, termsOf())).not.toBeNull();
});

test("an archived channel is refused with what to do", async () => {
  const archived = server.channels().find(({ name }) => name === "old-reports");
  const place = slackOptions.parse(archived?.id);
  expect(await slack().deliver(sampleMessage(), place, termsOf())).toEqual({
    kind: "refused",
    reason: `Slack answered is_archived for ${archived?.id}.`,
    advice: expect.stringContaining("Unarchive"),
  });
});

test("the right to act is asked for ahead of the post and of the files, and of nothing that nobody sees", async () => {
  const seen: string[][] = [];
  const commit = async () => void seen.push(server.requests.map(({ method }) => method));
  const artifacts = [await artifactOf("delays.csv", "a\r\n")];
  expect(await deliver({ artifacts }, { commit })).toMatchObject({ kind: "sent" });
  expect(seen).toEqual([
    ["files.getUploadURLExternal", "upload"],
    ["files.getUploadURLExternal", "upload", "chat.postMessage"],
  ]);
});

test("a right that is lost ahead of the post: again, and nothing is posted", async () => {
  expect(await deliver({}, { commit: lost })).toEqual({
    kind: "again",
    reason: "Stopped before anything was posted: This worker stood still.",
  });
  expect(calls("chat.postMessage")).toEqual([]);
});

test("a right that is lost between the post and its files: unknown, and the look-up that finds the post brings them", async () => {
  let asked = 0;
  const commit = async () => {
    asked += 1;
    if (asked > 1) lost();
  };
  const artifacts = [await artifactOf("delays.csv", "a\r\n")];
  const since = new Date();
  expect(await deliver({ artifacts }, { commit })).toEqual({
    kind: "unknown",
    reason: "Stopped between the post and its files.",
  });
  expect(posts()).toHaveLength(1);
  expect(calls("files.completeUploadExternal")).toEqual([]);
  const message = sampleMessage({ artifacts });
  await expect(slack().find?.(message, since, options, termsOf({ commit }))).rejects.toMatchObject({
    code: "cancelled",
    retryable: true,
  });
  expect(await slack().find?.(message, since, options, termsOf())).not.toBeNull();
  expect(posts()[1]?.files?.map(({ title }) => title)).toEqual(["delays.csv"]);
});

test("files that Slack has thrown away since are uploaded once more when the post is found", async () => {
  const artifacts = [await artifactOf("delays.csv", "a\r\n"), await artifactOf("more.csv", "b\r\n")];
  fault({ method: "chat.postMessage", drop: true, when: "after", times: 1 });
  const since = new Date();
  await deliver({ artifacts });
  fault({ method: "files.completeUploadExternal", error: "file_not_found", times: 1 });
  const message = sampleMessage({ artifacts });
  expect(await slack().find?.(message, since, options, termsOf())).not.toBeNull();
  expect(posts().flatMap(({ files = [] }) => files.map(({ name }) => name))).toEqual([
    "delays.csv",
    "more.csv",
  ]);
  expect(calls("upload")).toHaveLength(4);
});

test("a post that is found claims no files that Slack will never take", async () => {
  const artifacts = [await artifactOf("delays.csv", "a\r\n")];
  fault({ method: "chat.postMessage", drop: true, when: "after", times: 1 });
  const since = new Date();
  await deliver({ artifacts });
  fault({ method: "files.completeUploadExternal", error: "missing_scope", times: 1 });
  expect(await slack().find?.(sampleMessage({ artifacts }), since, options, termsOf())).not.toBeNull();
  expect(calls("chat.update")[0]?.args).toMatchObject({ ts: posts()[0]?.ts });
  expect(posts()).toHaveLength(1);
});

test("a search that is stopped ends with the reason of the stop", async () => {
  fault({ method: "conversations.history", hang: true });
  const stop = new AbortController();
  const reason = new ReportError("The worker was stopped.", { code: "cancelled", retryable: true });
  const searching = slack().find?.(sampleMessage(), new Date(), options, termsOf({ signal: stop.signal }));
  setTimeout(() => stop.abort(reason), 50);
  await expect(searching).rejects.toBe(reason);
});

test("what other apps put into their posts is no hindrance to the search", async () => {
  const own = await deliver();
  await postOfAnotherApp({ event_type: "lookpost_delivery", event_payload: { key: 7 } });
  await postOfAnotherApp({ event_type: "other", event_payload: {} });
  expect(posts()).toHaveLength(3);
  expect(await slack().find?.(sampleMessage(), new Date(Date.now() - 60_000), options, termsOf())).toBe(
    own.kind === "sent" ? own.externalId : "not sent",
  );
});

test("an upload address that asks to wait: again, after the time it names", async () => {
  fault({ method: "upload", status: 429, retryAfterS: 40, times: 1 });
  const artifacts = [await artifactOf("delays.csv", "a\r\n")];
  expect(await deliver({ artifacts })).toMatchObject({ kind: "again", afterMs: 40_000 });
  expect(posts()).toEqual([]);
});

test("a redirect, as a login wall sends it, is followed nowhere", async () => {
  const wall = createServer((_request, response) => {
    response.writeHead(302, { location: `${server.url}chat.postMessage` }).end();
  });
  await new Promise<void>((resolve) => wall.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void wall.close());
  const { port } = wall.address() as AddressInfo;
  expect(await deliver({}, {}, slack(5_000, `http://127.0.0.1:${port}/api/`))).toMatchObject({
    kind: "unknown",
  });
  expect(server.requests).toEqual([]);
});

test("an answer that never ends is left, and it may have been posted", async () => {
  const piece = gzipSync(Buffer.alloc(5_000_000, " "));
  const endless = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" });
    const more = () => {
      while (!response.destroyed && response.write(piece));
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  });
  await new Promise<void>((resolve) => endless.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void endless.close());
  const { port } = endless.address() as AddressInfo;
  const ended = await deliver({}, {}, slack(60_000, `http://127.0.0.1:${port}/api/`));
  expect(ended).toMatchObject({
    kind: "unknown",
    reason: expect.stringContaining("any proxy between"),
  });
});

async function postOfAnotherApp(metadata: object): Promise<void> {
  const response = await fetch(`${server.url}chat.postMessage`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${server.token}` },
    body: JSON.stringify({ channel: flightOps, text: "lunch?", metadata }),
  });
  expect(await response.json()).toMatchObject({ ok: true });
}

test("a worker that is stopped while Slack has the post says so in one sentence", async () => {
  server.faults.add({ method: "chat.postMessage", delayMs: 5_000, times: 1 });
  const stop = new AbortController();
  const commit = () => setTimeout(() => stop.abort(new Error("The worker was stopped.")), 50);
  const terms = termsOf({ signal: stop.signal, commit });
  expect(await slack().deliver(sampleMessage(), slackOptions.parse("#flight-ops"), terms)).toMatchObject({
    reason: expect.stringMatching(/[^.]\.$/),
  });
});
