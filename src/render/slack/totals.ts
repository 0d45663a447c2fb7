import type { Table } from "../../core/model/table.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { isolatedLine, lineText } from "../words/cell-text.ts";
import { flatLabel } from "../words/headings.ts";
import { isCutAt } from "../words/shown.ts";

const SUBTOTALS_MAX = 20;

/** In a table that readers sort, subtotals would be rows like others. */
export function subtotalsLine(
  { columns, subtotals = [] }: Table,
  rowsShown: number,
  { tables }: Phrases,
): string | null {
  const parts = subtotals
    .filter(({ after }) => after < rowsShown)
    .map(({ cells }) => {
      const of = cells.filter((cell, index) => columns[index]?.kind === "dimension" && cell.rendered !== "");
      const values = cells.flatMap((cell, index) => {
        const column = columns[index];
        return column === undefined || column.kind === "dimension" || cell.rendered === ""
          ? []
          : [`${isolatedLine(lineText(flatLabel(column), 60))} ${isolatedLine(lineText(cell.rendered, 60))}`];
      });
      return `${of.map(({ rendered }) => isolatedLine(lineText(rendered, 60))).join(", ")}: ${values.join(", ")}`;
    });
  if (parts.length === 0) return null;
  const more = parts.length > SUBTOTALS_MAX ? " · …" : "";
  return lineText(tables.subtotals(`${parts.slice(0, SUBTOTALS_MAX).join(" · ")}${more}`), 1_500);
}

/** Totals, which a table that readers sort has no row for. */
export function totalsLine(table: Table, rowsShown: number, { tables }: Phrases): string | null {
  if (table.totals === undefined) return null;
  const parts = table.totals.flatMap((cell, index) => {
    const column = table.columns[index];
    return column === undefined || cell.rendered === "" || !column.isNumeric
      ? []
      : [`${isolatedLine(lineText(flatLabel(column), 60))} ${isolatedLine(lineText(cell.rendered, 60))}`];
  });
  return parts.length === 0
    ? null
    : lineText(tables.totals(isCutAt(rowsShown, table), parts.join(" · ")), 600);
}
