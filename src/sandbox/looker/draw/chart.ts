import type { Grid } from "./grid.ts";
import { fitted, textWidth } from "./lettering.ts";
import { type Box, ink, letters, type Shape, seriesColor } from "./shape.ts";

const size = 11;
const categoriesMax = 400;

interface Series {
  label: string;
  color: string;
  values: (number | null)[];
  isShare: boolean;
}

export type ChartKind = "line" | "area" | "column" | "bar" | "points";

/** Null where there is nothing that a chart could show. */
export function drawChart(kind: ChartKind, grid: Grid, box: Box): Shape[] | null {
  const rows = grid.rows.slice(0, categoriesMax);
  const series = grid.columns.flatMap((column, index): Series[] => {
    const values = rows.map((row) => row[index]?.number ?? null);
    if (column.isDimension || values.every((value) => value === null)) return [];
    const isShare = rows.every((row) => row[index]?.number === null || row[index]?.text.endsWith("%"));
    const label = column.group === null ? column.label : `${column.group} ${column.label}`;
    return [{ label, color: "", values, isShare }];
  });
  if (series.length === 0) return null;
  series.forEach((one, index) => {
    one.color = seriesColor(index);
  });
  const categories = rows.map((row) =>
    row
      .filter((_, index) => grid.columns[index]?.isDimension)
      .map(({ text }) => text)
      .join(" "),
  );
  const hasLegend = series.length > 1;
  const plot = { ...box, height: box.height - (hasLegend ? 22 : 0) };
  const shapes =
    kind === "bar" ? drawBars(series, categories, plot) : drawUpright(kind, series, categories, plot);
  return hasLegend ? [...shapes, ...legend(series, box)] : shapes;
}

function drawUpright(
  kind: Exclude<ChartKind, "bar">,
  series: readonly Series[],
  categories: readonly string[],
  box: Box,
): Shape[] {
  const { low, high } = rangeOf(series);
  const marks = ticks(low, high, Math.max(2, Math.floor(box.height / 50)));
  const isShare = series.every((one) => one.isShare);
  const labels = marks.map((mark) => tickLabel(mark, isShare));
  const left = box.x + 10 + Math.max(...labels.map((label) => textWidth(label, size) * 1.08));
  const right = box.x + box.width - 6;
  const bottom = box.y + box.height - 22;
  const top = box.y + 8;
  const [lowest = 0, highest = 1] = [marks[0], marks.at(-1)];
  const yOf = (value: number) => bottom - ((value - lowest) / (highest - lowest || 1)) * (bottom - top);
  const slot = (right - left) / Math.max(1, categories.length);
  const xOf = (index: number) => left + (index + 0.5) * slot;
  const shapes: Shape[] = marks.flatMap((mark, index): Shape[] => [
    {
      kind: "line",
      points: [
        [left, yOf(mark)],
        [right, yOf(mark)],
      ],
      stroke: mark === 0 ? "#b8bdc4" : ink.grid,
      strokeWidth: 1,
    },
    letters(left - 6, yOf(mark) + 4, labels[index] ?? "", { size, fill: ink.soft, anchor: "end" }),
  ]);
  shapes.push(...categoryLabels(categories, slot, xOf, bottom + 16));
  series.forEach((one, place) => {
    if (kind === "column") shapes.push(...columns(one, place, series.length, slot, xOf, yOf));
    else shapes.push(...course(one, kind, xOf, yOf));
  });
  return shapes;
}

/** All labels, shortened, where they are few; otherwise as many as fit side by side. */
function categoryLabels(
  categories: readonly string[],
  slot: number,
  xOf: (index: number) => number,
  y: number,
): Shape[] {
  const widest = categories.reduce((width, label) => Math.max(width, textWidth(label.slice(0, 24), size)), 0);
  const isFew = categories.length <= 7;
  const every = isFew ? 1 : Math.max(1, Math.ceil((Math.min(widest, 120) * 1.08 + 12) / slot));
  return categories.flatMap((label, index) =>
    index % every === 0
      ? [
          letters(xOf(index), y, fitted(label, size, Math.max(slot * every - 4, 24)), {
            size,
            fill: ink.soft,
            anchor: "middle",
          }),
        ]
      : [],
  );
}

function columns(
  { values, color }: Series,
  place: number,
  count: number,
  slot: number,
  xOf: (index: number) => number,
  yOf: (value: number) => number,
): Shape[] {
  const width = Math.max(1, (slot * 0.72) / count);
  return values.flatMap((value, index): Shape[] => {
    if (value === null) return [];
    const x = xOf(index) - (width * count) / 2 + place * width;
    const [y, end] = [Math.min(yOf(value), yOf(0)), Math.max(yOf(value), yOf(0))];
    return [{ kind: "rect", x, y, width: Math.max(1, width - 1), height: end - y, fill: color }];
  });
}

/** A line that breaks where a value is missing. */
function course(
  { values, color }: Series,
  kind: "line" | "area" | "points",
  xOf: (index: number) => number,
  yOf: (value: number) => number,
): Shape[] {
  const dot = (x: number, y: number): Shape => {
    return { kind: "rect", x: x - 2, y: y - 2, width: 4, height: 4, fill: color };
  };
  const shapes: Shape[] = [];
  let points: [number, number][] = [];
  const flush = () => {
    if (points.length > 1 && kind !== "points")
      shapes.push({ kind: "line", points, stroke: color, strokeWidth: 2 });
    if (points.length === 1 || kind === "points") shapes.push(...points.map(([x, y]) => dot(x, y)));
    points = [];
  };
  values.forEach((value, index) => {
    if (value === null) flush();
    else points.push([xOf(index), yOf(value)]);
  });
  flush();
  return shapes;
}

function drawBars(series: readonly Series[], categories: readonly string[], box: Box): Shape[] {
  const { low, high } = rangeOf(series);
  const marks = ticks(low, high, Math.max(2, Math.floor(box.width / 110)));
  const isShare = series.every((one) => one.isShare);
  const widest = categories.reduce((width, label) => Math.max(width, textWidth(label, size) * 1.08), 0);
  const left = box.x + Math.min(widest + 10, box.width * 0.4);
  const right = box.x + box.width - 16;
  const bottom = box.y + box.height - 22;
  const [lowest = 0, highest = 1] = [marks[0], marks.at(-1)];
  const xOf = (value: number) => left + ((value - lowest) / (highest - lowest || 1)) * (right - left);
  const slot = (bottom - box.y) / Math.max(1, categories.length);
  const shapes: Shape[] = marks.flatMap((mark): Shape[] => [
    {
      kind: "line",
      points: [
        [xOf(mark), box.y],
        [xOf(mark), bottom],
      ],
      stroke: mark === 0 ? "#b8bdc4" : ink.grid,
      strokeWidth: 1,
    },
    letters(xOf(mark), bottom + 16, tickLabel(mark, isShare), { size, fill: ink.soft, anchor: "middle" }),
  ]);
  const every = Math.max(1, Math.ceil(14 / slot));
  const height = Math.max(1, (slot * 0.72) / series.length);
  categories.forEach((label, index) => {
    const middle = box.y + (index + 0.5) * slot;
    if (index % every === 0) {
      const text = fitted(label, size, left - box.x - 4);
      shapes.push(letters(left - 6, middle + 4, text, { size, fill: ink.soft, anchor: "end" }));
    }
    series.forEach(({ values, color }, place) => {
      const value = values[index] ?? null;
      if (value === null) return;
      const [x, end] = [Math.min(xOf(value), xOf(0)), Math.max(xOf(value), xOf(0))];
      const y = middle - (height * series.length) / 2 + place * height;
      shapes.push({ kind: "rect", x, y, width: end - x, height: Math.max(1, height - 1), fill: color });
    });
  });
  return shapes;
}

function legend(series: readonly Series[], box: Box): Shape[] {
  const items = series.slice(0, 8).map(({ label, color }) => ({ text: fitted(label, size, 160), color }));
  const widths = items.map(({ text }) => textWidth(text, size) * 1.08 + 34);
  let x = box.x + Math.max(0, (box.width - widths.reduce((sum, width) => sum + width, 0)) / 2);
  const y = box.y + box.height - 4;
  return items.flatMap(({ text, color }, index): Shape[] => {
    const start = x;
    x += widths[index] ?? 0;
    if (x > box.x + box.width + 20) return [];
    const swatch: Shape = { kind: "rect", x: start, y: y - 9, width: 10, height: 10, fill: color };
    return [swatch, letters(start + 15, y, text, { size, fill: ink.soft })];
  });
}

function rangeOf(series: readonly Series[]): { low: number; high: number } {
  return valueRange(series.flatMap(({ values }) => values.filter((value) => value !== null)));
}

/** Round values from at most `low` to at least `high`, about so many. */
function ticks(low: number, high: number, about: number): number[] {
  const span = high - low || Math.abs(high) || 1;
  const rough = span / Math.max(1, about);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const first = Math.floor(low / step);
  const last = Math.ceil((low + span) / step);
  return Array.from({ length: last - first + 1 }, (_, index) => (first + index) * step);
}

/** The values of a chart with zero among them, as columns and bars need it. */
function valueRange(values: readonly number[]): { low: number; high: number } {
  let low = 0;
  let high = 0;
  for (const value of values) {
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return { low, high };
}

function tickLabel(value: number, isShare: boolean): string {
  if (isShare) return `${Number((value * 100).toFixed(1))}%`;
  const size = Math.abs(value);
  if (size >= 1e9) return `${Number((value / 1e9).toFixed(1))}B`;
  if (size >= 1e6) return `${Number((value / 1e6).toFixed(1))}M`;
  return Number(value.toPrecision(6)).toLocaleString("en-US");
}
