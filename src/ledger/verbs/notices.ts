import type { DeliveryPlan } from "../../core/model/entry.ts";
import type { Delivery, NoticePurpose } from "../../core/model/run.ts";
import type { Notices } from "../../core/ports/notices.ts";
import { matchEntries } from "../../core/rules/same-entry.ts";
import { ms } from "../rows.ts";
import { announce, type Dialect, run, type Steps, type VerbSteps } from "../steps.ts";
import { indexIn, insertDeliveries, plannedBefore } from "./delivery-plan.ts";
import { openDelivery } from "./delivery-row.ts";
import { fileBroken, fileWhole } from "./file-state.ts";
import { type LockedRun, lockRun } from "./run-end.ts";
import { isKnown } from "./streaks.ts";
import { workOfDelivery } from "./work.ts";

/** What people are told of, and know already. */
export function noticeVerbs(dialect: Dialect): Pick<VerbSteps, keyof Notices> {
  return {
    planNotices: (runId, purpose, plans, at) => planNotices(dialect, { runId, purpose, plans, at }),
    fileBroken: (broken, at) => fileBroken(dialect, broken, at),
    fileWhole: (at) => fileWhole(dialect, at),
  };
}

interface Told {
  readonly runId: string;
  readonly purpose: NoticePurpose;
  readonly plans: readonly DeliveryPlan[];
  readonly at: Date;
}

/** Only while the run's row says that a notice is due: a person may have reopened it meanwhile, or it ended in time after all. */
function* planNotices(dialect: Dialect, notices: Told): Steps<readonly Delivery[]> {
  const { runId, purpose, plans, at } = notices;
  // Two runs of a report that are told of at once would not see each other.
  yield* dialect.lock("notices");
  const locked = yield* lockRun(dialect, runId);
  if (locked === null) return [];
  if (isDue(locked, purpose)) {
    yield* noteDone(locked, purpose, at);
    const isQuiet =
      plans.length > 0 && (purpose === "failed" || purpose === "late") && (yield* isKnown(locked, purpose));
    if (!isQuiet) yield* plan(dialect, locked, notices);
  }
  return yield* plannedBefore(locked.id, purpose);
}

function isDue(
  { failedDueAt, lateToldAt, noticeDueAt, endedAt, state, kind }: LockedRun,
  purpose: NoticePurpose,
): boolean {
  switch (purpose) {
    case "failed":
      return kind === "file" ? noticeDueAt !== null && state === "failed" : failedDueAt !== null;
    case "late":
      return lateToldAt === null && endedAt === null;
    case "missed":
      return noticeDueAt !== null && state === "missed";
    case "recovered":
      return noticeDueAt !== null && state === "delivered";
  }
}

function* noteDone({ id, kind }: LockedRun, purpose: NoticePurpose, at: Date): Steps<void> {
  if (purpose === "failed" && kind !== "file")
    yield* run("UPDATE runs SET failed_due_at = NULL WHERE id = ?", id);
  else if (purpose === "late") yield* run("UPDATE runs SET late_told_at = ? WHERE id = ?", ms(at), id);
  else yield* run("UPDATE runs SET notice_due_at = NULL WHERE id = ?", id);
}

function* plan(dialect: Dialect, locked: LockedRun, { purpose, plans, at }: Told): Steps<void> {
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
