import type { AppConfig } from "../../app/app.ts";
import { ReportError } from "../../core/error.ts";
import type { Report } from "../../core/model/report.ts";
import type { Delivery, Run } from "../../core/model/run.ts";
import type { Ledger } from "../../core/ports/ledger.ts";
import { DEAD_AFTER_MS } from "../../core/ports/owners.ts";
import type { ReadableLedger } from "../../core/ports/readable-ledger.ts";
import { didYouMean } from "../../core/rules/nearest.ts";

/** Throws ReportError `config` where the file has no such report, or has it with problems. */
export function findReport(name: string, config: AppConfig): Report {
  const report = config.reports.find((one) => one.name === name);
  if (report !== undefined) return report;
  findSchedule(name, config);
  throw new ReportError(`The report "${name}" in ${config.file} has problems.`, {
    code: "config",
    advice: "`lookpost check` says which.",
  });
}

/** The report as far as its schedule goes, whatever is wrong with the rest of it. Throws ReportError `config` where there is none. */
export function findSchedule(
  name: string,
  { schedules, file }: AppConfig,
): Pick<Report, "name" | "schedule"> {
  const report = schedules.find((one) => one.name === name);
  if (report !== undefined) return report;
  const names = schedules.map((one) => one.name);
  throw new ReportError(`There is no report "${name}" in ${file}.${didYouMean(name, names)}`, {
    code: "config",
    advice: `Its reports: ${names.join(", ")}.`,
  });
}

/** Throws ReportError `config` where the ledger has no such run. */
export async function findRun(id: string, ledger: ReadableLedger): Promise<Run> {
  const run = await ledger.run(id);
  if (run !== null) return run;
  const delivery = await ledger.delivery(id);
  throw unknownId(
    `There is no run "${id}" in the ledger.`,
    delivery === null ? null : `It is a delivery: its run is ${delivery.runId}.`,
  );
}

/** Throws ReportError `config` where the ledger has no such delivery. */
export async function findDelivery(id: string, ledger: Ledger): Promise<Delivery> {
  const delivery = await ledger.delivery(id);
  if (delivery !== null) return delivery;
  const run = await ledger.run(id);
  throw unknownId(
    `There is no delivery "${id}" in the ledger.`,
    run === null ? null : `It is a run: \`lookpost history --run ${id}\` shows its deliveries.`,
  );
}

function unknownId(message: string, hint: string | null): ReportError {
  return new ReportError(message, {
    code: "config",
    advice: hint ?? "`lookpost history` lists the latest runs.",
  });
}

/** Where no service runs, only this records what a process that died left under way. Returns the runs it freed or ended. */
export function sweepDead(ledger: Ledger, at = new Date()): Promise<readonly Run[]> {
  return ledger.sweep({ silentMs: DEAD_AFTER_MS, onlyService: null }, at);
}
