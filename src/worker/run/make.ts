import { rename, rm } from "node:fs/promises";
import { ReportError } from "../../core/error.ts";
import { reasonToSkip } from "../../core/model/report.ts";
import type { Result } from "../../core/model/result.ts";
import type { Attempt, Run } from "../../core/model/run.ts";
import type { Cell } from "../../core/model/table.ts";
import type { Spool } from "../../core/ports/spool.ts";
import { type FetchedParts, makeMessage } from "../message/make-message.ts";
import { readMessage, type StoredMessage } from "../message/message-file.ts";
import type { WorkerContext } from "../process/context.ts";
import { crashPoint } from "../process/crash-points.ts";
import { type AttemptContext, inTime, type RunContext, tooLate } from "./attempt.ts";
import { deadlineOf, timeUsed } from "./budget.ts";
import { filledEarly } from "./filling.ts";
import { partsOf } from "./parts.ts";
import { identified } from "./past.ts";
import { fetchSections } from "./sections.ts";

export interface Made {
  readonly spool: Spool;
  /** Rows of all sections. */
  readonly rows: number;
  /** Why it is not sent this time, or null. Then there are no files either. */
  readonly skip: string | null;
}

/** Asks Looker and makes the files, under the report's timeout. Throws ReportError. */
export async function make(context: RunContext, worker: WorkerContext): Promise<Made> {
  const { run, report } = context;
  const leftMs = timeLeft(context, await worker.ledger.runAttempts(run.id), worker);
  if (leftMs <= 0) throw tooLate(report);
  const spool = await worker.spools.open(spoolName(run));
  const made = inTime(report, leftMs, context.signal, async (signal, deadline) => {
    const { fetched, attempt } = await fetchAll({ ...context, signal, spool, deadline }, worker);
    crashPoint("results_in", run.id);
    const rows = fetched.results.reduce((sum, result) => sum + (result?.table.rowCount ?? 0), 0);
    const skip = reasonToSkip(report.sendIf, rows);
    if (skip !== null) return { spool, rows, skip };
    const remembered = await makeMessage(fetched, attempt, worker);
    // A trial is nothing that the next run could be compared with. Where nothing is left, what an earlier attempt left goes.
    if (run.kind !== "trial") {
      const fence = { id: run.id, attempt: run.attempts };
      await worker.ledger.remember(fence, remembered, worker.clock.now());
    }
    return { spool, rows, skip };
  });
  return made.catch(async (thrown: unknown) => {
    // Another try has a folder of its own: what this one left, perhaps gigabytes, is of no use to it.
    await rm(spool.directory, { recursive: true, force: true }).catch(() => undefined);
    throw thrown;
  });
}

function timeLeft(
  { run, report }: RunContext,
  attempts: readonly Attempt[],
  { clock }: WorkerContext,
): number {
  const ofTries = report.timeoutMs - timeUsed(run, attempts);
  const deadline = deadlineOf(report, run, attempts);
  return deadline === null ? ofTries : Math.min(ofTries, deadline.getTime() - clock.now().getTime());
}

interface Remade {
  readonly stored: StoredMessage;
  readonly spool: Spool;
}

/** What is being made once more in this process, by the spool's directory: two deliveries of a run share it. */
const remaking = new Map<string, Promise<Remade>>();

/**
 * The message of a run whose deliveries are planned. Where its files are not on this machine (another replica made them), or
 * were tidied away since, they are made once more: from the same query tasks, as long as Looker has their results.
 */
export function madeBefore(context: RunContext, worker: WorkerContext): Promise<Remade> {
  return madeIn(spoolName(context.run), context, worker);
}

/**
 * The same by the file as it is now, for an entry that what is there was not made for: next to that, which other deliveries may be
 * reading.
 */
export function madeForEntry(entry: string, context: RunContext, worker: WorkerContext): Promise<Remade> {
  return madeIn(`${spoolName(context.run)}.${entry}`, context, worker);
}

async function madeIn(spoolOf: string, context: RunContext, worker: WorkerContext): Promise<Remade> {
  const spool = await worker.spools.open(spoolOf);
  const stored = await readMessage(spool);
  if (stored !== null) return { stored, spool };
  const name = spool.directory;
  const remade = remaking.get(name) ?? remake(spool, context, worker).finally(() => remaking.delete(name));
  remaking.set(name, remade);
  return remade;
}

/** Made aside and then moved, since another worker on the same disk may be at it too. What is there whole is never replaced. */
async function remake(spool: Spool, context: RunContext, worker: WorkerContext): Promise<Remade> {
  const aside = await worker.spools.open(`${spoolName(context.run)}.${worker.newId()}`);
  try {
    await inTime(context.report, context.report.timeoutMs, context.signal, async (signal, deadline) => {
      const { fetched, attempt } = await fetchAll({ ...context, signal, spool: aside, deadline }, worker);
      // Once a run has deliveries it has been decided that it is sent, and it has been remembered.
      await makeMessage(fetched, attempt, worker);
    });
    for (let tries = 0; tries < 2; tries += 1) {
      const isMoved = await moved(aside.directory, spool.directory);
      const stored = await readMessage(spool);
      if (stored !== null) return { stored, spool };
      // What is there is what a killed worker left half-made.
      if (!isMoved) await rm(spool.directory, { recursive: true, force: true });
    }
  } finally {
    await rm(aside.directory, { recursive: true, force: true });
  }
  throw emptied();
}

/** False where the folder that it is to become holds something. */
async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    if (code === "ENOTEMPTY" || code === "EEXIST") return false;
    throw thrown;
  }
}

/** A folder for each attempt: a worker that was taken for dead and lives must not write into its successor's. */
function spoolName(run: Run): string {
  return `${run.id}-${run.attempts}`;
}

async function fetchAll(
  context: AttemptContext,
  worker: WorkerContext,
): Promise<{ readonly fetched: FetchedParts; readonly attempt: AttemptContext }> {
  const report = await filledEarly(identified(context.report), context.run, worker.adapters);
  const attempt = { ...context, report };
  const parts = await partsOf(report, worker.adapters, attempt.signal);
  const results = await fetchSections(parts, attempt, worker);
  return {
    fetched: { parts, results: report.link === "looker" ? results : results.map(unlinked) },
    attempt,
  };
}

/** Links of cells lead to Looker and ask for a login there: recipients without an account have no use for them. */
function unlinked(result: Result | null): Result | null {
  if (result === null) return null;
  const bare = ({ value, rendered }: Cell): Cell => ({ value, rendered });
  const { rows, totals, subtotals } = result.table;
  const table = {
    ...result.table,
    rows: rows.map((row) => row.map(bare)),
    ...(totals !== undefined && { totals: totals.map(bare) }),
    ...(subtotals !== undefined && {
      subtotals: subtotals.map((one) => ({ ...one, cells: one.cells.map(bare) })),
    }),
  };
  return { ...result, table };
}

function emptied(): ReportError {
  return new ReportError("Its files are not in the spool any more.", {
    code: "local",
    advice: "Run the report again.",
  });
}
