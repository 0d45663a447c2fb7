import { fromMarkdown } from "mdast-util-from-markdown";
import { expect, test } from "vitest";
import {
  escaped,
  linkAsMarkdown,
  richTextAsMarkdown,
} from "../../../src/looker/dashboard/words/text-tile.ts";

/** The kinds of nodes in a text of CommonMark, and all its words, as a reader of CommonMark sees them. */
function readBack(markdown: string): { kinds: Set<string>; words: string } {
  const kinds = new Set<string>();
  let words = "";
  const walk = (node: { type: string; value?: string; children?: unknown[] }) => {
    kinds.add(node.type);
    if (node.type === "text") words += node.value;
    for (const child of node.children ?? []) walk(child as typeof node);
  };
  walk(fromMarkdown(markdown));
  return { kinds, words };
}

test.each([
  "# no heading",
  "- no list",
  "+ no list",
  "1. no list",
  "12) no list",
  "> no quotation",
  "=== no heading",
  "*no* _emphasis_ **at** `all`",
  "<script>alert(1)</script>",
  "[no](javascript:alert(1)) ![link](x)",
  "&lt;b&gt; &amp; <!channel>",
  "a \\ b | c ~~d~~",
  "--- \u202e \u0000 🛫",
])("%j stays the words it is", (text) => {
  const { kinds, words } = readBack(escaped(text));
  expect([...kinds].sort()).toEqual(["paragraph", "root", "text"]);
  expect(words).toBe(text.replace("\u0000", "\ufffd").trim());
});

const leaf = (text: string, marks: object = {}) => ({ text, ...marks });
const asMarkdown = (...blocks: object[]) => richTextAsMarkdown(JSON.stringify(blocks));

test("blocks, marks, links and lists within lists come as CommonMark", () => {
  const list = {
    type: "ol",
    children: [
      { type: "li", children: [{ type: "lic", children: [leaf("one")] }] },
      {
        type: "li",
        children: [
          { type: "lic", children: [leaf("two")] },
          {
            type: "ul",
            children: [{ type: "li", children: [{ type: "lic", children: [leaf("within")] }] }],
          },
        ],
      },
    ],
  };
  expect(
    asMarkdown(
      { type: "h2", children: [leaf("Delays")] },
      { type: "p", children: [leaf("Very "), leaf(" late ", { bold: true, italic: true }), leaf("today")] },
      list,
      { type: "blockquote", children: [leaf("said\nso")] },
      { type: "hr", children: [leaf("")] },
      { type: "unheard-of", children: [leaf("words")] },
      { type: "p", children: [leaf("")] },
    ),
  ).toBe(
    "## Delays\n\nVery  ***late*** today\n\n1. one\n2. two\n   - within\n\n> said\n> so\n\n---\n\nwords",
  );
});

test("a link that leads out of the web gives its words alone", () => {
  for (const url of ["javascript:alert(1)", "data:text/html,x", "/looks/42", "", "vbscript:x"])
    expect(linkAsMarkdown("words", url)).toBe("words");
  expect(linkAsMarkdown("words", "https://a.example/?q=<b> c")).toBe(
    "[words](<https://a.example/?q=%3Cb%3E%20c>)",
  );
});

test("text that is not the editor's JSON is left to be Markdown", () => {
  for (const text of [
    "# Heading",
    '[{"broken',
    '[{"type":"p"}]',
    "[link](https://a.example)",
    "[1, 2]",
    "{}",
  ])
    expect(richTextAsMarkdown(text)).toBeNull();
});

test("a tree of any depth comes to an end", () => {
  let tree: object = leaf("deep");
  for (let depth = 0; depth < 1_000; depth += 1) tree = { type: "ul", children: [tree] };
  expect(asMarkdown(tree)).toBeTypeOf("string");
});
