import { distance } from "fastest-levenshtein";

/** No name is longer, and comparing takes a time that grows with the product of both lengths. */
const WORD_CHARS_MAX = 200;

/**
 * The known names that a person may have meant by `word`, best first, at most `count`: those within a third of its
 * length in edits, then those that hold it as a part ("delay" for "flights.average_delay"), unless one is a single edit away.
 */
export function nearest(word: string, known: readonly string[], count = 3): string[] {
  if (word.length > WORD_CHARS_MAX) return [];
  const meant = word.toLowerCase();
  const editsMax = Math.max(2, Math.floor(word.length / 3));
  const near = known
    .map((name) => ({ name, ...scored(meant, name.toLowerCase()) }))
    .filter(({ score }) => score <= editsMax)
    .sort((a, b) => a.score - b.score || a.name.localeCompare(b.name));
  // The same but for capitals.
  if (near[0]?.edits === 0) return near.slice(0, 1).map(({ name }) => name);
  const isClear = (near[0]?.edits ?? editsMax) <= 1;
  return near
    .filter(({ edits }) => !isClear || edits <= editsMax)
    .slice(0, count)
    .map((candidate) => candidate.name);
}

function scored(meant: string, name: string): { readonly edits: number; readonly score: number } {
  const edits = distance(meant, name);
  const shorter = Math.min(meant.length, name.length);
  const holds = shorter >= 3 && (name.includes(meant) || meant.includes(name));
  return { edits, score: holds ? Math.min(edits, 2) : edits };
}

/** Whether one word may be the other misspelt: a third of it in edits, or one holds the other. */
export function isNear(word: string, other: string): boolean {
  const [one, two] = [word.toLowerCase(), other.toLowerCase()];
  const isPart = Math.min(one.length, two.length) >= 3 && (one.includes(two) || two.includes(one));
  return isPart || distance(one, two) <= Math.max(1, Math.floor(one.length / 3));
}

/** ` Did you mean "a" or "b"?`, or "" when nothing is near. */
export function didYouMean(word: string, known: readonly string[]): string {
  const names = nearest(word, known).map((name) => `"${name}"`);
  return names.length === 0 ? "" : ` Did you mean ${names.join(" or ")}?`;
}
