import { stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { App } from "../../app/app.ts";
import { unconnected } from "../../app/destinations.ts";
import { ReportError, toReportError } from "../../core/error.ts";
import type { Report } from "../../core/model/report.ts";
import type { Run } from "../../core/model/run.ts";
import { serviceOf } from "../history/system-status.ts";
import { type Io, printError, spelling } from "../io.ts";
import { findReport } from "../lookup/find.ts";
import { follow, type RunSnapshot, snapshotOf } from "./follow.ts";
import { progressListener } from "./progress.ts";

/** Something in the ledger that a person wants done again. */
export interface Redo {
  readonly run: Run;
  /** Reopens it in the ledger; false where there is nothing to do. */
  /** The connections that it needs: "looker", "email". */
  readonly needs: readonly string[];
  readonly reopen: (reservedFor: string | null) => Promise<boolean>;
  readonly isOver: (snapshot: RunSnapshot) => boolean;
  /** Why there was nothing to do. */
  readonly nothing: () => ReportError;
}

const GRACE_MS = 5_000;
const LOOK_MS = 100;

/** Has a running service do it, and otherwise does it in this process. Resolves with its state when it is over, or was left. */
export async function carryOut(redo: Redo, app: App, io: Io): Promise<RunSnapshot> {
  const ledger = await app.ledger();
  const { isAlive } = await serviceOf(ledger, new Date());
  return isAlive ? byService(redo, app, io) : inThisProcess(redo, app, io);
}

async function byService(redo: Redo, app: App, io: Io): Promise<RunSnapshot> {
  const ledger = await app.ledger();
  const { run, isOver } = redo;
  await readByService(app.config.file, io);
  if (!(await redo.reopen(null))) throw redo.nothing();
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

/** A service looks at its file every half second, and then reads it: what a person has just corrected is not to be tried by the file before. */
const READ_MS_MAX = 5_000;

async function readByService(file: string, io: Io): Promise<void> {
  const changedAt = await stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
  const waitMs = Math.min(changedAt + READ_MS_MAX - Date.now(), READ_MS_MAX);
  if (waitMs <= 0) return;
  io.err.write("reports.yaml has just changed: waiting until the service has read it.\n");
  await sleep(waitMs, undefined, { signal: io.stop }).catch(() => undefined);
}

async function inThisProcess(redo: Redo, app: App, io: Io): Promise<RunSnapshot> {
  const ledger = await app.ledger();
  const { run, isOver } = redo;
  // Before anything is reopened: a service works with its last good file, and this process with what is there now.
  if (run.kind !== "file") refuseUnset(redo, findReport(run.report, app.config), app);
  const trouble = (thrown: unknown) => printError(toReportError(thrown), io);
  const listener = progressListener(io.err);
  const worker = await app.startWorker({ role: "command", listener, trouble, ...spelling(io) });
  const interrupted = () => {
    ledger
      .cancelRun(run.id, INTERRUPTED, new Date())
      .then(() => worker.stop(GRACE_MS))
      .catch(trouble);
  };
  try {
    if (!(await redo.reopen(worker.owner))) throw redo.nothing();
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

/** What is used of a file with unset references has to be whole: a message must not come out otherwise than the service would make it. */
function refuseUnset({ needs }: Redo, { onFailure }: Report, { config: { unset } }: App): void {
  const used = [...needs, ...onFailure.map(({ destination }) => destination.kind), "defaults", "server"];
  const missing = used.find((name) => unset[name] !== undefined);
  if (missing === undefined) return;
  const { message, advice } = unconnected(missing, unset[missing]);
  throw new ReportError(`No service is running, and this command cannot do it by itself: ${message}`, {
    code: "config",
    advice: `${advice ?? ""} Or start the service, which does it: lookpost start`.trim(),
  });
}

/** What the ledger says of a run whose command was stopped. */
export const INTERRUPTED = "interrupted";

/** The command does not fit the state in the ledger. */
export function wrongState(message: string, advice: string): ReportError {
  return new ReportError(message, { code: "config", advice });
}
