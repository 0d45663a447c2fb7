import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { LogLevel, WebClient } from "@slack/web-api";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type SandboxSlack, startSandboxSlack } from "../../../src/sandbox/slack/server.ts";

let outbox: string;
let slack: SandboxSlack;
let web: WebClient;

beforeEach(async () => {
  outbox = await mkdtemp(path.join(tmpdir(), "sandbox-slack-"));
  await restart({});
});

afterEach(async () => {
  await slack.close();
  await rm(outbox, { recursive: true, force: true });
});

test("channels are listed page by page; private ones only where the bot is a member", async () => {
  await restart({
    channels: [
      ...Array.from({ length: 5 }, (_, n) => ({ name: `c${n}` })),
      { name: "secret", isPrivate: true, isMember: false },
      { name: "team", isPrivate: true },
    ],
  });
  const names: (string | undefined)[] = [];
  let pages = 0;
  for await (const page of web.paginate("conversations.list", {
    limit: 2,
    types: "public_channel,private_channel",
  })) {
    pages += 1;
    names.push(
      ...(page as unknown as { channels: { name: string }[] }).channels.map((channel) => channel.name),
    );
  }
  expect(names).toEqual(["c0", "c1", "c2", "c3", "c4", "team"]);
  expect(pages).toBe(3);
});

test("public channels are the default, archived ones can be left out, an unknown type is refused", async () => {
  await restart({
    channels: [{ name: "old", isArchived: true }, { name: "new" }, { name: "team", isPrivate: true }],
  });
  expect((await web.conversations.list()).channels).toMatchObject([
    { name: "old", is_archived: true },
    { name: "new" },
  ]);
  expect((await web.conversations.list({ exclude_archived: true })).channels).toHaveLength(1);
  await expect(web.conversations.list({ types: "park" })).rejects.toMatchObject(refusal("invalid_types"));
  await expect(web.conversations.list({ cursor: "nonsense" })).rejects.toMatchObject(
    refusal("invalid_cursor"),
  );
});

test("a channel the bot may not see does not exist for it", async () => {
  const id = slack.channels().find((channel) => channel.name === "leadership")!.id;
  await expect(web.conversations.info({ channel: id })).rejects.toMatchObject(refusal("channel_not_found"));
  const general = slack.channels().find((channel) => channel.name === "general")!.id;
  expect((await web.conversations.info({ channel: general })).channel).toMatchObject({
    name: "general",
    is_member: true,
  });
});

test("the bot can join a public channel and post there then", async () => {
  const channel = slack.channels().find((each) => each.name === "lounge")!.id;
  await expect(web.conversations.history({ channel })).rejects.toMatchObject(refusal("not_in_channel"));
  await web.conversations.join({ channel });
  await web.chat.postMessage({ channel, text: "here I am" });
  expect(slack.posts("lounge")).toHaveLength(1);
});

test("a person is found by email, a direct message opened, and posted into", async () => {
  const { user } = await web.users.lookupByEmail({ email: "Ana@Example.com" });
  expect((await web.users.info({ user: user!.id! })).user).toMatchObject({ name: "ana" });
  const opened = await web.conversations.open({ users: user!.id! });
  const again = await web.conversations.open({ users: user!.id! });
  expect(again).toMatchObject({ already_open: true, channel: { id: opened.channel!.id } });
  await web.chat.postMessage({ channel: opened.channel!.id!, text: "for you" });
  expect(slack.posts(opened.channel!.id!)).toMatchObject([{ text: "for you" }]);
  expect((await web.conversations.history({ channel: opened.channel!.id! })).messages).toHaveLength(1);
});

test("a person can be posted to by user id, which opens the direct message", async () => {
  const posted = await web.chat.postMessage({ channel: slack.users()[0]!.id, text: "for you" });
  expect(posted.channel).toMatch(/^D/);
});

test("an unknown address is users_not_found, and an unknown id is user_not_found", async () => {
  await expect(web.users.lookupByEmail({ email: "who@example.com" })).rejects.toMatchObject(
    refusal("users_not_found"),
  );
  await expect(web.users.info({ user: "U404" })).rejects.toMatchObject(refusal("user_not_found"));
  await expect(web.conversations.open({ users: "U404" })).rejects.toMatchObject(refusal("user_not_found"));
});

test("history is newest first, by page, and from a moment on", async () => {
  const channel = slack.channels().find((each) => each.name === "general")!.id;
  const stamps: string[] = [];
  for (const text of ["one", "two", "three"])
    stamps.push((await web.chat.postMessage({ channel, text })).ts!);
  const texts = async (more: object) =>
    (await web.conversations.history({ channel, ...more })).messages!.map((message) => message.text);
  expect(await texts({})).toEqual(["three", "two", "one"]);
  expect(await texts({ oldest: stamps[0] })).toEqual(["three", "two"]);
  expect(await texts({ oldest: stamps[0], inclusive: true })).toEqual(["three", "two", "one"]);
  expect(await texts({ latest: stamps[2], oldest: stamps[0] })).toEqual(["two"]);
  const first = await web.conversations.history({ channel, limit: 2 });
  expect(first).toMatchObject({ has_more: true });
  expect(await texts({ limit: 2, cursor: first.response_metadata!.next_cursor })).toEqual(["one"]);
});

test("seen from outside, an unknown channel is an error and not an empty list", () => {
  expect(() => slack.posts("#nowhere")).toThrow("no channel #nowhere");
});

async function restart(options: Omit<Parameters<typeof startSandboxSlack>[0], "outbox">): Promise<void> {
  await slack?.close();
  slack = await startSandboxSlack({ outbox, ...options });
  web = new WebClient(slack.token, {
    slackApiUrl: slack.url,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
  });
}

function refusal(error: string) {
  return { data: { ok: false, error } };
}
