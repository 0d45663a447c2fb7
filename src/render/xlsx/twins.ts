import { createHash } from "node:crypto";
import type { Result } from "../../core/model/result.ts";
import type { Emphasis } from "../../core/model/show.ts";

export interface WorkbookSection {
  readonly title: string;
  readonly result: Result;
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
    return [{ ...first, emphasis: all.flatMap(({ emphasis = [] }) => emphasis), sections: all }];
  });
}

/** The same for sections of one query with the same rows and columns: its address and filters, and what it brought. */
function rowsOf({ result: { url, filters, table, csv } }: WorkbookSection): string {
  const { columns, rows, totals, rowCount } = table;
  const heads = columns.map(({ name, label, pivot }) => [name, label, pivot?.values]);
  const hash = createHash("sha256").update(
    JSON.stringify([url, filters, heads, rowCount, totals?.map(({ value }) => value), csv?.raw?.bytes]),
  );
  // Of a large result these are the first; where they, their number and the file's size agree, so does the rest.
  for (const row of rows) hash.update(JSON.stringify(row.map(({ value }) => value)));
  return hash.digest("base64");
}
