import type { DatePhrases } from "../../words/en/dates.ts";
import { type Grain, readDate } from "./date-value.ts";

/** A label of an axis in words, where it is a date of this grain; else as it is. */
export function labelWords(
  label: string,
  grain: Grain | null,
  year: number | null,
  { word }: Pick<DatePhrases, "word">,
): string {
  const date = grain === null ? null : readDate(label, `date_${grain}`);
  return date === null ? label : word(date, year ?? date.at.year).name;
}

/** The year of the last date among labels, which goes without saying where they are told. */
export function lastYear(labels: readonly string[], grain: Grain | null): number | null {
  const last = labels.at(-1);
  return grain === null || last === undefined ? null : (readDate(last, `date_${grain}`)?.at.year ?? null);
}
