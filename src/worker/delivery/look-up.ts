import { toReportError } from "../../core/error.ts";
import type { Settlement } from "../../core/model/entry.ts";
import type { DeliveryTerms } from "../../core/ports/destination.ts";
import type { DeliveryContext } from "./context.ts";
import type { FoundEntry } from "./entries.ts";
import type { Prepared } from "./prepare.ts";
import { absent, handedBack, lookAgainAt, notFoundOut, settled, unknownForGood } from "./settlement.ts";

/**
 * What is to become of a delivery that may have arrived, or null where it may be sent again: it surely has not arrived, or the
 * report would rather have it twice. It is looked up outside; where that cannot be done it stays unknown.
 */
export async function lookUp(
  context: DeliveryContext,
  { server }: FoundEntry,
  { message, to, bytes }: Prepared,
  terms: DeliveryTerms,
): Promise<Settlement | null> {
  const { delivery, worker, takenAt } = context;
  const destination = worker.adapters.destination(delivery.kind);
  const { options } = to.destination;
  if (destination.find === undefined) return (await maySendAgain(context)) ? null : unknownForGood(context);
  try {
    const since = delivery.uncertainSince ?? delivery.plannedAt;
    const found = await destination.find(message, since, options, terms);
    await server.succeeded();
    if (found !== null) return settled(context, { kind: "sent", externalId: found, refused: [] }, bytes);
    const lastsUntil = await arrivesUntil(context, destination.lateArrivalMs ?? 0);
    return lastsUntil > takenAt ? lookAgainAt(context, lastsUntil) : absent(context);
  } catch (thrown) {
    const error = toReportError(terms.signal.aborted ? terms.signal.reason : thrown);
    if (terms.signal.aborted) return handedBack(context, error);
    if (error.code === "unavailable") await server.failed(error.message);
    return notFoundOut(context, error);
  }
}

/** A notice that comes twice beats one that never comes. */
const NOTICE_SENDINGS_MAX = 3;

/** A report that comes twice rather than not at all is not to come six times: so many of its attempts may have arrived. */
async function maySendAgain({ delivery, report, worker }: DeliveryContext): Promise<boolean> {
  const ofReport = report.onUnknown === "resend" ? 2 : 1;
  const sendingsMax = delivery.purpose === "report" ? ofReport : NOTICE_SENDINGS_MAX;
  const attempts = await worker.ledger.deliveryAttempts(delivery.id);
  const open = attempts.filter(
    ({ startedAt, committedAt, end }) =>
      startedAt >= delivery.plannedAt &&
      committedAt !== null &&
      (end === "unknown" || end === "lost" || end === null),
  );
  return open.length < sendingsMax;
}

/** Until when the message of the latest attempt that may have sent it may still turn up. */
async function arrivesUntil({ delivery, worker }: DeliveryContext, lateArrivalMs: number): Promise<Date> {
  const attempts = await worker.ledger.deliveryAttempts(delivery.id);
  const committed = attempts.flatMap(({ committedAt }) => committedAt ?? []);
  const latest = committed.at(-1) ?? delivery.uncertainSince ?? delivery.plannedAt;
  return new Date(latest.getTime() + lateArrivalMs);
}
