import { amounts } from "./amounts.ts";
import { type Axis, withoutHoles } from "./axis.ts";
import type { ChartData } from "./data.ts";
import { dateTicks } from "./date-ticks.ts";
import { colour, type Datum, datums, framed, lookup, type MadeSpec, type SpecPart } from "./parts.ts";
import { INK } from "./style.ts";

/** Lines, areas and points. */
export function curves(whole: ChartData): MadeSpec {
  const { mark, axis } = whole;
  const isStacked = mark === "area" && whole.series.length > 1 && whole.isAdditive;
  const data = mark === "point" ? whole : isStacked ? stacked(whole) : withGaps(whole);
  // Series that share a colour are drawn below the others.
  const isRest = ({ s }: Datum) => (data.series[s]?.isRest ? 0 : 1);
  const values = datums(data).sort((a, b) => isRest(a) - isRest(b));
  const zero = mark === "area" || isNearZero(values);
  const amount = amounts(data, { zero, isStacked });
  const y = {
    field: "y",
    type: "quantitative",
    title: null,
    axis: amount.axis,
    stack: isStacked ? "zero" : null,
  };
  const x = { field: "x", ...xChannel(axis, mark), title: null };
  const isSingle = data.series.length === 1;
  const area = {
    type: "area",
    opacity: isStacked ? 0.85 : 0.14,
    line: isStacked ? false : { strokeWidth: 2.5 },
  };
  const marks = {
    line: { type: "line", invalid: "break-paths-show-domains" },
    area: { ...area, invalid: "break-paths-show-domains" },
    point: { type: "point", filled: true },
  };
  const layer: SpecPart[] = [
    { mark: marks[mark as keyof typeof marks], encoding: { y: { ...y, scale: amount.scale } } },
  ];
  // A value between two gaps has no line.
  if (mark !== "point" && values.some(({ lone }) => lone)) {
    layer.push({ transform: [{ filter: "datum.lone" }], mark: { type: "point", size: 70 }, encoding: { y } });
  }
  const last = values.findLast((datum) => datum.y !== null);
  const isMarked = isSingle && mark !== "point" && last !== undefined;
  if (isMarked) layer.push(...lastValue(last, axis, y));
  return {
    spec: framed(data, values, { encoding: { x, ...colour(data) }, layer }),
    notes: data.notes,
  };
}

const EMPTY = { value: null, rendered: "" };

/** A place for each date there could be, so that a line breaks where dates are absent. */
function withGaps(data: ChartData): ChartData {
  const axis = withoutHoles(data.axis);
  const places = new Map(axis.places.map(({ at }, place) => [at, place]));
  const series = data.series.map((one) => {
    const points = one.points.map((point) => ({
      ...point,
      place: places.get(data.axis.places[point.place]?.at ?? Number.NaN) ?? point.place,
    }));
    // Points of other kinds of axes have no neighbours that they lack.
    if (axis.kind !== "date" || axis.grain === "time") return { ...one, points };
    const known = new Set(points.map(({ place }) => place));
    const absent = axis.places.flatMap((_, place) => (known.has(place) ? [] : [{ ...EMPTY, place }]));
    return { ...one, points: [...points, ...absent].sort((a, b) => a.place - b.place) };
  });
  return { ...data, axis, series };
}

/**
 * One value for each series at each place, since what lies on one another must all be there: what is absent counts as nothing. A
 * place at which no series has a value is a gap.
 */
function stacked(whole: ChartData): ChartData {
  const data = withGaps(whole);
  const known = new Set(
    data.series.flatMap(({ points }) =>
      points.flatMap(({ place, value }) => (value === null ? [] : [place])),
    ),
  );
  const series = data.series.map((one) => {
    const sums = new Map<number, number>();
    for (const { place, value } of one.points)
      if (value !== null) sums.set(place, (sums.get(place) ?? 0) + value);
    const points = data.axis.places.map((_, place) => ({
      place,
      value: known.has(place) ? (sums.get(place) ?? 0) : null,
      rendered: "",
    }));
    return { ...one, points };
  });
  return { ...data, series };
}

/** A dot where the line ends, with its value next to it. */
function lastValue(last: Datum, axis: Axis, y: SpecPart): SpecPart[] {
  const data = { values: [last] };
  const isAlone = axis.places.length === 1;
  const text = {
    type: "text",
    fontWeight: 600,
    align: isAlone ? "center" : "left",
    ...(isAlone ? { dy: -15 } : { dx: 10 }),
  };
  return [
    { data, mark: { type: "point", size: 85, opacity: 1 }, encoding: { y } },
    { data, mark: { ...text, color: INK }, encoding: { y, text: { field: "t" } } },
  ];
}

function isNearZero(values: readonly Datum[]): boolean {
  const known = values.flatMap(({ y }) => (y === null ? [] : [y]));
  // Not Math.min(...): there may be more values than a call takes arguments.
  const least = known.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
  const most = known.reduce((one, other) => Math.max(one, other), Number.NEGATIVE_INFINITY);
  // A single value has no range.
  if (least === most) return true;
  return least >= 0 ? least < most * 0.5 : most <= 0 && most > least * 0.5;
}

function xChannel(axis: Axis, mark: ChartData["mark"]): SpecPart {
  if (axis.kind === "word") {
    const words = axis.places.map(({ label }) => label);
    return {
      type: "ordinal",
      scale: {
        domain: words.map((_, index) => index),
        ...(mark !== "point" && { type: "point", padding: 0.3 }),
      },
      axis: { labelExpr: lookup(words), labelAngle: 0, labelOverlap: "greedy", labelLimit: 110, title: null },
    };
  }
  const ats = axis.places.map(({ at }) => at);
  const scale = {
    zero: false,
    nice: axis.kind === "number",
    ...(axis.kind === "date" && { domain: [ats[0], ats.at(-1)] }),
  };
  if (axis.kind === "number")
    return { type: "quantitative", scale, axis: { grid: mark === "point", tickCount: 6 } };
  const ticks = dateTicks(ats, axis.grain ?? "day");
  const values = ticks.map(({ at }) => at);
  return {
    type: "quantitative",
    scale,
    axis: {
      values,
      labelExpr: lookup(
        ticks.map(({ label }) => label),
        values,
      ),
      labelFlush: true,
      labelOverlap: "greedy",
    },
  };
}
