import { ReportError } from "../core/error.ts";
import type { Fence, RunEnd } from "../core/ledger.ts";
import type { Report } from "../core/report.ts";
import { holdUntil, nextTry } from "../core/retry.ts";
import type { Run } from "../core/run.ts";
import { budgetOf } from "./budget.ts";
import { isHandBack } from "./interruption.ts";
import { make } from "./make.ts";
import type { Workshop } from "./pipeline.ts";
import { pass } from "./points.ts";
import { spoolFault } from "./spool-fault.ts";
import { plansFor } from "./targets.ts";
import { heldWords, LOOKER } from "./words.ts";

/** More attempts than any outage or string of deploys explains: the run itself may be what brings the worker down. */
const ATTEMPTS_MAX = 200;

/** One attempt at a run. */
interface Job {
  readonly run: Run;
  readonly report: Report;
  readonly takenAt: Date;
}

/**
 * One run from planned to its deliveries. Every end of the attempt is written under its fence; where a later attempt has
 * begun meanwhile, nothing is. Rejects only when the ledger cannot be read or written.
 */
export async function carryOutRun(
  id: string,
  stop: AbortSignal,
  workshop: Workshop,
): Promise<"done" | "busy"> {
  const lease = workshop.lease();
  const takenAt = workshop.clock.now();
  const run = await take(id, lease.owner, takenAt, workshop);
  if (typeof run === "string") return run;
  pass("run_taken", id);
  workshop.listener({ kind: "run_started", run });
  const report = workshop.report(run.report);
  if (report === null) return end(run, removed(run.report), workshop);
  if (run.attempts > ATTEMPTS_MAX + run.tries) return end(run, hopeless(run), workshop);
  const underWay = workshop.underWay.enter({ id, runId: id }, { stop, lost: lease.signal });
  try {
    return await attempt({ run, report, takenAt }, lease.owner, underWay.signal, workshop);
  } finally {
    underWay.leave();
  }
}

async function take(
  id: string,
  owner: string,
  at: Date,
  { ledger, underWay }: Workshop,
): Promise<Run | "done" | "busy"> {
  const taken = await ledger.takeRun(id, owner, at);
  if (taken !== null) return taken;
  const run = await ledger.run(id);
  if (run === null) return "done";
  // Taken by us in a transaction whose reply was lost.
  if (run.state === "running" && run.owner === owner && !underWay.has(id)) return run;
  const isDue = run.state === "planned" || (run.state === "waiting" && (run.nextAt ?? at) <= at);
  // An older run of the report comes first, and nobody announces that it is through. All else announces itself anew.
  return isDue && run.reservedFor === null && run.cancelAskedAt === null ? "busy" : "done";
}

async function attempt(job: Job, owner: string, signal: AbortSignal, workshop: Workshop): Promise<"done"> {
  const { run, report } = job;
  const { circuits } = workshop;
  try {
    const held = await circuits.held(LOOKER);
    if (held !== null) return await hold(job, held, workshop);
    signal.throwIfAborted();
    const made = await make({ run, report, owner, signal }, workshop);
    await circuits.well(LOOKER);
    const skip = made.skip ?? (workshop.dryRun ? dryRunWords(made.spool.directory) : null);
    if (skip !== null) return await close(run, { state: "skipped", reason: skip, advice: null }, workshop);
    return await plan(job, made.rows, workshop);
  } catch (thrown) {
    return afterFailure(job, spoolFault(signal.aborted ? signal.reason : thrown), workshop);
  }
}

/** The deliveries are written before any of them is made. */
async function plan({ run, report }: Job, rows: number, workshop: Workshop): Promise<"done"> {
  const { ledger, clock } = workshop;
  const plans = plansFor(report.deliver, workshop);
  await ledger.planDeliveries(fence(run), plans, rows, clock.now());
  pass("deliveries_planned", run.id);
  return "done";
}

async function afterFailure(job: Job, error: ReportError, workshop: Workshop): Promise<"done"> {
  const { run, report, takenAt } = job;
  const { ledger, clock, circuits, random, listener } = workshop;
  if (isHandBack(error)) {
    const freed = await ledger.handBackRun(fence(run), clock.now());
    if (freed !== null) listener({ kind: "run_postponed", run: freed });
    return "done";
  }
  if (error.code === "unavailable") await circuits.out(LOOKER, workshop.redact(error.message));
  if (!error.retryable) return end(run, error, workshop);
  const budget = budgetOf(report, run, run.triesSince ?? takenAt, workshop);
  const tried = { tries: run.tries + 1, now: clock.now(), afterMs: error.retryAfterMs };
  const decision = nextTry(budget, tried, random);
  if (decision.kind === "give_up") return end(run, givenUp(error, decision.why, run), workshop);
  return postpone(run, decision.at, error, "again", workshop);
}

async function hold(job: Job, held: { until: Date; reason: string }, workshop: Workshop): Promise<"done"> {
  const { run, report } = job;
  const error = new ReportError(heldWords(LOOKER, held.reason), { code: "unavailable" });
  const budget = budgetOf(report, run, run.triesSince ?? run.claimedAt, workshop);
  const decision = holdUntil(budget, held.until);
  if (decision.kind === "give_up") return end(run, givenUp(error, decision.why, run), workshop);
  return postpone(run, decision.at, error, "held", workshop);
}

async function postpone(
  run: Run,
  nextAt: Date,
  error: ReportError,
  ended: "again" | "held",
  workshop: Workshop,
): Promise<"done"> {
  const { ledger, clock, redact, listener } = workshop;
  const advice = error.advice === null ? null : redact(error.advice);
  const postponed = { nextAt, reason: redact(error.message), advice, end: ended };
  const after = await ledger.postponeRun(fence(run), postponed, clock.now());
  if (after !== null) listener({ kind: "run_postponed", run: after });
  return "done";
}

function end(run: Run, error: ReportError, workshop: Workshop): Promise<"done"> {
  const { redact } = workshop;
  const state = error.code === "cancelled" ? "cancelled" : "failed";
  const advice = error.advice === null ? null : redact(error.advice);
  return close(run, { state, reason: redact(error.message), advice }, workshop);
}

async function close(run: Run, how: RunEnd, workshop: Workshop): Promise<"done"> {
  const { ledger, clock, listener } = workshop;
  const ended = await ledger.endRun(fence(run), how, clock.now());
  if (ended !== null) listener({ kind: "run_ended", run: ended });
  return "done";
}

function fence({ id, attempts }: Run): Fence {
  return { id, attempt: attempts };
}

function givenUp(error: ReportError, why: string, run: Run): ReportError {
  const advice = error.advice === null ? "" : `${error.advice} `;
  return new ReportError(`${error.message} It was given up, since ${why}.`, {
    code: error.code,
    advice: `${advice}Then: lookpost retry ${run.id}`,
    cause: error,
  });
}

function removed(name: string): ReportError {
  return new ReportError(`The report ${name} is not in reports.yaml any more.`, {
    code: "cancelled",
    advice: "Put it back, or leave this run as it is.",
  });
}

function hopeless(run: Run): ReportError {
  return new ReportError(`It was begun ${run.attempts} times and never came to an end.`, {
    code: "local",
    advice: `Look in the service's log for what ends it, then: lookpost retry ${run.id}`,
  });
}

function dryRunWords(directory: string): string {
  return `A dry run: nothing was sent. Its files are in ${directory}.`;
}
