import type { Changes, MovedRow } from "../../core/model/show.ts";
import type { Cell, Table } from "../../core/model/table.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { isolatedLine, lineText } from "../words/cell-text.ts";
import { flatLabel } from "../words/headings.ts";
import { changesSentence } from "../words/show-words.ts";
import { type Block, bullets, richSection, text } from "./block.ts";

const ROWS_MAX = 8;
const CELLS_MAX = 5;
const CELL_CHARS_MAX = 60;

/** Rows that are new, gone and moved, one line each. `since`: in words when the report was that it is compared with. */
export function changesBlock(changes: Changes, table: Table, since: string | null, phrases: Phrases): Block {
  const { counts } = changes;
  const { tables } = phrases;
  const plain = (row: readonly Cell[]) => rowLine(row, changes, table);
  const moved = (row: MovedRow) => movedLine(row, changes, table, phrases);
  return {
    type: "rich_text",
    elements: [
      richSection([text(changesSentence(changes, table, since, phrases))]),
      ...group(tables.new, { listed: changes.added, total: counts.added }, plain, phrases),
      ...group(tables.gone, { listed: changes.gone, total: counts.gone }, plain, phrases),
      ...group(tables.moved, { listed: changes.moved, total: counts.moved }, moved, phrases),
    ],
  };
}

function group<R>(
  title: string,
  { listed, total }: { readonly listed: readonly R[]; readonly total: number },
  line: (row: R) => readonly Block[],
  { frame }: Phrases,
): Block[] {
  const shown = listed.slice(0, ROWS_MAX);
  if (shown.length === 0) return [];
  const more = Math.max(total, listed.length) - shown.length;
  const items = [...shown.map(line), ...(more > 0 ? [[text(frame.more(more, "row"))]] : [])];
  return [richSection([text(title, true)]), bullets(items)];
}

/** Which row it is in bold, then its first other values. */
function rowLine(row: readonly Cell[], { key }: Changes, table: Table): readonly Block[] {
  const others = table.columns.flatMap((column, index) =>
    key.includes(index) ? [] : [`${isolatedLine(lineText(flatLabel(column), 40))} ${shown(row[index])}`],
  );
  const words = others.slice(0, CELLS_MAX).join(" · ");
  return [text(rowName(row, key), true), ...(words === "" ? [] : [text(`  ${words}`)])];
}

function movedLine(
  { now, was }: MovedRow,
  { key }: Changes,
  table: Table,
  { frame }: Phrases,
): readonly Block[] {
  const moves = table.columns.flatMap((column, index) => {
    const before = was[index] ?? null;
    return before === null
      ? []
      : [`${isolatedLine(lineText(flatLabel(column), 40))} ${shown(before)} → ${shown(now[index])}`];
  });
  const more = moves.length - CELLS_MAX;
  const words = [...moves.slice(0, CELLS_MAX), ...(more > 0 ? [frame.more(more, "value")] : [])];
  return [text(rowName(now, key), true), ...(words.length === 0 ? [] : [text(`  ${words.join(" · ")}`)])];
}

function rowName(row: readonly Cell[], key: readonly number[]): string {
  return key.map((index) => shown(row[index])).join(" · ") || "–";
}

function shown(cell: Cell | undefined): string {
  return isolatedLine(lineText(cell?.rendered ?? "", CELL_CHARS_MAX)) || "–";
}
