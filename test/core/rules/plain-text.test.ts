import { expect, test } from "vitest";
import { asJsonLines } from "../../../src/commands/history/json-lines.ts";
import { safe } from "../../../src/commands/io.ts";
import { columns, wrapped } from "../../../src/commands/layout.ts";
import { formatProblems } from "../../../src/config/index.ts";
import { plainJson, plainLine, plainly } from "../../../src/core/rules/plain-text.ts";

/** C0, ESC, DEL, C1, marks and overrides of direction, zero-width, separators, line breaks. */
const NASTY =
  "a\u0000\u0007\u001b[31mb\u007f\u0085\u009b2Jc\u061c\u200b\u200d\u200e\u200f\u2028\u2029\u202a\u202ed\u2060\u2066\u2069\ufeff\r\n\te";
/** As code points, since a pattern with control characters reads badly. */
const isUnsafe = (text: string) =>
  [...text].some((letter) => {
    const code = letter.codePointAt(0) ?? 0;
    const isControl = (code < 0x20 && code !== 0x0a) || (code >= 0x7f && code < 0xa0);
    const isFormat = [0x061c, 0xfeff].includes(code) || (code >= 0x200b && code <= 0x200f);
    return isControl || isFormat || (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f);
  });

test("a line has nothing that commands a terminal, and reads as before", () => {
  expect(plainLine(NASTY)).toBe("a[31mb 2Jc d e");
  expect(plainLine("Züge nach İzmir – 東京 👍")).toBe("Züge nach İzmir – 東京 👍");
});

test("every text in a value is a line, and all else stays as it is", () => {
  const at = new Date(0);
  expect(plainly({ a: NASTY, b: [NASTY, 1], at, none: null })).toEqual({
    a: plainLine(NASTY),
    b: [plainLine(NASTY), 1],
    at,
    none: null,
  });
});

test("JSON escapes them, and is the same value", () => {
  const line = plainJson(JSON.stringify({ NASTY }));
  expect(isUnsafe(line)).toBe(false);
  expect(JSON.parse(line)).toEqual({ NASTY });
  expect(asJsonLines([{ NASTY }])).toBe(`${line}\n`);
});

test.each([
  ["a table", columns([[NASTY, NASTY]])],
  ["a paragraph", wrapped("", NASTY, 2, 80)],
  [
    "a problem",
    formatProblems(
      [
        {
          file: NASTY,
          line: 1,
          column: 1,
          excerpt: `${NASTY.replace(/[\r\n]/g, "")}\n^`,
          path: [],
          message: NASTY,
          advice: NASTY,
          report: NASTY,
        },
      ],
      { color: false },
    ),
  ],
])("%s of such texts has none of them", (_, text) => {
  expect(isUnsafe(text)).toBe(false);
});

test("what is written to a terminal keeps our own colours, and to a file nothing", () => {
  expect(safe("\u001b[1mbold\u001b[0m \u001b]0;title\u0007\u202e", { isTTY: true })).toBe(
    "\u001b[1mbold\u001b[0m ]0;title",
  );
  expect(safe("\u001b[1mbold", {})).toBe("[1mbold");
});
