import { type AppConfig, upcomingTicks } from "../../app/app.ts";
import { toReportError } from "../../core/error.ts";
import type { Plan } from "../../core/model/plan.ts";
import type { Report } from "../../core/model/report.ts";
import { showLocal, showUtc } from "../../core/rules/due.ts";
import { plainLine } from "../../core/rules/plain-text.ts";
import { type ConfigOption, withApp } from "../context.ts";
import { asJsonLines } from "../history/json-lines.ts";
import { pauseWords } from "../history/system-status.ts";
import { DONE, type Io } from "../io.ts";
import { columns } from "../layout.ts";
import { usableRead, wholeConfig } from "../reports.ts";
import { findSchedule } from "./find.ts";
import { clockChanges } from "./schedule-notes.ts";

export interface NextOptions extends ConfigOption {
  readonly days: number;
  readonly json?: boolean;
}

const DAY_MS = 24 * 60 * 60 * 1000;
/** A report that ticks every minute is not listed for a week. */
const TICKS_SHOWN_MAX = 100;

/** `lookpost next`: which ticks are to come, in each report's zone and in UTC, and which reports are paused. */
export async function nextCommand(name: string | undefined, options: NextOptions, io: Io): Promise<number> {
  const { config: usable, problems } = usableRead(options.config, io);
  const config = usable ?? wholeConfig(options.config, io);
  if (problems.length > 0)
    io.err.write(
      `${config.file} has problems: \`lookpost check\` says which. Schedules that can be read are listed.\n`,
    );
  const reports = name === undefined ? config.schedules : [findSchedule(name, config)];
  const { pauses, ledger } = await pausesOf(config, io);
  const now = new Date();
  const until = new Date(now.getTime() + options.days * DAY_MS);
  const all = reports.map((report) => ({
    report,
    ticks: upcomingTicks(report.schedule, until, TICKS_SHOWN_MAX + 1),
  }));
  const ticks = all
    .flatMap(({ report, ticks }) =>
      ticks.slice(0, TICKS_SHOWN_MAX).map((dueAt) => ({ report, dueAt, isPaused: pauses.has(report.name) })),
    )
    .sort((a, b) => a.dueAt.getTime() - b.dueAt.getTime());
  io.out.write(options.json === true ? asJson(ticks, ledger) : asTable(ticks));
  const frequent = all.filter((one) => one.ticks.length > TICKS_SHOWN_MAX).map(({ report }) => report.name);
  const silent = all.filter((one) => one.ticks.length === 0).map(({ report }) => report.name);
  for (const { name, schedule } of reports) {
    const pause = pauses.get(name);
    if (pause !== undefined) io.err.write(`${pauseWords(pause, now, schedule.timezone)}\n`);
  }
  for (const change of clockChanges(reports, now, until)) io.err.write(`${change}\n`);
  if (frequent.length > 0)
    io.err.write(`Only the first ${TICKS_SHOWN_MAX} ticks of ${frequent.join(", ")} are listed.\n`);
  if (silent.length > 0)
    io.err.write(
      `No ticks within ${options.days === 1 ? "1 day" : `${options.days} days`}: ${silent.join(", ")}.\n`,
    );
  return DONE;
}

/** The paused reports by name, and which ledger says so. The schedules are shown even where it cannot be read: then it is null. */
async function pausesOf(
  config: AppConfig,
  io: Io,
): Promise<{ readonly pauses: ReadonlyMap<string, Plan>; readonly ledger: string | null }> {
  try {
    return await withApp(config, io, async (app) => {
      const { ledger, name } = await app.reader();
      const paused = (await ledger.plans()).filter(({ pausedAt }) => pausedAt !== null);
      io.err.write(`Which reports are paused is read from the ledger ${name}\n`);
      return { pauses: new Map(paused.map((plan) => [plan.report, plan])), ledger: name };
    });
  } catch (thrown) {
    io.err.write(`Cannot tell which reports are paused: ${plainLine(toReportError(thrown).message)}\n`);
    return { pauses: new Map(), ledger: null };
  }
}

interface Tick {
  readonly report: Pick<Report, "name" | "schedule">;
  readonly dueAt: Date;
  readonly isPaused: boolean;
}

function asTable(ticks: readonly Tick[]): string {
  return columns(
    ticks.map(({ report, dueAt, isPaused }) => [
      showLocal(dueAt, report.schedule.timezone),
      showUtc(dueAt),
      report.name,
      isPaused ? "paused" : "",
    ]),
  );
}

function asJson(ticks: readonly Tick[], ledger: string | null): string {
  return asJsonLines(
    ticks.map(({ report, dueAt, isPaused }) => ({
      report: report.name,
      dueAt: dueAt.toISOString(),
      local: showLocal(dueAt, report.schedule.timezone),
      timezone: report.schedule.timezone,
      paused: isPaused,
      ledger,
    })),
  );
}
