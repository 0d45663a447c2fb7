import { type Path, type Problem, problemAt } from "../../core/model/problem.ts";

export const NO_BREAK_SPACE = "\u00a0";

/** One that stands where YAML wants a space: in the text at `path`, or with `text` alone in its key. */
export function noBreakSpace(path: Path, text: string | null = null, index = 0): Problem {
  const message = "there is a no-break space (U+00A0) here: it looks like a space, and is a letter to YAML";
  // Of a value that is folded from several lines, what comes after has no place of its own.
  const range =
    text === null ? "key" : ({ text: text.slice(0, index + 1), range: [index, index + 1] } as const);
  return problemAt(path, message, "Write an ordinary space in its place.", range);
}
