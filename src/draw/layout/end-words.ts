import { phrasesIn } from "../../core/words/phrases.ts";
import type { ChartData } from "../chart/data.ts";
import { colourOf, HEIGHT, TEXT, WIDTH } from "../chart/style.ts";
import { sharedStyle, shortValue } from "./amounts.ts";
import { placed } from "./end-labels.ts";
import { INSET, type Plot } from "./frame.ts";
import { dot, type LinePoint } from "./strokes.ts";
import { HALF_CAP, LINE, line, lines, text } from "./svg.ts";
import { fitted, type Ruler, widest, wrapped } from "./words.ts";

/** Of the picture's width, for the names at the ends of lines. */
const NAMES_MAX = 0.36;
/** So many lines of names fit next to a plot. */
const LINES_MAX = Math.floor((HEIGHT + LINE) / LINE);

/** What is written at the ends of the lines: the last value of a single one, else the names. */
export function endsOf(data: ChartData, ruler: Ruler) {
  const { series } = data;
  if (series.length === 1) {
    const words = lastWords(data);
    const note = isLastPartial(data) ? ruler(soFarWords(data)) : 0;
    return { width: Math.max(ruler(words, true), note), rows: [[words]] };
  }
  const width = WIDTH * NAMES_MAX;
  const named = series.map(({ name }) => name);
  const whole = named.map((name) => wrapped(name, width, ruler, { linesMax: 3, isBold: true }));
  const lineCount = whole.reduce((sum, row) => sum + (row?.length ?? LINES_MAX), 0);
  const rows =
    lineCount <= LINES_MAX
      ? whole.map((row) => row ?? [])
      : fitted(named, { width, isBold: true, isDouble: series.length * 2 <= LINES_MAX }, ruler);
  return { width: rows.reduce((most, row) => Math.max(most, widest(row, ruler, true)), 0), rows };
}

function soFarWords({ axis }: ChartData): string {
  return phrasesIn(axis.locale).charts.soFar;
}

function isLastPartial({ axis, series }: ChartData): boolean {
  const last = series[0]?.points.findLast(({ value }) => value !== null);
  return last !== undefined && axis.places[last.place]?.isPartial === true;
}

function lastWords({ series }: ChartData): string {
  const [only] = series;
  const last = only?.points.findLast(({ value }) => value !== null);
  if (last === undefined || last.value === null) return "";
  return shortValue(last.value, last.rendered, sharedStyle(series, Math.abs(last.value)));
}

const EXTREMES_FROM = 5;

/** The last value of a single line, and its highest and lowest where they do not touch each other. */
export function lastAndExtremes(
  spots: readonly (LinePoint | null)[],
  data: ChartData,
  { plot, ruler }: { readonly plot: Plot; readonly ruler: Ruler },
): string {
  const known = spots.flatMap((spot) => spot ?? []);
  const last = known.at(-1);
  if (last === undefined) return "";
  const colour = colourOf(0, data);
  const words = lastWords(data);
  if (data.axis.places.length === 1) {
    const value = text({ x: last.x, y: last.y - 14, words, anchor: "middle", isBold: true });
    return `${dot(last, colour, 4)}${value}`;
  }
  const value = text({ x: last.x + 10, y: last.y + HALF_CAP, words, isBold: true });
  // Above the value where it would reach the axis.
  const noteY = last.y + HALF_CAP + (last.y + 1.5 * LINE > plot.bottom ? -LINE : LINE);
  const end = last.isPartial
    ? `${value}${text({ x: last.x + 10, y: noteY, words: soFarWords(data) })}`
    : value;
  const style = sharedStyle(data.series, Math.abs(last.value));
  const taken = [{ left: last.x - 4, right: plot.right, y: last.y }];
  const wanted = known.length < EXTREMES_FROM ? [] : extremesOf(known);
  const extremes = wanted.flatMap((spot, index) => {
    if (spot === null || spot === last) return [];
    const label = shortValue(spot.value, spot.rendered, style);
    const half = ruler(label) / 2;
    const x = Math.min(Math.max(spot.x, plot.left + half), plot.right - half);
    const y = spot.y + (index === 0 ? -8 : 18);
    const isFree =
      y < plot.bottom - 3 &&
      taken.every((one) => x + half + 6 < one.left || x - half - 6 > one.right || Math.abs(one.y - y) > LINE);
    if (!isFree) return [];
    taken.push({ left: x - half, right: x + half, y });
    return [
      `${dot({ ...spot, isPartial: false }, colour, 2.5)}${text({ x, y, words: label, anchor: "middle" })}`,
    ];
  });
  return `${extremes.join("")}${dot(last, colour, 4)}${end}`;
}

/** The highest and the lowest; null for the value of a period that is not over, which is no record, and where all are alike. */
function extremesOf(spots: readonly LinePoint[]): [highest: LinePoint | null, lowest: LinePoint | null] {
  const [first] = spots;
  if (first === undefined) return [null, null];
  const highest = spots.reduce((most, spot) => (spot.value > most.value ? spot : most), first);
  const lowest = spots.reduce((least, spot) => (spot.value < least.value ? spot : least), first);
  if (highest.value === lowest.value) return [null, null];
  return [highest.isPartial ? null : highest, lowest.isPartial ? null : lowest];
}

interface NamesOrder {
  readonly plot: Plot;
  readonly ends: readonly (readonly string[])[];
  readonly isStacked: boolean;
}

/** Names at the ends of the lines in their colours; a thin line leads to a name that had to move. */
export function names(
  runs: readonly (readonly (LinePoint | null)[])[],
  data: ChartData,
  { plot, ends, isStacked }: NamesOrder,
): string {
  const lasts = runs.map((spots) => spots.findLast((spot) => spot !== null) ?? null);
  const wanted = lasts.map((last, index) => {
    const y = last === null ? plot.bottom : isStacked ? (last.y + last.foot) / 2 : last.y;
    return { y, rows: ends[index] ?? [] };
  });
  const middles = placed(wanted, plot.top - LINE, plot.bottom + LINE / 2);
  return lasts
    .map((last, index) => {
      const middle = middles[index] ?? 0;
      const rows = ends[index] ?? [];
      const colour = colourOf(index, data);
      const from = { x: last?.x ?? plot.right, y: wanted[index]?.y ?? middle };
      const isNear = Math.abs(from.y - middle) < 5 && plot.right - from.x <= INSET + 1;
      const lead = isNear
        ? ""
        : line(from.x + 3, from.y, plot.right + 5, middle, `stroke="${TEXT}" stroke-opacity="0.6"`);
      const y = middle - ((rows.length - 1) * LINE) / 2 + HALF_CAP;
      return `${lead}${lines({ x: plot.right + 8, y, isBold: true, fill: colour }, rows)}`;
    })
    .join("");
}
