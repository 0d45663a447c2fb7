import { createTask, parse, type ScheduledTask } from "node-cron";
import type { Schedule } from "../../core/model/report.ts";

/**
 * What is a tick, past or to come. node-cron reads the crontab and says which days it falls on; which moment a local time is
 * is decided here, so that boot, claiming, `next` and `run --due` agree: a local time that a DST change skips has no tick that
 * day; one that it repeats has one tick, the first.
 */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A crontab that has no tick in a hundred years has none: node-cron looks no further either. */
const DAYS_AHEAD_MAX = 100 * 366;

/** No local day begins or ends further than this from the same day in UTC: zones lie between -12 and +14 h. */
const ZONE_SPAN_MS = 15 * HOUR_MS;

/** The ticks after `date`, oldest first. */
export function* ticksAfter(schedule: Schedule, date: Date): Generator<Date, void> {
  const { crontab, zone } = read(schedule);
  const first = localDay(zone, date.getTime());
  for (let day = first; day <= first + DAYS_AHEAD_MAX; day += 1) {
    if (!fallsOn(crontab, day)) continue;
    for (const at of momentsOn(crontab, zone, day)) if (at > date.getTime()) yield new Date(at);
  }
}

/** The ticks before `date` and not before `since`, newest first. */
export function* ticksBefore(schedule: Schedule, date: Date, since: Date): Generator<Date, void> {
  const { crontab, zone } = read(schedule);
  // The clock may just have been put back over midnight: the next local day has been there already.
  const last = localDay(zone, date.getTime()) + 1;
  const first = localDay(zone, since.getTime());
  for (let day = last; day >= first; day -= 1) {
    if (!fallsOn(crontab, day)) continue;
    for (const at of momentsOn(crontab, zone, day).reverse())
      if (at < date.getTime() && at >= since.getTime()) yield new Date(at);
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

interface Crontab {
  /** Minutes after midnight, ascending. */
  readonly minutes: readonly number[];
  readonly months: ReadonlySet<number>;
  /** Null where the field holds more than numbers (L, W, #): then only node-cron says which days it means. */
  readonly days: ReadonlySet<number> | null;
  readonly weekdays: ReadonlySet<number> | null;
  readonly inUtc: ScheduledTask;
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

function parseCrontab(cron: string): Crontab {
  const fields = parse(cron);
  const minutes = fields.hour.flatMap((hour) => fields.minute.map((minute) => hour * 60 + minute));
  return {
    minutes: [...new Set(minutes)].sort((a, b) => a - b),
    months: new Set(fields.month),
    days: numbers(fields.dayOfMonth),
    weekdays: numbers(fields.dayOfWeek),
    inUtc: createTask(cron, () => undefined, { timezone: "UTC" }),
  };
}

function numbers(field: readonly (number | string)[]): ReadonlySet<number> | null {
  const plain = field.filter((value) => typeof value === "number");
  return plain.length === field.length ? new Set(plain) : null;
}

/** Days are counted from 1970-01-01, as local dates: what a calendar shows, without a zone. */
function fallsOn({ minutes, months, days, weekdays, inUtc }: Crontab, day: number): boolean {
  const date = new Date(day * DAY_MS);
  if (!months.has(date.getUTCMonth() + 1)) return false;
  if (days !== null && !days.has(date.getUTCDate())) return false;
  if (weekdays !== null && !weekdays.has(date.getUTCDay())) return false;
  if (days !== null && weekdays !== null) return true;
  return inUtc.match(new Date(day * DAY_MS + (minutes[0] ?? 0) * MINUTE_MS));
}

/** The moments of a local day's ticks, ascending, in milliseconds since 1970. */
function momentsOn({ minutes }: Crontab, zone: Intl.DateTimeFormat, day: number): number[] {
  const midnight = day * DAY_MS;
  const change = changeWithin(zone, midnight - ZONE_SPAN_MS, midnight + DAY_MS + ZONE_SPAN_MS);
  const moments: number[] = [];
  for (const minute of minutes) {
    const local = midnight + minute * MINUTE_MS;
    const before = local - change.offsetBeforeMs;
    const after = local - change.offsetAfterMs;
    // Of two moments with the same local time, the one before the change is taken; a skipped time has neither.
    if (before < change.at) moments.push(before);
    else if (after >= change.at) moments.push(after);
  }
  return moments;
}

interface Change {
  /** The first moment of the new offset. */
  readonly at: number;
  readonly offsetBeforeMs: number;
  readonly offsetAfterMs: number;
}

/** The change of the zone's offset between two moments; no zone has had two in so short a time since there are whole-minute offsets. */
function changeWithin(zone: Intl.DateTimeFormat, from: number, to: number): Change {
  const offsetBeforeMs = offsetMs(zone, from);
  const offsetAfterMs = offsetMs(zone, to);
  if (offsetBeforeMs === offsetAfterMs) return { at: to, offsetBeforeMs, offsetAfterMs };
  let before = from / MINUTE_MS;
  let after = to / MINUTE_MS;
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetMs(zone, middle * MINUTE_MS) === offsetBeforeMs) before = middle;
    else after = middle;
  }
  return { at: after * MINUTE_MS, offsetBeforeMs, offsetAfterMs };
}

function localDay(zone: Intl.DateTimeFormat, at: number): number {
  return Math.floor((at + offsetMs(zone, at)) / DAY_MS);
}

/** Reads "11/21/2026, GMT-05:00"; "GMT" alone is none. */
function offsetMs(zone: Intl.DateTimeFormat, at: number): number {
  const match = /GMT([+-])(\d\d):(\d\d)(?::(\d\d))?$/.exec(zone.format(at));
  if (!match) return 0;
  const [, sign, hours, minutes, seconds] = match;
  const size = Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS + Number(seconds ?? 0) * 1000;
  return sign === "-" ? -size : size;
}
