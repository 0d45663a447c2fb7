const CELL_CHARS_MAX = 300;

// Control characters have no place in a body; tab and line feed do.
const CONTROL = /[^\P{Cc}\t\n]/gu;

const segmenter = new Intl.Segmenter("en");

/** `text` fit for a body: well-formed Unicode without control characters, cut after `charsMax` UTF-16 units with "…". */
export function bodyText(text: string, charsMax = CELL_CHARS_MAX): string {
  const head = text.length > charsMax ? clip(text, charsMax) : text;
  return head
    .toWellFormed()
    .replace(/\r\n?/g, "\n")
    .replace(CONTROL, "")
    .replace(/\ufffe|\uffff/g, "");
}

// Embeddings, overrides and isolates of text direction: in a line of plain text they would also affect what follows.
const TURNING = /[\u202a-\u202e\u2066-\u2069]/g;
const ISOLATE = "\u2068";
const ISOLATE_END = "\u2069";

// Unbroken spaces of French are kept: ahead of its punctuation, and within its numbers.
const SPACES = /([\u00a0\u202f](?=[:;?!%»])|(?<=«)\u00a0|(?<=\d)\u202f(?=\d))|\s+/g;

/** The same on one line, without marks that could reorder the text next to it. What is isolated in it, as by `isolatedLine`, stays so. */
export function lineText(text: string, charsMax = CELL_CHARS_MAX): string {
  return withoutTurning(bodyText(text, charsMax))
    .replace(SPACES, (_, kept?: string) => kept ?? " ")
    .trim();
}

/** Isolates that are closed affect nothing outside of them; all other marks of direction go. */
function withoutTurning(text: string): string {
  const closed = new Set<number>();
  const open: number[] = [];
  for (const { 0: mark, index } of text.matchAll(TURNING)) {
    if (mark === ISOLATE) open.push(index);
    const from = mark === ISOLATE_END ? open.pop() : undefined;
    if (from !== undefined) closed.add(from).add(index);
  }
  return text.replace(TURNING, (mark: string, index: number) => (closed.has(index) ? mark : ""));
}

/** Hebrew, Arabic and direction marks reorder the text next to them. */
const REORDERING = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc]/;

export function reorders(text: string): boolean {
  return REORDERING.test(text);
}

/**
 * A line of plain text that does not affect the direction of its surroundings: between FIRST STRONG ISOLATE and POP DIRECTIONAL
 * ISOLATE (Unicode Standard Annex 9), where it has letters that would.
 */
export function isolatedLine(line: string): string {
  return reorders(line) ? `${ISOLATE}${line}${ISOLATE_END}` : line;
}

// Reads little more than it keeps: a cell may be a megabyte.
function clip(text: string, charsMax: number): string {
  let kept = "";
  for (const { segment } of segmenter.segment(text.slice(0, charsMax + 64))) {
    if (kept.length + segment.length > charsMax - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

const HREF_CHARS_MAX = 2_000;

/**
 * An address that may become a link: http or https, and at most `charsMax` long once encoded (one character may become twelve);
 * otherwise null.
 */
export function safeHref(href: string | undefined, charsMax = HREF_CHARS_MAX): string | null {
  if (href === undefined || href.length > charsMax) return null;
  const url = URL.parse(href);
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:")) return null;
  return url.href.length > charsMax ? null : url.href;
}
