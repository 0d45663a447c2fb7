import type { Phrases } from "../../core/words/phrases.ts";
import { MARKDOWN_CHARS_MAX } from "../markdown/markdown.ts";
import { markdownBlocks, type RichElement, type RichText } from "../markdown/slack.ts";
import { type Block, richText, text } from "./block.ts";
import { SLACK, textLength } from "./limits.ts";

/** What a text may take of a post. */
export interface WordsRoom {
  /** Of all its text, with the addresses of links. */
  readonly charsMax: number;
  readonly blocksMax: number;
}

/** An author's words as blocks, each within what one may hold; none for no words. Where they are cut, that is said. */
export function words(
  markdown: string | null,
  room: WordsRoom,
  { frame: { textCut } }: Phrases,
): readonly Block[] {
  if (markdown === null) return [];
  const kept = within(markdownBlocks(markdown, MARKDOWN_CHARS_MAX), room.charsMax - textCut.length);
  const isCut = kept.isCut || markdown.length > MARKDOWN_CHARS_MAX;
  const blocks = filled(kept.elements.flatMap((element) => inParts(element, SLACK.richTextCharsMax)));
  const tooMany = blocks.length > room.blocksMax - 1;
  const shown = tooMany ? blocks.slice(0, Math.max(0, room.blocksMax - 1)) : blocks;
  return isCut || tooMany ? [...shown, richText([text(textCut)])] : shown;
}

/** The first elements, and of the one that does not fit as a whole its first part. */
function within(
  elements: readonly RichText[],
  charsMax: number,
): { readonly elements: readonly RichText[]; readonly isCut: boolean } {
  const kept: RichText[] = [];
  let left = charsMax;
  for (const element of elements) {
    const own = textLength(element);
    if (own <= left) kept.push(element);
    else return { elements: [...kept, ...inParts(element, left).slice(0, 1)], isCut: true };
    left -= own;
  }
  return { elements: kept, isCut: false };
}

/** Elements in as few blocks as hold them. */
function filled(elements: readonly RichText[]): readonly Block[] {
  const blocks: RichText[][] = [];
  let chars = Number.POSITIVE_INFINITY;
  for (const element of elements) {
    const own = textLength(element);
    const isFull = (blocks.at(-1)?.length ?? 0) >= SLACK.richTextElementsMax;
    if (isFull || chars + own > SLACK.richTextCharsMax) {
      blocks.push([]);
      chars = 0;
    }
    blocks.at(-1)?.push(element);
    chars += own;
  }
  return blocks.map((held) => ({ type: "rich_text", elements: held }));
}

/** Plain text as blocks, each within what one may hold. */
export function plainWords(plain: string): readonly Block[] {
  return inPieces({ type: "text", text: plain }, SLACK.richTextCharsMax).map((piece) => richText([piece]));
}

type Leaf = RichElement | Extract<RichText, { type: "rich_text_list" }>["elements"][number];

/** A paragraph, a list or a piece of code that is too long, taken apart between its own parts, and these at blanks. */
function inParts(element: RichText, charsMax: number): readonly RichText[] {
  const isList = element.type === "rich_text_list";
  const isShort = textLength(element) <= charsMax;
  if (isShort && !(isList && element.elements.length > SLACK.richTextElementsMax)) return [element];
  const parts = grouped(
    element.elements.flatMap((leaf): readonly Leaf[] =>
      isItem(leaf) ? itemInParts(leaf, charsMax) : inPieces(leaf, charsMax),
    ),
    charsMax,
  );
  let before = 0;
  return parts.map((elements) => {
    const offset = isList && element.style === "ordered" ? { offset: (element.offset ?? 0) + before } : {};
    before += elements.length;
    return { ...element, ...offset, elements } as RichText;
  });
}

function isItem(leaf: Leaf): leaf is Exclude<Leaf, RichElement> {
  return leaf.type === "rich_text_section";
}

function itemInParts(item: Exclude<Leaf, RichElement>, charsMax: number): readonly Leaf[] {
  if (textLength(item) <= charsMax) return [item];
  const pieces = item.elements.flatMap((leaf) => inPieces(leaf, charsMax));
  return grouped(pieces, charsMax).map((elements) => ({ ...item, elements }));
}

function grouped<L extends Leaf>(leaves: readonly L[], charsMax: number): L[][] {
  const groups: L[][] = [];
  let chars = Number.POSITIVE_INFINITY;
  for (const leaf of leaves) {
    const own = textLength(leaf);
    if (chars + own > charsMax || (groups.at(-1)?.length ?? 0) >= SLACK.richTextElementsMax) {
      groups.push([]);
      chars = 0;
    }
    groups.at(-1)?.push(leaf);
    chars += own;
  }
  return groups;
}

/** One text that is too long by itself, or the words of one link. */
function inPieces(leaf: RichElement, charsMax: number): readonly RichElement[] {
  const room = charsMax - (textLength(leaf) - leaf.text.length);
  if (leaf.text.length <= room) return [leaf];
  // An address that leaves no room for its words is left out.
  if (leaf.type === "link" && room < 100) return inPieces({ type: "text", text: leaf.text }, charsMax);
  const pieces: RichElement[] = [];
  let rest = leaf.text;
  while (rest.length > room) {
    const at = placeToCut(rest, Math.max(2, room));
    pieces.push({ ...leaf, text: rest.slice(0, at) });
    rest = rest.slice(at);
  }
  return rest === "" ? pieces : [...pieces, { ...leaf, text: rest }];
}

const segmenter = new Intl.Segmenter("en");

/** After the last blank, else between two characters as readers see them; never within one unless it is longer than all the room. */
function placeToCut(long: string, charsMax: number): number {
  const segments = segmenter.segment(long.slice(0, charsMax + 64));
  const isBetween = (at: number) => segments.containing(at)?.index === at;
  const blank = long.lastIndexOf(" ", charsMax - 1) + 1;
  if (blank > charsMax / 2 && isBetween(blank)) return blank;
  const whole = segments.containing(charsMax)?.index ?? charsMax;
  if (whole > 0) return whole;
  return /[\ud800-\udbff]/.test(long.charAt(charsMax - 1)) ? charsMax - 1 : charsMax;
}
