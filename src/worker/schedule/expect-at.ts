import { Temporal } from "temporal-polyfill";

/**
 * When something should have been delivered for a tick: `expectBy` ("09:30") on the tick's local day; where that is not
 * after the tick, on the next day. A local time that a DST change skips or repeats is read as RFC 5545 does ("compatible").
 */
export function expectAt(tick: Date, expectBy: string, timezone: string): Date {
  const local = Temporal.Instant.fromEpochMilliseconds(tick.getTime()).toZonedDateTimeISO(timezone);
  const day = local.toPlainDate();
  const plainTime = Temporal.PlainTime.from(expectBy);
  const on = (date: Temporal.PlainDate) =>
    date.toZonedDateTime({ timeZone: timezone, plainTime }).epochMilliseconds;
  const sameDay = on(day);
  return new Date(sameDay > tick.getTime() ? sameDay : on(day.add({ days: 1 })));
}
