import type { Cell, Subtotal, Table } from "../../core/model/table.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { subtotalsAfter } from "../words/shown.ts";

/** A line of subtotals, and how far it is set in: 0 is the outermost. */
export interface OutlineRow {
  readonly cells: readonly Cell[];
  readonly level: number;
}

/** A table's lines of subtotals below the rows that they total, and how far the rows are set in. */
export interface Outline {
  readonly after: ReadonlyMap<number, readonly OutlineRow[]>;
  readonly rowLevel: number;
}

/** Of rows (ECMA-376, 18.3.1.73). */
const LEVELS_MAX = 7;

/** Null of a table without subtotals. */
export function outlineOf(table: Table, phrases: Phrases): Outline | null {
  const { subtotals = [] } = table;
  if (subtotals.length === 0) return null;
  const depths = [...new Set(subtotals.map((one) => depthOf(one, table)))].sort((a, b) => a - b);
  const levelOf = (one: Subtotal | undefined) =>
    Math.min(LEVELS_MAX - 1, one === undefined ? 0 : depths.indexOf(depthOf(one, table)));
  const own = Map.groupBy(subtotals, ({ after }) => after);
  const after = [...subtotalsAfter(table, phrases)].map(([at, lines]) => {
    const rows = lines.map((cells, index) => ({ cells, level: levelOf(own.get(at)?.[index]) }));
    return [at, rows] as const;
  });
  return { after: new Map(after), rowLevel: Math.min(LEVELS_MAX, depths.length) };
}

/** How many dimensions its rows share. */
function depthOf({ cells }: Subtotal, { columns }: Table): number {
  return cells.filter(({ value }, index) => columns[index]?.kind === "dimension" && value !== null).length;
}
