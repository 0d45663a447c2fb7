import { raw } from "hono/html";
import type { Phrases } from "../../core/words/phrases.ts";
import { isolated, type Markup, markup } from "../words/markup.ts";
import type { MarkdownBlock, MarkdownLine, MarkdownTable, MarkdownWords } from "./blocks.ts";
import { MARKDOWN_CHARS_MAX, readMarkdown } from "./markdown.ts";

/** Markdown as plain elements, which the page's style sheet formats. */
export function pageWords(text: string, { frame }: Phrases): Markup {
  const isCut = text.length > MARKDOWN_CHARS_MAX;
  return markup`<div class="words">${readMarkdown(text).map(block)}${isCut ? markup`<p class="quiet">${frame.textCut}</p>` : null}</div>`;
}

function block(of: MarkdownBlock): Markup {
  switch (of.kind) {
    case "heading":
      return markup`<h3>${line(of.line)}</h3>`;
    case "paragraph":
      return markup`<p>${line(of.line)}</p>`;
    case "code":
      return markup`<pre>${isolated(of.text)}</pre>`;
    case "quote":
      return markup`<blockquote>${of.blocks.map(block)}</blockquote>`;
    case "list": {
      const items = of.items.map((item) => markup`<li>${item.map(block)}</li>`);
      return of.start === null
        ? markup`<ul>${items}</ul>`
        : markup`<ol${raw(of.start === 1 ? "" : ` start="${of.start}"`)}>${items}</ol>`;
    }
    case "table":
      return table(of);
    case "rule":
      return raw("<hr>");
  }
}

function table({ head, rows, align }: MarkdownTable): Markup {
  const place = (column: number) => raw(align[column] === "right" ? ' class="n"' : "");
  const heads = head?.map((words, column) => markup`<th scope="col"${place(column)}>${line(words)}</th>`);
  const set = rows.map(
    (row) => markup`<tr>${row.map((words, column) => markup`<td${place(column)}>${line(words)}</td>`)}</tr>`,
  );
  return markup`<table class="narrow">${heads === undefined ? null : markup`<thead><tr>${heads}</tr></thead>`}<tbody>${set}</tbody></table>`;
}

function line(words: MarkdownLine): Markup[] {
  return words.map((run) => (run === null ? raw("<br>") : set(run)));
}

function set({ text, bold, italic, code, href }: MarkdownWords): Markup {
  let shown: Markup = isolated(text);
  if (code) shown = markup`<code>${shown}</code>`;
  if (italic) shown = markup`<em>${shown}</em>`;
  if (bold) shown = markup`<strong>${shown}</strong>`;
  return href === null ? shown : markup`<a href="${href}">${shown}</a>`;
}
