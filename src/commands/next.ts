import { upcomingTicks } from "../app.ts";
import { showLocal, showUtc } from "../core/due.ts";
import type { Report } from "../core/report.ts";
import { columns } from "./columns.ts";
import { type ConfigOption, DONE, type Io, wholeConfig } from "./context.ts";
import { asJsonLines } from "./json-lines.ts";
import { findReport } from "./run.ts";

export interface NextOptions extends ConfigOption {
  readonly days: number;
  readonly json?: boolean;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** A report that ticks every minute is not listed for a week. */
const TICKS_SHOWN_MAX = 100;

/** `lookpost next`: which ticks are to come, in each report's zone and in UTC. */
export async function nextCommand(name: string | undefined, options: NextOptions, io: Io): Promise<number> {
  const config = wholeConfig(options.config, io);
  const reports = name === undefined ? config.reports : [findReport(name, config)];
  const until = new Date(Date.now() + options.days * DAY_MS);
  const all = reports.map((report) => ({
    report,
    ticks: upcomingTicks(report.schedule, until, TICKS_SHOWN_MAX + 1),
  }));
  const ticks = all
    .flatMap(({ report, ticks }) => ticks.slice(0, TICKS_SHOWN_MAX).map((dueAt) => ({ report, dueAt })))
    .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  io.out.write(options.json === true ? asJson(ticks) : asTable(ticks));
  const frequent = all.filter((one) => one.ticks.length > TICKS_SHOWN_MAX).map(({ report }) => report.name);
  const silent = all.filter((one) => one.ticks.length === 0).map(({ report }) => report.name);
  if (frequent.length > 0)
    io.err.write(`Only the first ${TICKS_SHOWN_MAX} ticks of ${frequent.join(", ")} are listed.\n`);
  if (silent.length > 0) io.err.write(`No tick within ${options.days} days: ${silent.join(", ")}.\n`);
  return DONE;
}

interface Tick {
  readonly report: Report;
  readonly dueAt: Date;
}

function asTable(ticks: readonly Tick[]): string {
  return columns(
    ticks.map(({ report, dueAt }) => [
      showLocal(dueAt, report.schedule.timezone),
      showUtc(dueAt),
      report.name,
    ]),
  );
}

function asJson(ticks: readonly Tick[]): string {
  return asJsonLines(
    ticks.map(({ report, dueAt }) => ({
      report: report.name,
      dueAt: dueAt.toISOString(),
      local: showLocal(dueAt, report.schedule.timezone),
      timezone: report.schedule.timezone,
    })),
  );
}
