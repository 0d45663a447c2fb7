import { bodyText } from "../words/cell-text.ts";
import type { Block, Line } from "./markdown.ts";

/** The first `charsMax` characters of words, "…" behind the last of them where there were more. */
export function shortened(blocks: readonly Block[], charsMax: number): readonly Block[] {
  return firstOf(blocks, { charsLeft: charsMax, isOver: false });
}

interface Room {
  charsLeft: number;
  /** Something was left out already. */
  isOver: boolean;
}

function firstOf(blocks: readonly Block[], room: Room): readonly Block[] {
  const kept: Block[] = [];
  for (const block of blocks) {
    if (room.isOver) break;
    kept.push(first(block, room));
  }
  return kept;
}

function first(block: Block, room: Room): Block {
  switch (block.kind) {
    case "heading":
    case "paragraph":
      return { ...block, line: lineWithin(block.line, room) };
    case "code":
      return { ...block, text: textWithin(block.text, room) };
    case "quote":
      return { ...block, blocks: firstOf(block.blocks, room) };
    case "list": {
      const items: (readonly Block[])[] = [];
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

function lineWithin(line: Line, room: Room): Line {
  const kept: Line[number][] = [];
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
