import { raw } from "hono/html";
import { INK, LINK, MONO, PAGE, RULE } from "../mail/style.ts";
import { isolated, type Markup, markup } from "../words/markup.ts";
import type { MarkdownBlock, MarkdownLine, MarkdownTable, MarkdownWords } from "./blocks.ts";
import { readMarkdown } from "./markdown.ts";

/** Markdown for a mail's body, with inline styles; null if nothing is left of it. */
export function markdownHtml(text: string, charsMax?: number): Markup | null {
  const blocks = readMarkdown(text, charsMax);
  return blocks.length === 0 ? null : markup`${blocks.map(block)}`;
}

const TEXT = `font-size:15px;line-height:23px;color:${INK}`;

function block(of: MarkdownBlock): Markup {
  switch (of.kind) {
    case "heading":
      return heading(of.level, of.line);
    case "paragraph":
      return markup`<p class="ink" style="margin:0 0 12px;${raw(TEXT)}">${line(of.line)}</p>
`;
    case "code":
      // White space is written out: Outlook for Windows does not support white-space.
      return markup`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 12px"><tr><td class="cmd" bgcolor="${PAGE}" style="padding:10px 14px;border-radius:4px;font-family:${MONO};font-size:13px;line-height:19px;color:${INK}">${of.text
        .split("\n")
        .map(
          (row, index) => markup`${index === 0 ? null : raw("<br>")}${isolated(spaced(row))}`,
        )}</td></tr></table>
`;
    case "quote":
      return markup`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:0 0 12px"><tr><td class="quote" style="padding:0 0 0 14px;border-left:3px solid ${RULE}">${of.blocks.map(block)}</td></tr></table>
`;
    case "list":
      return list(of);
    case "table":
      return table(of);
    case "rule":
      return markup`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:4px 0 16px"><tr><td class="grp" style="font-size:0;line-height:0;border-bottom:1px solid ${RULE}">&nbsp;</td></tr></table>
`;
  }
}

function table({ head, rows, align }: MarkdownTable): Markup {
  const cell = (tag: "th" | "td", words: MarkdownLine, column: number) =>
    markup`${raw(`<${tag}${tag === "th" ? ' scope="col"' : ""} align="${align[column] ?? "left"}"`)} style="border-bottom:1px solid ${RULE}${tag === "th" ? ";font-weight:600" : ""}">${line(words)}${raw(`</${tag}>`)}`;
  const set = (tag: "th" | "td", cells: readonly MarkdownLine[]) =>
    markup`<tr valign="top">${cells.map((words, column) => cell(tag, words, column))}</tr>`;
  return markup`<div class="x" style="overflow-x:auto;margin:0 0 12px"><table class="ink" cellpadding="5" cellspacing="0" border="0" style="border-collapse:collapse;font-size:14px;line-height:20px;color:${INK}">${
    head === null ? null : markup`<thead>${set("th", head)}</thead>`
  }<tbody>${rows.map((row) => set("td", row))}</tbody></table></div>
`;
}

// The section's own title is an h2, so headings of its text are h3.
function heading(level: number, words: MarkdownLine): Markup {
  const size = level <= 2 ? "16px" : "15px";
  return markup`<h3 class="ink" style="margin:4px 0 6px;font-size:${size};line-height:22px;font-weight:600;color:${INK}">${line(words)}</h3>
`;
}

function list({ start, items }: MarkdownBlock & { kind: "list" }): Markup {
  const style = raw(`style="margin:0 0 12px;padding:0 0 0 24px;${TEXT}" class="ink"`);
  const rows = items.map(
    (item) => markup`<li style="margin:0 0 4px">${itemBlocks(item)}</li>
`,
  );
  if (start === null)
    return markup`<ul ${style}>${rows}</ul>
`;
  return markup`<ol ${style}${start === 1 ? null : raw(` start="${start}"`)}>${rows}</ol>
`;
}

/** An item's first paragraph is next to its bullet, without a paragraph's margins. */
function itemBlocks(blocks: readonly MarkdownBlock[]): Markup[] {
  return blocks.map((of, index) =>
    index === 0 && of.kind === "paragraph" ? markup`${line(of.line)}` : block(of),
  );
}

function line(words: MarkdownLine): Markup[] {
  return words.map((run) => (run === null ? raw("<br>") : set(run)));
}

function set({ text, bold, italic, code, href }: MarkdownWords): Markup {
  let shown: Markup = isolated(text);
  if (code) shown = markup`<span style="font-family:${MONO};font-size:13px">${shown}</span>`;
  if (italic) shown = markup`<em>${shown}</em>`;
  if (bold) shown = markup`<strong style="font-weight:600">${shown}</strong>`;
  return href === null ? shown : markup`<a class="link" href="${href}" style="color:${LINK}">${shown}</a>`;
}

function spaced(row: string): string {
  return row.replaceAll("\t", "    ").replace(/^ +| {2,}/g, (space) => "\u00a0".repeat(space.length));
}
