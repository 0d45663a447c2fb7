import type { LineCounter } from "yaml";
import { count } from "../../core/rules/quantity.ts";
import { type Range, type Spot, spotAt } from "../yaml/spot.ts";
import type { Path } from "./fault.ts";
import { rangeInside } from "./inside.ts";
import { mask, maskLine } from "./mask.ts";
import type { Place } from "./problem.ts";
import type { Secrets } from "./secrets.ts";

const COLUMNS_MAX = 160;
/** Nobody reads further, and looking for secrets in more is slow. */
const LINE_CHARACTERS_MAX = 2_000;

/** Shows places of one file, never what must not be shown. */
export class Excerpts {
  private readonly file: string;
  private readonly text: string;
  private readonly lines: LineCounter;
  private readonly secrets: Secrets;

  constructor(file: string, text: string, lines: LineCounter, secrets: Secrets) {
    this.file = file;
    this.text = text;
    this.lines = lines;
    this.secrets = secrets;
  }

  place([start, end]: Range): Place {
    const { line, col } = this.lines.linePos(start);
    const lineStart = this.lines.lineStarts[line - 1] ?? 0;
    const source = this.text.slice(lineStart, this.lines.lineStarts[line] ?? this.text.length).trimEnd();
    const place = { file: this.file, line: Math.max(line, 1), column: Math.max(col, 1) };
    if (source.length > LINE_CHARACTERS_MAX)
      return { ...place, excerpt: `(a line of ${count(source.length)} characters)\n^` };
    // Masked as a whole before anything is cut off: half a secret would not be known as one.
    const { text, position } = maskLine(source, this.secrets);
    const index = place.column - 1;
    const first = position(index);
    const last = position(Math.min(source.length, index + Math.max(1, end - start)));
    const from = first + 40 > COLUMNS_MAX ? first - 40 : 0;
    const indent = text
      .slice(from, first)
      .padEnd(first - from)
      .replaceAll(/[^\t]/g, " ");
    const width = Math.max(1, Math.min(last - first, COLUMNS_MAX - indent.length));
    return { ...place, excerpt: `${text.slice(from, from + COLUMNS_MAX)}\n${indent}${"^".repeat(width)}` };
  }

  /** Of some characters of the text that stands at `value`. */
  placeInside(value: Range, text: string, range: Range): Place {
    return this.place(rangeInside(this.text, value, text, range));
  }

  /** A message without anything that must not be shown. */
  clean(text: string): string {
    return mask(text.slice(0, LINE_CHARACTERS_MAX), this.secrets);
  }
}

/** The key, or what stands behind it: of a list or mapping over several lines, the key again. */
export function rangeAt(root: Spot, path: Path, on: "key" | "value"): Range {
  const { spot, depth } = spotAt(root, path);
  const isCollection = spot.written === null && spot.children.size > 0;
  if (spot.key !== null && (on === "key" || isCollection || depth < path.length)) return spot.key;
  return isCollection ? [spot.value[0], spot.value[0] + 1] : spot.value;
}
