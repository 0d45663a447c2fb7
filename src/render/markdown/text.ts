import { displayWidth, padWidth } from "../text/display-width.ts";
import { lineText } from "../words/cell-text.ts";
import type { MarkdownBlock, MarkdownLine, MarkdownTable } from "./blocks.ts";
import { readMarkdown } from "./markdown.ts";

/** Markdown as lines of at most `widthMax` columns (addresses apart), a blank line between blocks. */
export function markdownText(text: string, widthMax: number, charsMax?: number): readonly string[] {
  return blocks(readMarkdown(text, charsMax), widthMax);
}

function blocks(all: readonly MarkdownBlock[], widthMax: number): string[] {
  return all.flatMap((of, index) => [...(index === 0 ? [] : [""]), ...block(of, widthMax)]);
}

function block(of: MarkdownBlock, widthMax: number): string[] {
  switch (of.kind) {
    case "heading": {
      const lines = wrapped(line(of.line), widthMax);
      return [...lines, "~".repeat(Math.min(widthMax, Math.max(3, ...lines.map(displayWidth))))];
    }
    case "paragraph":
      return wrapped(line(of.line), widthMax);
    case "code":
      return of.text.split("\n").map((row) => `    ${row.replaceAll("\t", "    ")}`.trimEnd());
    case "quote":
      return blocks(of.blocks, Math.max(20, widthMax - 2)).map((row) => `> ${row}`.trimEnd());
    case "list":
      return of.items.flatMap((item, index) => {
        const mark = of.start === null ? "- " : `${of.start + index}. `;
        const rows = blocks(item, Math.max(20, widthMax - mark.length)).filter((row) => row !== "");
        return (rows.length === 0 ? [""] : rows).map((row, position) =>
          position === 0 ? `${mark}${row}` : `${" ".repeat(mark.length)}${row}`,
        );
      });
    case "table":
      return tableLines(of, widthMax);
    case "rule":
      return ["-".repeat(10)];
  }
}

/** A table in columns; where these do not fit, its rows as lines of words. */
export function tableLines({ head, rows, align }: MarkdownTable, widthMax: number): string[] {
  const texts = [...(head === null ? [] : [head]), ...rows].map((row) =>
    row.map((cell) => line(cell).replace(/\s+/g, " ").trim()),
  );
  const widths = align.map((_, at) => Math.max(1, ...texts.map((row) => displayWidth(row[at] ?? ""))));
  const whole = widths.reduce((sum, width) => sum + width, 2 * (widths.length - 1));
  if (whole > widthMax)
    return texts.flatMap((row) => wrapped(row.filter((cell) => cell !== "").join(" · "), widthMax));
  const set = (cells: readonly string[]) =>
    widths
      .map((width, at) => padWidth(cells[at] ?? "", width, align[at] === "right" ? "right" : "left"))
      .join("  ")
      .trimEnd();
  const [first, ...others] = texts.map(set);
  if (first === undefined) return [];
  return head === null
    ? [first, ...others]
    : [first, widths.map((width) => "-".repeat(width)).join("  "), ...others];
}

/** The text of a line; an address follows the words that link to it, unless it is those words. */
function line(words: MarkdownLine): string {
  const parts = words.map((run, index) => {
    if (run === null) return "\n";
    const text = run.text.replace(/\s+/g, " ");
    // A link of several runs has its address once, after the last of them.
    if (run.href === null || words[index + 1]?.href === run.href) return text;
    const address = run.href.replace(/^mailto:/i, "");
    const isItself = address === text.trim() || address === `${text.trim()}/`;
    return isItself ? text : `${text} <${address}>`;
  });
  return parts.join("");
}

/** Broken at spaces; a word that is wider than a line has its own line. */
export function wrapped(text: string, widthMax: number): string[] {
  return text.split("\n").flatMap((row) => broken(lineText(row, row.length + 1), widthMax));
}

/** The same of one line that is clean already: foreign words in it may be isolated. */
export function broken(line: string, widthMax: number): string[] {
  const lines: string[] = [];
  let current = "";
  let width = 0;
  for (const word of line.split(" ")) {
    const own = displayWidth(word);
    if (current !== "" && width + 1 + own > widthMax) {
      lines.push(current);
      current = word;
      width = own;
    } else {
      current = current === "" ? word : `${current} ${word}`;
      width += own + (width === 0 ? 0 : 1);
    }
  }
  return [...lines, current];
}
