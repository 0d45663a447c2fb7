import type { Path, Problem } from "../../core/model/problem.ts";
import { plainLine, plainly, plainText } from "../../core/rules/plain-text.ts";

/** A place in the file. Lines and columns count from 1; columns in UTF-16 units, as editors do. */
export interface FilePlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The line as it is written, secrets hidden, and a second line with a caret below the place. */
  readonly excerpt: string;
}

export interface LocatedProblem extends FilePlace {
  readonly path: Path;
  /** What is wrong. */
  readonly message: string;
  /** What to do about it. */
  readonly advice: string | null;
  /** The report it concerns; null for the rest of the file. */
  readonly report: string | null;
  /** It is worth knowing, and nothing is wrong. */
  readonly isNote?: true;
}

/**
 * As compilers do: `file:line:column: where: what`, the line with a caret, the advice; in the order of the file, a count at
 * the end. "" without problems.
 */
export function formatProblems(
  problems: readonly LocatedProblem[],
  { color }: { readonly color: boolean },
): string {
  if (problems.length === 0) return "";
  const found = problems.filter(({ isNote }) => isNote !== true);
  const paint = (code: number, text: string) => (color ? `\u001b[${code}m${text}\u001b[0m` : text);
  const blocks = inOrder(problems).map((one) => {
    const problem = { ...one, ...plainly({ file: one.file, message: one.message, advice: one.advice }) };
    const place = paint(1, `${problem.file}:${problem.line}:${problem.column}:`);
    const where = whereOf(problem);
    const gutter = String(problem.line).length;
    const [source = "", caret = ""] = plainText(problem.excerpt.replaceAll("\t", " "), "\ufffd").split("\n");
    const [note, red] = problem.isNote === true ? ["note: ", 0] : ["", 31];
    return [
      `${place} ${note}${where === "" ? "" : `${where}: `}${paint(red, problem.message)}`,
      `  ${paint(2, `${problem.line} |`)} ${source}`,
      `  ${paint(2, `${" ".repeat(gutter)} |`)} ${paint(red, caret)}`,
      ...(problem.advice === null ? [] : [`  ${problem.advice}`]),
    ].join("\n");
  });
  const end = found.length === 0 ? "" : `\n${countOf(found)}\n`;
  return `${blocks.join("\n\n")}\n${end}`;
}

/** File by file, in the order in which the files first come. */
export function inOrder<P extends FilePlace>(problems: readonly P[]): P[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return problems.toSorted(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  );
}

/** A mistake behind an anchor is found once for each alias, one in `defaults` once for each report that uses it. */
export function distinct(problems: readonly LocatedProblem[]): LocatedProblem[] {
  const seen = new Set<string>();
  return problems.filter(({ file, line, column, message }) => {
    const name = `${file}:${line}:${column} ${message}`;
    return !seen.has(name) && seen.add(name);
  });
}

/** The place of what is not written in the file. */
export const TOP_OF_FILE = { line: 1, column: 1, excerpt: "" } as const;

/** For a configuration that has left the text of its file behind. */
export function unlocated({ path = [], message, advice }: Problem, file: string): LocatedProblem {
  return { file, ...TOP_OF_FILE, path, message, advice, report: reportOf(path) };
}

/** The report that a path of the file leads into. */
export function reportOf([top, name]: Path): string | null {
  return top === "reports" && typeof name === "string" ? name : null;
}

/** 'report "weekly", section 2' */
function whereOf({ report, path }: LocatedProblem): string {
  if (report === null) return "";
  const [, , part, index] = path;
  const inner =
    typeof index !== "number"
      ? ""
      : part === "sections"
        ? `, section ${index + 1}`
        : part === "deliver"
          ? `, delivery ${index + 1}`
          : part === "on_failure"
            ? `, on_failure ${index + 1}`
            : "";
  return `report "${plainLine(report)}"${inner}`;
}

function countOf(problems: readonly LocatedProblem[]): string {
  const reports = new Set(problems.flatMap(({ report }) => report ?? [])).size;
  const found = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  if (reports === 0) return `${found}.`;
  return `${found}, in ${reports === 1 ? "1 report" : `${reports} reports`}${problems.some(({ report }) => report === null) ? " and outside the reports" : ""}.`;
}
