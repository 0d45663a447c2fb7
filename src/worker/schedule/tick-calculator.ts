import { Temporal } from "temporal-polyfill";
import type { Schedule } from "../../core/model/report.ts";
import { CAUGHT_UP_MAX, type DueTicks, MISSED_ROWS_MAX } from "./catch-up.ts";
import { tickAfter, ticksBefore } from "./ticks.ts";

/**
 * Schedule arithmetic as of one moment. Thousands of reports share a few crontabs: each question is answered once, and the
 * answers are forgotten with the pass that asked.
 */
export interface TickCalculator {
  readonly now: Date;
  /** The first tick after now. */
  next(schedule: Schedule): Date | null;
  /** The ticks from `since` until now. */
  due(schedule: Schedule, since: Date): DueTicks;
  expectAt(tick: Date, expectBy: string | null, timezone: string): Date | null;
}

/** Two minutely ticks can be on time at once, besides those that are caught up and those that get a row. */
const LATEST_MAX = CAUGHT_UP_MAX + MISSED_ROWS_MAX + 2;

/**
 * Where looking back ends, so that a clock that stood at 1970, or a worker that comes back after years, holds nothing up: five years
 * reach a crontab that comes on 29 February only.
 */
const COUNTED_MAX = 1_000;
const LOOK_BACK_MS = 5 * 366 * 24 * 3_600_000;

export function calculatorAt(now: Date): TickCalculator {
  const nexts = new Map<string, Date | null>();
  const dues = new Map<string, DueTicks>();
  const expected = new Map<string, Date>();
  return {
    now,
    next: (schedule) => once(nexts, key(schedule), () => tickAfter(schedule, now)),
    due: (schedule, since) =>
      once(dues, `${since.getTime()} ${key(schedule)}`, () => dueTicks(schedule, since, now)),
    expectAt: (tick, expectBy, timezone) =>
      expectBy === null
        ? null
        : once(expected, `${tick.getTime()} ${expectBy} ${timezone}`, () =>
            expectAt(tick, expectBy, timezone),
          ),
  };
}

function dueTicks(schedule: Schedule, since: Date, now: Date): DueTicks {
  const lookedBackTo = new Date(Math.max(since.getTime(), now.getTime() - LOOK_BACK_MS));
  const latest: Date[] = [];
  let earlier = 0;
  for (const tick of ticksBefore(schedule, new Date(now.getTime() + 1), lookedBackTo)) {
    if (latest.length < LATEST_MAX) latest.push(tick);
    else if (earlier < COUNTED_MAX) earlier += 1;
    else return { latest, earlier, isEarlierMore: true };
  }
  return { latest, earlier, isEarlierMore: lookedBackTo > since };
}

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

function key({ cron, timezone }: Schedule): string {
  return `${cron} ${timezone}`;
}

function once<V>(known: Map<string, V>, question: string, answer: () => V): V {
  const before = known.get(question);
  if (before !== undefined) return before;
  const fresh = answer();
  known.set(question, fresh);
  return fresh;
}
