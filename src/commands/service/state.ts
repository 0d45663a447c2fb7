import type { Timetable, Worker } from "../../app/app.ts";
import { duration } from "../../core/rules/quantity.ts";

/** The parts of the running service, for /readyz and the heartbeat. */
export interface ServiceState {
  /** Null until the ledger is open. */
  worker: Pick<Worker, "isWell"> | null;
  timetable: Pick<Timetable, "lateMs"> | null;
  /** Why the ledger cannot be used at the moment; null: it can, as far as was tried. */
  ledgerFailing: () => string | null;
  /** Why the ledger could not be opened so far. */
  waitsFor?: string;
  /** Why it cannot be used any more: it is damaged, moved or replaced. */
  ledgerLost?: string;
  /** What is wrong with reports.yaml as it is now; the last good one is in use. */
  fileProblem: string | null;
  /** That files which it refers to are missing; what they held last is in use. */
  missingFiles: string | null;
}

/** A tick that waits for longer than this means that the service does not do its work. */
const LATE_MS_MAX = 60_000;

export function readinessOf(state: ServiceState) {
  const ledger = check(ledgerProblem(state));
  const schedule = check(scheduleProblem(state));
  // A broken file stops no report of the last good one, so the service stays ready.
  const config = check(state.fileProblem ?? state.missingFiles);
  return { ready: ledger.ok && schedule.ok, checks: { ledger, schedule, config } };
}

/** What keeps reports from being carried out, or null. */
export function whatIsWrong(state: ServiceState): string | null {
  return ledgerProblem(state) ?? scheduleProblem(state);
}

function ledgerProblem({ worker, waitsFor, ledgerLost, ledgerFailing }: ServiceState): string | null {
  if (ledgerLost !== undefined) return ledgerLost;
  if (worker === null) return waitsFor ?? "The ledger is not open yet.";
  const failing = ledgerFailing();
  if (failing !== null) return failing;
  return worker.isWell() ? null : "The ledger has not answered for some seconds.";
}

function scheduleProblem({ timetable }: ServiceState): string | null {
  if (timetable === null) return "The schedules have not been read yet.";
  const lateMs = timetable.lateMs();
  return lateMs <= LATE_MS_MAX ? null : `A tick has been waiting for ${duration(lateMs)}.`;
}

function check(message: string | null): { ok: boolean; message?: string } {
  return message === null ? { ok: true } : { ok: false, message };
}
