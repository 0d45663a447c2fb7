import type { Fence, Settlement } from "../../core/model/entry.ts";
import type { Attempt, AttemptEnd, Delivery, Run } from "../../core/model/run.ts";
import { ms, textOrNull, toAttempt, toDelivery } from "../rows.ts";
import { announce, type Dialect, one, run, type Steps } from "../steps.ts";
import { isSent, writeDelivery } from "./delivery-row.ts";
import { tellPoints } from "./points.ts";
import { concludeRun, correctEnd, lockRunOfDelivery } from "./run-end.ts";
import { announceNextOnceOut, workOfDelivery } from "./work.ts";

interface Settling {
  readonly fence: Fence;
  readonly settled: Settlement;
  readonly at: Date;
}

export function* settleDelivery(
  dialect: Dialect,
  { fence, settled, at }: Settling,
): Steps<{ readonly delivery: Delivery; readonly ended: Run | null } | null> {
  const locked = yield* lockRunOfDelivery(dialect, fence.id);
  if (locked === null) return null;
  const before = yield* one(`SELECT * FROM deliveries WHERE id = ?${dialect.forUpdate}`, fence.id);
  const begun = yield* one(
    "SELECT * FROM delivery_attempts WHERE delivery_id = ? AND attempt = ?",
    fence.id,
    fence.attempt,
  );
  if (before === null || begun === null) return null;
  const attempt = toAttempt(begun);
  const delivery = toDelivery(before);
  if (!isAwaited(delivery, attempt, settled)) return null;
  yield* closeAttempt(fence, attemptEnd(settled), settled.reason, at);
  const settledDelivery = afterAttempt(delivery, attempt, settled, at);
  yield* writeDelivery(settledDelivery);
  if (settled.state === "waiting")
    yield* run(
      "UPDATE deliveries SET waits_for = ?, woken_from = NULL WHERE id = ?",
      settled.waitsFor ?? null,
      delivery.id,
    );
  const isReport = delivery.purpose === "report";
  if (isReport && locked.endedAt !== null) yield* correctEnd(locked, at);
  if (isReport && isSent(settledDelivery)) yield* tellPoints(dialect, locked.id);
  const ended = isReport ? yield* concludeRun(dialect, locked, at) : null;
  if (isReport && ended === null) yield* announceNextOnceOut(locked, at);
  // Read again: where the run was to be cancelled, that has settled what was to wait.
  const row = (yield* one("SELECT * FROM deliveries WHERE id = ?", fence.id)) ?? {};
  const after = toDelivery(row);
  if (after.state === "waiting") yield* announce([workOfDelivery(after)], textOrNull(row.reserved_for));
  return { delivery: after, ended };
}

/**
 * Whether nothing has happened since that the settlement does not know of. Of an attempt that was taken for lost, the truth
 * is welcome as long as no later one has begun: it spares looking it up.
 */
function isAwaited(delivery: Delivery, attempt: Attempt, { state }: Settlement): boolean {
  if (delivery.attempts !== attempt.attempt) return false;
  if (delivery.state === "sending") return true;
  if (state !== "sent" && state !== "refused") return false;
  return (delivery.state === "waiting" || delivery.state === "unknown") && attempt.end === "lost";
}

export function* closeAttempt(
  { id, attempt }: Fence,
  end: AttemptEnd,
  reason: string | null,
  at: Date,
): Steps<void> {
  yield* run(
    "UPDATE delivery_attempts SET ended_at = ?, ended_as = ?, reason = ? WHERE delivery_id = ? AND attempt = ?",
    ms(at),
    end,
    reason,
    id,
    attempt,
  );
}

function attemptEnd(settled: Settlement): AttemptEnd {
  if (settled.state === "waiting") return settled.end;
  return settled.state === "gave_up" ? "again" : settled.state;
}

function afterAttempt(before: Delivery, attempt: Attempt, settled: Settlement, at: Date): Delivery {
  const free = { ...before, owner: null, nextAt: null, reason: settled.reason };
  const certain = { isUncertain: false, uncertainSince: null };
  const uncertain = { isUncertain: true, uncertainSince: before.uncertainSince ?? attempt.startedAt };
  if (settled.state === "waiting") {
    const { state, nextAt, advice, end, served } = settled;
    const isTry = end === "again" || end === "unknown";
    const tries = before.tries + (isTry ? 1 : 0);
    const triesSince = before.triesSince ?? (isTry ? attempt.startedAt : null);
    const sureness = settled.isUncertain ? uncertain : certain;
    return { ...free, state, nextAt, advice, tries, triesSince, ...sureness, ...served };
  }
  const over = { ...free, settledAt: at, bytes: settled.bytes ?? before.bytes };
  if (settled.state === "sent") {
    const { state, externalId, refused } = settled;
    return { ...over, state, externalId, refused, advice: null, remaining: null, ...certain };
  }
  const { state, advice } = settled;
  return { ...over, state, advice, ...(state === "unknown" ? uncertain : certain) };
}
