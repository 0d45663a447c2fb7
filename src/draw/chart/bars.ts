import { amounts } from "./amounts.ts";
import { type Axis, withoutHoles } from "./axis.ts";
import type { ChartData } from "./data.ts";
import { dateTicks } from "./date-ticks.ts";
import {
  colour,
  type Datum,
  datums,
  framed,
  lettersWidth,
  lookup,
  type MadeSpec,
  placeOf,
  type SpecPart,
} from "./parts.ts";
import { HEIGHT, INK, MUTED, WIDTH } from "./style.ts";

/** More bars than this make a picture that no one reads to its end. */
const BARS_MAX = 40;
/** So many bars, with labels up to this length, are upright. */
const UPRIGHT_MAX = 9;
const UPRIGHT_LETTERS_MAX = 11;
const BAR_HEIGHT = 30;
const LABELLED_MAX = 12;
/** For bars on both sides of zero. */
const ZERO_LINE = { values: [0], labels: false, gridColor: MUTED };

export function bars(whole: ChartData): MadeSpec {
  const data = { ...whole, axis: withoutHoles(whole.axis) };
  const isDate = data.axis.kind === "date";
  const longest = data.axis.places.reduce((most, { label }) => Math.max(most, [...label].length), 0);
  const isUpright = isDate || (data.axis.places.length <= UPRIGHT_MAX && longest <= UPRIGHT_LETTERS_MAX);
  const shown = isUpright ? data.axis.places.length : Math.min(data.axis.places.length, BARS_MAX);
  const values = datums(whole)
    .map((datum) => ({ ...datum, x: placeOf(datum.x, data.axis) }))
    .filter((datum) => datum.x < shown);
  const notes =
    shown < data.axis.places.length
      ? [...data.notes, `The first ${shown} of ${data.axis.places.length} are drawn.`]
      : data.notes;
  const isGrouped = data.series.length > 1 && !data.isAdditive;
  const isLabelled = data.series.length === 1 && hasRoom(values, shown, isUpright);
  const isBelow = values.some(({ y }) => y !== null && y < 0);
  const [along, across] = isUpright ? (["x", "y"] as const) : (["y", "x"] as const);
  const place = {
    field: "x",
    type: "ordinal",
    title: null,
    scale: {
      domain: data.axis.places.slice(0, shown).map((_, index) => index),
      paddingInner: 0.28,
      paddingOuter: 0.14,
    },
    axis: barAxis(data.axis, shown, isUpright),
  };
  const amount = {
    field: "y",
    type: "quantitative",
    title: null,
    stack: isGrouped ? null : "zero",
    ...(isLabelled
      ? { scale: labelledScale(values, isUpright), axis: isBelow ? ZERO_LINE : null }
      : amounts(whole, { zero: true, isStacked: !isGrouped })),
  };
  const encoding = {
    [along]: place,
    [across]: amount,
    ...(isGrouped && { [`${along}Offset`]: { field: "s", type: "ordinal" } }),
    ...colour(data),
  };
  const layer: SpecPart[] = [{ mark: { type: "bar" } }];
  if (isLabelled) layer.push(...barLabels(isUpright));
  const rows = isGrouped ? Math.max(1, data.series.length * 0.7) : 1;
  const height = isUpright ? HEIGHT : Math.round(90 + shown * BAR_HEIGHT * rows);
  return { spec: framed({ ...data, notes }, values, { encoding, layer, height }), notes };
}

/** Whether the values fit at their bars without touching each other. */
function hasRoom(values: readonly Datum[], shown: number, isUpright: boolean): boolean {
  if (shown > LABELLED_MAX) return false;
  return !isUpright || Math.max(...values.map(({ t }) => lettersWidth(t))) < WIDTH / shown - 8;
}

/** With room beyond the bars for their values. */
function labelledScale(values: readonly Datum[], isUpright: boolean): SpecPart {
  const known = values.flatMap(({ y }) => (y === null ? [] : [y]));
  const [least, most] = [Math.min(0, ...known), Math.max(0, ...known)];
  const widest = Math.max(...values.map(({ t }) => lettersWidth(t))) + 12;
  const room = (isUpright ? 40 / HEIGHT : Math.min(0.35, widest / (WIDTH * 0.7))) * (most - least);
  return { domain: [least < 0 ? least - room : 0, most > 0 ? most + room : 0], nice: false, zero: true };
}

/** The value at the end of its bar, away from zero. */
function barLabels(isUpright: boolean): SpecPart[] {
  const text = (isNegative: boolean) => ({
    transform: [{ filter: isNegative ? "datum.y < 0" : "datum.y >= 0" }],
    mark: {
      type: "text",
      ...(isUpright
        ? { baseline: isNegative ? "top" : "bottom", dy: isNegative ? 6 : -6 }
        : { align: isNegative ? "right" : "left", dx: isNegative ? -7 : 7 }),
      color: INK,
      clip: false,
    },
    encoding: { text: { field: "t" }, color: { value: INK } },
  });
  return [text(false), text(true)];
}

function barAxis(axis: Axis, shown: number, isUpright: boolean): SpecPart {
  const places = axis.places.slice(0, shown);
  if (axis.kind !== "date") {
    const labels = lookup(places.map(({ label }) => label));
    return isUpright
      ? { labelExpr: labels, labelAngle: 0, ticks: false, labelLimit: Math.max(48, Math.floor(560 / shown)) }
      : { labelExpr: labels, domain: false, ticks: false, labelLimit: 210, labelColor: INK };
  }
  const ticks = dateTicks(
    places.map(({ at }) => at),
    axis.grain ?? "day",
    true,
  );
  const values = ticks.map(({ at }) => placeOf(at, axis));
  return {
    values,
    labelExpr: lookup(
      ticks.map(({ label }) => label),
      values,
    ),
    labelAngle: 0,
    labelOverlap: "greedy",
  };
}
