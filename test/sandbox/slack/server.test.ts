import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { LogLevel, WebClient } from "@slack/web-api";
import { afterEach, beforeEach, expect, test } from "vitest";
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

test("auth.test says who the bot is, and the scopes are in the header", async () => {
  const answer = await client().auth.test();
  expect(answer).toMatchObject({ ok: true, user: "lookpost", team: "Sandbox" });
  expect(answer.response_metadata!.scopes).toContain("chat:write");
});

test("no token is not_authed, a wrong one invalid_auth; api.test needs none", async () => {
  expect(await call("auth.test", {}, {})).toEqual({ ok: false, error: "not_authed" });
  expect(await call("auth.test", { authorization: "Bearer xoxb-wrong" }, {})).toEqual({
    ok: false,
    error: "invalid_auth",
  });
  expect(await call("auth.test", {}, { token: slack.token })).toMatchObject({ ok: true });
  expect(await call("api.test", {}, { foo: "bar" })).toEqual({ ok: true, args: { foo: "bar" } });
});

test("a missing scope is named, with those that are there", async () => {
  await slack.close();
  slack = await startSandboxSlack({ outbox, scopes: ["chat:write"] });
  await client().chat.postMessage({ channel: "#general", text: "x" });
  await expect(client().conversations.list()).rejects.toMatchObject({
    data: { error: "missing_scope", needed: "channels:read", provided: "chat:write" },
  });
  await expect(client().users.lookupByEmail({ email: "ana@example.com" })).rejects.toMatchObject({
    data: { error: "missing_scope", needed: "users:read.email" },
  });
});

test("arguments may come as JSON, with lists and objects as they are", async () => {
  const headers = {
    authorization: `Bearer ${slack.token}`,
    "content-type": "application/json; charset=utf-8",
  };
  const blocks = [{ type: "divider" }];
  const body = JSON.stringify({ channel: "#general", text: "x", blocks });
  const response = await fetch(`${slack.url}chat.postMessage`, { method: "POST", headers, body });
  expect(await response.json()).toMatchObject({ ok: true, message: { blocks } });
});

test.each([
  ["application/json", "{", "invalid_json"],
  ["application/json", "[]", "json_not_object"],
  ["text/plain", "x", "invalid_post_type"],
])("a body of %s %s is %s", async (type, body, error) => {
  const headers = { authorization: `Bearer ${slack.token}`, "content-type": type };
  const response = await fetch(`${slack.url}chat.postMessage`, { method: "POST", headers, body });
  expect(await response.json()).toEqual({ ok: false, error });
});

test("a method that does not exist, and an argument that is missing, are said to be so", async () => {
  for (const name of ["chat.shout", "constructor"]) {
    await expect(client().apiCall(name)).rejects.toMatchObject({ data: { error: "unknown_method" } });
  }
  await expect(client().apiCall("chat.postMessage", { text: "x" })).rejects.toMatchObject({
    data: {
      error: "invalid_arguments",
      response_metadata: { messages: ["[ERROR] missing required field: channel"] },
    },
  });
});

test("every request is remembered, without the token among its arguments", async () => {
  await call("chat.postMessage", {}, { token: slack.token, channel: "#general", text: "x" });
  expect(slack.requests).toMatchObject([
    { method: "chat.postMessage", token: slack.token, args: { text: "x" } },
  ]);
  expect(slack.requests[0]!.args).not.toHaveProperty("token");
});

test("users, channels and token can be the caller's own", async () => {
  await slack.close();
  slack = await startSandboxSlack({
    outbox,
    token: "xoxb-mine",
    channels: [{ name: "one", id: "C1" }],
    users: [{ name: "eve", email: "eve@example.com", id: "U1" }],
  });
  expect((await client().users.lookupByEmail({ email: "eve@example.com" })).user).toMatchObject({ id: "U1" });
  await client().chat.postMessage({ channel: "C1", text: "x" });
  expect(slack.posts("#one")).toHaveLength(1);
});

test("a taken port is the system's error, with its code", async () => {
  await expect(startSandboxSlack({ outbox, port: slack.port })).rejects.toMatchObject({ code: "EADDRINUSE" });
});

function client(): WebClient {
  return new WebClient(slack.token, {
    slackApiUrl: slack.url,
    retryConfig: { retries: 0 },
    logLevel: LogLevel.ERROR,
  });
}

async function call(method: string, headers: Record<string, string>, fields: Record<string, string>) {
  const response = await fetch(slack.url + method, {
    method: "POST",
    headers,
    body: new URLSearchParams(fields),
  });
  return response.json();
}
