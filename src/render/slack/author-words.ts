import { MARKDOWN_CHARS_MAX } from "../markdown/markdown.ts";
import { markdownBlocks, type RichText } from "../markdown/slack.ts";
import { type Block, text } from "./block.ts";
import { SLACK, textLength } from "./limits.ts";

/** An author's words as blocks, each within what one may hold; none for no words. */
export function words(markdown: string | null, charsMax: number): readonly Block[] {
  const elements = markdown === null ? [] : markdownBlocks(markdown, Math.min(charsMax, MARKDOWN_CHARS_MAX));
  const blocks: Block[] = [];
  let held: Block[] = [];
  const end = () => {
    if (held.length > 0) blocks.push({ type: "rich_text", elements: held });
    held = [];
  };
  for (const element of elements.flatMap(inParts)) {
    const isFull = held.length >= SLACK.richTextElementsMax;
    if (isFull || textLength([...held, element]) > SLACK.richTextCharsMax) end();
    held.push(element);
  }
  end();
  return blocks;
}

/** A paragraph, a list or a piece of code that is longer than a block may be, taken apart between its own parts, and these at blanks. */
function inParts(element: RichText): readonly Block[] {
  if (textLength(element) <= SLACK.richTextCharsMax) return [element];
  const parts: Block[][] = [];
  let chars = Number.POSITIVE_INFINITY;
  for (const leaf of (element.elements as readonly Block[]).flatMap(inPieces)) {
    const own = textLength(leaf);
    if (chars + own > SLACK.richTextCharsMax) {
      parts.push([]);
      chars = 0;
    }
    parts.at(-1)?.push(leaf);
    chars += own;
  }
  let before = 0;
  return parts.map((elements) => {
    const numbered = element.type === "rich_text_list" && element.style === "ordered";
    const offset = numbered ? { offset: (element.offset ?? 0) + before } : {};
    before += elements.length;
    return { ...element, ...offset, elements };
  });
}

/** One text that is too long by itself. */
function inPieces(leaf: Block): readonly Block[] {
  if (leaf.type !== "text" || textLength(leaf) <= SLACK.richTextCharsMax) return [leaf];
  const pieces: Block[] = [];
  let rest = String(leaf.text);
  while (rest.length > SLACK.richTextCharsMax) {
    const blank = rest.lastIndexOf(" ", SLACK.richTextCharsMax - 1) + 1;
    const head = rest.slice(0, blank > 0 ? blank : SLACK.richTextCharsMax).toWellFormed();
    pieces.push({ ...leaf, text: head });
    rest = rest.slice(head.length);
  }
  return [
    ...pieces,
    ...(rest === "" ? [] : [{ ...text(rest), ...(leaf.style !== undefined && { style: leaf.style }) }]),
  ];
}
