import { channel } from "node:diagnostics_channel";

/** The places of the pipeline where a kill differs from a kill elsewhere, in the order they are passed. */
export const CRASH_POINTS = [
  "tick_claimed",
  "run_taken",
  "task_created",
  "results_in",
  "message_written",
  "deliveries_planned",
  "delivery_taken",
  "before_send",
  "committed",
  "after_send",
  "delivery_settled",
  "notices_planned",
] as const;

export type CrashPoint = (typeof CRASH_POINTS)[number];

const passed = channel("lookpost:point");

/** Publishes on the diagnostics channel `lookpost:point` that a point is passed. Costs nothing without a subscriber. */
export function crashPoint(point: CrashPoint, id: string): void {
  if (passed.hasSubscribers) passed.publish({ point, id });
}
