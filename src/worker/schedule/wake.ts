import { type ScheduledTask, schedule } from "node-cron";

/** Wakes at one moment, and then at the next it is set to. */
export interface Waker {
  /** Whole minutes, in milliseconds since 1970; null: nothing to wake for. */
  set(at: number | null): void;
  stop(): Promise<void>;
}

/**
 * node-cron waits for the earliest tick of all reports, given to it as a crontab of that minute, day and month. One task for
 * each report would walk through every tick it slept through, one by one: after a clock that stood at 1970 a minutely
 * one holds the process up for a quarter of an hour (node-cron 4.6.0, planBeat). This one has a tick a year.
 */
export function createWaker(wake: () => void): Waker {
  let task: ScheduledTask | null = null;
  let setTo: number | null = null;
  return {
    set(at) {
      if (at === setTo) return;
      void task?.destroy();
      task = at === null ? null : wakeAt(new Date(at), wake);
      setTo = at;
    },
    async stop() {
      await task?.destroy();
      task = null;
    },
  };
}

function wakeAt(at: Date, wake: () => void): ScheduledTask {
  const crontab = `${at.getUTCMinutes()} ${at.getUTCHours()} ${at.getUTCDate()} ${at.getUTCMonth() + 1} *`;
  // The task is set anew by what it wakes, which must not happen while node-cron is still inside it.
  const later = () => void setImmediate(wake);
  // Woken late it says "missed" instead: what is missed is the ledger's to say.
  const task = schedule(crontab, later, { timezone: "UTC", suppressMissedWarning: true });
  task.on("execution:missed", later);
  return task;
}
