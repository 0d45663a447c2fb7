import type { App, Worker } from "../../app/app.ts";
import { toReportError } from "../../core/error.ts";
import type { Report } from "../../core/model/report.ts";
import type { Run, RunKind } from "../../core/model/run.ts";
import { type Io, printError } from "../io.ts";
import { INTERRUPTED } from "./carry-out.ts";
import { progressListener } from "./progress.ts";

/** A run that a person asks for and that this process alone carries out. */
export interface HandRun {
  readonly report: Report;
  readonly dueAt: Date;
  readonly kind: Exclude<RunKind, "tick" | "file">;
  readonly isDry: boolean;
}

const GRACE_MS = 5_000;

/**
 * Carries the run out, whether or not a service is running, prints its progress, and passes it as it ended to `then` while its worker
 * is still there. Null where the same key was already claimed. Ctrl-C cancels it.
 */
export async function runInProcess<T>(
  { report, dueAt, kind, isDry }: HandRun,
  app: App,
  io: Io,
  then: (run: Run, worker: Worker) => Promise<T>,
): Promise<T | null> {
  await sayNew(app, io);
  const ledger = await app.ledger();
  const burst = kind === "by_hand" ? "" : ownBurst();
  const trouble = (thrown: unknown) => printError(toReportError(thrown), io);
  const worker = await app.startWorker({
    role: "command",
    listener: progressListener(io.err),
    trouble,
    dryRun: isDry,
    report: (name) => (name === report.name ? report : null),
  });
  let claimed: Run | null = null;
  const interrupted = () => {
    const cancelled = claimed === null ? null : ledger.cancelRun(claimed.id, INTERRUPTED, new Date());
    // A ledger that cannot be written (its disk is full) is no reason to stay: the next process ends what this one leaves.
    Promise.resolve(cancelled)
      .catch(trouble)
      .then(() => worker.stop(GRACE_MS))
      .catch(trouble);
  };
  io.stop.addEventListener("abort", interrupted, { once: true });
  try {
    claimed = await worker.claim({ report: report.name, dueAt, kind, trigger: "manual", burst });
    if (claimed === null) return null;
    await worker.idle();
    return await then((await ledger.run(claimed.id)) ?? claimed, worker);
  } finally {
    io.stop.removeEventListener("abort", interrupted);
    await worker.stop(GRACE_MS);
  }
}

/** Before the first start of a service there is none: what is tried then makes it, and must not do so silently where another was meant. */
async function sayNew(app: App, io: Io): Promise<void> {
  const place = await app.newLedger();
  if (place !== null) io.err.write(`There was no ledger yet: a new one is made at ${place}\n`);
}

/** A trial must never replace the tick itself, and a run asked for again is another one. */
function ownBurst(): string {
  return `manual ${new Date().toISOString()}`;
}
