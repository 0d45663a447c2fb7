import type { App, AppConfig } from "../../app/app.ts";
import { isTick, tickBefore } from "../../app/app.ts";
import { readTrial } from "../../app/reports-file.ts";
import { ReportError } from "../../core/error.ts";
import type { Report } from "../../core/model/report.ts";
import type { Run } from "../../core/model/run.ts";
import { parseDue, showLocal } from "../../core/rules/due.ts";
import { type ConfigOption, withApp } from "../context.ts";
import { runLines } from "../history/json-lines.ts";
import { endedWell, runWord } from "../history/words.ts";
import { DONE, FAILED, type Io } from "../io.ts";
import { findReport } from "../lookup/find.ts";
import { wholeConfig } from "../reports.ts";
import { runInProcess } from "./run-in-process.ts";

export interface RunOptions extends ConfigOption {
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly due?: string;
  readonly again?: boolean;
  readonly json?: boolean;
}

/** `lookpost run`: one report now, whether or not the service is running. */
export async function runCommand(name: string, options: RunOptions, io: Io): Promise<number> {
  const config = wholeConfig(options.config, io);
  const report = asAsked(findReport(name, config), options, config);
  const dueAt = options.due === undefined ? new Date() : parseDue(options.due, report.schedule.timezone);
  if (options.due !== undefined && !isTrial(options)) refuseOtherThanTick(dueAt, report);
  return withApp(config, io, async (app) => {
    const run = await claimAndFollow(report, dueAt, options, app, io);
    if (options.json === true) {
      const deliveries = await (await app.ledger()).deliveries(run.id);
      io.out.write(runLines(run, deliveries));
    }
    return endedWell(run) ? DONE : FAILED;
  });
}

/** With --to, the report goes to that address alone, with all the files it attaches anywhere. */
function asAsked(report: Report, { to }: RunOptions, config: AppConfig): Report {
  if (to === undefined) return report;
  const attach = report.deliver.flatMap((one) => one.attach);
  const different = attach.filter(
    (one, index) => attach.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === index,
  );
  return { ...report, deliver: [{ destination: readTrial(to, report, config), attach: different }] };
}

function isTrial({ to, dryRun }: RunOptions): boolean {
  return to !== undefined || dryRun === true;
}

const TICK_SOUGHT_DAYS = 31;

/**
 * A real run counts as its tick: one for a future tick would replace that tick, and one for a time that is not a tick could be made
 * in addition to the tick it was meant for.
 */
function refuseOtherThanTick(dueAt: Date, { name, schedule }: Report): void {
  const asked = showLocal(dueAt, schedule.timezone);
  if (dueAt.getTime() > Date.now()) {
    throw new ReportError(`${asked} is in the future.`, {
      code: "config",
      advice: "Add --to you@example.com or --dry-run to try it, or leave it to its schedule.",
    });
  }
  if (isTick(schedule, dueAt)) return;
  const before = tickBefore(schedule, dueAt, TICK_SOUGHT_DAYS);
  const hint = before === null ? "" : ` The previous one was ${showLocal(before, schedule.timezone)}.`;
  throw new ReportError(
    `${asked} is not a tick of ${name} ("${schedule.cron}" in ${schedule.timezone}).${hint}`,
    {
      code: "config",
      advice: "Name a tick, or leave out --due to run it now.",
    },
  );
}

async function claimAndFollow(
  report: Report,
  dueAt: Date,
  options: RunOptions,
  app: App,
  io: Io,
): Promise<Run> {
  const kind = isTrial(options) ? "trial" : options.again === true ? "repeat" : "by_hand";
  const request = { report, dueAt, kind, isDry: options.dryRun ?? false } as const;
  const run = await runInProcess(request, app, io, async (ended) => ended);
  if (run === null) throw await alreadyRun(report, dueAt, app);
  return run;
}

async function alreadyRun(report: Report, dueAt: Date, app: App): Promise<ReportError> {
  const ledger = await app.ledger();
  const run = await ledger.findRun({ report: report.name, dueAt, burst: "" });
  const due = showLocal(dueAt, report.schedule.timezone);
  if (run === null)
    return new ReportError(`${report.name} could not be claimed for ${due}.`, { code: "local" });
  const verb = run.startedAt === null ? "already has a run" : "has already been run";
  return new ReportError(`${report.name} ${verb} for ${due}: run ${run.id}, ${runWord(run)}.`, {
    code: "config",
    advice: `\`lookpost history --run ${run.id}\` shows it, and what to do; add --again to run and send it again.`,
  });
}
