/**
 * How late the ticks of many reports are claimed: a timetable over a new SQLite ledger on disk gets reports that are all due at
 * the next minute, by a mixture of crontabs and time zones. Prints how long the boot takes, how late the ticks are as the
 * ledger has it (claimedAt - dueAt) and as they are written (after the commit), what idling costs, and for
 * comparison how late node-cron alone calls as many tasks that do nothing. Two minutes take five: each half begins at second 15 of a
 * minute, idles until 55, and claims for as many minutes as are asked for.
 *
 *   node bench/ticks.ts [reports, default 10000] [minutes, default 2]
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { schedule } from "node-cron";
import type { Report, Schedule } from "../src/core/model/report.ts";
import type { Clock } from "../src/core/ports/clock.ts";
import { openSqliteLedger } from "../src/ledger/sqlite/sqlite.ts";
import { startTimetable } from "../src/worker/schedule/timetable.ts";
import { benchArguments } from "./arguments.ts";

const { reports: reportsWanted, minutes } = benchArguments({ reports: 10_000, minutes: 2 });
const MINUTE_MS = 60_000;
/** Zones of whole hours, so that a minute is the same minute everywhere. */
const ZONES = [
  "UTC",
  "America/New_York",
  "America/Los_Angeles",
  "Europe/Berlin",
  "Europe/London",
  "Asia/Tokyo",
];

const clock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
};

const folder = mkdtempSync(join(tmpdir(), "lookpost-bench-"));
try {
  await untilSecond(15);
  console.error("lookpost's timetable …");
  const lookpost = await measureTimetable();
  await untilSecond(15);
  console.error("node-cron alone …");
  const nodeCron = await measureNodeCron();
  console.log(JSON.stringify({ reports: reportsWanted, minutes, lookpost, nodeCron }, null, 2));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function measureTimetable() {
  const ledger = await openSqliteLedger(folder);
  const claimed: number[] = [];
  const written: number[] = [];
  const began = performance.now();
  const timetable = await startTimetable(
    {
      ledger,
      clock,
      newId: randomUUID,
      claimed: (runs) => {
        const now = Date.now();
        for (const run of runs) {
          if (run.endedAt !== null) throw new Error("a tick was missed");
          claimed.push(run.claimedAt.getTime() - run.dueAt.getTime());
          written.push(now - run.dueAt.getTime());
        }
      },
      trouble: (thrown) => {
        throw thrown;
      },
    },
    reports(),
  );
  const bootMs = Math.round(performance.now() - began);
  const idlePercent = await idle();
  await untilSecond(30);
  await sleep((minutes - 1) * MINUTE_MS);
  await timetable.stop();
  await ledger.close();
  if (claimed.length < reportsWanted * minutes) throw new Error(`only ${claimed.length} ticks were claimed`);
  return { bootMs, idlePercent, claimedLateMs: spread(claimed), writtenLateMs: spread(written) };
}

async function measureNodeCron() {
  const late: number[] = [];
  const began = performance.now();
  const tasks = reports().map(({ schedule: { cron, timezone } }) =>
    schedule(cron, ({ date }) => void late.push(Date.now() - date.getTime()), {
      timezone,
      suppressMissedWarning: true,
    }),
  );
  const missed: number[] = [];
  for (const task of tasks) task.on("execution:missed", () => void missed.push(1));
  const bootMs = Math.round(performance.now() - began);
  const idlePercent = await idle();
  await untilSecond(30);
  await Promise.all(tasks.map((task) => task.destroy()));
  return { bootMs, idlePercent, missed: missed.length, lateMs: spread(late) };
}

/** Processor time while nothing is due, in percent of a core. */
async function idle(): Promise<number> {
  const before = process.cpuUsage();
  const began = performance.now();
  await untilSecond(55);
  const { user, system } = process.cpuUsage(before);
  return Number(((user + system) / 10 / (performance.now() - began)).toFixed(2));
}

function reports(): Report[] {
  const following = new Date(Date.now() + MINUTE_MS).getUTCMinutes();
  const coming = Array.from({ length: minutes + 2 }, (_, index) => (following + index) % 60).join(",");
  const crontabs = ["* * * * *", "*/1 0-23 * * *", `${coming} * * * *`, `${coming} * 1-31 jan-dec mon-sun`];
  return Array.from({ length: reportsWanted }, (_, index) => {
    const cron = crontabs[index % crontabs.length] ?? "* * * * *";
    const timezone = ZONES[Math.floor(index / crontabs.length) % ZONES.length] ?? "UTC";
    return report(`report-${index}`, { cron, timezone });
  });
}

function report(name: string, schedule: Schedule): Report {
  return {
    name,
    title: name,
    owner: null,
    description: null,
    resultBytesMax: 2e9,
    link: "looker",
    schedule,
    timeoutMs: MINUTE_MS,
    timeoutFrom: "tries",
    sendIf: "always",
    sections: [],
    deliver: [],
    catchUp: "latest",
    retry: { triesMax: 6, overMs: 120 * MINUTE_MS },
    onUnknown: "hold",
    onFailure: [],
    expectBy: "09:30",
  };
}

/** Waits for that second of a minute. */
async function untilSecond(second: number): Promise<void> {
  await sleep((second * 1_000 - (Date.now() % MINUTE_MS) + MINUTE_MS) % MINUTE_MS);
}

function spread(values: number[]) {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) };
}
