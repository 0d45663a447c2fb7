import { ReportError } from "../../core/error.ts";
import type { Cell } from "../../core/model/table.ts";
import type { SourceContext } from "../../core/ports/adapter.ts";
import type { CsvForm } from "../../core/ports/csv-on-the-way.ts";
import type { Looker } from "../http/client.ts";
import type { ReceivedCsv } from "../result/receive-csv.ts";
import { createQuery, overridden } from "./body.ts";
import type { Content } from "./content.ts";
import { DETAIL_ROWS_MAX, runDetailed } from "./run-detailed.ts";

type Head = ReceivedCsv["head"];

/**
 * The first rows of a large result in the form that its file is not in, by a query of that many rows: json_detail has both the value and
 * what Looker shows of it. Null where it does not bring the very rows of the file: a limit changes what table calculations add up, and
 * rows in no order may be others.
 */
export async function shownRows(
  looker: Looker,
  content: Content,
  { form, whole }: { readonly form: CsvForm; readonly whole: Pick<ReceivedCsv, "head" | "rowCount"> },
  context: SourceContext,
): Promise<Head | null> {
  // One more than is shown: where that is one there is more of it.
  const limit = context.headRowsMax + 1;
  if (limit > DETAIL_ROWS_MAX || whole.head.length === 0) return null;
  const body = overridden(content.query.body, {}, limit);
  const inTurn = { ...context, prefix: `${context.prefix}shown-`, progress: () => undefined };
  const first = await createQuery(looker, body, context.signal)
    .then((query) => runDetailed(looker, { ...content, query, lookId: null }, {}, inTurn))
    .catch((error: unknown) => {
      // What can be had without it is not to fail for it.
      if (context.signal.aborted || !(error instanceof ReportError)) throw error;
      return null;
    });
  if (first === null) return null;
  const { table } = first;
  const isWhole = table.rows.length >= Math.min(whole.rowCount, limit);
  const isSame = isWhole && whole.head.every((row, at) => isRow(row, table.rows[at] ?? [], form));
  if (!isSame) return null;
  const shown = form === "raw" ? ({ rendered }: Cell) => rendered : rawText;
  return table.rows.slice(0, whole.head.length).map((row) => row.map(shown));
}

/** Whether these are the cells of the same row. */
function isRow(row: readonly string[], cells: readonly Cell[], form: CsvForm): boolean {
  if (row.length !== cells.length) return false;
  return cells.every((cell, at) => {
    const text = row[at] ?? "";
    if (form === "formatted") return text === cell.rendered;
    return text === rawText(cell) || (typeof cell.value === "number" && Number(text) === cell.value);
  });
}

function rawText({ value }: Cell): string {
  return value === null ? "" : String(value);
}
