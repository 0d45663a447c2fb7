import { createHash } from "node:crypto";
import type { Result } from "../../core/model/result.ts";
import type { Emphasis } from "../../core/model/show.ts";

export interface WorkbookSection {
  readonly title: string;
  readonly result: Result;
  /** What its query was filtered by, in sentences. */
  readonly filters: readonly string[];
  /** Cells that stand out in the message. Absent: none. */
  readonly emphasis?: readonly Emphasis[];
}

/** Sections that one sheet holds: the first of them, and what else shows the same rows. */
export interface SheetSection extends WorkbookSection {
  /** All of them, in their order. */
  readonly sections: readonly WorkbookSection[];
}

/** A query that several sections show, as a figure and as a chart, has one sheet, with what stands out in any of them. */
export function withoutTwins(sections: readonly WorkbookSection[]): readonly SheetSection[] {
  const alike = Map.groupBy(sections, rowsOf);
  return [...alike.values()].flatMap((all) => {
    const [first] = all;
    if (first === undefined) return [];
    if (all.length === 1) return [{ ...first, sections: all }];
    const emphasis = all.flatMap((one, index) => (one.emphasis ?? []).map((each) => ofSection(each, index)));
    return [{ ...first, result: withMarksOf(all, first.result), emphasis, sections: all }];
  });
}

/** Two sections may have given one mark to different cells. */
function markOf(mark: string, index: number): string {
  return `${index + 1} ${mark}`;
}

function ofSection(emphasis: Emphasis, index: number): Emphasis {
  const { when } = emphasis;
  return "mark" in when ? { ...emphasis, when: { ...when, mark: markOf(when.mark, index) } } : emphasis;
}

/** The rows of all these, which are the same but for their marks. */
function withMarksOf(all: readonly WorkbookSection[], result: Result): Result {
  const { table } = result;
  const rows = table.rows.map((row, at) =>
    row.map((cell, column) => {
      const marks = all.flatMap((one, index) =>
        (one.result.table.rows[at]?.[column]?.marks ?? []).map((mark) => markOf(mark, index)),
      );
      return marks.length === 0 ? cell : { ...cell, marks };
    }),
  );
  return { ...result, table: { ...table, rows } };
}

/** The same for sections of one query with the same rows and columns: its address and filters, and what it brought. */
function rowsOf({ result: { url, filters, table, csv } }: WorkbookSection): string {
  const { columns, rows, totals, rowCount } = table;
  const heads = columns.map(({ name, label, pivot }) => [name, label, pivot?.values]);
  const { bytes, sha256 } = csv?.raw ?? {};
  const hash = createHash("sha256").update(
    JSON.stringify([url, filters, heads, rowCount, totals?.map(({ value }) => value), bytes, sha256]),
  );
  // Of a large result the table has the first rows alone, and of each section as many as that shows.
  for (const row of sha256 === undefined ? rows : [])
    hash.update(JSON.stringify(row.map(({ value }) => value)));
  return hash.digest("base64");
}
