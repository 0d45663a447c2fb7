import type { Temporal } from "temporal-polyfill";
import type { Result } from "../../model/result.ts";
import type { Calendar } from "./calendar.ts";
import { localOf } from "./date-value.ts";

/** "3 fiscal quarters", "this fiscal year". */
function endsInPresentFiscal(expression: string): boolean {
  return /^\s*(?:this|(?:last\s+)?\d+)\s+fiscal\s+(?:year|quarter)s?\s*$/i.test(expression);
}

/** What time it was when Looker ran a query, and how its model counts time. */
export interface QueryClock extends Calendar {
  /** By the zone that Looker used; where that is not known, in UTC. */
  readonly now: Temporal.PlainDateTime;
  readonly isZoneKnown: boolean;
  /** A filter counts fiscal periods up to the present one: the last of them is that one, also where it is not known when it began. */
  readonly isLastFiscalPresent: boolean;
  /** What is certainly over by now in whatever zone it was: the clock of the zone that is the last to begin a day. */
  readonly earliest: Temporal.PlainDateTime;
}

export function clockOf({ ranAt, dates, filters }: Pick<Result, "ranAt" | "dates" | "filters">): QueryClock {
  const now = localOf(ranAt, dates.timezone ?? "UTC");
  const earliest = dates.timezone === null ? localOf(ranAt, LAST_ZONE) : now;
  return {
    ...dates.calendar,
    now,
    isZoneKnown: dates.timezone !== null,
    isLastFiscalPresent: Object.values(filters).some(endsInPresentFiscal),
    earliest,
  };
}

/** UTC-12: POSIX has the sign the other way round. */
const LAST_ZONE = "Etc/GMT+12";
