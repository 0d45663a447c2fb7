import type { ChartData } from "../chart/data.ts";
import { onFullAxis } from "../chart/gaps.ts";
import { colourOf, HEIGHT, WIDTH } from "../chart/style.ts";
import { amountAxis, reachOf, sharedStyle, shortValue } from "./amounts.ts";
import { amountGrid, axisWidth, BASELINE, type Body, heightOf, type Plot } from "./frame.ts";
import { dateLabels, type PlaceLabels, whole, wordLabels } from "./place-labels.ts";
import { box, LINE, line, text } from "./svg.ts";
import type { Ruler } from "./words.ts";

const TOP = 12;
/** So many bars carry their values; there is an axis for more. */
const LABELLED_MAX = 12;
const WORDS_MAX = 9;
const BARS_WIDTH_LEAST = 9;
/** Of the room of a place. */
const BAR_SHARE = 0.74;

/** Upright bars. Null where the names of their places have no room below them: bars that lie flat suit them. */
export function columns(given: ChartData, ruler: Ruler): Body | null {
  const data = onFullAxis(given);
  const { series } = data;
  const { places, kind } = data.axis;
  const isGrouped = series.length > 1 && !data.isAdditive;
  const perPlace = isGrouped ? series.length : 1;
  if (kind !== "date" && (places.length > WORDS_MAX || series.length * places.length > 36)) return null;
  const labels = series.length === 1 && places.length <= LABELLED_MAX ? valueLabels(data) : null;
  const isLabelled = labels !== null && fits(labels, WIDTH / places.length - 6, ruler);
  const axis = amountAxis(data, { zero: true, isStacked: !isGrouped });
  const left = isLabelled ? 0 : axisWidth(axis, ruler);
  const plot: Plot = { left, right: WIDTH, top: TOP + (isLabelled ? LINE : 0), bottom: TOP + HEIGHT };
  const band = (WIDTH - left) / places.length;
  if (isGrouped && kind !== "date" && (band * BAR_SHARE) / perPlace < BARS_WIDTH_LEAST) return null;
  const at = new Map(places.map((place, index) => [place.at, left + (index + 0.5) * band]));
  const xOf = (place: number) => at.get(place) ?? left;
  const below = labelsBelow(data, { xOf, band, plot, ruler });
  if (below === null) return null;
  const ends = isLabelled ? { ...axis, ...reachWithZero(data) } : axis;
  const lowered = isLabelled && ends.least < 0 ? { ...plot, bottom: plot.bottom - LINE } : plot;
  const bars = drawnBars(data, { band, isGrouped, xOf, yOf: (value) => heightOf(value, ends, lowered) });
  const grid = isLabelled ? "" : amountGrid(axis, plot);
  const zero = heightOf(0, ends, lowered);
  const base = isLabelled ? line(plot.left, zero, plot.right, zero, BASELINE) : "";
  const values = isLabelled ? drawnValues(data, labels, (value) => heightOf(value, ends, lowered), xOf) : "";
  return { svg: `${grid}${bars}${base}${values}${below.svg}`, height: plot.bottom + below.height };
}

function valueLabels({ series }: ChartData): readonly string[] {
  const [only] = series;
  const points = only?.points ?? [];
  return points.map(({ value, rendered }) =>
    value === null ? "" : shortValue(value, rendered, sharedStyle(series, Math.abs(value))),
  );
}

function fits(labels: readonly string[], width: number, ruler: Ruler): boolean {
  return labels.every((label) => ruler(label, true) <= width);
}

function reachWithZero({ series }: ChartData) {
  const { least, most } = reachOf(series);
  const [low, high] = [Math.min(0, least), Math.max(0, most)];
  return { least: low, most: low === high ? low + 1 : high };
}

interface Below {
  readonly band: number;
  readonly plot: Plot;
  readonly ruler: Ruler;
  xOf(at: number): number;
}

function labelsBelow({ axis }: ChartData, { band, plot, ruler, xOf }: Below): PlaceLabels | null {
  const across = { axis, bottom: plot.bottom, ruler, xOf };
  if (axis.kind === "date") return dateLabels(across, true);
  const rows = whole(
    axis.places.map(({ label }) => label),
    band - 8,
    ruler,
  );
  return rows === null ? null : wordLabels(rows, across);
}

interface BarsOrder {
  readonly band: number;
  readonly isGrouped: boolean;
  xOf(at: number): number;
  yOf(value: number): number;
}

/** What lies on one another is a hair apart. */
const APART = 1.5;

function drawnBars(data: ChartData, { band, isGrouped, xOf, yOf }: BarsOrder): string {
  const { axis, series } = data;
  const above = new Map<number, number>();
  const below = new Map<number, number>();
  const width = Math.min(band * BAR_SHARE, 72);
  const own = isGrouped ? width / series.length : width;
  /** Where a bar begins: at zero, or where the one below it ends. */
  const footOf = (place: number, value: number): number => {
    if (isGrouped) return 0;
    const sums = value < 0 ? below : above;
    const from = sums.get(place) ?? 0;
    sums.set(place, from + value);
    return from;
  };
  const bars = series.flatMap(({ points }, index) =>
    points.map(({ place, value }) => {
      if (value === null || value === 0) return "";
      const { at = 0, isPartial = false } = axis.places[place] ?? {};
      const from = footOf(place, value);
      const [start, end] = [yOf(from), yOf(from + value)];
      const gap = from === 0 ? 0 : APART;
      const x = xOf(at) - width / 2 + (isGrouped ? index * own : 0);
      const top = Math.min(start, end) + (value < 0 ? gap : 0);
      const height = Math.max(Math.abs(end - start) - gap, 0.75);
      return box(
        x,
        top,
        Math.max(own - (isGrouped ? 1 : 0), 1),
        height,
        filled(colourOf(index, data), isPartial),
      );
    }),
  );
  return bars.join("");
}

/** A period that is not over is pale and has a dashed edge. */
export function filled(colour: string, isPartial: boolean): string {
  if (!isPartial) return `fill="${colour}"`;
  return `fill="${colour}" fill-opacity="0.3" stroke="${colour}" stroke-width="1.25" stroke-dasharray="3 3"`;
}

function drawnValues(
  { axis, series }: ChartData,
  labels: readonly string[],
  yOf: (value: number) => number,
  xOf: (at: number) => number,
): string {
  const points = series[0]?.points ?? [];
  return points
    .map(({ place, value }, index) => {
      if (value === null) return "";
      const y = yOf(value) + (value < 0 ? LINE - 2 : -6);
      return text({
        x: xOf(axis.places[place]?.at ?? 0),
        y,
        words: labels[index] ?? "",
        anchor: "middle",
        isBold: true,
      });
    })
    .join("");
}
