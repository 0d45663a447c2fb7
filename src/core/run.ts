import type { Refusal } from "./outcome.ts";

/** What a run is unique by: two workers that hear the same tick make one run. */
export interface RunKey {
  readonly report: string;
  /** The tick that was due; for a run asked for by a person without one, the moment of asking. */
  readonly dueAt: Date;
  /** Which of several runs of one tick: "" for the tick itself, the row of a recipient list, a trial. */
  readonly burst: string;
}

export type Trigger = "schedule" | "manual";

export type RunState =
  | "planned" // claimed, not begun
  | "running" // asking Looker, making files
  | "delivering" // its deliveries are written and under way
  | "delivered" // every delivery is sent
  | "skipped" // its condition said no
  | "partly_failed" // some deliveries are sent, some are not
  | "failed" // nothing was sent
  | "cut_short"; // the worker stopped before it ended

export interface Run extends RunKey {
  readonly id: string;
  readonly trigger: Trigger;
  readonly state: RunState;
  /** Why it was skipped, failed or cut short; null otherwise. */
  readonly reason: string | null;
  readonly advice: string | null;
  /** Rows of all its sections; null until they are in. */
  readonly rows: number | null;
  readonly claimedAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/** One section's query as it went, for `history` and for the next run's first poll. */
export interface SectionRecord {
  readonly section: number;
  readonly title: string;
  /** Looker's query task, null where it was not got that far. */
  readonly taskId: string | null;
  readonly rows: number | null;
  readonly tookMs: number | null;
  readonly warnings: readonly string[];
}

export type DeliveryState = "pending" | "sending" | "sent" | "refused" | "again" | "unknown" | "cut_short";

export interface Delivery {
  readonly id: string;
  readonly runId: string;
  /** The destination's word in the YAML. */
  readonly kind: string;
  /** Who gets it, as the destination describes it. */
  readonly target: string;
  /** Which part of the recipients, where a destination is split; "" for all. */
  readonly recipients: string;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly externalId: string | null;
  readonly reason: string | null;
  readonly advice: string | null;
  readonly refused: readonly Refusal[];
  /** Bytes of the attached files. */
  readonly bytes: number | null;
  readonly plannedAt: Date;
  readonly settledAt: Date | null;
}

/** How a run stands once all its deliveries are settled. */
export function endState(deliveries: readonly Pick<Delivery, "state" | "refused">[]): RunState {
  const whole = deliveries.filter(
    (delivery) => delivery.state === "sent" && delivery.refused.length === 0,
  ).length;
  if (whole === deliveries.length) return "delivered";
  if (deliveries.some((delivery) => delivery.state === "sent" || delivery.state === "unknown"))
    return "partly_failed";
  return deliveries.some((delivery) => delivery.state === "cut_short") ? "cut_short" : "failed";
}
