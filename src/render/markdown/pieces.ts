/**
 * Marks for which CommonMark takes a time that grows with the square of their number within one text: how many of them are read at once.
 */
const COSTLY: readonly (readonly [marks: RegExp, max: number])[] = [
  // Emphasis is paired.
  [/[*_]/g, 1_000],
  // So are brackets; each may begin a link.
  [/\[/g, 400],
  // An underline of a heading is matched backwards.
  [/^[ \t>]*(?:=+|-+)[ \t]*$/gm, 100],
  // Each opens a quote or a list item.
  [/(?:^|(?<=[ \t>]))(?:>|[-*+](?=[ \t\n]|$)|\d{1,9}[.)](?=[ \t\n]|$))/gm, 500],
  [/^[ \t]*#/gm, 500],
  [/\S[ \t]*$/gm, 2_000],
];

/** A part of a text that is read by itself. */
export interface Piece {
  readonly text: string;
  /** Whether it goes on with the paragraph or the list that the piece before it ends in. */
  readonly goesOn: boolean;
  /** Even alone it has too many marks to be read: it is shown without them. */
  readonly isPlain: boolean;
}

/**
 * A text as one piece, or where reading it at once would take too long, in several, cut where nothing is open: between paragraphs, else
 * lines, else words. Linear.
 */
export function piecesOf(text: string): readonly Piece[] {
  if (weightOf(text) <= 1) return [{ text, goesOn: false, isPlain: false }];
  return grouped(paragraphsOf(text)).flatMap((paragraphs) => {
    if (weightOf(paragraphs) <= 1 || FENCE.test(paragraphs))
      return [{ text: paragraphs, goesOn: false, isPlain: false }];
    const parts = grouped(partsOf(paragraphs));
    return parts.map((part, index) => ({ text: part, goesOn: index > 0, isPlain: weightOf(part) > 1 }));
  });
}

/** The text without the marks that are in pairs, the addresses of links after their words. */
export function withoutMarks(text: string): string {
  const gone = new Map<number, readonly [length: number, instead: string]>();
  walk(text, (from, until) => {
    const ends = Math.min(from.mark.length, until.mark.length);
    if (from.mark !== "[") {
      gone.set(from.at + from.mark.length - ends, [ends, ""]).set(until.at, [ends, ""]);
      return;
    }
    const [address] = /^\]\([^()\s]{0,2000}\)/.exec(text.slice(until.at, until.at + 2_010)) ?? [];
    if (address === undefined) return;
    gone.set(from.at, [1, ""]).set(until.at, [address.length, ` (${address.slice(2, -1)})`]);
  });
  let kept = "";
  let at = 0;
  for (const [place, [length, instead]] of [...gone].sort(([a], [b]) => a - b)) {
    if (place < at) continue;
    kept += text.slice(at, place) + instead;
    at = place + length;
  }
  return (kept + text.slice(at)).replace(/^[ \t]{0,3}#{1,6}[ \t]+/gm, "");
}

/** How much of what may be read at once a text is: 1 is all. */
function weightOf(text: string): number {
  return Math.max(...COSTLY.map(([marks, max]) => (text.match(marks)?.length ?? 0) / max));
}

const FENCE = /^ {0,3}(```|~~~)/;

/** Between blank lines, with these. What is indented belongs to what is above it; a piece of code is one, whatever is in it. */
function paragraphsOf(text: string): readonly string[] {
  const paragraphs: string[] = [];
  let fence: string | null = null;
  let isEnded = true;
  for (const line of text.split(/(?<=\n)/)) {
    const mark = FENCE.exec(line)?.[1];
    const begins = fence === null && (mark !== undefined || (isEnded && !/^\s/.test(line)));
    if (begins || paragraphs.length === 0) paragraphs.push(line);
    else paragraphs[paragraphs.length - 1] += line;
    isEnded = fence === null ? line.trim() === "" : mark === fence;
    if (mark !== undefined) fence = fence === null ? mark : mark === fence ? null : fence;
  }
  return paragraphs;
}

/** A paragraph between its lines, and within a line that is too long between words, where no mark is open. */
function partsOf(paragraph: string): readonly string[] {
  const cuts: { readonly at: number; readonly isLine: boolean }[] = [];
  walk(
    paragraph,
    () => {},
    (at) => cuts.push({ at, isLine: paragraph[at] === "\n" }),
  );
  const lines = between(
    paragraph,
    cuts.filter(({ at, isLine }) => isLine && !/\s/.test(paragraph[at + 1] ?? "")).map(({ at }) => at),
  );
  let start = 0;
  return lines.flatMap((line) => {
    const own = cuts.map(({ at }) => at - start).filter((at) => at > 0 && at < line.length - 1);
    start += line.length;
    return weightOf(line) > 1 ? between(line, own) : [line];
  });
}

/** What is cut after each of these places. */
function between(text: string, places: readonly number[]): readonly string[] {
  const bounds = [0, ...places.map((at) => at + 1), text.length];
  return bounds
    .slice(1)
    .map((until, index) => text.slice(bounds[index], until))
    .filter((part) => part !== "");
}

/** Neighbours joined, as far as they may be read at once. */
function grouped(parts: readonly string[]): readonly string[] {
  const groups: string[] = [];
  let weight = Number.POSITIVE_INFINITY;
  for (const part of parts) {
    const own = weightOf(part);
    if (weight + own > 1 || FENCE.test(part)) {
      groups.push(part);
      weight = own;
    } else {
      groups[groups.length - 1] += part;
      weight += own;
    }
    if (FENCE.test(part)) weight = Number.POSITIVE_INFINITY;
  }
  return groups;
}

interface Mark {
  readonly mark: string;
  readonly at: number;
}

const MARK = /\\[^\n]|\*+|_+|`+|[[\]]|\s/g;
/** How far back the partner of a mark is looked for. */
const OPEN_MAX = 8;

/** Goes through a paragraph's marks once: `pair` is called with two that belong together, `free` with blanks where none is open. */
function walk(
  text: string,
  pair: (from: Mark, until: Mark) => void,
  free: (at: number) => void = () => {},
): void {
  const left = new Map<string, number>();
  for (const [mark] of text.matchAll(MARK)) left.set(kindOf(mark), (left.get(kindOf(mark)) ?? 0) + 1);
  const open: Mark[] = [];
  for (const { 0: mark, index: at } of text.matchAll(MARK)) {
    const kind = kindOf(mark);
    const more = (left.get(kind) ?? 0) - 1;
    left.set(kind, more);
    const inCode = open.at(-1)?.mark.startsWith("`") === true && open.at(-1)?.mark !== mark;
    if (mark.trim() === "") {
      if (open.length === 0) free(at);
    } else if (!inCode && !mark.startsWith("\\")) take({ mark, at }, text, open, more > 0, pair);
  }
}

function take(
  mark: Mark,
  text: string,
  open: Mark[],
  hasMore: boolean,
  pair: (from: Mark, until: Mark) => void,
): void {
  const kind = kindOf(mark.mark);
  const [before = " ", after = " "] = [text[mark.at - 1], text[mark.at + mark.mark.length]];
  if (kind === "_" && /\w/.test(before) && /\w/.test(after)) return;
  const closes = kind === "]" || kind.startsWith("`") || (kind !== "[" && !/\s/.test(before));
  let left: Mark | null = mark;
  while (closes && left !== null && left.mark !== "") {
    const opener = kind === "]" ? "[" : kind;
    const place = open.findLastIndex((one) => kindOf(one.mark) === opener);
    if (place < 0 || open.length - place > OPEN_MAX) break;
    const from = open.splice(place)[0] ?? left;
    pair(from, left);
    // Of "***a* b**" each end closes a part of the run.
    const ends = Math.min(from.mark.length, left.mark.length);
    if (from.mark.length > ends) open.push({ mark: from.mark.slice(ends), at: from.at });
    left = { mark: left.mark.slice(ends), at: left.at + ends };
    if (kind === "]" || kind.startsWith("`")) left = null;
  }
  if (left === mark && kind !== "]" && !/\s/.test(after) && (hasMore || kind === "[")) open.push(mark);
}

/** Marks that close one another: runs of stars of any length, code only by as many ticks. */
function kindOf(mark: string): string {
  return mark.startsWith("*") || mark.startsWith("_") ? mark.charAt(0) : mark;
}
