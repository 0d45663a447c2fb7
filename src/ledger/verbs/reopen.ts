import { type Delivery, NOTICES, type Run } from "../../core/model/run.ts";
import { ms, toDelivery, toRun } from "../rows.ts";
import { all, announce, type Dialect, one, run, type Steps } from "../steps.ts";
import { openDelivery } from "./delivery-row.ts";
import { dropRest, type LockedRun, lockRun, lockRunOfDelivery } from "./run-end.ts";
import { workOfDelivery, workOfRun } from "./work.ts";

interface Reopening {
  readonly id: string;
  readonly how: "failed_only" | "from_start";
  readonly reservedFor: string | null;
}

const FAILED: ReadonlySet<Delivery["state"]> = new Set(["refused", "gave_up", "cancelled"]);

/** A trial ends with its command: no one else knows what it was asked for. */
export function* reopenRun(
  dialect: Dialect,
  { id, how, reservedFor }: Reopening,
  at: Date,
): Steps<Run | null> {
  const ended = yield* lockRun(dialect, id);
  if (ended === null || ended.endedAt === null || ended.kind === "trial" || ended.kind === "file")
    return null;
  const rows = yield* all(
    `SELECT * FROM deliveries WHERE run_id = ? AND purpose = 'report' ORDER BY position${dialect.forUpdate}`,
    id,
  );
  const failed = rows.map(toDelivery).filter(({ state }) => FAILED.has(state));
  const isNothingToDo = failed.length === 0 && (how === "failed_only" || rows.length > 0);
  if (isNothingToDo) return null;
  const again: Delivery[] = [];
  for (const delivery of failed) again.push(yield* openDelivery(delivery, reservedFor, at));
  const reopened = yield* openRun(
    dialect,
    ended,
    how === "from_start" ? "planned" : "delivering",
    reservedFor,
    at,
  );
  // From the start, the deliveries wait until the run has its data.
  const work = how === "from_start" ? [workOfRun(reopened)] : again.map(workOfDelivery);
  yield* announce(work, reservedFor);
  return reopened;
}

export function* resendDelivery(
  dialect: Dialect,
  id: string,
  reservedFor: string | null,
  at: Date,
): Steps<Delivery | null> {
  const locked = yield* lockRunOfDelivery(dialect, id);
  if (locked === null) return null;
  const row = yield* one(`SELECT * FROM deliveries WHERE id = ?${dialect.forUpdate}`, id);
  const settled = row === null ? null : toDelivery(row);
  if (settled === null || settled.settledAt === null) return null;
  const again = yield* openDelivery(settled, reservedFor, at);
  // A notice of a run does not open it.
  if (again.purpose === "report" && locked.endedAt !== null)
    yield* openRun(dialect, locked, "delivering", reservedFor, at);
  yield* announce([workOfDelivery(again)], reservedFor);
  return again;
}

/**
 * A run that goes wrong again is notified of again. That it is late is not, where the time was up before: who
 * reopens it knows.
 */
function* openRun(
  dialect: Dialect,
  ended: LockedRun,
  state: "planned" | "delivering",
  reservedFor: string | null,
  at: Date,
): Steps<Run> {
  const reason = "The run was reopened before this was sent.";
  yield* dropRest(dialect, ended.id, { reason, purposes: NOTICES }, at);
  yield* run(
    "UPDATE runs SET late_told_at = ? WHERE id = ? AND late_told_at IS NULL AND expect_at <= ?",
    ms(at),
    ended.id,
    ms(at),
  );
  // The `retry:` budget begins now, and not when the run was claimed, which may be days ago.
  const row = yield* one(
    `UPDATE runs SET state = ?, reserved_for = ?, tries = 0, tries_since = ?, reopenings = ?, next_at = NULL, reason = NULL,
       advice = NULL, cancel_asked_at = NULL, cancel_reason = NULL, failed_due_at = NULL, notice_due_at = NULL,
       ended_at = NULL
     WHERE id = ? RETURNING *`,
    state,
    reservedFor,
    ms(at),
    ended.reopenings + (state === "planned" ? 1 : 0),
    ended.id,
  );
  return toRun(row ?? {});
}
