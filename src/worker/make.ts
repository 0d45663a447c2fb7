import { rename, rm } from "node:fs/promises";
import { reasonToSkip } from "../core/condition.ts";
import { ReportError } from "../core/error.ts";
import { duration } from "../core/quantity.ts";
import type { Report } from "../core/report.ts";
import type { Run } from "../core/run.ts";
import type { Spool } from "../core/spool.ts";
import { makeArtifacts } from "./attachments.ts";
import { composeMessage, readMessage, type StoredMessage, writeMessage } from "./message-file.ts";
import type { Workshop } from "./pipeline.ts";
import { pass } from "./points.ts";
import { fetchSections } from "./sections.ts";

export interface Making {
  readonly run: Run;
  readonly report: Report;
  readonly owner: string;
  readonly signal: AbortSignal;
}

export interface Made {
  readonly spool: Spool;
  /** Rows of all sections. */
  readonly rows: number;
  /** Why it is not sent this time, or null. Then there are no files either. */
  readonly skip: string | null;
}

/** Asks Looker and makes the files, under the report's timeout. Throws ReportError. */
export async function make(making: Making, workshop: Workshop): Promise<Made> {
  const spool = await workshop.spools.open(spoolName(making.run));
  return inTime(making.report, making.signal, (signal) => makeIn(spool, { ...making, signal }, workshop));
}

/**
 * The message of a run whose deliveries are planned. Where its files are not on this machine (another replica made them), or
 * were tidied away since, they are made once more: from the same query tasks, as long as Looker has their results.
 */
export async function madeBefore(
  making: Making,
  workshop: Workshop,
): Promise<{ readonly stored: StoredMessage; readonly spool: Spool }> {
  const { spools, newId } = workshop;
  const name = spoolName(making.run);
  const standing = await spools.open(name);
  const stored = await readMessage(standing);
  if (stored !== null) return { stored, spool: standing };
  // Made elsewhere and moved: two deliveries, or two workers, may be at it at once.
  const aside = await spools.open(`${name}.${newId()}`);
  try {
    await inTime(making.report, making.signal, (signal) => makeIn(aside, { ...making, signal }, workshop));
    await rm(standing.directory, { recursive: true, force: true });
    await rename(aside.directory, standing.directory).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code !== "ENOTEMPTY" && cause.code !== "EEXIST") throw cause;
    });
  } finally {
    await rm(aside.directory, { recursive: true, force: true });
  }
  const made = await readMessage(standing);
  if (made === null) throw emptied();
  return { stored: made, spool: standing };
}

/** A folder for each attempt: a worker that was taken for dead and lives must not write into its successor's. */
function spoolName(run: Run): string {
  return `${run.id}-${run.attempts}`;
}

async function makeIn(spool: Spool, making: Making, workshop: Workshop): Promise<Made> {
  const { run, report, signal } = making;
  const results = await fetchSections({ ...making, spool }, workshop);
  pass("results_in", run.id);
  const rows = results.reduce((sum, result) => sum + result.table.rowCount, 0);
  const skip = reasonToSkip(report.sendIf, rows);
  if (skip !== null) return { spool, rows, skip };
  const attached = await makeArtifacts({ run, report, results, spool, signal }, workshop.adapters);
  await writeMessage(spool, { message: composeMessage(run, report, results), attached });
  pass("message_written", run.id);
  return { spool, rows, skip: null };
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

function emptied(): ReportError {
  return new ReportError("Its files are not in the spool any more.", {
    code: "local",
    advice: "Run the report again.",
  });
}
