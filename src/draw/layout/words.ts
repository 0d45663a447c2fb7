/** How wide a text is, in CSS pixels, at the size of all letters of a chart. */
export type Ruler = (words: string, isBold?: boolean) => number;

/** Where a line may end: after a space or a hyphen, and between the letters of scripts without spaces. */
const PIECES =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\u30fc\u3001\u3002]|\s+|[^\s\-/–—\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}]+[-/–—]*|[-/–—]+/gu;

/** Whole on as few lines as it needs, as even as they can be; null where it needs more than `linesMax`. */
export function wrapped(
  words: string,
  widthMax: number,
  ruler: Ruler,
  { linesMax = 2, isBold = false }: { readonly linesMax?: number; readonly isBold?: boolean } = {},
): readonly string[] | null {
  if (ruler(words, isBold) <= widthMax) return [words];
  const pieces = words.match(PIECES) ?? [];
  const whole = filled(pieces, widthMax, ruler, isBold);
  if (whole === null || whole.length > linesMax) return null;
  // The narrowest that takes no more lines.
  let even = whole;
  for (let width = widthMax - 4; width > 0; width -= 4) {
    const narrower = filled(pieces, width, ruler, isBold);
    if (narrower === null || narrower.length > whole.length) break;
    even = narrower;
  }
  return even;
}

/** Line by line; null where a piece is wider than a line. */
function filled(
  pieces: readonly string[],
  width: number,
  ruler: Ruler,
  isBold: boolean,
): readonly string[] | null {
  const rows: string[] = [""];
  for (const piece of pieces) {
    const longer = `${rows.at(-1) ?? ""}${piece}`;
    if (ruler(longer.trim(), isBold) <= width) rows[rows.length - 1] = longer;
    else if (ruler(piece.trim(), isBold) <= width) rows.push(piece);
    else return null;
  }
  return rows.map((row) => row.trim()).filter((row) => row !== "");
}

export interface Space {
  readonly width: number;
  readonly isBold?: boolean;
  /** Whether there is room for a second line. */
  readonly isDouble: boolean;
}

/** Texts in a space each: whole if they fit, else cut, and never so that two different ones look alike. */
export function fitted(
  all: readonly string[],
  { width, isBold = false, isDouble }: Space,
  ruler: Ruler,
): readonly (readonly string[])[] {
  const cut = (words: string, tail: number): readonly string[] => {
    const whole = isDouble ? wrapped(words, width, ruler, { isBold }) : null;
    if (whole !== null) return whole;
    if (ruler(words, isBold) <= width) return [words];
    return isDouble
      ? cutInTwo(words, width, ruler, isBold, tail)
      : [cutTo(words, width, ruler, isBold, tail)];
  };
  const tails = all.map(() => 0);
  for (const tail of TAILS) {
    const shown = all.map((words, index) => cut(words, tails[index] ?? 0));
    const alike = clashing(all, shown);
    if (alike.size === 0) return shown;
    for (const index of alike) tails[index] = tail;
  }
  return all.map((words, index) => cut(words, tails[index] ?? 0));
}

/** How many of its last letters a text keeps that would look like another without them. */
const TAILS = [4, 8, 12, 16, 24];

/** Places of texts that are shown as another one is. */
function clashing(all: readonly string[], shown: readonly (readonly string[])[]): Set<number> {
  const first = new Map<string, number>();
  const clash = new Set<number>();
  shown.forEach((rows, index) => {
    const key = rows.join("\n");
    const other = first.get(key);
    if (other === undefined) first.set(key, index);
    else if (all[other] !== all[index]) clash.add(other).add(index);
  });
  return clash;
}

/** Letters of a word that is kept whole. */
const WORD_MAX = 10;

/** The start of a text, an ellipsis, and so many of its last letters, with the whole of a word that is not long. */
function cutTo(words: string, width: number, ruler: Ruler, isBold: boolean, least: number): string {
  const letters = [...words];
  const word = least === 0 ? 0 : letters.slice(0, -least).toReversed().indexOf(" ");
  const tail = word > 0 && word <= WORD_MAX ? least + word : least;
  const end = tail === 0 ? "" : letters.slice(-tail).join("").trimStart();
  const shown = (kept: number) => `${letters.slice(0, kept).join("").trimEnd()}…${end}`;
  let [low, high] = [0, Math.max(0, letters.length - tail)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (ruler(shown(middle), isBold) <= width) low = middle;
    else high = middle - 1;
  }
  return shown(low);
}

function cutInTwo(
  words: string,
  width: number,
  ruler: Ruler,
  isBold: boolean,
  tail: number,
): readonly string[] {
  const pieces = words.match(PIECES) ?? [];
  let at = pieces.length - 1;
  while (at > 0 && ruler(pieces.slice(0, at).join("").trim(), isBold) > width) at -= 1;
  if (at === 0) return [cutTo(words, width, ruler, isBold, tail)];
  const rest = pieces.slice(at).join("").trim();
  const second = ruler(rest, isBold) <= width ? rest : cutTo(rest, width, ruler, isBold, tail);
  return [pieces.slice(0, at).join("").trim(), second];
}

export function widest(rows: readonly string[], ruler: Ruler, isBold = false): number {
  return rows.reduce((most, words) => Math.max(most, ruler(words, isBold)), 0);
}
