import type { Delivery, Run } from "../core/run.ts";

const RUN_WORDS: Readonly<Record<Run["state"], string>> = {
  planned: "waiting",
  running: "running",
  delivering: "delivering",
  delivered: "delivered",
  skipped: "skipped",
  partly_failed: "partly failed",
  failed: "failed",
  cut_short: "cut short",
};

const DELIVERY_WORDS: Readonly<Record<Delivery["state"], string>> = {
  pending: "waiting",
  sending: "sending",
  sent: "sent",
  refused: "refused",
  again: "not delivered",
  unknown: "unknown: it may have been delivered",
  cut_short: "not sent: cut short",
};

/** A run's state in words a person can act on. */
export function runWord(run: Run): string {
  return RUN_WORDS[run.state];
}

export function deliveryWord(delivery: Delivery): string {
  const refused = delivery.refused.length;
  if (delivery.state === "sent" && refused > 0) return `sent, but refused for ${refused} of its recipients`;
  return DELIVERY_WORDS[delivery.state];
}

/** The command that makes the run once more, for one that has not ended well. */
export function repeatCommand(run: Run): string {
  const isTick = run.burst === "" && run.dueAt.getTime() % 60_000 === 0;
  const due = run.dueAt.toISOString().replace(/:00\.000Z$/, "Z");
  return `lookpost run ${run.report}${isTick ? ` --due ${due} --again` : ""}`;
}

/** Delivered, or rightly not sent. A run that has not ended has not ended well. */
export function endedWell(run: Run): boolean {
  return run.state === "delivered" || run.state === "skipped";
}
