import type { Place } from "../content/dashboard/fixtures.ts";
import { fitted } from "./lettering.ts";
import { type Box, ink, letters, type Picture, type Shape } from "./shape.ts";
import { rowHeight } from "./table.ts";
import { drawTile, type TileContent, wholeHeight } from "./tile.ts";

export interface PlacedTile {
  readonly content: TileContent;
  readonly place: Place;
}

export interface DashboardContent {
  readonly title: string;
  /** "Departure is 7 days": what the filters are set to. */
  readonly filters: readonly string[];
  readonly tiles: readonly PlacedTile[];
}

export interface DashboardForm {
  /** In pixels. */
  readonly width: number;
  /** In pixels; null: as high as it is by itself. */
  readonly height: number | null;
  readonly isSingleColumn: boolean;
  readonly hasLongTables: boolean;
}

const gridColumns = 24;
const gap = 8;
const margin = 16;
const headHeight = 66;
const unit = { own: 36, least: 8, most: 60 };

/** A Look, a query or an element by itself, filling the picture. */
export function drawSingle(content: TileContent, width: number, height: number): Picture {
  const shapes = drawTile(content, { x: 0, y: 0, width, height });
  return { width, height, background: ink.tile, shapes, cuts: [] };
}

export function drawDashboard(content: DashboardContent, form: DashboardForm): Picture {
  const tiles = form.isSingleColumn ? stacked(content.tiles) : content.tiles;
  const rows = Math.max(1, ...tiles.map(({ place }) => place.row + place.height));
  const room = form.height === null ? 0 : (form.height - headHeight - margin) / rows;
  const unitHeight = form.height === null ? unit.own : Math.min(unit.most, Math.max(unit.least, room));
  const boxes = laidOut(tiles, form, unitHeight);
  const bottom = Math.max(headHeight, ...boxes.map(({ y, height }) => y + height));
  const shapes: Shape[] = [
    letters(margin, 30, fitted(content.title, 20, form.width - 2 * margin), { size: 20, bold: true }),
    letters(margin, 52, fitted(content.filters.join("   ·   "), 12, form.width - 2 * margin), {
      fill: ink.soft,
    }),
  ];
  tiles.forEach(({ content: tile }, index) => {
    const box = boxes[index];
    if (box !== undefined) shapes.push(...drawTile(tile, box));
  });
  const height = form.height ?? Math.ceil(bottom + margin);
  return { width: form.width, height, background: ink.page, shapes, cuts: cutsBetween(boxes) };
}

/** One below the other, in the order of the page. */
function stacked(tiles: readonly PlacedTile[]): PlacedTile[] {
  let row = 0;
  return inReadingOrder(tiles).map(({ content, place }) => {
    const placed = { content, place: { row, column: 0, width: gridColumns, height: place.height } };
    row += place.height;
    return placed;
  });
}

function inReadingOrder<T extends { place: Place }>(tiles: readonly T[]): T[] {
  return tiles.toSorted((a, b) => a.place.row - b.place.row || a.place.column - b.place.column);
}

/** What grows for a long table pushes down what lies below it. */
function laidOut(tiles: readonly PlacedTile[], form: DashboardForm, unitHeight: number): Box[] {
  const unitWidth = (form.width - 2 * margin + gap) / gridColumns;
  const placed: { place: Place; box: Box; pushed: number }[] = [];
  const boxes = new Map<PlacedTile, Box>();
  for (const tile of inReadingOrder(tiles)) {
    const { place } = tile;
    const above = placed.filter((one) => one.place.row + one.place.height <= place.row);
    const push = Math.max(0, ...above.map(({ pushed }) => pushed));
    const height = place.height * unitHeight - gap;
    const whole = form.hasLongTables ? wholeHeight(tile.content) : null;
    const box = {
      x: margin + place.column * unitWidth,
      y: headHeight + place.row * unitHeight + push,
      width: place.width * unitWidth - gap,
      height: Math.max(height, whole ?? 0),
    };
    placed.push({ place, box, pushed: push + box.height - height });
    boxes.set(tile, box);
  }
  return tiles.flatMap((tile) => boxes.get(tile) ?? []);
}

/** Below each tile where the cut goes through no other, and between the rows of tiles that are longer than a page. */
function cutsBetween(boxes: readonly Box[]): number[] {
  const below = boxes
    .map(({ y, height }) => y + height + gap / 2)
    .filter((cut) => boxes.every(({ y, height }) => cut <= y || cut >= y + height));
  const within = boxes
    .filter(({ height }) => height > 30 * rowHeight)
    .flatMap(({ y, height }) =>
      Array.from({ length: Math.floor(height / rowHeight) - 4 }, (_, row) => y + 40 + (row + 2) * rowHeight),
    );
  return [...new Set([...below, ...within])].sort((a, b) => a - b);
}
