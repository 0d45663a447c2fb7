import { type ChartKind, drawChart } from "./chart.ts";
import type { Grid } from "./grid.ts";
import { fitted, wrapped } from "./lettering.ts";
import { type Box, ink, letters, type Shape } from "./shape.ts";
import { drawTable, tableHeight } from "./table.ts";

/** What one tile shows. */
export interface TileContent {
  readonly title: string;
  /** Words below the data. */
  readonly note: string | null;
  readonly body:
    | { readonly kind: "data"; readonly grid: Grid; readonly visType: string }
    | { readonly kind: "text"; readonly subtitle: string; readonly paragraphs: readonly string[] }
    | { readonly kind: "error"; readonly message: string };
}

const padding = 14;
const titleHeight = 26;
const noteHeight = 20;

const charts: Readonly<Record<string, ChartKind>> = {
  looker_line: "line",
  looker_area: "area",
  looker_scatter: "points",
  looker_column: "column",
  looker_bar: "bar",
};

export function drawTile(tile: TileContent, frame: Box): Shape[] {
  const shapes: Shape[] = [{ kind: "rect", ...frame, fill: ink.tile, stroke: ink.grid }];
  const width = frame.width - 2 * padding;
  const x = frame.x + padding;
  let top = frame.y + padding;
  if (tile.title !== "") {
    shapes.push(letters(x, top + 11, fitted(tile.title, 14, width), { size: 14, bold: true }));
    top += titleHeight;
  }
  const below = tile.note === null ? 0 : noteHeight;
  const box = { x, y: top, width, height: frame.y + frame.height - padding - below - top };
  if (box.width > 0 && box.height > 0) shapes.push(...drawBody(tile.body, box));
  if (tile.note !== null) {
    const y = frame.y + frame.height - padding + 3;
    shapes.push(letters(x, y, fitted(tile.note, 11, width), { size: 11, fill: ink.soft }));
  }
  return shapes;
}

/** How high the tile has to be for all of its table to be seen; null where it shows none. */
export function wholeHeight({ title, note, body }: TileContent): number | null {
  if (body.kind !== "data" || isChart(body.visType)) return null;
  const around = 2 * padding + (title === "" ? 0 : titleHeight) + (note === null ? 0 : noteHeight);
  return tableHeight(body.grid) + around;
}

function isChart(visType: string): boolean {
  return visType === "single_value" || visType in charts;
}

function drawBody(body: TileContent["body"], box: Box): Shape[] {
  switch (body.kind) {
    case "text":
      return drawText(body.subtitle, body.paragraphs, box);
    case "error":
      return wrapped(body.message, 12, box.width, 3).map((line, index) =>
        letters(box.x, box.y + 14 + index * 17, line, { fill: ink.error }),
      );
    case "data":
      return drawData(body.grid, body.visType, box);
  }
}

function drawData(grid: Grid, visType: string, box: Box): Shape[] {
  if (grid.rows.length === 0) {
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    return [letters(x, y, "No Results", { size: 14, fill: ink.soft, anchor: "middle" })];
  }
  if (visType === "single_value") return drawFigure(grid, box);
  const kind = charts[visType];
  const chart = kind === undefined ? null : drawChart(kind, grid, box);
  return chart ?? drawTable(grid, box);
}

function drawFigure(grid: Grid, box: Box): Shape[] {
  const index = Math.max(
    0,
    grid.columns.findIndex(({ isDimension }) => !isDimension),
  );
  const text = grid.rows[0]?.[index]?.text ?? "";
  const size = Math.max(12, Math.min(48, box.height * 0.5, box.width / Math.max(4, text.length * 0.7)));
  const middle = box.x + box.width / 2;
  const y = box.y + box.height / 2 + size * 0.25;
  const figure = letters(middle, y, fitted(text, size, box.width), { size, anchor: "middle" });
  const label = fitted(grid.columns[index]?.label ?? "", 12, box.width);
  return [figure, letters(middle, y + 22, label, { fill: ink.soft, anchor: "middle" })];
}

function drawText(subtitle: string, paragraphs: readonly string[], box: Box): Shape[] {
  const shapes: Shape[] = [];
  let y = box.y + 10;
  if (subtitle !== "") {
    shapes.push(letters(box.x, y, fitted(subtitle, 12, box.width), { fill: ink.soft }));
    y += 21;
  }
  for (const paragraph of paragraphs) {
    const linesMax = Math.max(0, Math.floor((box.y + box.height - y) / 17) + 1);
    for (const line of wrapped(paragraph, 12, box.width, linesMax)) {
      shapes.push(letters(box.x, y, line));
      y += 17;
    }
    y += 4;
  }
  return shapes;
}
