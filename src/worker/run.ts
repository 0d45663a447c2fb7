import { reasonToSkip } from "../core/condition.ts";
import { ReportError, toReportError } from "../core/error.ts";
import type { RunEnd } from "../core/ledger.ts";
import { duration } from "../core/quantity.ts";
import type { Report } from "../core/report.ts";
import type { Run } from "../core/run.ts";
import { makeArtifacts } from "./attachments.ts";
import { composeMessage, writeMessage } from "./message-file.ts";
import type { Workshop } from "./pipeline.ts";
import { fetchSections } from "./sections.ts";
import { targetsOf } from "./targets.ts";

/**
 * One run from claimed to planned deliveries; returns the ids of those to be made. Can be entered again: a run whose
 * deliveries are planned already only returns what is left of them. Rejects only when the ledger cannot be written.
 */
export async function carryOut(
  runId: string,
  signal: AbortSignal,
  workshop: Workshop,
): Promise<readonly string[]> {
  const { ledger, clock, owner } = workshop;
  const run = await ledger.startRun(runId, owner, clock.now());
  if (run === null) return unfinished(runId, workshop);
  workshop.listener({ kind: "run_started", run });
  try {
    signal.throwIfAborted();
    const step = await perform(run, signal, workshop);
    if ("deliveries" in step) return step.deliveries;
    await endRun(run, step, workshop);
  } catch (thrown) {
    await endRun(run, asEnd(thrown, workshop), workshop);
  }
  return [];
}

async function unfinished(runId: string, { ledger }: Workshop): Promise<readonly string[]> {
  const deliveries = await ledger.deliveries(runId);
  return deliveries.filter((delivery) => delivery.settledAt === null).map((delivery) => delivery.id);
}

interface Planned {
  /** Ids of the deliveries to be made. */
  readonly deliveries: readonly string[];
}

async function perform(run: Run, signal: AbortSignal, workshop: Workshop): Promise<Planned | RunEnd> {
  const report = workshop.report(run.report);
  if (report === null) throw removed(run.report);
  const spool = await workshop.spools.open(run.id);
  const made = await inTime(report, signal, async (timed): Promise<Made | RunEnd> => {
    const results = await fetchSections({ run, report, spool, signal: timed }, workshop);
    const rows = results.reduce((sum, result) => sum + result.table.rowCount, 0);
    const skip = reasonToSkip(report.sendIf, rows);
    if (skip !== null) return { state: "skipped", reason: skip, advice: null };
    const attached = await makeArtifacts({ run, report, results, spool, signal: timed }, workshop.adapters);
    await writeMessage(spool, { message: composeMessage(run, report, results), attached });
    return { rows };
  });
  if ("state" in made) return made;
  if (workshop.dryRun) return { state: "skipped", reason: dryRunWords(spool.directory), advice: null };
  return plan(run, report, made.rows, workshop);
}

interface Made {
  /** Rows of all sections. */
  readonly rows: number;
}

/** The deliveries are written before any of them is made. */
async function plan(
  run: Run,
  report: Report,
  rows: number,
  { ledger, adapters, newId, clock }: Workshop,
): Promise<Planned> {
  const plans = targetsOf(report, adapters).map((target, index) => ({
    id: newId(),
    kind: report.deliver[index]?.destination.kind ?? "",
    target,
    recipients: "",
  }));
  const deliveries = await ledger.planDeliveries(run.id, plans, rows, clock.now());
  return { deliveries: deliveries.filter((one) => one.settledAt === null).map((one) => one.id) };
}

/** Runs `work` under the report's timeout: the queries still open are cancelled, and the run fails saying so. */
async function inTime<T>(
  report: Report,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(tooSlow(report)), report.timeoutMs);
  try {
    return await work(AbortSignal.any([signal, timeout.signal]));
  } finally {
    clearTimeout(timer);
  }
}

function tooSlow(report: Report): ReportError {
  return new ReportError(
    `Its queries did not finish within ${duration(report.timeoutMs)} and were cancelled.`,
    {
      code: "timeout",
      advice: `Give the report a longer \`timeout:\`, or make the query faster: filter it, or let Looker cache it.`,
    },
  );
}

function removed(name: string): ReportError {
  return new ReportError(`The report ${name} is not in reports.yaml any more.`, {
    code: "config",
    advice: "Put it back, or leave this run as it is.",
  });
}

function dryRunWords(directory: string): string {
  return `A dry run: nothing was sent. Its files are in ${directory}.`;
}

function asEnd(thrown: unknown, { redact }: Workshop): RunEnd {
  const error = toReportError(thrown);
  return {
    state: error.code === "cancelled" ? "cut_short" : "failed",
    reason: redact(error.message),
    advice: error.advice === null ? null : redact(error.advice),
  };
}

async function endRun(run: Run, end: RunEnd, { ledger, clock, listener }: Workshop): Promise<void> {
  await ledger.endRun(run.id, end, clock.now());
  const ended = await ledger.run(run.id);
  if (ended !== null) listener({ kind: "run_ended", run: ended });
}
