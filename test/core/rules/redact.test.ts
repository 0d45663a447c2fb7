import { expect, test } from "vitest";
import { excerptOf, redact, redactedBeginning } from "../../../src/core/rules/redact.ts";

const SECRET = `p&ss<w>"o'r/d+ü?~`;
const base64 = (text: string) => Buffer.from(text).toString("base64");

test.each([
  ["plain", SECRET],
  ["in a URL", encodeURIComponent(SECRET)],
  ["in JSON", JSON.stringify(SECRET).slice(1, -1)],
  ["in JSON as PHP writes it", JSON.stringify(SECRET).slice(1, -1).replaceAll("/", "\\/")],
  ["in HTML", "p&amp;ss&lt;w&gt;&quot;o&#39;r/d+ü?~"],
  ["in HTML as others write it", "p&amp;ss&lt;w&gt;&quot;o&#x27;r/d+ü?~"],
  ["base64", base64(SECRET)],
  ["base64url", Buffer.from(SECRET).toString("base64url")],
])("a secret is hidden %s", (_, written) => {
  expect(redact(`535 Bad: ${written}.`, [SECRET])).toBe("535 Bad: [hidden].");
});

test.each(["u:", "ab:", "abc:", "\0ana@example.com\0", "\0\0"])(
  "no base64 of %j with a secret behind it can be decoded to it",
  (before) => {
    const secret = "correct-horse-battery";
    for (const form of ["base64", "base64url"] as const) {
      const written = Buffer.from(`${before}${secret}\n`).toString(form);
      const clean = redact(`AUTH PLAIN ${written} refused`, [secret]);
      expect(clean).toContain("[hidden]");
      for (const piece of clean.split(/\[hidden\]|\s/))
        expect(Buffer.from(piece, "base64").toString()).not.toContain("horse");
    }
  },
);

test("the longest is hidden first: one that begins another does not leave the rest of it", () => {
  expect(redact("it is hunter2-and-more", ["hunter2", "hunter2-and-more"])).toBe("it is [hidden]");
});

test("what is shorter than four characters is left, and half a surrogate ends nothing", () => {
  expect(redact("the cat", ["cat"])).toBe("the cat");
  expect(redact("a \ud800abcd b", ["\ud800abcd"])).toBe("a [hidden] b");
});

test("a secret with a line break behind it is hidden without it, too", () => {
  expect(redact("token xoxb-12345 is refused", ["xoxb-12345\n"])).toBe("token [hidden] is refused");
});

const ODD = "p@ss'w/o+rd é(1)!";

test.each([
  ["percent, strict (RFC 3986)", "p%40ss%27w%2Fo%2Brd%20%C3%A9%281%29%21"],
  ["percent, in small letters", "p%40ss'w%2fo%2brd%20%c3%a9(1)!"],
  ["JSON in ASCII", "p@ss'w/o+rd \\u00e9(1)!"],
  ["HTML with a slash", "p@ss&#x27;w&#x2F;o+rd é(1)!"],
])("a secret is hidden as %s", (_, form) => {
  expect(redact(`a ${form} b`, [ODD])).toBe("a [hidden] b");
});

test("a secret that a cut goes through leaves no part of it, wherever the cut is", () => {
  const secret = "s3cr3t-of-24-characters!";
  for (let before = 0; before < 60; before += 1) {
    const text = `${"x".repeat(before)} ${secret} and more ${"y ".repeat(5_000)}`;
    const shown = redactedBeginning(text, 40, (whole) => redact(whole, [secret])).slice(0, 40);
    expect(shown).not.toMatch(/s3c|r3t|of-24|char/);
    expect(redact(excerptOf(text, 40), [secret])).not.toMatch(/s3c|r3t|of-24|char/);
  }
});

test("an excerpt ends between words, and says that it does", () => {
  expect(excerptOf("one two three", 20)).toBe("one two three");
  expect(excerptOf("one two three", 8)).toBe("one two…");
  expect(excerptOf("one two three", 9)).toBe("one two…");
  expect(excerptOf("onetwothree", 8)).toBe("…");
});

const PHRASE = "correct  horse\tbattery (staple)";

test.each([
  ["made one line, as excerpts of errors and SQL are", "a correct horse battery (staple) b"],
  ["wrapped at its blanks, as lines of a terminal are", "a correct\n    horse battery\n    (staple) b"],
  ["percent", `a ${encodeURIComponent(PHRASE)} b`],
])("a secret with blanks in it is hidden when it was %s", (_, text) => {
  expect(redact(text, [PHRASE])).toBe("a [hidden] b");
});

test("a secret with blanks in it that an excerpt ends within leaves no word of it", () => {
  for (let before = 0; before < 60; before += 1) {
    const text = `${"x".repeat(before)} ${PHRASE.replace(/\s+/g, " ")} and more`;
    expect(redact(excerptOf(text, 50), [PHRASE])).not.toMatch(/horse|battery|staple/);
  }
});

test("each line of a secret of several is hidden by itself, and short ones are left", () => {
  const key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkq\nab\n-----END KEY-----\n";
  expect(redact("line 2 is MIIEvQIBADANBgkq, line 3 is ab", [key])).toBe("line 2 is [hidden], line 3 is ab");
  expect(redact(`a ${key.trim().replaceAll("\n", " ")} b`, [key])).not.toContain("MIIEv");
});
