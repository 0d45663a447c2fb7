import type { Grid } from "./grid.ts";
import { fitted, textWidth } from "./lettering.ts";
import { type Box, ink, letters, type Shape } from "./shape.ts";

export const rowHeight = 24;
const size = 12;
const padding = 8;
const measuredRowsMax = 100;
const columnWidthMin = 48;
const labelWidthMax = 110;
/** The least width of a column that has others next to it. */
const columnWidthEnough = 110;

/** As much of the table as the box holds, and a line that says what it does not. */
export function drawTable(grid: Grid, box: Box): Shape[] {
  const columns = fittingColumns(grid, box.width);
  const head = headRows(grid);
  const rowsMax = Math.max(0, Math.floor(box.height / rowHeight) - head);
  const isCut = grid.rows.length > rowsMax;
  const rows = grid.rows.slice(0, isCut ? Math.max(0, rowsMax - 1) : rowsMax);
  const line = (cells: readonly string[], top: number, bold: boolean) =>
    columns.map(({ index, left, width, isRight }) => {
      const text = fitted(cells[index] ?? "", size, width - 2 * padding);
      const x = isRight ? left + width - padding : left + padding;
      return letters(x + box.x, top + 16, text, { size, bold, anchor: isRight ? "end" : "start" });
    });
  const labels = grid.columns.map(({ label }) => label);
  const shapes: Shape[] = [
    { kind: "rect", x: box.x, y: box.y, width: box.width, height: head * rowHeight, fill: "#e9ecef" },
    ...(head === 2 ? groupHeads(grid, columns, box) : []),
    ...line(labels, box.y + (head - 1) * rowHeight, true),
  ];
  rows.forEach((row, index) => {
    const y = box.y + (index + head) * rowHeight;
    const fill = index % 2 === 1 ? ink.zebra : ink.tile;
    shapes.push({ kind: "rect", x: box.x, y, width: box.width, height: rowHeight, fill });
    shapes.push(
      ...line(
        row.map(({ text }) => text),
        y,
        false,
      ),
    );
  });
  if (isCut && rowsMax > 0) {
    const words = `${rows.length} of ${grid.rows.length} rows`;
    shapes.push(
      letters(box.x + padding, box.y + (rowsMax + head - 1) * rowHeight + 16, words, {
        size,
        fill: ink.soft,
      }),
    );
  }
  return shapes;
}

export function tableHeight(grid: Grid): number {
  return (grid.rows.length + headRows(grid)) * rowHeight;
}

function headRows({ columns }: Grid): 1 | 2 {
  return columns.some(({ group }) => group !== null) ? 2 : 1;
}

/** Each pivot once, over its columns. */
function groupHeads(grid: Grid, columns: readonly Column[], box: Box): Shape[] {
  const groups = new Map<string, { left: number; right: number }>();
  for (const { index, left, width } of columns) {
    const group = grid.columns[index]?.group ?? null;
    if (group === null) continue;
    const right = left + width;
    groups.set(group, { left: groups.get(group)?.left ?? left, right });
  }
  return [...groups].map(([group, { left, right }]) => {
    const text = fitted(group, size, right - left - padding);
    return letters(box.x + right - padding, box.y + 16, text, { size, bold: true, anchor: "end" });
  });
}

interface Column {
  index: number;
  left: number;
  width: number;
  isRight: boolean;
}

/** As wide as their text, widened to fill the box; where there is too little room, long texts are cut and the last columns left out. */
function fittingColumns(grid: Grid, roomWidth: number): Column[] {
  const shown = grid.columns.slice(0, Math.max(1, Math.floor(roomWidth / columnWidthMin)));
  const wanted = shown.map(({ label }, index) => {
    const texts = grid.rows.slice(0, measuredRowsMax).map((row) => row[index]?.text ?? "");
    const longest = texts.reduce(
      (widest, text) => Math.max(widest, textWidth(text.slice(0, 60), size)),
      Math.min(textWidth(label, size), labelWidthMax),
    );
    return Math.max(columnWidthMin, longest * 1.1 + 2 * padding);
  });
  let left = 0;
  return shared(wanted, roomWidth).map((width, index) => {
    const placed = { index, left, width, isRight: shown[index]?.isNumeric ?? false };
    left += width;
    return placed;
  });
}

/** The widths of as many columns as fit. */
function shared(wanted: readonly number[], room: number): number[] {
  const sum = (widths: readonly number[]) => widths.reduce((total, width) => total + width, 0);
  const least = wanted.map((width) => Math.min(width, columnWidthEnough));
  const fit = least.findIndex((_, index) => sum(least.slice(0, index + 1)) > room);
  const count = fit === -1 ? wanted.length : Math.max(1, fit);
  const [widths, needed] = [least.slice(0, count), wanted.slice(0, count)];
  if (sum(needed) <= room || count === 1) return needed.map((width) => (width * room) / sum(needed));
  const share = (room - sum(widths)) / (sum(needed) - sum(widths));
  return widths.map((width, index) => width + ((needed[index] ?? width) - width) * share);
}
