import { expect, test } from "vitest";
import { z } from "zod";
import {
  disallowedAddresses,
  helloName,
  serverName,
  smtpOptions,
} from "../../../src/deliver/email/connection.ts";
import { emailConnection, emailOptions } from "../../../src/deliver/email/schema.ts";

const from = "Data Team <reports@example.com>";
const parse = (over: Record<string, unknown>) =>
  emailConnection.parse({ smtp: "smtp://mail.example.com", from, ...over });

function mistakes(over: Record<string, unknown>): string[] {
  const result = emailConnection.safeParse({ smtp: "smtp://mail.example.com", from, ...over });
  return (result.error?.issues ?? []).map((issue) => [issue.path.join("."), issue.message].join(": "));
}

test("the smallest block has a server and a sender", () => {
  expect(parse({})).toEqual({
    server: { host: "mail.example.com", port: 587, implicitTls: false, login: null },
    from: { name: "Data Team", address: "reports@example.com" },
    replyTo: null,
    allowedDomains: null,
    attachmentBytesMax: 18_000_000,
    recipientsMax: 50,
    connectionsMax: 10,
    perMinute: null,
    hello: null,
  });
});

test.each([
  ["smtps://mail.example.com", { host: "mail.example.com", port: 465, implicitTls: true, login: null }],
  ["smtp://127.0.0.1:1025", { host: "127.0.0.1", port: 1025, implicitTls: false, login: null }],
  ["smtp://[::1]:25/", { host: "::1", port: 25, implicitTls: false, login: null }],
  [
    "smtps://ana%40example.com:p%40ss%3Aw%2Frd@mail.example.com:4465",
    {
      host: "mail.example.com",
      port: 4465,
      implicitTls: true,
      login: { user: "ana@example.com", password: "p@ss:w/rd" },
    },
  ],
])("%s is read", (smtp, server) => {
  expect(parse({ smtp }).server).toEqual(server);
});

test.each([
  ["mail.example.com", "it is not a URL"],
  ["https://mail.example.com", "it starts with https://"],
  ["smtp://", "it names no host"],
  ["smtp://user@mail.example.com", "it has a user and no password"],
  ["smtp://:hunter22@mail.example.com", "it has a password and no user"],
  ["smtps://mail.example.com?tls.rejectUnauthorized=false", "a mail server's URL ends after the port"],
  ["smtps://mail.example.com/inbox", "a mail server's URL ends after the port"],
  [
    "smtp://user:hunter22%@mail.example.com",
    "its user or password holds a % that is not followed by two hex digits",
  ],
])("%s is refused without being quoted", (smtp, problem) => {
  const [mistake = ""] = mistakes({ smtp });
  expect(mistake).toContain(problem);
  expect(mistake).not.toContain("hunter22");
});

test("wrong senders, domains, sizes and keys are told", () => {
  expect(mistakes({ from: "reports" })).toEqual(['from: "reports" is not an email address: it has no @.']);
  expect(mistakes({ reply_to: "a@b" })).toEqual([
    'reply_to: "a@b" is not an email address: its domain "b" has no dot.',
  ]);
  expect(mistakes({ allowed_domains: ["example.com", "@partner.example"] })).toEqual([
    'allowed_domains.1: "@partner.example" is not a domain: write example.com, or *.example.com for those below it.',
  ]);
  expect(mistakes({ host: "x" })).toHaveLength(1);
});

test.each([
  ["18MB", 18_000_000],
  ["25 MB", 25_000_000],
  ["500kB", 500_000],
  ["1.5mb", 1_500_000],
  ["10 MiB", 10_485_760],
  ["100MB", 100_000_000],
])("attach_max: %s is %i bytes", (attach_max, bytes) => {
  expect(parse({ attach_max }).attachmentBytesMax).toBe(bytes);
});

test.each([
  ["18", "is not a size"],
  ["lots", "is not a size"],
  ["-1MB", "is not a size"],
  ["18 MB each", "is not a size"],
  ["0MB", "leaves no room"],
  ["101MB", "more than any mail server takes"],
  ["2GB", "more than any mail server takes"],
  [18, "Write a size with its unit"],
])("attach_max: %s is refused", (attach_max, words) => {
  expect(mistakes({ attach_max })).toEqual([expect.stringContaining(words)]);
});

test("the URL is marked as what may hold a secret, and every key is described", () => {
  const schema = z.toJSONSchema(emailConnection, { io: "input" });
  expect(schema.properties?.smtp).toMatchObject({ secret: "url" });
  for (const property of Object.values(schema.properties ?? {}))
    expect(property).toHaveProperty("description");
});

test("a server's name in messages leaves its login out", () => {
  expect(serverName(parse({ smtp: "smtps://user:pass@[::1]:465" }).server)).toBe("smtps://[::1]:465");
});

test("only addresses of allowed domains pass", () => {
  const connection = parse({ allowed_domains: ["Example.com", "*.partner.example", "bücher.example"] });
  const options = emailOptions.parse({
    to: ["ana@EXAMPLE.com", "eve@sub.example.com", "pat@eu.partner.example"],
    cc: ["pat@partner.example", "bo@bücher.example"],
    bcc: [
      "eve@notexample.com",
      "eve@example.com.evil.example",
      "eve%evil.example@example.com",
      "evil.example!eve@example.com",
    ],
  });
  expect(disallowedAddresses(options, connection)).toEqual([
    "eve@sub.example.com",
    "pat@partner.example",
    "eve@notexample.com",
    "eve@example.com.evil.example",
    "eve%evil.example@example.com",
    "evil.example!eve@example.com",
  ]);
  expect(disallowedAddresses(options, parse({}))).toEqual([]);
});

test("a password needs TLS on the way to any other machine", () => {
  const requires = (smtp: string) => smtpOptions(parse({ smtp })).requireTLS;
  expect(requires("smtp://user:pass@mail.example.com:587")).toBe(true);
  expect(requires("smtp://user:pass@127.0.0.2:587")).toBe(false);
  expect(requires("smtp://user:pass@127.0.0.1.example.com:587")).toBe(true);
  expect(requires("smtp://mail.example.com:25")).toBe(false);
  expect(smtpOptions(parse({ smtp: "smtps://user:pass@mail.example.com" }))).toMatchObject({ secure: true });
});

test("certificates are checked everywhere but on this machine", () => {
  expect(smtpOptions(parse({ smtp: "smtps://mail.example.com" })).tls).toBeUndefined();
  expect(smtpOptions(parse({ smtp: "smtp://localhost:25" })).tls).toEqual({ rejectUnauthorized: false });
});

test("the waits are those of RFC 5321, 4.5.3.2", () => {
  expect(smtpOptions(parse({}))).toMatchObject({
    connectionTimeout: 315_000,
    greetingTimeout: 300_000,
    socketTimeout: 600_000,
  });
});

test.each([
  [undefined, "mail.example.org", "mail.example.org"],
  [undefined, "ip-10-0-0-1.ec2.internal", "example.com"],
  [undefined, "laptop", "example.com"],
  [undefined, "localhost", "example.com"],
  [undefined, "10.0.0.1", "example.com"],
  ["Reports.Example.com", "mail.example.org", "reports.example.com"],
])("email.hello %s on the host %s: EHLO %s", (hello, host, name) => {
  expect(helloName(parse(hello === undefined ? {} : { hello }), host)).toBe(name);
  expect(mistakes({ hello: "my host" })).toEqual([expect.stringContaining("not the full name of a machine")]);
});
