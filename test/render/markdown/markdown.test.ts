import { expect, test } from "vitest";
import { ENGLISH } from "../../../src/core/words/en/index.ts";
import { markdownHtml } from "../../../src/render/markdown/mail.ts";
import { readMarkdown } from "../../../src/render/markdown/markdown.ts";
import { pageWords } from "../../../src/render/markdown/page.ts";
import { markdownBlocks } from "../../../src/render/markdown/slack.ts";
import { markdownText } from "../../../src/render/markdown/text.ts";

const html = (text: string) =>
  String(markdownHtml(text) ?? "")
    .replace(/ (style|class)="[^"]*"/g, "")
    .trim();
const plain = (text: string, width = 60) => markdownText(text, width);

test("paragraphs, emphasis, code, headings and line breaks are set", () => {
  expect(html("One **two** *three* `four`\nfive  \nsix")).toBe(
    "<p>One <strong>two</strong> <em>three</em> <span>four</span> five<br>six</p>",
  );
  expect(html("# A\n\n###### B")).toBe("<h3>A</h3>\n<h3>B</h3>");
  expect(plain("# A *b*\n\nOne **two**  \nthree")).toEqual(["A b", "~~~", "", "One two", "three"]);
});

test("lists nest and keep their numbers", () => {
  const text = "3. three\n4. four\n   - inner\n\n- x";
  expect(html(text)).toMatch(
    /^<ol start="3"><li>three<\/li>\n<li>four<ul><li>inner<\/li>\n<\/ul>\n<\/li>\n<\/ol>\n<ul>/,
  );
  expect(plain(text)).toEqual(["3. three", "4. four", "   - inner", "", "- x"]);
});

test("quotes, blocks of code and rules are set", () => {
  expect(plain("> a\n>\n> b\n\n    x  = 1\n\n---")).toEqual([
    "> a",
    ">",
    "> b",
    "",
    "    x  = 1",
    "",
    "----------",
  ]);
  expect(html("    a  b\n\n---")).toContain('<td bgcolor="#eef1f3">a\u00a0\u00a0b</td>');
});

test("HTML is words, not markup", () => {
  const text = "<script>alert(1)</script>\n\n<div>\n<b>x</b>\n</div>\n\na <img src=x onerror=alert(1)> b";
  expect(html(text)).not.toMatch(/<(script|div|b|img)\b/);
  expect(html(text)).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  expect(plain(text).join("\n")).toContain("a <img src=x onerror=alert(1)> b");
});

test.each([
  ["[a](https://x.example/?q=1&r=2)", "https://x.example/?q=1&amp;r=2"],
  ["[a][ref]\n\n[ref]: http://x.example/ref", "http://x.example/ref"],
  ["<https://x.example/auto>", "https://x.example/auto"],
  ["[write](mailto:ana@example.com)", "mailto:ana@example.com"],
])("%s leads to %s", (text, href) => {
  expect(html(text)).toContain(`<a href="${href}">`);
});

test.each([
  "[a](javascript:alert(1))",
  "[a](data:text/html,x)",
  "[a](//x.example)",
  "[a](file:///etc/passwd)",
  "[a](JAVASCRIPT:alert(1))",
  "[a](mailto:a@b.example?x=<b>)",
  "[a][javascript:x]",
])("%s leads nowhere", (text) => {
  expect(html(text)).not.toContain("<a ");
});

test("a picture is its alt text, and is not fetched", () => {
  expect(html("![The **sky**](https://x.example/a.png)")).toBe("<p>The sky</p>");
});

test("the text part wraps by the width of characters, and names addresses once", () => {
  expect(plain("東京 東京 東京 ab", 10)).toEqual(["東京 東京", "東京 ab"]);
  expect(plain("[a *b*](https://x.example/) <https://y.example>")).toEqual([
    "a b <https://x.example/> https://y.example",
  ]);
});

test("for Slack the words are text and link elements, lists nest by their indents, and no element is empty", () => {
  const blocks = markdownBlocks(
    "**Hi** <!channel> [l](https://x.example) &amp; @here\n\n1. one\n   - two\n\n> q\n\n    code",
  );
  expect(blocks).toEqual([
    {
      type: "rich_text_section",
      elements: [
        { type: "text", text: "Hi", style: { bold: true } },
        { type: "text", text: " <!channel> " },
        { type: "link", url: "https://x.example/", text: "l" },
        { type: "text", text: " & @here" },
        { type: "text", text: "\n" },
      ],
    },
    {
      type: "rich_text_list",
      style: "ordered",
      indent: 0,
      elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "one" }] }],
    },
    {
      type: "rich_text_list",
      style: "bullet",
      indent: 1,
      elements: [{ type: "rich_text_section", elements: [{ type: "text", text: "two" }] }],
    },
    { type: "rich_text_quote", elements: [{ type: "text", text: "q" }] },
    { type: "rich_text_preformatted", elements: [{ type: "text", text: "code" }] },
  ]);
  expect(JSON.stringify(markdownBlocks("-\n\n** **\n\n![](x)"))).not.toContain('"text":""');
  expect(markdownBlocks("  \n ")).toEqual([]);
});

test.each([
  ">",
  "[",
  "- ",
  "*a_",
  "![[](",
  "<",
  "[a](",
  "> - ",
  "x*",
  "&",
  "**",
  "\\",
  "1. ",
  "`",
  "~~~\n",
  "\t",
])("%j ten thousand times over is read, and nests no deeper than anybody writes", (piece) => {
  const text = piece.repeat(Math.ceil(10_000 / piece.length));
  expect(String(markdownHtml(text) ?? "").length).toBeLessThan(1_000_000);
  expect(JSON.stringify(readMarkdown(text)).split('"kind":"quote"').length).toBeLessThan(7);
  expect(() => [plain(text), markdownBlocks(text)]).not.toThrow();
});

test("more marks of emphasis than can be read at once hold up no other paragraph", () => {
  expect(plain(`${"*a_".repeat(1_000)}\n\n**b**`).at(-1)).toBe("b");
});

test("words beyond the limit are left out", () => {
  expect(plain("x".repeat(40_000)).join("").length).toBeLessThanOrEqual(10_000);
});

test.each([
  ["underlines of headings", "a\n=\n"],
  ["items of lists, a blank line apart", "- a\n\n"],
  ["quotes", "> a\n\n"],
  ["lists in quotes in lists", "- > - > a\n"],
  ["links that do not end", "[a](<"],
  ["brackets", "["],
  ["headings", "# a\nb\n"],
])("of text of thousands of %s, which reading at once would take seconds, all words are there", (_, mark) => {
  const text = mark.repeat(10_000 / mark.length);
  const letters = (of: string) => of.match(/[ab]/g)?.length ?? 0;
  expect(letters(plain(text).join("\n"))).toBe(letters(text));
});

test("a shorter form has the first words of the same tree, and says that there are more", () => {
  const text = "# Head\n\nOne **two** three\n\n- item\n- other\n\n> quote";
  expect(readMarkdown(text, 14)).toEqual([
    { kind: "heading", level: 1, line: [expect.objectContaining({ text: "Head" })] },
    {
      kind: "paragraph",
      line: [
        expect.objectContaining({ text: "One " }),
        expect.objectContaining({ text: "two", bold: true }),
        expect.objectContaining({ text: " t…" }),
      ],
    },
  ]);
  expect(readMarkdown(text, 10_000)).toBe(readMarkdown(text));
});

test("every form reads no more than 10,000 characters", () => {
  const text = `${"word ".repeat(2_500)}END`;
  for (const out of [
    html(text),
    plain(text).join(""),
    JSON.stringify(markdownBlocks(text)),
    String(pageWords(text, ENGLISH)),
  ]) {
    expect(out).not.toContain("END");
    expect(out).toContain("…");
  }
  expect(String(pageWords(text, ENGLISH))).toContain("The text goes on");
});
