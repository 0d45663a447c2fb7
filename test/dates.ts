import type { DateFacts } from "../src/core/model/result.ts";

/** Of a result whose dates Looker read in this zone, in a model with weeks from Monday and fiscal years from January. */
export function datesIn(timezone: string | null, more: Partial<DateFacts> = {}): DateFacts {
  return { timezone, calendar: { weekStart: 1, fiscalMonthOffset: 0 }, otherFilters: [], ...more };
}
