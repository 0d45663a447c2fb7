import type { Cell, Table } from "../core/table.ts";
import { lineText } from "./cell-text.ts";
import { flatLabel } from "./headings.ts";
import { SLACK } from "./slack-limits.ts";

const CELL_CHARS_MAX = 200;
const LABEL_CHARS_MAX = 80;

/** Rows a reader sees before turning the page. */
const PAGE_ROWS = 20;

export interface SlackTable {
  readonly block: Readonly<Record<string, unknown>>;
  readonly rowsShown: number;
  readonly columnsShown: number;
}

/**
 * A table as Slack's own `data_table` (https://docs.slack.dev/reference/block-kit/blocks/data-table-block): readers can sort and
 * filter it, and numbers sort as numbers. Columns and rows that are beyond Slack's limits are left out. Null where there
 * is no row to show. Totals stay outside: they would be sorted among the rows.
 */
export function slackTable(title: string, table: Table, rowsMax: number): SlackTable | null {
  const columns = table.columns.slice(0, SLACK.tableColumnsMax);
  const heading = columns.map((column) => rawText(flatLabel(column), LABEL_CHARS_MAX));
  const rows: Readonly<Record<string, unknown>>[][] = [];
  let chars = lengthOf(heading);
  for (const cells of table.rows.slice(0, Math.min(rowsMax, SLACK.tableRowsMax))) {
    const row = columns.map((_, index) => slackCell(cells[index]));
    chars += lengthOf(row);
    if (chars > SLACK.tableCharsMax) break;
    rows.push(row);
  }
  if (rows.length === 0 || columns.length === 0) return null;
  const block = {
    type: "data_table",
    caption: lineText(title, 200) || "Results",
    page_size: Math.min(rows.length, PAGE_ROWS),
    rows: [heading, ...rows],
  };
  return { block, rowsShown: rows.length, columnsShown: columns.length };
}

function slackCell(cell: Cell | undefined): Readonly<Record<string, unknown>> {
  const text = lineText(cell?.rendered ?? "", CELL_CHARS_MAX);
  if (typeof cell?.value === "number" && Number.isFinite(cell.value) && text !== "")
    return { type: "raw_number", value: cell.value, text };
  return rawText(text, CELL_CHARS_MAX);
}

// Slack refuses a cell without text.
function rawText(text: string, charsMax: number): { type: string; text: string } {
  return { type: "raw_text", text: lineText(text, charsMax) || "–" };
}

function lengthOf(cells: readonly Readonly<Record<string, unknown>>[]): number {
  return cells.reduce((sum, cell) => sum + String(cell.text).length, 0);
}
