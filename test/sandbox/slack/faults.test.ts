import { mkdtemp, readdir, rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { LogLevel, WebClient } from "@slack/web-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { AnyFault } from "../../../src/sandbox/slack/faults.ts";
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

const method = "chat.postMessage";

test("429 with Retry-After, as often as asked, then the call passes", async () => {
  slack.faults.add({ method, status: 429, retryAfterS: 7, times: 2 });
  await expect(post()).rejects.toMatchObject({ code: "slack_webapi_rate_limited_error", retryAfter: 7 });
  await expect(post()).rejects.toMatchObject({ retryAfter: 7 });
  await post();
  expect(slack.posts("general")).toHaveLength(1);
  expect(slack.faults.list()).toEqual([]);
});

test("ratelimited with HTTP 200 is an answer like another", async () => {
  slack.faults.add({ method, error: "ratelimited" });
  await expect(post()).rejects.toMatchObject({ data: { ok: false, error: "ratelimited" } });
  expect(slack.posts("general")).toEqual([]);
});

test.each(["internal_error", "fatal_error", "request_timeout"])(
  "%s once the post is in the channel",
  async (error) => {
    slack.faults.add({ method, error, when: "after" });
    await expect(post()).rejects.toMatchObject({ data: { error } });
    expect(slack.posts("general")).toHaveLength(1);
  },
);

test.each([
  ["before", 0],
  ["after", 1],
] as const)(
  "the line is cut %s the post was stored: %i post is there, and the client sees one and the same error",
  async (when, count) => {
    slack.faults.add({ method, drop: true, when });
    await expect(post()).rejects.toMatchObject({ code: "slack_webapi_request_error" });
    expect(slack.posts("general")).toHaveLength(count);
  },
);

test.each([
  ["before", 0],
  ["after", 1],
] as const)("no answer ever, %s the post was stored: the client's own limit ends it", async (when, count) => {
  slack.faults.add({ method, hang: true, when });
  await expect(post({ timeout: 2_000 })).rejects.toMatchObject({ code: "slack_webapi_request_error" });
  expect(slack.posts("general")).toHaveLength(count);
});

test("a web page with HTTP 200, and one with 500", async () => {
  slack.faults.add({ method, status: 200, times: 1 });
  await expect(post()).rejects.toMatchObject({
    data: { ok: false, error: expect.stringContaining("<html>") },
  });
  slack.faults.add({ method, status: 500, body: "Oops", times: 1 });
  await expect(post()).rejects.toMatchObject({ statusCode: 500, body: "Oops" });
  expect(slack.posts("general")).toEqual([]);
});

test("a slow answer comes, and beyond the client's limit it has been posted nevertheless", async () => {
  slack.faults.add({ method, delayMs: 2_500, times: 1 });
  await expect(post({ timeout: 1_000 })).rejects.toMatchObject({ code: "slack_webapi_request_error" });
  await expect.poll(() => slack.posts("general").length).toBe(1);
});

test("a fault for one method leaves the others alone; one without a method strikes any", async () => {
  slack.faults.add({ method: "auth.test", error: "internal_error" });
  await post();
  slack.faults.clear();
  slack.faults.add({ error: "service_unavailable", times: 1 });
  await expect(client().auth.test()).rejects.toMatchObject({ data: { error: "service_unavailable" } });
  await client().auth.test();
});

test("a delay and a failure strike together", async () => {
  slack.faults.add({ method, delayMs: 20, times: 1 });
  slack.faults.add({ method, error: "internal_error", times: 1 });
  await expect(post()).rejects.toMatchObject({ data: { error: "internal_error" } });
  expect(slack.faults.list()).toEqual([]);
});

test.each([
  ["before any byte", { method: "upload", drop: true }],
  ["midway", { method: "upload", drop: true, when: "midway" }],
] as [string, AnyFault][])(
  "an upload cut %s leaves no file, and its URL can be tried again",
  async (_what, fault) => {
    slack.faults.add({ ...fault, times: 1 });
    const content = "x".repeat(300_000);
    const answer = await client().files.getUploadURLExternal({ filename: "a.csv", length: content.length });
    await expect(send(answer.upload_url!, content)).rejects.toThrow();
    await expect.poll(() => readdir(path.join(outbox, "slack", "files"))).toEqual([]);
    expect(await send(answer.upload_url!, content)).toBe(200);
  },
);

test("an upload cut after its last byte has arrived", async () => {
  slack.faults.add({ method: "upload", drop: true, when: "after" });
  const answer = await client().files.getUploadURLExternal({ filename: "a.csv", length: 3 });
  await expect(send(answer.upload_url!, "abc")).rejects.toThrow();
  expect(
    (await client().files.completeUploadExternal({ files: [{ id: answer.file_id!, title: "a" }] })).files,
  ).toHaveLength(1);
});

test("a server that hangs can still be closed", async () => {
  slack.faults.add({ method, hang: true });
  const posting = expect(post()).rejects.toThrow();
  await expect.poll(() => slack.requests.length).toBe(1);
  await slack.close();
  await posting;
});

function post(options: { timeout?: number } = {}) {
  return client(options).chat.postMessage({ channel: "#general", text: "digest" });
}

function client(options: { timeout?: number } = {}): WebClient {
  return new WebClient(slack.token, {
    slackApiUrl: slack.url,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logLevel: LogLevel.ERROR,
    ...options,
  });
}

/** fetch tries a dropped request again by itself; this does not. */
function send(url: string, content: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: "POST" }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.on("error", reject);
    request.end(content);
  });
}
