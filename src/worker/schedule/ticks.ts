import type { Schedule } from "../../core/model/report.ts";
import { type Crontab, fallsOn, parseCrontab } from "./crontab.ts";
import { localDay, momentsOn } from "./moments.ts";

/**
 * What is a tick, past or to come: the moments of each local day that the crontab falls on, in order, so that boot, claiming, `next`
 * and `run --due` agree. What a change of the clocks does to them is decided in moments.ts.
 */

const DAY_MS = 24 * 3_600_000;

/** A crontab that has no tick in a hundred years has none. */
const DAYS_AHEAD_MAX = 100 * 366;

/** The ticks after `date`, oldest first. */
export function* ticksAfter(schedule: Schedule, date: Date): Generator<Date, void> {
  const { crontab, zone } = read(schedule);
  const after = date.getTime();
  // Where the clock is about to be put back over midnight, the day before is still to come once more.
  const first = Math.min(localDay(zone, after), localDay(zone, after + DAY_MS) - 1);
  let last = after;
  let held: number[] = [];
  for (let day = first; day <= first + DAYS_AHEAD_MAX; day += 1) {
    const falls = fallsOn(crontab, day);
    if (!falls && held.length === 0) continue;
    const moments = momentsOn(crontab, zone, day);
    const all = falls ? [...held, ...moments.at].sort((a, b) => a - b) : held;
    held = all.filter((at) => at >= moments.laterBegin);
    for (const at of all) {
      if (at <= last || at >= moments.laterBegin) continue;
      yield new Date(at);
      last = at;
    }
  }
}

/** The ticks before `date` and not before `since`, newest first. */
export function* ticksBefore(schedule: Schedule, date: Date, since: Date): Generator<Date, void> {
  const { crontab, zone } = read(schedule);
  // The clock may just have been put back over midnight: the next local day has been there already.
  const newest = localDay(zone, date.getTime()) + 1;
  // What a day skips at its end is due at the first moment of the next one.
  const oldest = localDay(zone, since.getTime()) - 1;
  let last = date.getTime();
  let held: number[] = [];
  for (let day = newest; day >= oldest; day -= 1) {
    const falls = fallsOn(crontab, day);
    if (!falls && held.length === 0) continue;
    const moments = momentsOn(crontab, zone, day);
    const all = falls ? [...held, ...moments.at].sort((a, b) => b - a) : held;
    held = day === oldest ? [] : all.filter((at) => at < moments.earlierEnd);
    for (const at of all) {
      if (at >= last || at < since.getTime() || held.includes(at)) continue;
      yield new Date(at);
      last = at;
    }
  }
}

/** The first tick after `date`; null where the crontab never comes. */
export function tickAfter(schedule: Schedule, date: Date): Date | null {
  return ticksAfter(schedule, date).next().value ?? null;
}

/** The latest tick before `date`, or null where there is none within `daysMax` days. */
export function tickBefore(schedule: Schedule, date: Date, daysMax: number): Date | null {
  return ticksBefore(schedule, date, new Date(date.getTime() - daysMax * DAY_MS)).next().value ?? null;
}

/** The schedule's ticks from now until `until`, oldest first, at most `ticksMax`. */
export function upcomingTicks(schedule: Schedule, until: Date, ticksMax: number): Date[] {
  const ticks: Date[] = [];
  for (const tick of ticksAfter(schedule, new Date())) {
    if (tick > until || ticks.length === ticksMax) break;
    ticks.push(tick);
  }
  return ticks;
}

/** Whether the schedule is due at that very moment, past or to come. */
export function isTick(schedule: Schedule, date: Date): boolean {
  return tickAfter(schedule, new Date(date.getTime() - 1))?.getTime() === date.getTime();
}

const SCHEDULES_KEPT_MAX = 20_000;
const crontabs = new Map<string, Crontab>();
const zones = new Map<string, Intl.DateTimeFormat>();

function read({ cron, timezone }: Schedule): { crontab: Crontab; zone: Intl.DateTimeFormat } {
  return {
    crontab: keep(crontabs, cron, parseCrontab),
    zone: keep(
      zones,
      timezone,
      (timeZone) => new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" }),
    ),
  };
}

function keep<V>(kept: Map<string, V>, key: string, make: (key: string) => V): V {
  const known = kept.get(key);
  if (known !== undefined) return known;
  if (kept.size >= SCHEDULES_KEPT_MAX) kept.clear();
  const made = make(key);
  kept.set(key, made);
  return made;
}
