import type { Emphasis } from "../../core/model/show.ts";
import type { Column, Table } from "../../core/model/table.ts";
import { readDate } from "../../core/rules/dates/date-value.ts";

interface Latest {
  readonly table: Table;
  readonly emphasis: readonly Emphasis[];
}

/**
 * The table with at most `columnsMax` columns, of a pivot over time that goes from old to new: what stands outside the pivot, row totals, and the
 * latest periods. Null for any other: then the first columns are the ones to keep.
 */
export function withLatest(table: Table, emphasis: readonly Emphasis[], columnsMax: number): Latest | null {
  const { columns } = table;
  const periods = columns.flatMap((column, index) => (isPeriod(column) ? [index] : []));
  const from = dateOf(columns[periods[0] ?? -1]);
  const until = dateOf(columns[periods.at(-1) ?? -1]);
  if (from === null || until === null || from >= until) return null;
  const room = columnsMax - (columns.length - periods.length);
  if (room < 1) return null;
  const kept = new Set(periods.slice(-room));
  const places = columns.flatMap((column, index) => (!isPeriod(column) || kept.has(index) ? [index] : []));
  const pick = <T>(all: readonly T[]) => places.flatMap((place) => all[place] ?? []);
  return {
    table: {
      ...table,
      columns: pick(columns),
      rows: table.rows.map(pick),
      ...(table.totals !== undefined && { totals: pick(table.totals) }),
      ...(table.subtotals !== undefined && {
        subtotals: table.subtotals.map((one) => ({ ...one, cells: pick(one.cells) })),
      }),
    },
    emphasis: emphasis.flatMap((one) => {
      const column = places.indexOf(one.column);
      return column < 0 ? [] : [{ ...one, column }];
    }),
  };
}

function isPeriod({ pivot }: Column): boolean {
  return pivot !== undefined && !pivot.isRowTotal;
}

/** Of the outermost pivot, as text that sorts. */
function dateOf(column: Column | undefined): string | null {
  return readDate(column?.pivot?.values[0] ?? null, null)?.iso ?? null;
}
