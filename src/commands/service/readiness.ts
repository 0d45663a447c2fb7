import type { Timetable, Worker } from "../../app/app.ts";
import { duration } from "../../core/rules/quantity.ts";

/** How the service stands, for /readyz and the heartbeat. */
export interface Standing {
  /** Null until the ledger is open. */
  worker: Worker | null;
  timetable: Timetable | null;
  /** Why the ledger could not be opened so far. */
  waitsFor?: string;
  /** What is wrong with reports.yaml as it is now; the last good one is in use. */
  fileProblem: string | null;
}

/** A tick that waits for longer than this is a service that does not do its work. */
const LATE_MS_MAX = 60_000;

export function readinessOf(standing: Standing) {
  const ledger = check(ledgerProblem(standing));
  const schedule = check(scheduleProblem(standing));
  // A broken file keeps nobody from getting the reports of the last good one.
  const config = check(standing.fileProblem);
  return { ready: ledger.ok && schedule.ok, checks: { ledger, schedule, config } };
}

/** What keeps reports from being carried out, or null. */
export function whatIsWrong(standing: Standing): string | null {
  return ledgerProblem(standing) ?? scheduleProblem(standing);
}

function ledgerProblem({ worker, waitsFor }: Standing): string | null {
  if (worker === null) return waitsFor ?? "The ledger is not open yet.";
  return worker.isWell() ? null : "The ledger has not answered for some seconds.";
}

function scheduleProblem({ timetable }: Standing): string | null {
  if (timetable === null) return "The schedules are not read yet.";
  const lateMs = timetable.lateMs();
  return lateMs <= LATE_MS_MAX ? null : `A tick has been waiting for ${duration(lateMs)}.`;
}

function check(message: string | null): { ok: boolean; message?: string } {
  return message === null ? { ok: true } : { ok: false, message };
}
