import { rm } from "node:fs/promises";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { slackConnection, slackOptions } from "../../../src/deliver/slack/schema.ts";
import { openSlack } from "../../../src/deliver/slack/slack.ts";
import {
  type SandboxSlack,
  type SandboxSlackOptions,
  startSandboxSlack,
} from "../../../src/sandbox/slack/server.ts";
import { quickClock, renderSlack } from "../sample-message.ts";
import { scratchFolder } from "../scratch.ts";

let outbox: string;
beforeEach(async () => {
  outbox = await scratchFolder();
});
afterEach(() => rm(outbox, { recursive: true }));

async function start(options: Partial<SandboxSlackOptions> = {}): Promise<SandboxSlack> {
  const server = await startSandboxSlack({ outbox, ...options });
  onTestFinished(() => server.close());
  return server;
}

function check(server: SandboxSlack, to: unknown, token = server.token) {
  const slack = openSlack(slackConnection.parse({ token, api_url: server.url }), {
    renderSlack,
    clock: quickClock(),
  });
  return slack.check?.(slackOptions.parse(to), new AbortController().signal);
}

test("a token that Slack refuses is named as what it refuses", async () => {
  const { url } = await start();
  const slack = openSlack(slackConnection.parse({ token: "xoxb-other", api_url: url }), {
    renderSlack,
    clock: quickClock(),
  });
  expect(await slack.checkConnection?.(new AbortController().signal)).toMatchObject([
    { message: "Slack answered invalid_auth for the token." },
  ]);
});

test("a channel the bot is in and a person who exists are fine, and nothing is posted", async () => {
  const server = await start();
  expect(await check(server, "#flight-ops")).toEqual([]);
  expect(await check(server, "C0000000002")).toEqual([]);
  expect(await check(server, { user: "ana@example.com" })).toEqual([]);
  expect(server.requests.some(({ method }) => method === "chat.postMessage")).toBe(false);
});

test("a channel without the bot, one that is not there, and an unknown person are told", async () => {
  const server = await start();
  expect(await check(server, "#lounge")).toEqual([
    {
      message: "The bot is not a member of #lounge.",
      advice: 'Type "/invite @lookpost" in #lounge.',
      path: [],
    },
  ]);
  expect(await check(server, "#flight-op")).toEqual([
    {
      message: 'The bot sees no channel #flight-op. Did you mean "#flight-ops"?',
      advice: expect.stringContaining("Check the name."),
      path: [],
    },
  ]);
  expect(await check(server, { user: "nobody@example.com" })).toEqual([
    expect.objectContaining({ path: ["user"], message: expect.stringContaining("users_not_found") }),
  ]);
});

test("a bad token is told", async () => {
  expect(await check(await start(), "#flight-ops", "xoxb-wrong")).toEqual([
    expect.objectContaining({ advice: expect.stringContaining("Set slack.token to a valid bot token") }),
  ]);
});

test("each missing scope is named with what it is for", async () => {
  const server = await start({ scopes: ["chat:write", "channels:read"] });
  expect((await check(server, "#flight-ops"))?.map(({ message }) => message)).toEqual([
    "The Slack token lacks the scope files:write: it cannot attach files.",
  ]);
  const person = await check(server, { user: "ana@example.com" });
  expect(person?.map(({ message }) => message)).toEqual([
    "The Slack token lacks the scope files:write: it cannot attach files.",
    "The Slack token lacks the scope users:read.email: it cannot find people by address.",
    "The Slack token lacks the scope im:write: it cannot write to them.",
    "Slack answered missing_scope for ana@example.com.",
  ]);
});

test("a workspace that does not answer is told", async () => {
  const server = await start();
  await server.close();
  expect(await check(server, "#flight-ops")).toEqual([
    expect.objectContaining({ message: expect.stringContaining("ECONNREFUSED") }),
  ]);
});
