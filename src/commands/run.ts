import type { App, AppConfig } from "../app.ts";
import { readDestination } from "../app.ts";
import { parseDue, showLocal } from "../core/due.ts";
import { ReportError, toReportError } from "../core/error.ts";
import { didYouMean } from "../core/nearest.ts";
import type { Report } from "../core/report.ts";
import type { Run } from "../core/run.ts";
import { type ConfigOption, DONE, FAILED, type Io, printError, wholeConfig, withApp } from "./context.ts";
import { runLines } from "./json-lines.ts";
import { progressListener } from "./progress.ts";
import { endedWell, runWord } from "./words.ts";

export interface RunOptions extends ConfigOption {
  readonly to?: string;
  readonly dryRun?: boolean;
  readonly due?: string;
  readonly again?: boolean;
  readonly json?: boolean;
}

const GRACE_MS = 5_000;

/** `lookpost run`: one report, now, beside the service or without it. */
export async function runCommand(name: string, options: RunOptions, io: Io): Promise<number> {
  const config = wholeConfig(options.config, io);
  const report = asAsked(findReport(name, config), options, config);
  const dueAt = options.due === undefined ? new Date() : parseDue(options.due, report.schedule.timezone);
  refuseFuture(dueAt, report, options);
  return withApp(config, io, async (app) => {
    const run = await claimAndFollow(report, dueAt, options, app, io);
    if (options.json === true) {
      const deliveries = await (await app.ledger()).deliveries(run.id);
      io.out.write(runLines(run, deliveries));
    }
    return endedWell(run) ? DONE : FAILED;
  });
}

export function findReport(name: string, { reports, file }: AppConfig): Report {
  const report = reports.find((one) => one.name === name);
  if (report !== undefined) return report;
  const names = reports.map((one) => one.name);
  throw new ReportError(`There is no report "${name}" in ${file}.${didYouMean(name, names)}`, {
    code: "config",
    advice: `Its reports: ${names.join(", ")}.`,
  });
}

/** With --to, the report goes to that address alone, with all the files it attaches anywhere. */
function asAsked(report: Report, { to }: RunOptions, config: AppConfig): Report {
  if (to === undefined) return report;
  const attach = report.deliver.flatMap((one) => one.attach);
  const different = attach.filter(
    (one, index) => attach.findIndex((other) => JSON.stringify(other) === JSON.stringify(one)) === index,
  );
  const destination = readDestination("email", to, config);
  return { ...report, deliver: [{ destination, attach: different }] };
}

function isTrial({ to, dryRun }: RunOptions): boolean {
  return to !== undefined || dryRun === true;
}

/** A real run of a tick to come would be taken for that tick, which then would not come. */
function refuseFuture(dueAt: Date, report: Report, options: RunOptions): void {
  if (isTrial(options) || dueAt.getTime() <= Date.now()) return;
  throw new ReportError(`${showLocal(dueAt, report.schedule.timezone)} is still to come.`, {
    code: "config",
    advice: "Add --to you@example.com or --dry-run to try it, or leave it to its schedule.",
  });
}

async function claimAndFollow(
  report: Report,
  dueAt: Date,
  options: RunOptions,
  app: App,
  io: Io,
): Promise<Run> {
  const ledger = await app.ledger();
  const trouble = (thrown: unknown) => printError(toReportError(thrown), io);
  const worker = await app.startWorker({
    role: "command",
    listener: progressListener(io.err),
    trouble,
    dryRun: options.dryRun ?? false,
    report: (name) => (name === report.name ? report : null),
  });
  const interrupted = () => worker.stop(GRACE_MS).catch(trouble);
  io.stop.addEventListener("abort", interrupted, { once: true });
  try {
    // A trial must never stand in for the tick itself, and a run asked for again is another one.
    const burst = isTrial(options) || options.again === true ? `manual ${new Date().toISOString()}` : "";
    const run = await worker.claim(report.name, dueAt, "manual", burst);
    if (run === null) throw await standsAlready(report, dueAt, app);
    await worker.idle();
    return (await ledger.run(run.id)) ?? run;
  } finally {
    io.stop.removeEventListener("abort", interrupted);
    await worker.stop(GRACE_MS);
  }
}

async function standsAlready(report: Report, dueAt: Date, app: App): Promise<ReportError> {
  const ledger = await app.ledger();
  const run = await ledger.findRun({ report: report.name, dueAt, burst: "" });
  const due = showLocal(dueAt, report.schedule.timezone);
  return new ReportError(
    `${report.name} was run for ${due} already: run ${run?.id}, ${run === null ? "unknown" : runWord(run)}.`,
    {
      code: "config",
      advice: `Look at it with \`lookpost history ${report.name} --run ${run?.id}\`; add --again to run and send it once more.`,
    },
  );
}
