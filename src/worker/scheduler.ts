import { type ScheduledTask, schedule } from "node-cron";
import type { Report } from "../core/report.ts";

/** Hears the ticks of all reports and hands them on; knows nothing of what is done with them. */
export interface Scheduler {
  /** How many schedules are running. */
  readonly size: number;
  stop(): Promise<void>;
}

/** `tick` gets the minute that was due, also when a busy process or a suspended machine heard of it late. It must not reject. */
export function startScheduler(
  reports: readonly Report[],
  tick: (report: Report, dueAt: Date) => Promise<void>,
): Scheduler {
  const tasks = reports.map((report) => listen(report, tick));
  return {
    size: tasks.length,
    async stop() {
      await Promise.all(tasks.map((task) => task.destroy()));
    },
  };
}

function listen(report: Report, tick: (report: Report, dueAt: Date) => Promise<void>): ScheduledTask {
  const { cron, timezone } = report.schedule;
  const task = schedule(cron, (context) => tick(report, context.date), {
    name: report.name,
    timezone,
    // Missed ticks are not dropped but run late, below: no warning on stdout is needed.
    suppressMissedWarning: true,
  });
  task.on("execution:missed", (context) => tick(report, context.date));
  return task;
}
