import { phrasesIn } from "../../core/words/phrases.ts";
import type { ChartData } from "./data.ts";

/** More bars than this make a picture that no one reads to its end. */
const BARS_MAX = 40;

/** The first places of very many bars, and that there are more. Dates are all drawn: they need no names. */
export function firstBars(data: ChartData): ChartData {
  const { mark, axis, series, notes } = data;
  if (mark !== "bar" || axis.kind === "date" || axis.places.length <= BARS_MAX) return data;
  return {
    ...data,
    axis: { ...axis, places: axis.places.slice(0, BARS_MAX) },
    series: series.map((one) => ({ ...one, points: one.points.filter(({ place }) => place < BARS_MAX) })),
    notes: [...notes, phrasesIn(axis.locale).charts.firstDrawn(BARS_MAX, axis.places.length)],
  };
}
