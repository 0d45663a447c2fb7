import { bodyText } from "../words/cell-text.ts";

/** A run of text in one style. `href` is a web address or a mailto link. */
export interface MarkdownWords {
  readonly text: string;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly code: boolean;
  readonly href: string | null;
}

/** One line; `null` where the author breaks it. */
export type MarkdownLine = readonly (MarkdownWords | null)[];

export type MarkdownBlock =
  | { readonly kind: "heading"; readonly level: number; readonly line: MarkdownLine }
  | { readonly kind: "paragraph"; readonly line: MarkdownLine }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "quote"; readonly blocks: readonly MarkdownBlock[] }
  /** `start` is the number of the first item, null for bullets. */
  | {
      readonly kind: "list";
      readonly start: number | null;
      readonly items: readonly (readonly MarkdownBlock[])[];
    }
  | MarkdownTable
  | { readonly kind: "rule" };

/** As GitHub's Markdown has them (https://github.github.com/gfm/#tables-extension-). */
export interface MarkdownTable {
  readonly kind: "table";
  /** One a column; null: there is none above any. */
  readonly head: readonly MarkdownLine[] | null;
  /** Each with as many cells as there are columns. */
  readonly rows: readonly (readonly MarkdownLine[])[];
  readonly align: readonly ("left" | "center" | "right")[];
}

/** The first `charsMax` characters of a text, ending in "…" if there were more. */
export function shortened(blocks: readonly MarkdownBlock[], charsMax: number): readonly MarkdownBlock[] {
  return firstOf(blocks, { charsLeft: charsMax, isOver: false });
}

interface CharsLeft {
  charsLeft: number;
  /** Whether something has been left out. */
  isOver: boolean;
}

function firstOf(blocks: readonly MarkdownBlock[], left: CharsLeft): readonly MarkdownBlock[] {
  const kept: MarkdownBlock[] = [];
  for (const block of blocks) {
    if (left.isOver) break;
    kept.push(first(block, left));
  }
  return kept;
}

function first(block: MarkdownBlock, left: CharsLeft): MarkdownBlock {
  switch (block.kind) {
    case "heading":
    case "paragraph":
      return { ...block, line: lineWithin(block.line, left) };
    case "code":
      return { ...block, text: textWithin(block.text, left) };
    case "quote":
      return { ...block, blocks: firstOf(block.blocks, left) };
    case "list": {
      const items: (readonly MarkdownBlock[])[] = [];
      for (const item of block.items) {
        if (left.isOver) break;
        items.push(firstOf(item, left));
      }
      return { ...block, items };
    }
    case "table": {
      const rows: (readonly MarkdownLine[])[] = [];
      const head = block.head?.map((cell) => lineWithin(cell, left)) ?? null;
      for (const row of block.rows) {
        if (left.isOver) break;
        rows.push(row.map((cell) => lineWithin(cell, left)));
      }
      return { ...block, head, rows };
    }
    case "rule":
      return block;
  }
}

function lineWithin(line: MarkdownLine, left: CharsLeft): MarkdownLine {
  const kept: MarkdownLine[number][] = [];
  for (const words of line) {
    if (left.isOver) break;
    kept.push(words === null ? null : { ...words, text: textWithin(words.text, left) });
  }
  return kept;
}

function textWithin(text: string, left: CharsLeft): string {
  if (text.length <= left.charsLeft) {
    left.charsLeft -= text.length;
    return text;
  }
  left.isOver = true;
  return bodyText(text, Math.max(1, left.charsLeft));
}
