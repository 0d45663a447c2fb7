import { withoutEnd } from "../../core/rules/trimmed.ts";

const NAME_CHARS_MAX = 31;
/** What is read of a title for a name of at most 31 characters. */
const TITLE_CHARS_MAX = 1_000;
/** A name of fewer characters says too little: rather a word is cut. */
const KEPT_CHARS_MIN = 12;

/**
 * Names of sheets as Excel takes them: 31 characters, none of []:*?/\, no ' at either end, not History, each unique in any case. Longer
 * titles are shortened between words; `titles` are all that will come: where several begin alike, their ends are kept too.
 */
export function sheetNames(titles: readonly string[] = [], noTitle = "Sheet"): (title: string) => string {
  const taken = new Set<string>([folded("History")]);
  const beginnings = new Map<string, Set<string>>();
  for (const title of titles.map(tidy)) {
    const beginning = folded(clipped(title, ""));
    beginnings.set(beginning, (beginnings.get(beginning) ?? new Set()).add(title));
  }
  return (title) => {
    const wanted = tidy(title) || noTitle;
    const isAlike = (beginnings.get(folded(clipped(wanted, "")))?.size ?? 0) > 1;
    const first = (isAlike ? withEnd(wanted) : null) ?? clipped(wanted, "");
    let name = first;
    for (let number = 2; taken.has(folded(name)); number += 1) name = clipped(wanted, ` (${number})`);
    taken.add(folded(name));
    return name;
  };
}

/** Rather too much alike than too little: Excel repairs a workbook of two names that it takes for one. */
function folded(name: string): string {
  return name.normalize("NFKC").toUpperCase();
}

function tidy(title: string): string {
  const plain = title
    .slice(0, TITLE_CHARS_MAX)
    .toWellFormed()
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufffe\uffff]/gu, " ")
    .replace(/[[\]:*?/\\]+/g, "-")
    .replace(/\s+/g, " ")
    .replace(/^[' ]+/, "");
  return withoutEnd(plain, "' ");
}

/** "Average delay by carrier and…": whole words where they leave enough. */
function clipped(name: string, suffix: string): string {
  const room = NAME_CHARS_MAX - suffix.length;
  if (name.length <= room) return `${name}${suffix}`;
  const kept = wordsIn(name, room - 1);
  // One letter with a hundred combining marks is longer than a name may be.
  return kept === "" ? `Sheet${suffix}` : `${kept}…${suffix}`;
}

/** "Average delay… by airport", for a title that another begins like; null where its last words do not fit. */
function withEnd(name: string): string | null {
  const words = name.split(" ");
  let end = "";
  while (words.length > 1) {
    const longer = [words.at(-1), end].filter((part) => part !== "").join(" ");
    if (longer.length > NAME_CHARS_MAX - KEPT_CHARS_MIN - 2) break;
    end = longer;
    words.pop();
  }
  const beginning = wordsIn(words.join(" "), NAME_CHARS_MAX - 2 - end.length);
  return end === "" || beginning === "" ? null : `${beginning}… ${end}`;
}

/** As many whole words as there is room for, or else whole letters. */
function wordsIn(text: string, room: number): string {
  let kept = "";
  let between = 0;
  for (const { segment } of new Intl.Segmenter("en").segment(text)) {
    if (kept.length + segment.length > room) break;
    if (segment === " ") between = kept.length;
    kept += segment;
  }
  const isWhole = kept.length === text.length || text[kept.length] === " ";
  const whole = isWhole || between < Math.min(KEPT_CHARS_MIN, room / 2) ? kept : kept.slice(0, between);
  return withoutEnd(whole, "' ,;-–—&");
}
