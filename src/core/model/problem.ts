import type { ReportError } from "../error.ts";

/** Keys and list positions, from the top of reports.yaml or from an adapter's own word in it, down to a value. */
export type Path = readonly (string | number)[];

/** From the first character to the one behind the last. */
export type Range = readonly [start: number, end: number];

/** Something that a person should mend. Where it is in the file is looked up once, at the end: config/problems/locate.ts. */
export interface Problem {
  /** What is wrong. */
  readonly message: string;
  /** What to do about it; null: the message says it all. */
  readonly advice: string | null;
  /** Where the value at fault is, below what was looked at. Absent: it is that itself. */
  readonly path?: Path | undefined;
  /** It is worth knowing, and nothing is wrong. */
  readonly isNote?: true;
  /**
   * Which characters there it is about: "key": its key; a range: offsets in the file; a text with a range: those of the value, as it
   * reads once references are filled in. Absent: the whole value.
   */
  readonly range?: "key" | Range | { readonly text: string; readonly range: Range } | undefined;
}

export function problemAt(
  path: Path,
  message: string,
  advice: string | null,
  range?: Problem["range"],
): Problem {
  return { path, message, advice, range };
}

/** Why something could not be looked at is a problem like any other. */
export function problemOf({ message, advice }: ReportError, path: Path = []): Problem {
  return { message, advice, path };
}

/** The same problem, told from further up: `base` leads to where its path begins. */
export function below(base: Path, problem: Problem): Problem {
  return { ...problem, path: [...base, ...(problem.path ?? [])] };
}
