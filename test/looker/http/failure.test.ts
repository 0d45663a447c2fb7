import { expect, test } from "vitest";
import { failedAnswer, htmlText, retryAfter } from "../../../src/looker/http/failure.ts";

const call = { method: "GET", path: "/looks/42", host: "acme.looker.com" };
const now = new Date("2026-11-16T08:00:00Z");

function failed(
  status: number,
  body: string,
  headers: Record<string, string> = { "content-type": "application/json" },
) {
  return failedAnswer(call, { status, headers, body }, now);
}

test.each([
  [400, "invalid_query", false],
  [401, "auth", true],
  [403, "auth", false],
  [404, "not_found", false],
  [422, "invalid_query", false],
  [429, "rate_limited", true],
  [500, "unavailable", true],
  [502, "unavailable", true],
  [503, "unavailable", true],
  [504, "unavailable", true],
  [409, "protocol", false],
])("status %i is %s, retryable: %s, with call, words and advice", (status, code, retryable) => {
  const error = failed(status, '{"message":"So it is","documentation_url":"https://x"}');
  expect(error).toMatchObject({
    status,
    code,
    retryable,
    message: `Looker answered ${status} to GET /looks/42: So it is`,
  });
  expect(error.advice).toMatch(/\.$/);
});

test("a 422 names every field at fault", () => {
  const body = {
    message: "Validation Failed",
    errors: [
      { field: "model", code: "missing_field", message: "is not present" },
      { field: "view", code: "invalid" },
      null,
      {},
    ],
  };
  expect(failed(422, JSON.stringify(body)).message).toBe(
    "Looker answered 422 to GET /looks/42: Validation Failed (model is not present; view invalid)",
  );
});

test("Retry-After is read as seconds and as a date", () => {
  expect(retryAfter("7", now)).toBe(7_000);
  expect(retryAfter("Mon, 16 Nov 2026 08:00:30 GMT", now)).toBe(30_000);
  expect(retryAfter("Mon, 16 Nov 2026 07:00:00 GMT", now)).toBe(0);
  expect(retryAfter("soon", now)).toBeNull();
  // Beyond a day it is not believed; what no clock can count to is no date.
  for (const header of ["86401", "1e300", "1e308", "Infinity", "Mon, 16 Nov 2096 08:00:00 GMT"])
    expect(retryAfter(header, now), header).toBe(86_400_000);
  expect(retryAfter("-5", now)).toBe(0);
  expect(retryAfter("NaN", now)).toBeNull();
  expect(retryAfter("", now)).toBeNull();
  expect(failed(429, "", { "retry-after": "3" }).retryAfterMs).toBe(3_000);
  expect(failed(503, "").retryAfterMs).toBeNull();
});

test("an HTML page is reduced to its title, and means that this is not the API", () => {
  const page =
    "<!DOCTYPE html><html><head><title> Page not\n found </title><style>x{}</style></head><body><p>lots</p></body></html>";
  const error = failed(404, page, { "content-type": "text/html; charset=utf-8" });
  expect(error).toMatchObject({
    code: "config",
    message: "Looker answered 404 to GET /looks/42 with an HTML page (Page not found)",
  });
  expect(error.advice).toContain("19999");
  expect(failed(502, page, { "content-type": "text/html" })).toMatchObject({
    code: "unavailable",
    retryable: true,
  });
});

test("a page without a title is cut to a few words of its text", () => {
  const page = `<html><script>alert(1)</script><body>${"word ".repeat(200)}</body></html>`;
  const text = htmlText({ headers: {}, body: page });
  expect(text).toMatch(/^word word/);
  expect(text?.length).toBe(120);
  expect(htmlText({ headers: {}, body: '{"a":"<html>"}' })).toBeNull();
});

test("a long body is cut, an empty one leaves no dangling colon", () => {
  expect(failed(400, "x".repeat(5_000)).message.length).toBeLessThan(700);
  expect(failed(503, "").message).toBe("Looker answered 503 to GET /looks/42");
});
