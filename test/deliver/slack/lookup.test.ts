import { rm } from "node:fs/promises";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { postMetadata } from "../../../src/deliver/slack/lookup.ts";
import { slackConnection, slackOptions } from "../../../src/deliver/slack/schema.ts";
import { openSlack } from "../../../src/deliver/slack/slack.ts";
import { type SandboxSlack, startSandboxSlack } from "../../../src/sandbox/slack/server.ts";
import { quickClock, renderSlack, sampleMessage, termsOf } from "../sample-message.ts";
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

function slack(over: Record<string, unknown> = {}) {
  const connection = slackConnection.parse({ token: server.token, api_url: server.url, ...over });
  return openSlack(connection, { renderSlack, clock: quickClock() });
}

const find = (key: string, to: unknown = "#flight-ops", since = new Date(Date.now() - 60_000), over = {}) =>
  slack(over).find?.(sampleMessage({ key }), since, slackOptions.parse(to), termsOf());

test("a post is found by its key among others, in a channel and in a direct message", async () => {
  const sent: string[] = [];
  for (const to of ["#flight-ops", { user: "ana@example.com" }]) {
    for (const key of ["a", "b", "c"]) {
      const outcome = await slack().deliver(sampleMessage({ key }), slackOptions.parse(to), termsOf());
      if (outcome.kind === "sent") sent.push(outcome.externalId);
    }
  }
  expect(await find("b")).toBe(sent[1]);
  expect(await find("b", { user: "ana@example.com" })).toBe(sent[4]);
  expect(await find("d")).toBeNull();
});

test("a post is found on a later page", async () => {
  const destination = slack();
  const options = slackOptions.parse("#flight-ops");
  const first = await destination.deliver(sampleMessage({ key: "first" }), options, termsOf());
  for (let index = 0; index < 205; index += 1) {
    await destination.deliver(sampleMessage({ key: `later-${index}` }), options, termsOf());
  }
  expect(await find("first")).toBe(first.kind === "sent" ? first.externalId : "not sent");
  expect(server.requests.filter(({ method }) => method === "conversations.history")).toHaveLength(2);
});

test("a post from before the delivery began is not taken for it", async () => {
  await slack().deliver(sampleMessage({ key: "a" }), slackOptions.parse("#flight-ops"), termsOf());
  expect(await find("a", "#flight-ops", new Date(Date.now() + 10 * 60_000))).toBeNull();
});

test("an absence that is not sure is an error, not null", async () => {
  server.faults.add({ method: "conversations.history", status: 500, times: 1 });
  await expect(find("a")).rejects.toMatchObject({ code: "unavailable", retryable: true });
  server.faults.add({ method: "conversations.history", status: 429, retryAfterS: 3, times: 1 });
  await expect(find("a")).rejects.toMatchObject({
    code: "rate_limited",
    retryable: true,
    retryAfterMs: 3_000,
  });
  server.faults.add({ method: "conversations.history", status: 200, times: 1 });
  await expect(find("a")).rejects.toMatchObject({ code: "unavailable" });
  await expect(find("a", "#nowhere")).rejects.toMatchObject({ message: expect.stringContaining("#nowhere") });
  const bare = await startSandboxSlack({ outbox, scopes: ["chat:write", "channels:read"] });
  onTestFinished(() => bare.close());
  await expect(
    find("a", "C0000000002", new Date(), { token: bare.token, api_url: bare.url }),
  ).rejects.toMatchObject({
    code: "auth",
    advice: expect.stringContaining("channels:history"),
  });
});

test("the files of a post whose worker was stopped are brought into its thread when it is found, once", async () => {
  const artifacts = [await artifactOf("delays.csv", "a\r\n"), await artifactOf("more.csv", "b\r\n")];
  server.faults.add({ method: "chat.postMessage", drop: true, when: "after", times: 1 });
  const options = slackOptions.parse("#flight-ops");
  expect(await slack().deliver(sampleMessage({ artifacts }), options, termsOf())).toMatchObject({
    kind: "unknown",
  });
  expect(server.posts("#flight-ops")).toHaveLength(1);

  const [post] = server.posts("#flight-ops");
  for (let times = 0; times < 2; times += 1) {
    expect(await find("run-1/email/1")).toBe(`C0000000002:${post?.ts}`);
  }
  const replies = server.posts("#flight-ops").filter(({ thread_ts }) => thread_ts === post?.ts);
  expect(replies.flatMap(({ files = [] }) => files.map(({ name }) => name))).toEqual([
    "delays.csv",
    "more.csv",
  ]);
});

test("the metadata of a post with very many files stays within Slack's 8 kB", () => {
  const files = Array.from({ length: 2_000 }, (_, index) => ({ id: `F${String(index).padStart(10, "0")}` }));
  const metadata = postMetadata("key", files);
  expect(Buffer.byteLength(JSON.stringify(metadata))).toBeLessThan(8_000);
  expect(JSON.stringify(metadata)).toContain("F0000000399");
});
