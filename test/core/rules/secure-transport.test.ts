import { expect, test } from "vitest";
import { isLoopback } from "../../../src/core/rules/secure-transport.ts";

test.each([
  "localhost",
  "LocalHost",
  "localhost.",
  "127.0.0.1",
  "127.8.9.10",
  "127.1",
  "127.0.1",
  "0x7f.1",
  "2130706433",
  "::1",
  "[::1]",
  "0:0:0:0:0:0:0:1",
  "[0000::0001]",
  "::ffff:127.0.0.1",
  "[::ffff:7f00:1]",
])("%s does not leave the machine", (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each([
  "",
  "localhost.example.com",
  "localhost.localdomain",
  "app.localhost",
  "127.0.0.1.example.com",
  "127.0.0.1.nip.io",
  "127.0.0.256",
  "128.0.0.1",
  "1.127.0.0",
  "0.0.0.0",
  "::",
  "::2",
  "fe80::1",
  "::ffff:128.0.0.1",
  "10.0.0.1",
  "looker",
  "localhost@example.com",
  "localhost/",
  "%6cocalhost",
  "ⓛocalhost",
  "127.0.0.1#",
])("%j leaves it", (host) => {
  expect(isLoopback(host)).toBe(false);
});
