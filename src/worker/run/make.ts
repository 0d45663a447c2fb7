import { rename, rm } from "node:fs/promises";
import { ReportError } from "../../core/error.ts";
import type { Report } from "../../core/model/report.ts";
import type { Result } from "../../core/model/result.ts";
import type { Run } from "../../core/model/run.ts";
import type { Cell } from "../../core/model/table.ts";
import type { Spool } from "../../core/ports/spool.ts";
import { reasonToSkip } from "../../core/rules/condition.ts";
import { type Brought, makeMessage } from "../message/make-message.ts";
import { readMessage, type StoredMessage } from "../message/message-file.ts";
import type { WorkerContext } from "../process/context.ts";
import { crashPoint } from "../process/crash-points.ts";
import { filledEarly } from "./filling.ts";
import { type Attempt, inTime } from "./in-time.ts";
import { partsOf } from "./parts.ts";
import { identified } from "./past.ts";
import { type Fetching, fetchSections } from "./sections.ts";

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
export async function make(making: Making, worker: WorkerContext): Promise<Made> {
  const spool = await worker.spools.open(spoolName(making.run));
  return inTime(making.report, making.signal, (attempt) => makeIn(spool, { ...making, attempt }, worker));
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
export async function madeBefore(making: Making, worker: WorkerContext): Promise<Remade> {
  const standing = await worker.spools.open(spoolName(making.run));
  const stored = await readMessage(standing);
  if (stored !== null) return { stored, spool: standing };
  const name = standing.directory;
  const remade = remaking.get(name) ?? remake(standing, making, worker).finally(() => remaking.delete(name));
  remaking.set(name, remade);
  return remade;
}

/** Made aside and then moved, since another worker on the same disk may be at it too. What stands whole is never replaced. */
async function remake(standing: Spool, making: Making, worker: WorkerContext): Promise<Remade> {
  const aside = await worker.spools.open(`${spoolName(making.run)}.${worker.newId()}`);
  try {
    await inTime(making.report, making.signal, (attempt) => makeAll(aside, { ...making, attempt }, worker));
    for (let tries = 0; tries < 2; tries += 1) {
      const moved = await rename(aside.directory, standing.directory).then(
        () => true,
        (cause: NodeJS.ErrnoException) => {
          if (cause.code !== "ENOTEMPTY" && cause.code !== "EEXIST") throw cause;
          return false;
        },
      );
      const stored = await readMessage(standing);
      if (stored !== null) return { stored, spool: standing };
      // What stands there is what a killed worker left half-made.
      if (!moved) await rm(standing.directory, { recursive: true, force: true });
    }
  } finally {
    await rm(aside.directory, { recursive: true, force: true });
  }
  throw emptied();
}

/** A folder for each attempt: a worker that was taken for dead and lives must not write into its successor's. */
function spoolName(run: Run): string {
  return `${run.id}-${run.attempts}`;
}

interface InTime extends Making {
  readonly attempt: Attempt;
}

async function makeIn(spool: Spool, making: InTime, worker: WorkerContext): Promise<Made> {
  const { run } = making;
  const { brought, fetching } = await bring(spool, making, worker);
  crashPoint("results_in", run.id);
  const rows = brought.results.reduce((sum, result) => sum + (result?.table.rowCount ?? 0), 0);
  const skip = reasonToSkip(making.report.sendIf, rows);
  if (skip !== null) return { spool, rows, skip };
  const remembered = await makeMessage(brought, fetching, worker);
  // A trial is nothing that the next run could be compared with. Where nothing is left, what an earlier attempt left goes.
  if (run.kind !== "trial") {
    const fence = { id: run.id, attempt: run.attempts };
    await worker.ledger.remember(fence, remembered, worker.clock.now());
  }
  return { spool, rows, skip };
}

/** Once a run has deliveries it has been decided that it is sent, and it has been remembered. */
async function makeAll(spool: Spool, making: InTime, worker: WorkerContext): Promise<void> {
  const { brought, fetching } = await bring(spool, making, worker);
  await makeMessage(brought, fetching, worker);
}

async function bring(
  spool: Spool,
  { run, report, owner, attempt }: InTime,
  worker: WorkerContext,
): Promise<{ brought: Brought; fetching: Fetching }> {
  const filled = await filledEarly(identified(report), run, worker.adapters);
  const { signal } = attempt;
  const fetching = { run, report: filled, spool, owner, signal, attempt };
  const parts = await partsOf(filled, worker.adapters, signal);
  const results = await fetchSections(parts, fetching, worker);
  return {
    brought: { parts, results: report.link === "looker" ? results : results.map(unlinked) },
    fetching,
  };
}

/** Links of cells lead to Looker and ask for a login there: recipients without an account have no use for them. */
function unlinked(result: Result | null): Result | null {
  if (result === null) return null;
  const bare = ({ value, rendered }: Cell): Cell => ({ value, rendered });
  const { rows, totals } = result.table;
  const table = {
    ...result.table,
    rows: rows.map((row) => row.map(bare)),
    ...(totals !== undefined && { totals: totals.map(bare) }),
  };
  return { ...result, table };
}

function emptied(): ReportError {
  return new ReportError("Its files are not in the spool any more.", {
    code: "local",
    advice: "Run the report again.",
  });
}
