import { expect, test } from "vitest";
import { normaliseBaseUrl, webUrl } from "../../../src/looker/connection/base-url.ts";

test.each([
  ["https://acme.looker.com", "https://acme.looker.com"],
  ["acme.looker.com", "https://acme.looker.com"],
  ["  acme.looker.com\n", "https://acme.looker.com"],
  ['"https://acme.looker.com/"', "https://acme.looker.com"],
  ["//acme.looker.com/", "https://acme.looker.com"],
  ["HTTPS://Acme.Looker.com/", "https://acme.looker.com"],
  ["https://acme.looker.com:443", "https://acme.looker.com"],
  ["acme.looker.com:19999", "https://acme.looker.com:19999"],
  ["https://acme.looker.com/api", "https://acme.looker.com"],
  ["https://acme.looker.com:19999/api/4.0", "https://acme.looker.com:19999"],
  ["https://acme.looker.com/api/4.0/", "https://acme.looker.com"],
  ["acme.looker.com/api/3.1/", "https://acme.looker.com"],
  ["https://acme.looker.com/looks/42", "https://acme.looker.com"],
  ["https://acme.looker.com/login?next=%2Fx#top", "https://acme.looker.com"],
  ["https://acme.looker.com/explore/faa/flights?fields=flights.count", "https://acme.looker.com"],
  ["https://acme.looker.com?x=1", "https://acme.looker.com"],
  ["https://tools.acme.com/looker/", "https://tools.acme.com/looker"],
  ["https://tools.acme.com/bi/looker/api/4.0", "https://tools.acme.com/bi/looker"],
  ["https://gateway.acme.com/api/looker/api/4.0/", "https://gateway.acme.com/api/looker"],
  ["http://looker:19999", "http://looker:19999"],
  ["looker.internal", "https://looker.internal"],
  ["localhost:4000", "http://localhost:4000"],
  ["127.0.0.1:4000/api/4.0", "http://127.0.0.1:4000"],
  ["[::1]:4000", "http://[::1]:4000"],
  // A name that only looks like this machine: nothing secret goes there unencrypted unless http:// is written.
  ["looker.localhost:4000", "https://looker.localhost:4000"],
  ["127.0.0.1.example.com", "https://127.0.0.1.example.com"],
])("%j is the API at %s", (pasted, address) => {
  expect(normaliseBaseUrl(pasted)).toBe(address);
});

test("the web port of a self-hosted Looker leads to the API's port, but never on loopback", () => {
  expect(normaliseBaseUrl("https://looker.acme.com:9999/login")).toBe("https://looker.acme.com:19999");
  expect(normaliseBaseUrl("localhost:9999")).toBe("http://localhost:9999");
});

test("a port given by itself goes before the one in the address", () => {
  expect(normaliseBaseUrl("https://looker.acme.com:9999", 4443)).toBe("https://looker.acme.com:4443");
  expect(normaliseBaseUrl("looker.acme.com", 19999)).toBe("https://looker.acme.com:19999");
  expect(normaliseBaseUrl("looker.acme.com:19999", 443)).toBe("https://looker.acme.com");
});

test.each([
  ["", "empty"],
  ["   ", "empty"],
  ["/api/4.0", "path without a host"],
  ["https:///api/4.0", "path without a host"],
  ["ftp://acme.looker.com", '"ftp://"'],
  ["https:/acme.looker.com", "not spelled out"],
  ["https//acme.looker.com", "not spelled out"],
  ["acme looker com", "not an address"],
  ["https://<your instance>.looker.com", "not an address"],
  ["acme.looker.com:99999", "not an address"],
])("%j is refused: %s", (pasted, reason) => {
  expect(() => normaliseBaseUrl(pasted)).toThrow(
    expect.objectContaining({ code: "config", message: expect.stringContaining(reason) }),
  );
});

test.each([
  "https://ana:s3cret@acme.looker.com",
  "ana:s3cret@acme.looker.com",
  "//ana:s3cret@acme.looker.com",
  "https://ana:x/s3cret@acme.looker.com",
])("a password in %j is refused and not repeated", (pasted) => {
  expect(() => normaliseBaseUrl(pasted)).toThrow(
    expect.objectContaining({
      code: "config",
      message: expect.not.stringContaining("s3cret"),
      advice: expect.stringContaining("client_secret"),
    }),
  );
});

test("an address that makes no sense is not quoted where it may hold a password", () => {
  expect(() => normaliseBaseUrl("ana:99999/s3cret@acme.looker.com")).toThrow(
    expect.objectContaining({ message: "looker.base_url is not an address." }),
  );
});

test("people open Looker without the port of its API, or where its own links lead", () => {
  expect(webUrl("https://looker.acme.com:19999/bi")).toBe("https://looker.acme.com/bi");
  expect(webUrl("https://acme.looker.com")).toBe("https://acme.looker.com");
  expect(webUrl("https://api.acme.com:19999", "https://bi.acme.com:9999/looker/x/Ab12?toggle=det")).toBe(
    "https://bi.acme.com:9999/looker",
  );
  expect(webUrl("https://acme.looker.com", "/x/Ab12")).toBe("https://acme.looker.com");
});
