import { toReportError } from "../../core/error.ts";
import type { Settlement } from "../../core/model/entry.ts";
import type { Sending } from "../../core/ports/adapter.ts";
import type { Prepared } from "./prepare.ts";
import {
  absent,
  handedBack,
  lookAgainAt,
  notFoundOut,
  type Settling,
  settled,
  unknownForGood,
} from "./settlement.ts";

/**
 * What is to become of a delivery that may have arrived, or null where it may be sent again: it surely has not arrived, or the
 * report would rather have it twice. It is looked up outside; where that cannot be done it stays unknown.
 */
export async function lookUp(
  settling: Settling,
  { message, to, bytes }: Prepared,
  sending: Sending,
): Promise<Settlement | null> {
  const { delivery, report, worker, takenAt } = settling;
  const destination = worker.adapters.destination(delivery.kind);
  if (destination.find === undefined) {
    return report.onUnknown === "resend" ? null : unknownForGood(settling);
  }
  try {
    const since = delivery.uncertainSince ?? delivery.plannedAt;
    const found = await destination.find(message, since, to.destination.options, sending);
    await worker.circuits.succeeded(delivery.kind);
    if (found !== null) return settled(settling, { kind: "sent", externalId: found, refused: [] }, bytes);
    const lastsUntil = await arrivesUntil(settling, destination.lateArrivalMs ?? 0);
    return lastsUntil > takenAt ? lookAgainAt(settling, lastsUntil) : absent(settling);
  } catch (thrown) {
    const error = toReportError(sending.signal.aborted ? sending.signal.reason : thrown);
    if (sending.signal.aborted) return handedBack(settling, error);
    if (error.code === "unavailable")
      await worker.circuits.failed(delivery.kind, worker.redact(error.message));
    return notFoundOut(settling, error);
  }
}

/** Until when the message of the latest attempt that may have sent it may still turn up. */
async function arrivesUntil({ delivery, worker }: Settling, lateArrivalMs: number): Promise<Date> {
  const attempts = await worker.ledger.deliveryAttempts(delivery.id);
  const committed = attempts.flatMap(({ committedAt }) => committedAt ?? []);
  const latest = committed.at(-1) ?? delivery.uncertainSince ?? delivery.plannedAt;
  return new Date(latest.getTime() + lateArrivalMs);
}
