import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import http from "node:http";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { setTimeout } from "node:timers/promises";
import { LogLevel, WebClient } from "@slack/web-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SandboxSlack, startSandboxSlack } from "../../../src/sandbox/slack/server.ts";

let outbox: string;
let slack: SandboxSlack;
let web: WebClient;
let channel: string;

beforeEach(async () => {
  outbox = await mkdtemp(path.join(tmpdir(), "sandbox-slack-"));
  slack = await startSandboxSlack({ outbox });
  web = new WebClient(slack.token, {
    slackApiUrl: slack.url,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
  });
  channel = slack.channels().find((each) => each.name === "flight-ops")!.id;
});

afterEach(async () => {
  await slack.close();
  await rm(outbox, { recursive: true, force: true });
});

test("a file goes in three calls into a thread, with its bytes kept as they came", async () => {
  const { ts } = await web.chat.postMessage({ channel, text: "digest" });
  const content = Buffer.from("a,b\r\n1,ü\r\n");
  const fileId = await upload("delays.csv", content);
  const completed = await web.files.completeUploadExternal({
    files: [{ id: fileId, title: "Delays" }],
    channel_id: channel,
    thread_ts: ts!,
    initial_comment: "all rows",
  });
  expect(completed.files).toMatchObject([{ id: fileId, title: "Delays", size: content.length }]);
  expect(slack.posts("flight-ops")[1]).toMatchObject({
    thread_ts: ts,
    text: "all rows",
    files: [{ id: fileId }],
  });
  const [file] = slack.files();
  expect(await readFile(slack.pathOf(file!))).toEqual(content);
  const info = await web.files.info({ file: fileId });
  expect(info.file!.shares!.public![channel]).toMatchObject([
    { thread_ts: ts, ts: slack.posts("flight-ops")[1]!.ts },
  ]);
});

test("what kind of file it is Slack finds out a moment later, and only then may a block show a picture", async () => {
  const fileId = await upload("chart.png", Buffer.from("a picture"));
  const blocks = [{ type: "image" as const, slack_file: { id: fileId }, alt_text: "A chart" }];
  const refused = {
    data: { error: "invalid_blocks", errors: ["invalid slack file [json-pointer:/blocks/0/slack_file]"] },
  };
  await expect(web.chat.postMessage({ channel, text: "x", blocks })).rejects.toMatchObject(refused);
  const completed = await web.files.completeUploadExternal({ files: [{ id: fileId, title: "Chart" }] });
  expect(completed.files).toMatchObject([{ mimetype: "" }]);
  await expect(web.chat.postMessage({ channel, text: "x", blocks })).rejects.toMatchObject(refused);
  while ((await web.files.info({ file: fileId })).file?.mimetype === "") await setTimeout(10);
  await web.chat.postMessage({ channel, text: "x", blocks });
  expect(slack.posts("flight-ops")).toHaveLength(1);
});

test("a file that is not a picture is shown by no block", async () => {
  const fileId = await upload("delays.csv", Buffer.from("a,b"));
  await web.files.completeUploadExternal({ files: [{ id: fileId, title: "Delays" }] });
  while ((await web.files.info({ file: fileId })).file?.mimetype === "") await setTimeout(10);
  const blocks = [{ type: "image" as const, slack_file: { id: fileId }, alt_text: "A chart" }];
  await expect(web.chat.postMessage({ channel, text: "x", blocks })).rejects.toMatchObject({
    data: { error: "invalid_blocks" },
  });
});

test("WebClient's own upload, a multipart form, keeps exactly the content too", async () => {
  const content = Buffer.concat([
    Buffer.alloc(100_000, "row\r\n"),
    Buffer.from("\r\n--not the boundary\r\n\r\n"),
  ]);
  await web.filesUploadV2({ channel_id: channel, filename: "big.csv", file: content });
  expect(await readFile(slack.pathOf(slack.files()[0]!))).toEqual(content);
});

test("a file is on disk while it is still being sent", async () => {
  const chunkBytes = 1024 * 1024;
  const { upload_url } = await web.files.getUploadURLExternal({
    filename: "big.bin",
    length: 11 * chunkBytes,
  });
  const target = path.join(outbox, "slack", "files");
  let onDisk: string[] = [];
  async function* content() {
    for (let n = 0; n < 10; n += 1) yield Buffer.alloc(chunkBytes, "lookpost ");
    await expect
      .poll(async () => (await readFile(path.join(target, (await readdir(target))[0]!))).length)
      .toBeGreaterThan(8 * chunkBytes);
    onDisk = await readdir(target);
    yield Buffer.alloc(chunkBytes, "the end");
  }
  expect(await send(upload_url!, Readable.from(content()))).toMatchObject({ status: 200 });
  expect(onDisk).toEqual([expect.stringMatching(/\.part$/)]);
});

test.each([
  ["fewer", 5],
  ["more", 50],
])("%s bytes than announced are refused, and the file cannot be completed", async (_what, lengthBytes) => {
  const { upload_url, file_id } = await web.files.getUploadURLExternal({ filename: "a.csv", length: 20 });
  const response = await fetch(upload_url!, { method: "POST", body: "x".repeat(lengthBytes) });
  expect(response.status).toBe(400);
  expect(await readdir(path.join(outbox, "slack", "files"))).toEqual([]);
  await expect(
    web.files.completeUploadExternal({ files: [{ id: file_id!, title: "a" }], channel_id: channel }),
  ).rejects.toMatchObject(refusal("file_not_found"));
});

test("an upload URL is good once, and an invented one never", async () => {
  const { upload_url } = await web.files.getUploadURLExternal({ filename: "a.csv", length: 1 });
  expect((await fetch(upload_url!, { method: "POST", body: "x" })).status).toBe(200);
  expect((await fetch(upload_url!, { method: "POST", body: "x" })).status).toBe(400);
  expect((await fetch(`${upload_url}x`, { method: "POST", body: "x" })).status).toBe(404);
});

test("a file whose channel is refused is not shared, and can be completed elsewhere", async () => {
  const id = await upload("a.csv", Buffer.from("x"));
  const complete = (to: string) =>
    web.files.completeUploadExternal({ files: [{ id, title: "a" }], channel_id: to });
  await expect(complete("#old-reports")).rejects.toMatchObject(refusal("is_archived"));
  expect(slack.files()).toEqual([]);
  await complete(channel);
  await expect(complete(channel)).rejects.toMatchObject(refusal("file_not_found"));
});

test("a name that would lead out of the folder stays in it", async () => {
  const id = await upload("../../etc/pass\u0000wd.csv", Buffer.from("x"));
  await web.files.completeUploadExternal({ files: [{ id, title: "a" }], channel_id: channel });
  expect(path.dirname(slack.pathOf(slack.files()[0]!))).toBe(path.join(outbox, "slack", "files"));
  expect(await readFile(slack.pathOf(slack.files()[0]!), "utf8")).toBe("x");
});

test("a download asks for the token", async () => {
  const id = await upload("a.csv", Buffer.from("x,y"));
  await web.files.completeUploadExternal({ files: [{ id, title: "a" }], channel_id: channel });
  const url = slack.files()[0]!.url_private;
  expect((await fetch(url)).status).toBe(403);
  const response = await fetch(url, { headers: { authorization: `Bearer ${slack.token}` } });
  expect(await response.text()).toBe("x,y");
});

test("requests say whether the token was sent along with the bytes", async () => {
  await upload("a.csv", Buffer.from("x"));
  const sent = slack.requests.map(({ method, token }) => [method, token]);
  expect(sent).toEqual([
    ["files.getUploadURLExternal", slack.token],
    ["upload", undefined],
  ]);
});

test("no length, or none at all, is refused", async () => {
  await expect(web.files.getUploadURLExternal({ filename: "a", length: 0 })).rejects.toMatchObject(
    refusal("invalid_arguments"),
  );
});

async function upload(filename: string, content: Buffer): Promise<string> {
  const { upload_url, file_id } = await web.files.getUploadURLExternal({ filename, length: content.length });
  const response = await fetch(upload_url!, { method: "POST", body: new Uint8Array(content) });
  expect(await response.text()).toBe(`OK - ${content.length}`);
  return file_id!;
}

function send(url: string, content: Readable): Promise<{ status: number | undefined }> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: "POST" }, (response) => {
      response.resume();
      resolve({ status: response.statusCode });
    });
    request.on("error", reject);
    content.on("error", reject);
    content.pipe(request);
  });
}

function refusal(error: string) {
  return { data: { ok: false, error } };
}
