import { createTask, type ScheduledTask } from "node-cron";
import type { Schedule } from "../core/report.ts";

const AT_ONCE = 16;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * The schedule's ticks from now until `until`, oldest first, at most `ticksMax`. A local time that a DST change skips has
 * no tick that day; one that it repeats has one tick.
 */
export function upcomingTicks(schedule: Schedule, until: Date, ticksMax: number): Date[] {
  const task = taskOf(schedule);
  for (let count = AT_ONCE; ; count *= 4) {
    const ticks = task.getNextRuns(Math.min(count, ticksMax));
    const within = ticks.filter((tick) => tick <= until);
    if (within.length < ticks.length || ticks.length === ticksMax) return within;
  }
}

/** Whether the schedule is due at that very moment, past or to come. */
export function isTick(schedule: Schedule, date: Date): boolean {
  const task = taskOf(schedule);
  if (date.getTime() % MINUTE_MS !== 0 || !task.match(date)) return false;
  // Of a local time that a DST change repeats, only the first is the tick; node-cron's `match` takes both.
  const earlier = new Date(date.getTime() - HOUR_MS);
  return !task.match(earlier) || wallTime(earlier, schedule.timezone) !== wallTime(date, schedule.timezone);
}

/** The latest tick before `date`, or null where there is none within `daysMax` days. */
export function tickBefore(schedule: Schedule, date: Date, daysMax: number): Date | null {
  const task = taskOf(schedule);
  const last = Math.ceil(date.getTime() / MINUTE_MS) - 1;
  for (let minute = last; minute > last - daysMax * 24 * 60; minute -= 1) {
    const candidate = new Date(minute * MINUTE_MS);
    if (task.match(candidate) && isTick(schedule, candidate)) return candidate;
  }
  return null;
}

function taskOf({ cron, timezone }: Schedule): ScheduledTask {
  return createTask(cron, () => undefined, { timezone });
}

function wallTime(date: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-GB", { timeZone, dateStyle: "short", timeStyle: "short" }).format(date);
}
