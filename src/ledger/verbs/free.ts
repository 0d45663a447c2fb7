import type { RunEnd } from "../../core/model/entry.ts";
import type { Delivery, Run } from "../../core/model/run.ts";
import type { Work } from "../../core/model/work.ts";
import { text, toDelivery } from "../rows.ts";
import { all, announce, type Dialect, run, type Steps } from "../steps.ts";
import { writeDelivery } from "./delivery-row.ts";
import { deliveryAttempts } from "./reads.ts";
import { closeRunAttempt, concludeRun, endRunNow, type LockedRun, lockRun, restOf } from "./run-end.ts";
import { freeRunning } from "./runs.ts";
import { closeAttempt } from "./settle.ts";
import { announceNextOnceOut, workOfDelivery, workOfRun } from "./work.ts";

/** How the attempts end that an owner had in hand: it signed off, or was considered dead. */
type Ending = "handed_back" | "lost";

/** Frees all that an owner has in hand; it is no longer signed in. Returns the runs touched, as they are then. */
export function* freeOwner(dialect: Dialect, owner: string, ending: Ending, at: Date): Steps<readonly Run[]> {
  yield* run("DELETE FROM places WHERE owner = ?", owner);
  yield* run("DELETE FROM tasks WHERE owner = ? AND task_id IS NULL", owner);
  const rows = yield* all(
    `SELECT id FROM runs WHERE owner = ? UNION SELECT id FROM runs WHERE reserved_for = ?
     UNION SELECT run_id AS id FROM deliveries WHERE owner = ? UNION SELECT run_id AS id FROM deliveries WHERE reserved_for = ?
     ORDER BY id`,
    owner,
    owner,
    owner,
    owner,
  );
  const touched: Run[] = [];
  for (const row of rows) touched.push(...(yield* freeRun(dialect, text(row.id), { owner, ending }, at)));
  return touched;
}

interface Leaving {
  readonly owner: string;
  readonly ending: Ending;
}

const GONE = "The command that started it stopped before it ended.";
const INTERRUPTED: RunEnd = { state: "interrupted", reason: GONE, advice: "Start the command again." };

function* freeRun(dialect: Dialect, id: string, leaving: Leaving, at: Date): Steps<readonly Run[]> {
  const locked = yield* lockRun(dialect, id);
  if (locked === null) return [];
  const { owner, ending } = leaving;
  const isInHand = locked.state === "running" && locked.owner === owner;
  const deliveries = yield* freeDeliveries(dialect, id, leaving, at);
  if (locked.kind === "trial" && locked.endedAt === null) {
    if (isInHand) yield* closeRunAttempt(locked, { as: ending, reason: null }, at);
    return [yield* endRunNow(dialect, locked, INTERRUPTED, at)];
  }
  yield* announce(deliveries, null);
  yield* run("UPDATE runs SET reserved_for = NULL WHERE id = ? AND reserved_for = ?", id, owner);
  const free = { ...locked, reservedFor: locked.reservedFor === owner ? null : locked.reservedFor };
  if (isInHand) return [yield* freeRunning(dialect, free, ending, at)];
  if (locked.reservedFor === owner) yield* announce(openWork(free), null);
  const concluded = yield* concludeRun(dialect, free, at);
  if (concluded === null && locked.state === "delivering") yield* announceNextOnceOut(free, at);
  return [concluded ?? free];
}

/** What a run that was reserved gives to others, but its deliveries. */
function openWork(free: LockedRun): readonly Work[] {
  const { id, state, failedDueAt, noticeDueAt, lateToldAt, expectAt, endedAt } = free;
  const work: Work[] = [];
  if (state === "planned" || state === "waiting") work.push(workOfRun(free));
  if (failedDueAt !== null) work.push({ kind: "failed", id, at: failedDueAt });
  if (noticeDueAt !== null)
    work.push({ kind: state === "missed" ? "missed" : "recovered", id, at: noticeDueAt });
  if (expectAt !== null && lateToldAt === null && endedAt === null)
    work.push({ kind: "late", id, at: expectAt });
  return work;
}

/** Returns what others can go on with. */
function* freeDeliveries(
  dialect: Dialect,
  runId: string,
  { owner, ending }: Leaving,
  at: Date,
): Steps<readonly Work[]> {
  const rows = yield* all(
    `SELECT * FROM deliveries WHERE run_id = ? AND (owner = ? OR reserved_for = ?) ORDER BY id${dialect.forUpdate}`,
    runId,
    owner,
    owner,
  );
  yield* run("UPDATE deliveries SET reserved_for = NULL WHERE run_id = ? AND reserved_for = ?", runId, owner);
  const freed: Delivery[] = [];
  for (const before of rows.map(toDelivery)) {
    const isInHand = before.state === "sending" && before.owner === owner;
    freed.push(isInHand ? yield* loseDelivery(before, ending, at) : before);
  }
  return freed.filter(({ state }) => state === "pending" || state === "waiting").map(workOfDelivery);
}

/** It may have been delivered once it was committed, even where its owner signed off: it would have settled what it knew of. */
function* loseDelivery(sending: Delivery, ending: Ending, at: Date): Steps<Delivery> {
  const { id } = sending;
  yield* closeAttempt({ id, attempt: sending.attempts }, "lost", null, at);
  const attempts = yield* deliveryAttempts(id);
  const begun = attempts.at(-1);
  const isUncertain = sending.isUncertain || (begun?.committedAt ?? null) !== null;
  const rest = ending === "lost" ? restOf(attempts, at) : null;
  const words = rest?.reason ?? "The worker that was sending it stopped.";
  const lost: Delivery = {
    ...sending,
    state: "waiting",
    owner: null,
    nextAt: rest?.until ?? at,
    isUncertain,
    uncertainSince: isUncertain ? (sending.uncertainSince ?? begun?.startedAt ?? null) : null,
    reason: `${words} ${isUncertain ? "It may have been delivered." : "It was certainly not delivered."}`,
    advice: null,
  };
  yield* writeDelivery(lost);
  return lost;
}
