import type { Fence, Settlement } from "../../core/model/entry.ts";
import { type Delivery, endedBadly } from "../../core/model/run.ts";
import type { WorkerContext } from "../process/context.ts";
import { crashPoint } from "../process/crash-points.ts";
import { isConfirmed, type Lease } from "../process/lease.ts";
import { loginRefused } from "../process/renewed.ts";
import type { DeliveryAttempt } from "./context.ts";
import { sendOnce } from "./send-once.ts";

/**
 * One attempt at a delivery, from taken to settled. The outcome is written under the attempt's fence: where another worker
 * has made a later attempt meanwhile, it is not. Rejects only when the ledger cannot be read or written.
 */
export async function carryOutDelivery(
  id: string,
  stop: AbortSignal,
  worker: WorkerContext,
): Promise<"done" | "busy"> {
  const giveBack = await takeSlot(id, stop, worker);
  if (giveBack === null) return "busy";
  try {
    return await withSlot(id, stop, worker);
  } finally {
    giveBack();
  }
}

/** Waits for one of its destination's slots before it is taken; null where the worker stops first. */
async function takeSlot(
  id: string,
  stop: AbortSignal,
  { ledger, slots }: WorkerContext,
): Promise<(() => void) | null> {
  const delivery = await ledger.delivery(id);
  if (delivery === null) return () => undefined;
  // A notice of a failure must not wait behind what fails.
  const kind = delivery.purpose === "report" ? delivery.kind : "notice";
  return slots(kind)
    .take(stop)
    .catch(() => null);
}

async function withSlot(id: string, stop: AbortSignal, worker: WorkerContext): Promise<"done" | "busy"> {
  const { ledger, clock, underWay } = worker;
  const lease = worker.lease();
  if (!isConfirmed(lease)) return "busy";
  const takenAt = clock.now();
  const delivery = await take(id, lease, takenAt, worker);
  if (typeof delivery === "string") return delivery;
  crashPoint("delivery_taken", id);
  const run = await ledger.run(delivery.runId);
  if (run === null) return "done";
  const entered = underWay.enter({ id, runId: run.id }, { stop, lost: lease.signal });
  const hastening = hasteningOf({ id, attempt: delivery.attempts }, worker);
  try {
    const { hasten } = hastening;
    const attempt: DeliveryAttempt = { delivery, run, takenAt, lease, signal: entered.signal, hasten };
    // What came out is kept until it is written: it must not be found out a second time by sending again.
    const settlement = underWay.inHand.get(id) ?? redacted(await sendOnce(attempt, worker), worker.redact);
    underWay.inHand.set(id, settlement);
    const ended = await settle(attempt, settlement, worker);
    hastening.settled();
    if (settlement.state === "refused" && settlement.isLogin === true)
      await loginRefused({ kind: delivery.kind, what: "delivery", id }, takenAt, worker);
    return ended;
  } finally {
    entered.leave();
  }
}

/** What an attempt waits for may be there before it is written down that it waits. */
function hasteningOf(
  fence: Fence,
  { ledger, clock, trouble }: Pick<WorkerContext, "ledger" | "clock" | "trouble">,
): { hasten(): void; settled(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  let isAsked = false;
  return {
    hasten() {
      if (isAsked) return;
      isAsked = true;
      promise.then(() => ledger.hastenDelivery(fence, clock.now())).catch(trouble);
    },
    settled: () => resolve(),
  };
}

async function settle(
  { delivery: { id, attempts }, run }: DeliveryAttempt,
  settlement: Settlement,
  { ledger, clock, listener, underWay }: WorkerContext,
): Promise<"done"> {
  const after = await ledger.settleDelivery({ id, attempt: attempts }, settlement, clock.now());
  underWay.inHand.delete(id);
  crashPoint("delivery_settled", id);
  if (after === null) return "done";
  const isOver = after.delivery.settledAt !== null;
  listener({ kind: isOver ? "delivery_settled" : "delivery_postponed", run, delivery: after.delivery });
  if (after.ended !== null) {
    const deliveries = endedBadly(after.ended.state) ? await ledger.deliveries(run.id) : [];
    listener({ kind: "run_ended", run: after.ended, deliveries });
  }
  return "done";
}

async function take(
  id: string,
  { owner }: Lease,
  at: Date,
  { ledger, underWay }: WorkerContext,
): Promise<Delivery | "done" | "busy"> {
  const taken = await ledger.takeDelivery(id, owner, at);
  if (taken !== null) {
    underWay.inHand.set(id, null);
    return taken;
  }
  const delivery = await ledger.delivery(id);
  if (delivery === null) return "done";
  if (delivery.state === "sending" && delivery.owner === owner && !underWay.has(id))
    return brokenOff(delivery, { ledger, underWay });
  // Another has it, or it is over: what came out of an attempt of ours is no longer asked for.
  underWay.inHand.delete(id);
  const isDue =
    delivery.state === "pending" || (delivery.state === "waiting" && (delivery.nextAt ?? at) <= at);
  if (!isDue) return "done";
  const run = await ledger.run(delivery.runId);
  return run?.reservedFor === null && run.cancelAskedAt === null ? "busy" : "done";
}

/** Taken by us, in a transaction whose reply was lost or an attempt that broke off: what it had committed may have arrived. */
async function brokenOff(
  delivery: Delivery,
  { ledger, underWay }: Pick<WorkerContext, "ledger" | "underWay">,
): Promise<Delivery> {
  if (!underWay.inHand.has(delivery.id)) underWay.inHand.set(delivery.id, null);
  const attempts = await ledger.deliveryAttempts(delivery.id);
  const committedAt = attempts.at(-1)?.committedAt ?? null;
  if (committedAt === null) return delivery;
  return { ...delivery, isUncertain: true, uncertainSince: delivery.uncertainSince ?? committedAt };
}

function redacted(settlement: Settlement, redact: (text: string) => string): Settlement {
  const reason = settlement.reason === null ? null : redact(settlement.reason);
  const clean = <T extends { reason: string }>(all: readonly T[]) =>
    all.map((one) => ({ ...one, reason: redact(one.reason) }));
  switch (settlement.state) {
    case "sent":
      return { ...settlement, reason, refused: clean(settlement.refused) };
    case "waiting": {
      const served =
        settlement.served === null
          ? null
          : { ...settlement.served, refused: clean(settlement.served.refused) };
      return { ...settlement, reason: reason ?? "", served };
    }
    default: {
      const advice = settlement.advice === null ? null : redact(settlement.advice);
      return { ...settlement, reason: reason ?? "", advice };
    }
  }
}
