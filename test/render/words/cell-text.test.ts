import { expect, test } from "vitest";
import { bodyText, lineText, safeHref } from "../../../src/render/words/cell-text.ts";

test("long text is cut at a whole character and ends in an ellipsis", () => {
  expect(bodyText("x".repeat(300))).toHaveLength(300);
  expect(bodyText("x".repeat(301))).toBe(`${"x".repeat(299)}…`);
  const family = bodyText("👩‍👩‍👧‍👦".repeat(100), 30);
  expect(family.length).toBeLessThanOrEqual(30);
  expect(family).toBe(`${"👩‍👩‍👧‍👦".repeat(2)}…`);
});

test("control characters go, line ends are one kind, broken characters are marked", () => {
  expect(bodyText("a\u0000b\u0007c\u0085d")).toBe("abcd");
  expect(bodyText("a\r\nb\rc\td")).toBe("a\nb\nc\td");
  expect(bodyText("a\ud800b")).toBe("a\ufffdb");
});

test("on one line there is neither a line end nor a mark that turns text around", () => {
  expect(lineText("  a\n\tb \u202Egnp.exe\u202C ")).toBe("a b gnp.exe");
});

test("what is isolated in a line stays so; an isolate that is not closed, and marks that turn text around, go", () => {
  expect(lineText("see \u2068דוח.csv\u2069 (3 rows)")).toBe("see \u2068דוח.csv\u2069 (3 rows)");
  expect(lineText("a \u2068b\u2068c\u2069")).toBe("a b\u2068c\u2069");
  expect(lineText("a\u2069 \u2067b\u2069 \u202ec")).toBe("a b c");
  // Cut within: what is left open must not take the rest of the line with it.
  expect(lineText(`\u2068${"ד".repeat(50)}\u2069`, 20)).not.toContain("\u2068");
});

test.each([
  ["https://x.example/a b?c=<d>", "https://x.example/a%20b?c=%3Cd%3E"],
  ["http://localhost:9999/x", "http://localhost:9999/x"],
  ["javascript:alert(1)", null],
  ["JaVaScRiPt:alert(1)", null],
  ["data:text/html,x", null],
  ["/looks/42", null],
  ["", null],
  [undefined, null],
  [`https://x.example/${"a".repeat(2_000)}`, null],
  // 1,800 bytes as characters, 5,400 as they are sent.
  [`https://x.example/?q=${"漢".repeat(600)}`, null],
])("the address %j becomes %j", (href, expected) => {
  expect(safeHref(href)).toBe(expected);
});

test("a longer address passes where the place allows it", () => {
  const href = `https://x.example/${"a".repeat(2_000)}`;
  expect(safeHref(href, 4_000)).toBe(href);
});
