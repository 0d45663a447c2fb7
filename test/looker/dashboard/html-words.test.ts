import { fromMarkdown } from "mdast-util-from-markdown";
import { describe, expect, test } from "vitest";
import { htmlAsMarkdown } from "../../../src/looker/dashboard/words/html-markdown.ts";

const LOOKER = "https://acme.looker.example";
const read = (html: string) => htmlAsMarkdown(html, LOOKER);

describe("HTML among Markdown becomes Markdown", () => {
  test.each([
    [
      "Source: <b>ERP</b>, see <a href='https://example.com/erp'>here</a>",
      "Source: **ERP**, see [here](<https://example.com/erp>)",
    ],
    ["one<br>two<br/>\nthree", "one\\\ntwo\\\nthree"],
    ["one<br><br>two<br>", "one\n\ntwo"],
    ["<center><h2>Weekly<br>numbers</h2></center>\n\nof the **day**", "## Weekly numbers\n\nof the **day**"],
    ["<ul><li>one<ul><li>in</ul><li><em>two</em></ul>after", "- one\n  \n  - in\n- *two*\n\nafter"],
    ["<ol start=3><li>c<li>d</ol>", "3. c\n4. d"],
    ["<p>One<p>Two", "One\n\nTwo"],
    ["<div>\n    indented\n    words\n</div>", "indented\nwords"],
    ["<blockquote>q<p>r</p></blockquote><hr>", "> q\n> \n> r\n\n---"],
    ["<pre>a\n  b &lt; c</pre>", "```\na\n  b < c\n```"],
    ["Ask <span style='color:red'>finance</span> <img src=x alt='the logo'>.", "Ask finance the logo."],
    ["before<script>alert('<b>')</script><style>b{}</style><!-- <b>no</b> -->after", "beforeafter"],
  ])("%j", (html, markdown) => {
    expect(read(html)).toBe(markdown);
  });

  test("tables with a head, without one, and rows that only lay the page out", () => {
    expect(read("<table><tr><th>A<th>B</tr><tr><td>1|2</td><td><b>x</b><br>y</td></tr></table>")).toBe(
      "| A | B |\n| --- | --- |\n| 1\\|2 | **x** y |",
    );
    expect(read("<table><tbody><tr><td>1<td>2<tr><td>3</table>")).toBe(
      "|  |  |\n| --- | --- |\n| 1 | 2 |\n| 3 |  |",
    );
    expect(read("<table><tr><td>Home<td><a href='/x'>More</a></table>")).toBe(`Home · [More](<${LOOKER}/x>)`);
  });
});

test("links are absolute, those of a menu are kept apart, and what is no address of the web is words", () => {
  expect(
    read(
      '<nav><a href="/dashboards/12">Overview</a><a href="looks/3?a=1&amp;b=2">Returns &amp; refunds</a></nav>',
    ),
  ).toBe(`[Overview](<${LOOKER}/dashboards/12>) · [Returns &amp; refunds](<${LOOKER}/looks/3?a=1&b=2>)`);
  expect(read("[here](/looks/4) and [there](https://example.com/x)")).toBe(
    `[here](<${LOOKER}/looks/4>) and [there](https://example.com/x)`,
  );
  expect(
    read('<a href="javascript:alert(1)">bad</a> <a>none</a> <a href="data:text/html,x">data</a>'),
  ).not.toContain("](");
});

test.each([
  "a < b, <5%, <name>",
  "<https://example.com/>",
  "`<b>` and ``<i> ` ``",
  "\\<b>not\\</b>",
  "x <!doctype",
])("%j is no HTML, and stays as it is", (text) => {
  expect(read(text)).toBe(text);
});

test("emphasis counts whatever is next to it", () => {
  const kinds = (html: string) => JSON.stringify(fromMarkdown(read(html)));
  for (const html of ['x<b>"q"</b>z', "<b> word </b>z", "1<i>(2)</i>3", "<strong>a</strong>b"])
    expect(kinds(html)).toMatch(/"type":"(strong|emphasis)"/);
});

test.each([
  "<a ",
  '<a "',
  "`",
  "` ",
  "<b>",
  "</b>",
  "<",
  "<table><tr><td>",
  "<li>",
  "<br>",
  '<a href="x">',
  "](/",
  "<!--",
  "<script>",
])("%j over and over ends, and is cut where nobody reads on", (piece) => {
  expect(read(piece.repeat(10_000)).length).toBeLessThan(100_000);
});
