import type { Emphasis } from "../../core/model/show.ts";
import type { Cell, Table } from "../../core/model/table.ts";
import { emphasisText, standsOut } from "../../core/rules/presentation/emphasis.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { textTable } from "../text/table.ts";
import { isolatedLine, lineText, safeHref } from "../words/cell-text.ts";
import { flatLabel } from "../words/headings.ts";
import { withLatest } from "../words/latest-columns.ts";
import { type Block, link, preformatted, richText } from "./block.ts";
import { SLACK, textLength } from "./limits.ts";
import { blockProblems } from "./problems/post.ts";

const CELL_CHARS_MAX = 200;
const LABEL_CHARS_MAX = 80;
const URL_CHARS_MAX = 500;

/** Rows on one page, which readers turn: a post should leave the channel in sight. */
const PAGE_ROWS = 10;

/** Lines of fixed-width text in Slack's narrow column, and how many of them before a reader scrolls past. */
const TEXT_WIDTH_MAX = 76;
const TEXT_ROWS_MAX = 15;
const TEXT_CHARS_MAX = 2_800;

/** How a table may be shown, the best first. */
export type TableKind = "data_table" | "table" | "text";

export interface SlackTable {
  readonly block: Block;
  readonly kind: TableKind;
  readonly rowsShown: number;
  readonly columnsShown: number;
  /** Of a pivot over time that had to be cut, the latest periods are shown. */
  readonly isLatest: boolean;
}

interface TableOrder {
  readonly title: string;
  readonly table: Table;
  readonly rowsMax: number;
  readonly emphasis: readonly Emphasis[];
  /** Of all cells together, in addition to Slack's own limits. */
  readonly charsMax: number;
  readonly phrases: Phrases;
}

/**
 * The first of Slack's own tables that is within its limits, from `best` downwards; otherwise fixed-width text. Null if there is
 * no row to show.
 */
export function slackTable(order: TableOrder, best: TableKind): SlackTable | null {
  const makers = MAKERS.slice(MAKERS.findIndex(([kind]) => kind === best));
  for (const [, make] of makers) {
    const made = latestColumns(order, make) ?? make(order);
    if (made !== null && blockProblems("", made.block).length === 0) return { isLatest: false, ...made };
  }
  return null;
}

type Maker = (order: TableOrder) => Omit<SlackTable, "isLatest"> | null;

const MAKERS: readonly (readonly [TableKind, Maker])[] = [
  ["data_table", dataTable],
  ["table", plainTable],
  ["text", fixedWidth],
];

/** A table that is cut, made again of fewer columns; null where it is not cut, or has no time that its columns follow. */
function latestColumns(order: TableOrder, make: Maker): SlackTable | null {
  const whole = make(order);
  let room = whole?.columnsShown ?? 0;
  // Other columns may be wider: it takes fewer of them then.
  for (; room > 1 && room < order.table.columns.length; room -= 1) {
    const latest = withLatest(order.table, order.emphasis, room);
    if (latest === null) return null;
    const made = make({ ...order, ...latest });
    if (made !== null && made.columnsShown === latest.table.columns.length)
      return { ...made, isLatest: true };
  }
  return null;
}

/** What the marks in a table mean: "● Cancelled rate > 0.05". */
export function emphasisKey(
  { table, emphasis }: Pick<TableOrder, "table" | "emphasis">,
  kind: TableKind,
): string | null {
  const meant = emphasis.flatMap((one) => {
    const named = table.columns[one.column];
    return named === undefined ? [] : [`${lineText(flatLabel(named), 60)} ${emphasisText(one)}`];
  });
  return meant.length === 0
    ? null
    : lineText(`${kind === "text" ? TEXT_MARK : MARK}${meant.join(", ")}`, 400);
}

/**
 * Slack's `data_table` (https://docs.slack.dev/reference/block-kit/blocks/data-table-block): readers can sort and filter it, and
 * numbers sort as numbers. Columns and rows beyond its limits are left out. Totals are not in it, since they would be sorted among the rows.
 */
function dataTable(order: TableOrder): ReturnType<Maker> {
  const grid = gridOf(order, SLACK.dataTableRowsMax, SLACK.dataTableCharsMax, true);
  if (grid === null) return null;
  const block = {
    type: "data_table",
    caption: lineText(order.title, 200) || order.phrases.frame.results,
    page_size: Math.min(grid.rows.length, PAGE_ROWS),
    rows: [grid.heading, ...grid.rows],
  };
  return { block, kind: "data_table", rowsShown: grid.rows.length, columnsShown: grid.heading.length };
}

/** Slack's older `table` (https://docs.slack.dev/reference/block-kit/blocks/table-block), in which nothing sorts. */
function plainTable(order: TableOrder): ReturnType<Maker> {
  const grid = gridOf(order, SLACK.tableRowsMax - 1, SLACK.tableCharsMax, false);
  if (grid === null) return null;
  const block = {
    type: "table",
    column_settings: order.table.columns
      .slice(0, grid.heading.length)
      .map(({ isNumeric }) => ({ align: isNumeric ? "right" : "left", is_wrapped: false })),
    rows: [grid.heading, ...grid.rows],
  };
  return { block, kind: "table", rowsShown: grid.rows.length, columnsShown: grid.heading.length };
}

function fixedWidth({ table, rowsMax, emphasis, phrases }: TableOrder): ReturnType<Maker> {
  for (let rows = Math.min(rowsMax, TEXT_ROWS_MAX, table.rows.length); rows > 0; rows -= 1) {
    const bounds = { rowsMax: rows, widthMax: TEXT_WIDTH_MAX, cellWidthMax: 30, phrases };
    const { lines, columnsShown } = textTable(table, bounds, emphasis);
    const content = lines.join("\n");
    if (content.trim() === "" || content.length > TEXT_CHARS_MAX) continue;
    return { block: preformatted(content), kind: "text", rowsShown: rows, columnsShown };
  }
  return null;
}

interface Grid {
  readonly heading: readonly Block[];
  readonly rows: readonly (readonly Block[])[];
}

function gridOf(
  { table, rowsMax: wanted, emphasis, charsMax: charsWanted }: TableOrder,
  rowsMax: number,
  charsMax: number,
  hasNumbers: boolean,
): Grid | null {
  const columns = table.columns.slice(0, SLACK.tableColumnsMax);
  const heading = columns.map((column) =>
    rawText(isolatedLine(lineText(flatLabel(column), LABEL_CHARS_MAX))),
  );
  const rows: (readonly Block[])[] = [];
  let chars = textLength(heading);
  for (const cells of table.rows.slice(0, Math.min(wanted, rowsMax))) {
    const row = columns.map((_, index) => {
      const cell = cells[index];
      const isMarked = emphasis.some(
        (one) => one.column === index && cell !== undefined && standsOut(one, cell),
      );
      return slackCell(cell, isMarked, hasNumbers);
    });
    chars += textLength(row);
    if (chars > Math.min(charsMax, charsWanted)) break;
    rows.push(row);
  }
  return rows.length === 0 || columns.length === 0 ? null : { heading, rows };
}

const MARK = "● ";
/** For fixed-width text, where all characters must have the same width. */
const TEXT_MARK = "* ";

/** Numbers stay numbers, for sorting; other cells keep their link. */
function slackCell(cell: Cell | undefined, isMarked: boolean, hasNumbers: boolean): Block {
  const words = isolatedLine(lineText(cell?.rendered ?? "", CELL_CHARS_MAX));
  const shown = isMarked ? `${MARK}${words || "–"}` : words;
  if (hasNumbers && typeof cell?.value === "number" && Number.isFinite(cell.value) && words !== "")
    return { type: "raw_number", value: cell.value, text: shown };
  const href = safeHref(cell?.href, URL_CHARS_MAX);
  const linked = words === "" || href === null ? null : link(href, shown);
  return linked === null ? rawText(shown) : richText([linked]);
}

// Slack refuses a cell without text.
function rawText(words: string): Block {
  return { type: "raw_text", text: words || "–" };
}
