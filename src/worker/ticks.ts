import { createTask } from "node-cron";
import type { Schedule } from "../core/report.ts";

const AT_ONCE = 16;

/**
 * The schedule's ticks from now until `until`, oldest first, at most `ticksMax`. A local time that a DST change skips has
 * no tick that day; one that it repeats has one tick.
 */
export function upcomingTicks(schedule: Schedule, until: Date, ticksMax: number): Date[] {
  const task = createTask(schedule.cron, () => undefined, { timezone: schedule.timezone });
  for (let count = AT_ONCE; ; count *= 4) {
    const ticks = task.getNextRuns(Math.min(count, ticksMax));
    const within = ticks.filter((tick) => tick <= until);
    if (within.length < ticks.length || ticks.length === ticksMax) return within;
  }
}
