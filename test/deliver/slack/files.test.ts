import { rm } from "node:fs/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Artifact } from "../../../src/core/model/artifact.ts";
import { slackConnection, slackOptions } from "../../../src/deliver/slack/schema.ts";
import { openSlack } from "../../../src/deliver/slack/slack.ts";
import type { AnyFault } from "../../../src/sandbox/slack/faults.ts";
import { type SandboxSlack, startSandboxSlack } from "../../../src/sandbox/slack/server.ts";
import { quickClock, renderSlack, sampleMessage, termsOf } from "../sample-message.ts";
import { artifactOf, scratchFolder } from "../scratch.ts";

// The post and its files: nothing twice, and nothing missing without a word.

let server: SandboxSlack;
let outbox: string;
let csv: Artifact;
const options = slackOptions.parse("#flight-ops");
beforeEach(async () => {
  outbox = await scratchFolder();
  server = await startSandboxSlack({ outbox });
  csv = await artifactOf("delays.csv", Buffer.alloc(3_000_000, "1,2,3\r\n"));
});
afterEach(async () => {
  await server.close();
  await rm(outbox, { recursive: true });
});

function open(clock = quickClock()) {
  return openSlack(slackConnection.parse({ token: server.token, api_url: server.url }), {
    renderSlack,
    clock,
  });
}

const deliver = (artifacts: readonly Artifact[] = [csv], clock = quickClock()) =>
  open(clock).deliver(sampleMessage({ artifacts }), options, termsOf());
const fault = (given: AnyFault) => server.faults.add(given);
const texts = () =>
  server.posts("#flight-ops").map(({ text, thread_ts }) => (thread_ts ? `> ${text}` : text));

test.each([
  { method: "files.getUploadURLExternal", error: "internal_error" },
  { method: "files.getUploadURLExternal", drop: true },
  { method: "files.getUploadURLExternal", status: 429, retryAfterS: 9 },
  { method: "upload", status: 503 },
  { method: "upload", drop: true },
  { method: "upload", when: "midway", drop: true },
] as const)("%j ahead of the post: again, and nobody has seen anything", async (given) => {
  fault(given);
  expect(await deliver()).toMatchObject({ kind: "again" });
  expect(texts()).toEqual([]);
  expect(server.files()).toEqual([]);
});

test("a file Slack will not take does not hold the digest back, nor the other files", async () => {
  fault({ method: "files.getUploadURLExternal", error: "file_uploads_disabled", times: 1 });
  const other = await artifactOf("other.csv", "a\r\n");
  expect(await deliver([csv, other])).toMatchObject({
    kind: "sent",
    refused: [
      {
        recipient: "delays.csv",
        reason: "Slack answered file_uploads_disabled for delays.csv.",
        permanent: true,
      },
    ],
    note: "delays.csv could not be attached. The workspace allows no file uploads: ask its administrators.",
  });
  expect(texts()).toEqual(["Weekly flight delays: no intro", "> "]);
  expect(server.files().map(({ name }) => name)).toEqual(["other.csv"]);
});

test("an upload address that refuses the bytes: the post is made, without the file", async () => {
  fault({ method: "upload", status: 413, body: "too large" });
  expect(await deliver()).toMatchObject({
    kind: "sent",
    refused: [
      { reason: expect.stringContaining("Slack refused the bytes of delays.csv: HTTP 413 too large") },
    ],
  });
  expect(server.posts("#flight-ops")).toHaveLength(1);
});

test("sharing that is put off is tried once more, after the time Slack asks for", async () => {
  fault({ method: "files.completeUploadExternal", status: 429, retryAfterS: 7, times: 1 });
  const clock = quickClock();
  const outcome = await deliver([csv], clock);
  expect(outcome).toMatchObject({ kind: "sent" });
  expect(outcome).not.toHaveProperty("note");
  expect(clock.slept).toEqual([7_000]);
  expect(server.files()).toHaveLength(1);
});

test("sharing whose end nobody knows is not repeated: the file would come twice", async () => {
  fault({ method: "files.completeUploadExternal", drop: true, when: "after" });
  const outcome = await deliver();
  // It is looked for in the thread, and is there.
  expect(outcome).toMatchObject({ kind: "sent", refused: [] });
  expect(outcome).not.toHaveProperty("note");
  expect(server.requests.filter(({ method }) => method === "files.completeUploadExternal")).toHaveLength(1);
  expect(server.files()).toHaveLength(1);
});

test("stopped between the post and its files: unknown, and the look-up brings the files", async () => {
  fault({ method: "files.completeUploadExternal", hang: true, times: 1 });
  const destination = open();
  const since = new Date();
  const outcome = destination.deliver(sampleMessage({ artifacts: [csv] }), options, termsOf());
  const isSharing = () => server.requests.some(({ method }) => method === "files.completeUploadExternal");
  while (!isSharing()) await new Promise((resolve) => setTimeout(resolve, 10));
  destination.close();
  expect(await outcome).toEqual({ kind: "unknown", reason: "Stopped between the post and its files." });
  expect(server.files()).toEqual([]);
  const found = await open().find?.(sampleMessage({ artifacts: [csv] }), since, options, termsOf());
  expect(found).toBe(`C0000000002:${server.posts("#flight-ops")[0]?.ts}`);
  expect(server.files().map(({ name }) => name)).toEqual(["delays.csv"]);
  expect(server.posts("#flight-ops")).toHaveLength(2);
});

test("a file that is gone: refused, with what to do, and nothing is posted", async () => {
  await rm(csv.file.path);
  expect(await deliver()).toEqual({
    kind: "refused",
    reason: expect.stringContaining("delays.csv"),
    advice: expect.stringContaining("Run the report again"),
  });
  expect(texts()).toEqual([]);
});

test("without a thread the files stand in the channel, after the post, and are missed there too", async () => {
  const beside = slackOptions.parse({ channel: "#flight-ops", thread: "none" });
  const message = sampleMessage({ artifacts: [csv] });
  expect(await open().deliver(message, beside, termsOf())).toMatchObject({ kind: "sent" });
  const posts = () => server.posts("#flight-ops");
  expect(posts().map(({ thread_ts, files = [] }) => [thread_ts, files.length])).toEqual([
    [undefined, 0],
    [undefined, 1],
  ]);
  const since = new Date(Date.now() - 60_000);
  expect(await open().find?.(message, since, beside, termsOf())).toBe(`C0000000002:${posts()[0]?.ts}`);
  expect(posts()).toHaveLength(2);
});

test("without a thread too a look-up brings the files that a stopped worker left behind", async () => {
  const beside = slackOptions.parse({ channel: "#flight-ops", thread: "none" });
  fault({ method: "files.completeUploadExternal", hang: true, times: 1 });
  const destination = open();
  const since = new Date();
  const message = sampleMessage({ artifacts: [csv] });
  const outcome = destination.deliver(message, beside, termsOf());
  const isSharing = () => server.requests.some(({ method }) => method === "files.completeUploadExternal");
  while (!isSharing()) await new Promise((resolve) => setTimeout(resolve, 10));
  destination.close();
  expect(await outcome).toMatchObject({ kind: "unknown" });
  await open().find?.(message, since, beside, termsOf());
  expect(server.posts("#flight-ops").map(({ thread_ts, files = [] }) => [thread_ts, files.length])).toEqual([
    [undefined, 0],
    [undefined, 1],
  ]);
});
