import { bodyText } from "../words/cell-text.ts";

/** A run of words set in one way. `href` leads to the web or to a mailbox. */
export interface MarkdownWords {
  readonly text: string;
  readonly bold: boolean;
  readonly italic: boolean;
  readonly code: boolean;
  readonly href: string | null;
}

/** MarkdownWords on one line; `null` where the author breaks it. */
export type MarkdownLine = readonly (MarkdownWords | null)[];

export type MarkdownBlock =
  | { readonly kind: "heading"; readonly level: number; readonly line: MarkdownLine }
  | { readonly kind: "paragraph"; readonly line: MarkdownLine }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "quote"; readonly blocks: readonly MarkdownBlock[] }
  /** `start`: number of the first item; null: bullets. */
  | {
      readonly kind: "list";
      readonly start: number | null;
      readonly items: readonly (readonly MarkdownBlock[])[];
    }
  | { readonly kind: "rule" };

/** The first `charsMax` characters of words, "…" behind the last of them where there were more. */
export function shortened(blocks: readonly MarkdownBlock[], charsMax: number): readonly MarkdownBlock[] {
  return firstOf(blocks, { charsLeft: charsMax, isOver: false });
}

interface Room {
  charsLeft: number;
  /** Something was left out already. */
  isOver: boolean;
}

function firstOf(blocks: readonly MarkdownBlock[], room: Room): readonly MarkdownBlock[] {
  const kept: MarkdownBlock[] = [];
  for (const block of blocks) {
    if (room.isOver) break;
    kept.push(first(block, room));
  }
  return kept;
}

function first(block: MarkdownBlock, room: Room): MarkdownBlock {
  switch (block.kind) {
    case "heading":
    case "paragraph":
      return { ...block, line: lineWithin(block.line, room) };
    case "code":
      return { ...block, text: textWithin(block.text, room) };
    case "quote":
      return { ...block, blocks: firstOf(block.blocks, room) };
    case "list": {
      const items: (readonly MarkdownBlock[])[] = [];
      for (const item of block.items) {
        if (room.isOver) break;
        items.push(firstOf(item, room));
      }
      return { ...block, items };
    }
    case "rule":
      return block;
  }
}

function lineWithin(line: MarkdownLine, room: Room): MarkdownLine {
  const kept: MarkdownLine[number][] = [];
  for (const words of line) {
    if (room.isOver) break;
    kept.push(words === null ? null : { ...words, text: textWithin(words.text, room) });
  }
  return kept;
}

function textWithin(text: string, room: Room): string {
  if (text.length <= room.charsLeft) {
    room.charsLeft -= text.length;
    return text;
  }
  room.isOver = true;
  return bodyText(text, Math.max(1, room.charsLeft));
}
