import type { Result } from "../../core/model/result.ts";
import type { Cell, Column, Table } from "../../core/model/table.ts";
import { displayWidth } from "../text/display-width.ts";
import { fileHeadings, type HeadingStyle } from "../words/headings.ts";
import { excelFormat, formatAsRendered, serialDate } from "./number-format.ts";

/** What the cells of a column hold; a cell that does not fit is text. */
export type ColumnKind = "number" | "date" | "boolean" | "text";

export interface SheetColumn {
  readonly heading: string;
  readonly kind: ColumnKind;
  /** Of its numbers; null: General. */
  readonly format: string | null;
  /** In characters of the standard font. */
  readonly width: number;
  /** Lines that its heading takes at that width. */
  readonly headLines: number;
}

const HEAD_ROWS_MAX = 200;
const WIDTH_MIN = 9;
const WIDTH_MAX = 60;
/** Room for the filter's button. */
const BUTTON_CHARS = 5;
/** Longer headings are wrapped. */
const HEAD_LINE_MAX = 18;
/** Words do not fill their lines. */
const HEAD_SLACK = 4;
const HEAD_CHARS_MAX = 300;
const HEAD_LINES_MAX = 5;

/** The columns of a result, from what is known of its fields and what its first rows show. */
export function sheetColumns(result: Result, style: HeadingStyle): readonly SheetColumn[] {
  const { table } = result;
  return fileHeadings(result, style).map((heading, index) => {
    const column = table.columns[index];
    const cells = headOf(table, index);
    const kind = kindOf(column, cells);
    const format =
      kind !== "number"
        ? null
        : column?.valueFormat == null
          ? formatAsRendered(cells)
          : excelFormat(column.valueFormat);
    const width = widthOf(heading, cells, table.totals?.[index]);
    return { heading, kind, format, width, headLines: linesOf(heading, width - BUTTON_CHARS) };
  });
}

function headOf({ rows }: Table, index: number): Cell[] {
  return rows.slice(0, HEAD_ROWS_MAX).flatMap((row) => row[index] ?? []);
}

function kindOf(column: Column | undefined, cells: readonly Cell[]): ColumnKind {
  if (column === undefined) return "text";
  const { type, isNumeric } = column;
  if (type === "yesno") return "boolean";
  // An hour of the day or a week of the year has a date type, but is a number.
  if (isNumeric) return "number";
  if (type !== null && /^(date|time)(_|$)/.test(type)) return "date";
  return type === null && looksLikeDates(cells) ? "date" : "text";
}

/** If nothing says what a column holds: all values are dates with a day. A month alone may be a code. */
function looksLikeDates(cells: readonly Cell[]): boolean {
  const present = cells.flatMap(({ value }) => (value === null || value === "" ? [] : [String(value)]));
  return present.length > 0 && present.every((text) => text.length >= 10 && serialDate(text) !== null);
}

/** Of a heading: on one line if it is short, else on two. */
function headWidth(heading: string): number {
  const whole = displayWidth(heading.slice(0, 2 * WIDTH_MAX));
  if (whole <= HEAD_LINE_MAX) return whole;
  const longest = Math.max(
    ...heading
      .slice(0, 2 * WIDTH_MAX)
      .split(/\s+/)
      .map(displayWidth),
  );
  return Math.max(HEAD_LINE_MAX, longest, Math.ceil(whole / 2) + HEAD_SLACK);
}

/** How many lines of that width its words take. */
function linesOf(heading: string, width: number): number {
  let lines = 1;
  let used = 0;
  for (const word of heading.slice(0, HEAD_CHARS_MAX).split(/\s+/)) {
    const long = displayWidth(word);
    if (used > 0 && used + 1 + long > width) {
      lines += 1;
      used = 0;
    }
    used += (used > 0 ? 1 : 0) + long;
    lines += Math.floor(Math.max(0, used - 1) / Math.max(1, width));
    used = used > width ? used % Math.max(1, width) : used;
  }
  return Math.min(HEAD_LINES_MAX, lines);
}

function widthOf(heading: string, cells: readonly Cell[], total: Cell | undefined): number {
  let width = headWidth(heading) + BUTTON_CHARS;
  for (const { rendered } of total === undefined ? cells : [...cells, total]) {
    if (width >= WIDTH_MAX) return WIDTH_MAX;
    const [line = ""] = rendered.slice(0, WIDTH_MAX).split("\n", 1);
    width = Math.max(width, displayWidth(line) + 2);
  }
  return Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, width));
}
