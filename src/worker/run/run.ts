import { type ErrorCode, ReportError } from "../../core/error.ts";
import type { Fence, Postponed, RunEnd } from "../../core/model/entry.ts";
import type { Report } from "../../core/model/report.ts";
import { endedBadly, LOSSES_MAX, lostInARow, type Run } from "../../core/model/run.ts";
import { holdUntil, nextTry } from "../../core/rules/retry.ts";
import { plansFor } from "../delivery/entries.ts";
import { heldWords, LOOKER } from "../process/circuits.ts";
import type { WorkerContext } from "../process/context.ts";
import { crashPoint } from "../process/crash-points.ts";
import { isConfirmed } from "../process/lease.ts";
import { loginRefused } from "../process/renewed.ts";
import { askOthersAt, budgetOf, deadlineOf, heldSince, wokenTooEarly } from "./budget.ts";
import { asSentence, isHandBack, makingFailure } from "./failure.ts";
import { make } from "./make.ts";

/** Errors that show that Looker answers. */
const ANSWERED: ReadonlySet<ErrorCode> = new Set([
  "not_found",
  "invalid_query",
  "database",
  "auth",
  "too_large",
]);

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
  worker: WorkerContext,
): Promise<"done" | "busy"> {
  const lease = worker.lease();
  if (!isConfirmed(lease)) return "busy";
  const takenAt = worker.clock.now();
  const run = await take(id, lease.owner, takenAt, worker);
  if (typeof run === "string") return run;
  worker.underWay.inHand.set(id, null);
  crashPoint("run_taken", id);
  worker.listener({ kind: "run_started", run });
  const report = worker.report(run.report);
  if (report === null) return unknownReport(run, worker);
  if (await isHopeless(run, worker)) return end(run, hopeless(run), worker);
  const underWay = worker.underWay.enter({ id, runId: id }, { stop, lost: lease.signal });
  try {
    return await attempt({ run, report, takenAt }, lease.owner, underWay.signal, worker);
  } finally {
    underWay.leave();
  }
}

async function take(
  id: string,
  owner: string,
  at: Date,
  { ledger, underWay }: WorkerContext,
): Promise<Run | "done" | "busy"> {
  const taken = await ledger.takeRun(id, owner, at);
  if (taken !== null) return taken;
  const run = await ledger.run(id);
  if (run === null) return "done";
  // Taken by us in a transaction whose reply was lost.
  if (run.state === "running" && run.owner === owner && !underWay.has(id)) return run;
  // Whatever it waits for (an older run of the report, its next try, another worker's end) announces it again.
  return "done";
}

/** The run itself may be what brings its workers down. */
async function isHopeless(run: Run, { ledger }: WorkerContext): Promise<boolean> {
  if (run.attempts <= LOSSES_MAX) return false;
  return lostInARow(await ledger.runAttempts(run.id)) >= LOSSES_MAX;
}

async function attempt(job: Job, owner: string, signal: AbortSignal, worker: WorkerContext): Promise<"done"> {
  const { run, report } = job;
  const { circuits } = worker;
  try {
    const held = await circuits.held(LOOKER);
    if (held !== null && !(await isAskedFor(run, worker))) return await hold(job, held, worker);
    signal.throwIfAborted();
    const made = await make({ run, report, owner, signal }, worker);
    await circuits.succeeded(LOOKER);
    const skip = made.skip ?? (worker.dryRun ? dryRunWords(made.spool.directory) : null);
    if (skip !== null) return await close(run, { state: "skipped", reason: skip, advice: null }, worker);
    return await plan(job, made.rows, worker);
  } catch (thrown) {
    return afterFailure(job, makingFailure(signal.aborted ? signal.reason : thrown), worker);
  }
}

/** A person waits for it, who may have mended what was out: the first attempt they ask for is made whatever is known. */
async function isAskedFor({ id, trigger, attempts, reopenings, triesSince }: Run, { ledger }: WorkerContext) {
  if (attempts === 1) return trigger === "manual";
  if (reopenings === 0 || triesSince === null) return false;
  const before = (await ledger.runAttempts(id)).filter(({ attempt }) => attempt < attempts);
  return before.every(({ startedAt }) => startedAt < triesSince);
}

/** In a fleet that is being deployed, another worker's file may have it. */
function unknownReport(run: Run, worker: WorkerContext): Promise<"done"> {
  const nextAt = askOthersAt(run, worker);
  if (nextAt === null) return end(run, removed(run.report), worker);
  const error = new ReportError("It is not in this worker's reports.yaml; another's may have it.", {
    code: "config",
  });
  return postpone(run, { nextAt, error, end: "held", isOut: false }, worker);
}

/** The deliveries are written before any of them is made. */
async function plan({ run, report }: Job, rows: number, worker: WorkerContext): Promise<"done"> {
  const { ledger, clock } = worker;
  const plans = plansFor(report.deliver, worker);
  const planned = await ledger.planDeliveries(fence(run), plans, rows, clock.now());
  worker.underWay.inHand.delete(run.id);
  crashPoint("deliveries_planned", run.id);
  const after = planned?.length === 0 ? await ledger.run(run.id) : null;
  // Cancelled meanwhile, or every recipient had it already.
  if (after !== null && after.endedAt !== null) await tellEnd(after, worker);
  return "done";
}

async function afterFailure(job: Job, error: ReportError, worker: WorkerContext): Promise<"done"> {
  const { run, report, takenAt } = job;
  const { ledger, clock, circuits, random, listener } = worker;
  if (isHandBack(error)) {
    const freed = await ledger.handBackRun(fence(run), clock.now());
    worker.underWay.inHand.delete(run.id);
    if (freed !== null) listener({ kind: "run_postponed", run: freed });
    return "done";
  }
  if (error.code === "unavailable") await circuits.failed(LOOKER, worker.redact(error.message));
  else if (ANSWERED.has(error.code)) await circuits.succeeded(LOOKER);
  if (!error.retryable) {
    const ended = await end(run, error, worker);
    if (error.code === "auth") await loginRefused({ kind: LOOKER, what: "run", id: run.id }, takenAt, worker);
    return ended;
  }
  const isOut = error.code === "unavailable" && error.retryAfterMs === null;
  const wait = isOut ? wokenTooEarly(run, worker) : null;
  if (wait !== null) return postpone(run, { nextAt: wait, error, end: "held", isOut }, worker);
  const deadline = deadlineOf(report, run, await ledger.runAttempts(run.id));
  const budget = { ...budgetOf(report, run, run.triesSince ?? takenAt, worker), deadline };
  const tried = { tries: run.tries + 1, now: clock.now(), afterMs: error.retryAfterMs };
  const decision = nextTry(budget, tried, random);
  if (decision.kind === "give_up") return end(run, givenUp(error, decision.why, run), worker);
  return postpone(run, { nextAt: decision.at, error, end: "again", isOut }, worker);
}

async function hold(job: Job, held: { until: Date; reason: string }, worker: WorkerContext): Promise<"done"> {
  const { run, report } = job;
  const error = new ReportError(heldWords(LOOKER, held.reason), { code: "unavailable" });
  const attempts = await worker.ledger.runAttempts(run.id);
  const since = run.triesSince ?? heldSince(attempts, job.takenAt);
  const budget = { ...budgetOf(report, run, since, worker), deadline: deadlineOf(report, run, attempts) };
  const decision = holdUntil(budget, held.until);
  if (decision.kind === "give_up") return end(run, givenUp(error, decision.why, run), worker);
  return postpone(run, { nextAt: decision.at, error, end: "held", isOut: true }, worker);
}

interface Wait extends Pick<Postponed, "nextAt" | "end"> {
  readonly error: ReportError;
  /** Looker is out: its first success wakes the run. */
  readonly isOut: boolean;
}

async function postpone(
  run: Run,
  { nextAt, error, end: how, isOut }: Wait,
  worker: WorkerContext,
): Promise<"done"> {
  const { ledger, clock, redact, listener } = worker;
  const advice = error.advice === null ? null : redact(error.advice);
  const reason = redact(error.message);
  const postponed = { nextAt, reason, advice, end: how, ...(isOut ? { waitsFor: LOOKER } : {}) };
  const after = await ledger.postponeRun(fence(run), postponed, clock.now());
  worker.underWay.inHand.delete(run.id);
  if (after !== null) listener({ kind: "run_postponed", run: after });
  return "done";
}

function end(run: Run, error: ReportError, worker: WorkerContext): Promise<"done"> {
  const { redact } = worker;
  const state = error.code === "cancelled" ? "cancelled" : "failed";
  const advice = error.advice === null ? null : redact(error.advice);
  return close(run, { state, reason: redact(error.message), advice }, worker);
}

async function close(run: Run, how: RunEnd, worker: WorkerContext): Promise<"done"> {
  const { ledger, clock } = worker;
  const ended = await ledger.endRun(fence(run), how, clock.now());
  worker.underWay.inHand.delete(run.id);
  if (ended !== null) await tellEnd(ended, worker);
  return "done";
}

/** One that was reopened may have deliveries from before. */
async function tellEnd(run: Run, { ledger, listener }: WorkerContext): Promise<void> {
  const deliveries = endedBadly(run.state) ? await ledger.deliveries(run.id) : [];
  listener({ kind: "run_ended", run, deliveries });
}

function fence({ id, attempts }: Run): Fence {
  return { id, attempt: attempts };
}

function givenUp(error: ReportError, why: string, run: Run): ReportError {
  const before = error.advice === null ? "To run it again:" : `${error.advice} Then:`;
  return new ReportError(`${asSentence(error.message)} It was given up, since ${why}.`, {
    code: error.code,
    advice: `${before} lookpost retry ${run.id}`,
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
  return new ReportError(`Its workers died ${LOSSES_MAX} times in a row while they were at it.`, {
    code: "local",
    advice: `Look in the service's log for what ends it, then: lookpost retry ${run.id}`,
  });
}

function dryRunWords(directory: string): string {
  return `A dry run: nothing was sent. Its files are in ${directory}.`;
}
