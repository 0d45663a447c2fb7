import { withoutHoles } from "./axis.ts";
import type { ChartData } from "./data.ts";

const EMPTY = { value: null, rendered: "" };

/** With a place for each date there could be. */
export function onFullAxis(data: ChartData): ChartData {
  const axis = withoutHoles(data.axis);
  const index = new Map(axis.places.map(({ at }, place) => [at, place]));
  const moved = (place: number) => index.get(data.axis.places[place]?.at ?? Number.NaN) ?? place;
  const series = data.series.map((one) => ({
    ...one,
    points: one.points.map((point) => ({ ...point, place: moved(point.place) })),
  }));
  return { ...data, axis, series };
}

/** A point without a value at each date that a series lacks, so that its line breaks there. */
export function withGaps(whole: ChartData): ChartData {
  const data = onFullAxis(whole);
  const { kind, grain, places } = data.axis;
  // Points of other kinds of axes have no neighbours that they lack.
  if (kind !== "date" || grain === "time") return data;
  const series = data.series.map((one) => {
    const known = new Set(one.points.map(({ place }) => place));
    const absent = places.flatMap((_, place) => (known.has(place) ? [] : [{ ...EMPTY, place }]));
    return { ...one, points: [...one.points, ...absent].sort((a, b) => a.place - b.place) };
  });
  return { ...data, series };
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
