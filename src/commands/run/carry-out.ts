import { setTimeout as sleep } from "node:timers/promises";
import type { App } from "../../app/app.ts";
import { ReportError, toReportError } from "../../core/error.ts";
import type { Run } from "../../core/model/run.ts";
import type { ConfigOption } from "../context.ts";
import { serviceOf } from "../history/system-status.ts";
import { type Io, printError } from "../io.ts";
import { findReport } from "../lookup/find.ts";
import { wholeConfig } from "../reports.ts";
import { follow, type RunSnapshot, snapshotOf } from "./follow.ts";
import { progressListener } from "./progress.ts";

/** Something that stands in the ledger and that a person wants done again. */
export interface Again {
  readonly run: Run;
  /** Opens it in the ledger; false where there is nothing to be done. */
  readonly reopen: (reservedFor: string | null) => Promise<boolean>;
  readonly isOver: (snapshot: RunSnapshot) => boolean;
  /** Why there was nothing to be done. */
  readonly nothing: () => ReportError;
}

const GRACE_MS = 5_000;
const LOOK_MS = 100;

/** Has the service do it where one lives, and does it here otherwise. Resolves with how it stands when it is over, or was left. */
export async function carryOut(again: Again, app: App, options: ConfigOption, io: Io): Promise<RunSnapshot> {
  const ledger = await app.ledger();
  const { isAlive } = await serviceOf(ledger, new Date());
  return isAlive ? byService(again, app, io) : here(again, app, options, io);
}

async function byService(again: Again, app: App, io: Io): Promise<RunSnapshot> {
  const ledger = await app.ledger();
  const { run, isOver } = again;
  if (!(await again.reopen(null))) throw again.nothing();
  io.err.write(`${run.report}  (run ${run.id}): handed to the service.\n`);
  const report = app.config.reports.find(({ name }) => name === run.report);
  const triesMax = report?.retry.triesMax ?? null;
  const watched = await follow({
    ledger,
    runId: run.id,
    isOver,
    needsService: true,
    triesMax,
    talk: io.err,
    io,
  });
  if (watched.end === "interrupted")
    io.err.write(
      `The service continues it: \`lookpost history --run ${run.id}\` shows how it ends, \`lookpost cancel ${run.id}\` stops it.\n`,
    );
  if (watched.end === "no_service")
    io.err.write(
      "The service has stopped. It continues this run when it is started again: `lookpost start`.\n",
    );
  return watched;
}

async function here(again: Again, app: App, options: ConfigOption, io: Io): Promise<RunSnapshot> {
  const ledger = await app.ledger();
  const { run, isOver } = again;
  // Whoever only asks the service for it can do so while the file is being mended; whoever does it himself cannot.
  findReport(run.report, wholeConfig(options.config, io));
  const trouble = (thrown: unknown) => printError(toReportError(thrown), io);
  const worker = await app.startWorker({ role: "command", listener: progressListener(io.err), trouble });
  const interrupted = () => {
    ledger
      .cancelRun(run.id, INTERRUPTED, new Date())
      .then(() => worker.stop(GRACE_MS))
      .catch(trouble);
  };
  try {
    if (!(await again.reopen(worker.owner))) throw again.nothing();
    io.stop.addEventListener("abort", interrupted, { once: true });
    for (;;) {
      worker.wake();
      await worker.idle();
      const snapshot = await snapshotOf(run.id, ledger);
      if (isOver(snapshot) || io.stop.aborted) return snapshot;
      // What was sent is being looked up, or an older run of the report comes first.
      await sleep(LOOK_MS);
    }
  } finally {
    io.stop.removeEventListener("abort", interrupted);
    await worker.stop(GRACE_MS);
  }
}

/** What the ledger says of a run whose command was told to stop. */
export const INTERRUPTED = "interrupted";

/** The call cannot be meant so, as things stand. */
export function wrongState(message: string, advice: string): ReportError {
  return new ReportError(message, { code: "config", advice });
}
