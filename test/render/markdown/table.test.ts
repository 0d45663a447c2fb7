import { describe, expect, test } from "vitest";
import { ENGLISH } from "../../../src/core/words/en/index.ts";
import { markdownHtml } from "../../../src/render/markdown/mail.ts";
import { readMarkdown } from "../../../src/render/markdown/markdown.ts";
import { pageWords } from "../../../src/render/markdown/page.ts";
import { markdownBlocks } from "../../../src/render/markdown/slack.ts";
import { markdownText } from "../../../src/render/markdown/text.ts";

const TABLE =
  "Rates:\n| Lane | Rate |\n|:---|---:|\n| **EU** a\\|b | 12 |\n| <b>US</b> | 7 | more |\n\nAfter.";

test("a table of pipes is a table in every output", () => {
  expect(readMarkdown(TABLE).map(({ kind }) => kind)).toEqual(["paragraph", "table", "paragraph"]);
  expect(markdownText(TABLE, 76)).toEqual([
    "Rates:",
    "",
    "Lane       Rate",
    "---------  ----",
    "EU a|b       12",
    "<b>US</b>     7",
    "",
    "After.",
  ]);
  const mail = String(markdownHtml(TABLE));
  expect(mail).toContain("&lt;b&gt;US&lt;/b&gt;");
  expect(mail).toMatch(/<th scope="col" align="right"[^>]*>Rate<\/th>/);
  expect(mail).toMatch(/<td align="left"[^>]*><strong[^>]*>EU<\/strong> a\|b<\/td>/);
  expect(String(pageWords(TABLE, ENGLISH))).toContain('<th scope="col" class="n">Rate</th>');
  expect(markdownBlocks(TABLE)[1]).toEqual({
    type: "rich_text_preformatted",
    elements: [{ type: "text", text: expect.stringContaining("EU a|b       12") }],
  });
});

test("a table without headings has none, and one too wide for plain text is lines of words", () => {
  const bare = "| | |\n|---|---|\n| a | b |";
  expect(markdownText(bare, 76)).toEqual(["a  b"]);
  expect(String(markdownHtml(bare))).not.toContain("<th");
  expect(markdownText(`| x | y |\n|---|---|\n| ${"long ".repeat(8)} | short |`, 30)).toContain("x · y");
});

describe("what is no table", () => {
  test.each(["a | b", "a | b\n--|--|--\n1 | 2", "a | b\nc | d", "a\n---", "| a |\n\n| - |"])("%j", (text) => {
    expect(readMarkdown(text).map(({ kind }) => kind)).not.toContain("table");
  });
});

test("a table is cut like other words, and takes no long time", () => {
  expect(JSON.stringify(readMarkdown(TABLE, 20))).toContain("…");
  for (const text of ["|-".repeat(5_000), "|\n|-|\n".repeat(1_400), `a|b\n-|-\n${"[x]|`y`\n".repeat(300)}`])
    readMarkdown(text);
});
