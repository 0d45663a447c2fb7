import type { DeliveryPlan } from "../../core/model/entry.ts";
import type { Delivery } from "../../core/model/run.ts";
import { matchEntries } from "../../core/rules/same-entry.ts";
import { ms } from "../rows.ts";
import { announce, type Dialect, run, type Steps } from "../steps.ts";
import { indexIn, insertDeliveries, plannedBefore } from "./delivery-plan.ts";
import { openDelivery } from "./delivery-row.ts";
import { type LockedRun, lockRun } from "./run-end.ts";
import { workOfDelivery } from "./work.ts";

interface Notices {
  readonly runId: string;
  readonly purpose: "failed" | "late";
  readonly plans: readonly DeliveryPlan[];
  readonly at: Date;
}

/** Only while the run's row says that a notice is due: a person may have reopened it meanwhile, or it ended in time after all. */
export function* planNotices(dialect: Dialect, notices: Notices): Steps<readonly Delivery[]> {
  const { runId, purpose } = notices;
  const locked = yield* lockRun(dialect, runId);
  if (locked === null) return [];
  const isDue =
    purpose === "failed"
      ? locked.failedDueAt !== null
      : locked.lateToldAt === null && locked.endedAt === null;
  if (isDue) yield* plan(dialect, locked, notices);
  return yield* plannedBefore(locked.id, purpose);
}

function* plan(dialect: Dialect, locked: LockedRun, { purpose, plans, at }: Notices): Steps<void> {
  if (purpose === "failed") yield* run("UPDATE runs SET failed_due_at = NULL WHERE id = ?", locked.id);
  else yield* run("UPDATE runs SET late_told_at = ? WHERE id = ?", ms(at), locked.id);
  // Those of the time before a person reopened the run are used again: their attempts show that the same notice was sent before.
  const before = yield* plannedBefore(locked.id, purpose);
  const matches = matchEntries(before, plans);
  for (const [place, notice] of before.entries()) {
    const isWanted = indexIn(matches[place]) !== null;
    if (isWanted && notice.settledAt !== null) yield* openDelivery(notice, locked.reservedFor, at);
  }
  yield* insertDeliveries(dialect, locked, { purpose, plans }, at);
  const pending = (yield* plannedBefore(locked.id, purpose)).filter(({ state }) => state === "pending");
  yield* announce(pending.map(workOfDelivery), locked.reservedFor);
}
