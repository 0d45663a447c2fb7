import { rm } from "node:fs/promises";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { notebookInMemory } from "../../../src/core/ports/notebook.ts";
import { slackConnection, slackOptions } from "../../../src/deliver/slack/schema.ts";
import { openSlack } from "../../../src/deliver/slack/slack.ts";
import { uploadUrl } from "../../../src/deliver/slack/upload.ts";
import { type SandboxSlack, startSandboxSlack } from "../../../src/sandbox/slack/server.ts";
import { quickClock, renderSlack, sampleMessage, termsOf } from "../sample-message.ts";
import { scratchFolder } from "../scratch.ts";
import { listingSlack, target } from "./listing-slack.ts";

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

const calls = (method: string) => server.requests.filter((request) => request.method === method);
const channel = (name: string) => {
  const found = server.channels().find((each) => each.name === name);
  if (found === undefined) throw new Error(name);
  return found;
};

function opened(
  url = server.url,
  clock = quickClock(),
  token = server.token,
  notebook = notebookInMemory(clock),
) {
  const destination = openSlack(slackConnection.parse({ token, api_url: url }), { renderSlack, clock });
  onTestFinished(() => destination.close());
  return (place: unknown, terms: Parameters<typeof termsOf>[0] = {}) =>
    destination.deliver(sampleMessage(), slackOptions.parse(place), termsOf({ notebook, ...terms }));
}

test("one who gives up does not stop the others who wait for the same page", async () => {
  server.faults.add({ method: "conversations.list", delayMs: 100, times: 1 });
  const deliver = opened();
  const stop = new AbortController();
  const first = deliver("#general", { signal: stop.signal });
  const second = deliver("#flight-ops");
  while (calls("conversations.list").length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  stop.abort(new Error("the worker stops"));
  expect(await first).toMatchObject({ kind: "again" });
  expect(await second).toMatchObject({ kind: "sent" });
  expect(calls("conversations.list")).toHaveLength(1);
});

test.each([
  ["nothing", null],
  ["a word", "noise"],
  ["no name", { id: "C0NONAME00" }],
  ["a name that is a number", { id: "C0NUMBER00", name: 5 }],
  ["a flag that is a word", { id: "C0ARCHIVE0", name: "odd", is_archived: "no" }],
])("an entry that is %s keeps no other from being found", async (_what, odd) => {
  const slack = await listingSlack({ channels: [odd, target], rows: 10 });
  expect(await opened(slack.url, quickClock(), "xoxb-test")("#target")).toMatchObject({ kind: "sent" });
});

test("a channel that took over the name gets the next post", async () => {
  const deliver = opened();
  await deliver("#flight-ops");
  channel("flight-ops").name = "flight-ops-old";
  channel("general").name = "flight-ops";
  expect(await deliver("#flight-ops")).toMatchObject({ kind: "sent" });
  expect(server.posts("flight-ops-old")).toHaveLength(1);
  expect(server.posts("flight-ops")).toHaveLength(1);
});

test.each(["is_archived", "channel_not_found"])("%s: the name is looked up once more", async (error) => {
  const clock = quickClock(new Date("2026-11-16T13:00:00Z"));
  const at = { now: clock.now() };
  const deliver = opened(server.url, { ...clock, now: () => at.now });
  await deliver("#flight-ops");
  server.faults.add({ method: "chat.postMessage", error, times: 1 });
  expect(await deliver("#flight-ops")).toMatchObject({ kind: "sent" });
  expect(calls("conversations.list")).toHaveLength(2);
  expect(server.posts("#flight-ops")).toHaveLength(2);

  server.faults.add({ method: "chat.postMessage", error });
  // It was looked up for this a moment ago: what Slack says of the channel stands.
  expect(await deliver("#flight-ops")).toMatchObject({ kind: "refused" });
  expect(calls("conversations.list")).toHaveLength(2);
  at.now = new Date("2026-11-16T13:02:00Z");
  expect(await deliver("#flight-ops")).toMatchObject({ kind: "refused" });
  expect(calls("conversations.list")).toHaveLength(3);
  expect(await deliver(channel("flight-ops").id)).toMatchObject({ kind: "refused" });
  expect(calls("conversations.list")).toHaveLength(3);
});

test("a name that cannot be confirmed is used for minutes only", async () => {
  const clock = quickClock(new Date("2026-11-16T13:00:00Z"));
  const at = { now: clock.now() };
  const deliver = opened(server.url, { ...clock, now: () => at.now });
  await deliver("#flight-ops");
  server.faults.add({ method: "conversations.info", error: "missing_scope" });
  at.now = new Date("2026-11-16T13:05:00Z");
  await deliver("#flight-ops");
  expect(calls("conversations.list")).toHaveLength(1);
  at.now = new Date("2026-11-16T13:05:01Z");
  await deliver("#flight-ops");
  expect(calls("conversations.list")).toHaveLength(2);
});

test.each(["the same process", "the next"])(
  "a post that may have been made is looked for where the name was, by %s",
  async (who) => {
    const place = slackOptions.parse("#flight-ops");
    const connection = slackConnection.parse({ token: server.token, api_url: server.url });
    const open = () => openSlack(connection, { renderSlack, clock: quickClock() });
    const terms = () => termsOf({ notebook });
    const notebook = notebookInMemory(quickClock());
    const first = open();
    const since = new Date();
    server.faults.add({ method: "chat.postMessage", when: "after", drop: true, times: 1 });
    expect(await first.deliver(sampleMessage(), place, terms())).toMatchObject({ kind: "unknown" });
    const { id } = channel("flight-ops");
    channel("flight-ops").name = "flight-ops-old";
    channel("general").name = "flight-ops";
    const finder = who === "the next" ? open() : first;
    const found = await finder.find?.(sampleMessage(), since, place, terms());
    expect(found).toBe(`${id}:${server.posts(id)[0]?.ts}`);
  },
);

const slackApi = "https://slack.com/api/";
test.each([
  ["https://files.slack.com/upload/v1/ABC", slackApi],
  ["https://files.slack-gov.com/upload/v1/ABC", "https://slack-gov.com/api/"],
  ["https://slack.example.com/up/1", "https://slack.example.com:8443/api/"],
  ["http://127.0.0.1:9000/up/1", "http://localhost:9001/api/"],
])("bytes go to %s, with the Web API at %s", (given, api) => {
  expect(uploadUrl(given, api).href).toBe(given);
});

test.each([
  ["https://evil.example/up", slackApi],
  ["https://slack.com.evil.example/up", slackApi],
  ["https://evilslack.com/up", slackApi],
  ["https://files.slack.com@evil.example/up", slackApi],
  ["http://files.slack.com/up", slackApi],
  ["http://slack.example.com/up", "https://slack.example.com/api/"],
  ["http://127.0.0.1:6379/", slackApi],
  ["file:///etc/passwd", slackApi],
  ["ftp://127.0.0.1/up", "http://127.0.0.1/api/"],
  ["nonsense", slackApi],
])("bytes do not go to %s, with the Web API at %s", (given, api) => {
  expect(() => uploadUrl(given, api)).toThrow("an upload address that is not Slack's");
});

test("what surrounds a token, an address or a name does not count", () => {
  const connection = slackConnection.parse({ token: " xoxb-1\n", api_url: "https://slack.com/api/\n" });
  expect(connection).toEqual({ token: "xoxb-1", apiUrl: "https://slack.com/api/" });
  expect(slackOptions.parse("#flight-ops\n")).toMatchObject({ channel: "#flight-ops" });
  expect(slackOptions.parse({ user: "ana@example.com\r\n" })).toMatchObject({ user: "ana@example.com" });
  expect(slackConnection.safeParse({ token: " \n" }).success).toBe(false);
});
