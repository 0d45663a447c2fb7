import type { Path, Problem, Range } from "../../core/model/problem.ts";
import { count } from "../../core/rules/quantity.ts";
import { excerptOf, redactedBeginning } from "../../core/rules/redact.ts";
import type { SourceText } from "../files/sources.ts";
import { type Spot, spotAt } from "../yaml/spot.ts";
import { mask, maskLine } from "./mask.ts";
import { type FilePlace, type LocatedProblem, reportOf, TOP_OF_FILE } from "./problem.ts";
import type { Secrets } from "./secrets.ts";

const COLUMNS_MAX = 160;
/** No one reads further, and looking for secrets in more is slow. */
const LINE_CHARACTERS_MAX = 2_000;

export interface LocatorOptions {
  /** In order, each behind the one before. */
  readonly sources: readonly SourceText[];
  readonly root: Spot;
  readonly secrets: Secrets;
}

/** Finds the place of each problem below one root, whose values may be from several files, and shows it without what must not be shown. */
export class Locator {
  private readonly options: LocatorOptions;

  constructor(options: LocatorOptions) {
    this.options = options;
  }

  /** Where the place begins, among all texts that were read. */
  start(problem: Problem): number {
    return this.rangeOf(problem)[0];
  }

  /** Of a problem whose path is one of the file. */
  locate(problem: Problem): LocatedProblem {
    const { path = [], message, advice } = problem;
    return {
      ...this.place(this.rangeOf(problem)),
      path,
      message: this.clean(message),
      advice: advice === null ? null : this.clean(advice),
      report: reportOf(path),
      ...(problem.isNote === true && { isNote: true as const }),
    };
  }

  /** Of a problem whose path is one of a report with every default filled in; at the top of the file where nothing is written there. */
  locateInReport(problem: Problem): LocatedProblem {
    const { path = [] } = problem;
    const { root } = this.options;
    const written = writtenPath(path, root);
    const located = this.locate({ ...problem, path: written });
    const isWritten = spotAt(root, written).depth > 0;
    return { ...located, ...(isWritten ? {} : TOP_OF_FILE), path, report: reportOf(path) };
  }

  private rangeOf({ path = [], range }: Problem): Range {
    const { root } = this.options;
    if (range === undefined || range === "key") return rangeAt(root, path, range ?? "value");
    if (!("text" in range)) return range;
    const [start, end] = rangeAt(root, path, "value");
    const { text, start: offset } = this.sourceOf(start);
    const inside = rangeInside(text, [start - offset, end - offset], range.text, range.range);
    return [inside[0] + offset, inside[1] + offset];
  }

  private sourceOf(offset: number): SourceText {
    const { sources } = this.options;
    const found = sources.findLast(({ start }) => start <= offset) ?? sources[0];
    if (found === undefined) throw new RangeError("nothing was read");
    return found;
  }

  private place(range: Range): FilePlace {
    const { secrets } = this.options;
    const { file, text: whole, lines, start: offset } = this.sourceOf(range[0]);
    const [start, end] = [range[0] - offset, range[1] - offset];
    const { line, col } = lines.linePos(start);
    const lineStart = lines.lineStarts[line - 1] ?? 0;
    const source = whole.slice(lineStart, lines.lineStarts[line] ?? whole.length).trimEnd();
    const place = { file, line: Math.max(line, 1), column: Math.max(col, 1) };
    if (source.length > LINE_CHARACTERS_MAX)
      return { ...place, excerpt: `(a line of ${count(source.length)} characters)\n^` };
    // Masked as a whole before anything is cut off: half a secret would not be known as one.
    const { text, position } = maskLine(source, secrets);
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

  /** A text of ours without anything that must not be shown. */
  private clean(text: string): string {
    return excerptOf(
      redactedBeginning(text, LINE_CHARACTERS_MAX, (whole) => mask(whole, this.options.secrets)),
      LINE_CHARACTERS_MAX,
    );
  }
}

/** The key, or the value behind it: of a list or mapping over several lines, the key again. */
function rangeAt(root: Spot, path: Path, on: "key" | "value"): Range {
  const { spot, depth } = spotAt(root, path);
  const isCollection = spot.written === null && spot.children.size > 0;
  if (spot.key !== null && (on === "key" || isCollection || depth < path.length)) return spot.key;
  return isCollection ? [spot.value[0], spot.value[0] + 1] : spot.value;
}

/**
 * Where in the file some characters of a value are, given where the value is. Of a value over several lines, or with escapes, that is known
 * where the line they are on is written as it reads, and only once; otherwise it is the whole value.
 */
function rangeInside(file: string, value: Range, text: string, [start, end]: Range): Range {
  const lineStart = text.lastIndexOf("\n", start - 1) + 1;
  const nextLine = text.indexOf("\n", start);
  const lineEnd = nextLine < 0 ? text.length : nextLine;
  const line = text.slice(lineStart, lineEnd);
  const written = file.slice(value[0], value[1]);
  const at = line.trim() === "" ? -1 : written.indexOf(line);
  if (at < 0 || written.indexOf(line, at + 1) >= 0) return value;
  const from = value[0] + at + (start - lineStart);
  return [from, Math.max(from + 1, from + Math.min(end, lineEnd) - start)];
}

/** Where the file has what is at `path` of a report with every default filled in. */
function writtenPath(path: Path, root: Spot): Path {
  const [top, name, part, index, ...rest] = path;
  if (top !== "reports" || name === undefined) return path;
  const isOwn = spotAt(root, path.slice(0, 3)).depth === 3;
  if (part === "sections" && index === 0 && !isOwn) return [top, name, ...rest];
  if (part !== "on_failure" || index === undefined) return path;
  const place = isOwn ? [top, name, part] : ["defaults", part];
  const isList = spotAt(root, place).spot.children.has(index);
  return isList ? [...place, index, ...rest] : [...place, ...rest];
}
