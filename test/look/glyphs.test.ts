import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { missingInInter } from "./inter.ts";

const SOURCE = path.join(import.meta.dirname, "../../src");

/** Only Slack sets these, in fonts of its own, and nothing else has bars to write in a line of text. */
const BARS = "▁▂▃▄▅▆▇█";

const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm;

/** The sandbox plays other programs and writes as they do; the preview of a Slack post shows Slack's emoji. */
const NOT_OURS = /^(sandbox|deliver\/slack\/preview)\//;

/** The code that writes any text that people read. */
const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !NOT_OURS.test(file),
);

/** Its letters and signs are in each Japanese reader's fonts, and in the bundled Noto that draws charts. */
const JAPANESE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\u30fb\u30fc\uff00-\uff60]/u;
const isJapanese = (file: string) => file.startsWith(path.join("core", "words", "ja"));

test("every character that lookpost writes by itself is in the font that it comes with", () => {
  const missing = files.flatMap((file) => {
    return missingInInter(codeOf(readFileSync(path.join(SOURCE, file), "utf8")))
      .filter((letter) => !BARS.includes(letter) && !(isJapanese(file) && JAPANESE.test(letter)))
      .map((letter) => `${letter} (U+${letter.codePointAt(0)?.toString(16)}) in ${file}`);
  });
  expect(missing).toEqual([]);
});

test("a character that the font lacks is found, in code and not in comments", () => {
  expect(missingInInter(codeOf('// ▭\nconst a = "▲ ▬"; // ▭\n/* ▭\n▭ */ const b = "⬇ é …";'))).toEqual([
    "▬",
    "⬇",
  ]);
});

function codeOf(source: string): string {
  return source.replaceAll(COMMENT, "");
}
