/** What would break a line, turn it round, or is no letter at all: controls, marks of direction, halves of letters. */
const UNFIT = /[\p{Cc}\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+/gu;

/** Words fit for a label: on one line, and at most `lettersMax` letters. */
export function oneLine(words: string, lettersMax: number): string {
  // Long before that no letter is shown any more: a cell may have 40,000.
  const line = words
    .slice(0, lettersMax * 8)
    .toWellFormed()
    .replace(UNFIT, " ")
    .replace(/\s+/g, " ")
    .trim();
  const letters = [...line];
  return letters.length > lettersMax ? `${letters.slice(0, lettersMax - 1).join("")}…` : line;
}
