import { expect, test } from "vitest";
import { z } from "zod";
import { slackConnection, slackOptions } from "../../../src/deliver/slack/schema.ts";

function mistakes(schema: z.ZodType, given: unknown): string[] {
  const result = schema.safeParse(given);
  return (result.error?.issues ?? []).map((issue) => [issue.path.join("."), issue.message].join(": "));
}

test.each([
  ["#flight-ops", "#flight-ops"],
  ["flight-ops", "#flight-ops"],
  ["#フライト_2026", "#フライト_2026"],
  ["C0123ABCD", "C0123ABCD"],
  ["G0123ABCD", "G0123ABCD"],
])("%s is a channel", (given, channel) => {
  const inside = { channel, user: null, thread: "attachments" };
  expect(slackOptions.parse(given)).toEqual({ ...inside, message: null });
  expect(slackOptions.parse({ channel: given, message: "Hi" })).toEqual({ ...inside, message: "Hi" });
  expect(slackOptions.parse({ channel: given, thread: "none" })).toMatchObject({ channel, thread: "none" });
});

test("a person is named by address", () => {
  expect(slackOptions.parse({ user: "ana@example.com" })).toEqual({
    channel: null,
    user: "ana@example.com",
    message: null,
    thread: "attachments",
  });
});

test.each([
  ["@ana", "a direct message is written {user: ana@example.com}"],
  ["ana@example.com", "a direct message is written {user: ana@example.com}"],
  ["#Flight-Ops", 'lower case: "#flight-ops"?'],
  ["#flight ops", 'write "#flight-ops", or its id'],
  ["#", "is not a channel"],
  [`#${"a".repeat(81)}`, "is not a channel"],
  [null, "in YAML # begins a comment"],
  [7, "Write a channel"],
  [{}, "Write either channel or user."],
  [{ channel: "#a", user: "ana@example.com" }, "Write either channel or user."],
  [{ channel: "#a", thread: "all" }, "thread: Write attachments or none."],
  [{ user: "ana" }, 'user: "ana" is not an email address: it has no @.'],
])("%j is refused with what to write", (given, problem) => {
  expect(mistakes(slackOptions, given).join()).toContain(problem);
});

test("a connection has a token, and Slack's own address unless told otherwise", () => {
  expect(slackConnection.parse({ token: "xoxb-1" })).toEqual({
    token: "xoxb-1",
    apiUrl: "https://slack.com/api/",
  });
  expect(slackConnection.parse({ token: "xoxb-1", api_url: "http://127.0.0.1:8080/api" }).apiUrl).toBe(
    "http://127.0.0.1:8080/api/",
  );
});

test.each([
  [{ token: "xoxb-1\nX-Evil: 1" }, "token: The token holds a space"],
  [
    { token: "xoxb-1", api_url: "http://slack.example/api/" },
    "api_url: The token would cross the network in the clear",
  ],
  [{ token: "xoxb-1", api_url: "slack" }, "api_url: This is not a URL."],
  [{ token: "xoxb-1", channel: "#a" }, "channel"],
])("%j is refused", (given, problem) => {
  expect(mistakes(slackConnection, given).join()).toContain(problem);
});

test("the token is marked as a secret, and every key is described", () => {
  const schema = z.toJSONSchema(slackConnection, { io: "input" });
  expect(schema.properties?.token).toMatchObject({ secret: true });
  for (const property of Object.values(schema.properties ?? {}))
    expect(property).toHaveProperty("description");
});
