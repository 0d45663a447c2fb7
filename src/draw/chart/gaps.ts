import { withoutHoles } from "./axis.ts";
import type { ChartData } from "./data.ts";

const EMPTY = { value: null, rendered: "" };

/** A place for each date there could be, so that a line breaks where dates are absent. */
export function withGaps(data: ChartData): ChartData {
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
export function stacked(whole: ChartData): ChartData {
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
