import type { Refusal } from "../model/outcome.ts";
import type { Delivery, DeliveryState, Run } from "../model/run.ts";

/** A delivery of a report that someone did not get, or may not have. */
export interface FailedDelivery {
  readonly delivery: string;
  readonly destination: string;
  readonly target: string;
  readonly state: DeliveryState;
  readonly reason: string | null;
  readonly advice: string | null;
  readonly refused: readonly Refusal[];
}

/** Why a run ended as it did: where its deliveries failed, the reason is theirs. */
export interface RunFailure {
  /** Of several deliveries the first one's, with how many more there are. */
  readonly reason: string | null;
  readonly advice: string | null;
  readonly failed: readonly FailedDelivery[];
}

export function runFailure(run: Run, deliveries: readonly Delivery[]): RunFailure {
  const bad = deliveries.filter(isIncomplete);
  const failed = bad.map(({ id, kind, target, state, reason, advice, refused }) => {
    return { delivery: id, destination: kind, target, state, reason, advice, refused };
  });
  const [first] = bad;
  if (run.reason !== null || first === undefined) return { reason: run.reason, advice: run.advice, failed };
  const more = bad.length === 1 ? "" : ` (and ${bad.length - 1} more)`;
  return {
    reason: `${first.kind} ${first.target}: ${whyIncomplete(first)}${more}`,
    advice: first.advice,
    failed,
  };
}

/** Someone did not get what it was to bring, or may not have. Not one that is still under way. */
export function isIncomplete({ purpose, state, refused, settledAt }: Delivery): boolean {
  if (purpose !== "report" || settledAt === null || state === "unsubscribed") return false;
  return state !== "sent" || refused.length > 0;
}

/** The delivery's reason, or that of each recipient who was refused. */
export function whyIncomplete({ reason, refused, state }: Delivery): string {
  const each = refused.map((one) => `${one.recipient}: ${one.reason}`).join("; ");
  if (each === "") return reason ?? state;
  return [reason, `refused for ${each}`].filter((words) => words !== null).join(" ");
}
