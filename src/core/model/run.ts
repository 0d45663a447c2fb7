import type { Refusal } from "./outcome.ts";

/** What a run is unique by: two workers that claim the same tick make one run. */
export interface RunKey {
  readonly report: string;
  /** The tick that was due; for a run asked for by a person without one, the moment of asking. */
  readonly dueAt: Date;
  /** Which of several runs of one tick: "" for the only one; a trial or a repeat has a key of its own. What a run is, its kind says. */
  readonly burst: string;
}

export type RunKind =
  | "tick" // its schedule's
  | "by_hand" // a person asked for it, and it counts as a tick does
  | "trial" // a person tries it out (--to, --dry-run, preview): it leaves nothing, and ends with the command that made it
  | "repeat" // a person asked for it again (--again), next to the run that counts
  | "file"; // none of a report: since when reports.yaml is broken ("failed"), until when it was ("delivered")

/** In place of a report's name, which has no brackets. */
export const FILE_RUNS = "(reports.yaml)";

/** These wait for one another and are compared with one another; the others leave nothing for later runs. */
export const KINDS_THAT_COUNT: readonly RunKind[] = ["tick", "by_hand"];

export function countsAsTick({ kind }: { readonly kind: RunKind }): boolean {
  return KINDS_THAT_COUNT.includes(kind);
}

export type Trigger =
  | "schedule" // claimed when it was due
  | "catch_up" // found afterwards: the worker was down, the machine suspended, the clock moved
  | "manual"; // a person

export type RunState =
  | "planned" // claimed, and free for any worker
  | "running" // a worker asks Looker and makes files
  | "waiting" // to be tried again at `nextAt`; `reason` says why
  | "delivering" // its deliveries are written and under way
  | "delivered" // every delivery is sent
  | "skipped" // its condition said no, the report is paused, or all of its recipients have unsubscribed
  | "missed" // no service was there to claim the tick in time, and the report does not want it caught up
  | "partly_failed" // some deliveries are sent, some are not, or no one knows
  | "failed" // nothing was sent
  | "cancelled" // by a person, or its report was removed
  | "interrupted"; // a trial whose command stopped before it ended

export interface Run extends RunKey {
  readonly id: string;
  readonly kind: RunKind;
  readonly trigger: Trigger;
  readonly state: RunState;
  /** The process that has it in hand; null while it is free. */
  readonly owner: string | null;
  /** The command that alone may carry it out while it lives; null: any worker. */
  readonly reservedFor: string | null;
  /** How often a worker has taken it. The number of the present attempt is its fence: who holds an older one writes nothing. */
  readonly attempts: number;
  /** Attempts that count against the report's `retry:`, since it was begun or reopened by a person. */
  readonly tries: number;
  /** When its tries began, once they have: the start of the `retry:` budget. */
  readonly triesSince: Date | null;
  /** How often a person reopened it from the start (`retry` without `--failed-only`). */
  readonly reopenings: number;
  /** When it is to be tried again; null unless waiting. */
  readonly nextAt: Date | null;
  /** Until when it would have waited, where the success of its server woke it before; null: it was not woken. */
  readonly wokenFrom: Date | null;
  /** Why it waits, was skipped, missed, failed or cancelled; null otherwise. */
  readonly reason: string | null;
  readonly advice: string | null;
  /** Rows of all its sections; null until they are in. */
  readonly rows: number | null;
  /** When something should have been delivered (`expect_by`), or null. */
  readonly expectAt: Date | null;
  /** When someone asked to cancel it; its worker does so within seconds. */
  readonly cancelAskedAt: Date | null;
  readonly claimedAt: Date;
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
}

/** One section's query as it went, for `history`, for a take-over, and for the next run's first poll. */
export interface SectionRecord {
  readonly section: number;
  readonly title: string;
  /** Looker's query task, null where it was not got that far. */
  readonly taskId: string | null;
  readonly rows: number | null;
  readonly tookMs: number | null;
  readonly warnings: readonly string[];
}

/** What a delivery is for: the report itself, or a notice about its run. */
export type Purpose =
  | "report"
  | "failed" // `on_failure`: the run did not end well
  | "late" // `on_failure`: nothing was delivered by `expect_by`
  | "missed" // `on_failure`: its tick was missed, with others of the same outage
  | "recovered"; // `on_failure`, after one of the first two: the report is delivered again

export type NoticePurpose = Exclude<Purpose, "report">;

export const NOTICES: readonly NoticePurpose[] = ["failed", "late", "missed", "recovered"];

export type DeliveryState =
  | "pending" // written, not yet tried
  | "sending" // a worker has it in hand
  | "waiting" // to be tried again at `nextAt`; `reason` says why
  | "sent"
  | "refused" // permanently: trying again cannot help
  | "gave_up" // certainly not delivered, and the report's `retry:` is used up
  | "unknown" // may have been delivered, and no one can look it up
  | "unsubscribed" // not sent, since none of its recipients wants it any more: as it should be
  | "cancelled"; // its run was

export interface Delivery {
  readonly id: string;
  readonly runId: string;
  readonly purpose: Purpose;
  /** The destination's word in the YAML. */
  readonly kind: string;
  /** Who gets it, as the destination describes it. */
  readonly target: string;
  /** Which part of the recipients, where a destination is split; "" for all. */
  readonly recipients: string;
  /** What it was planned with (`EntryKey`). Null: by a lookpost that did not keep it. */
  readonly identity: string | null;
  readonly entry: string | null;
  readonly state: DeliveryState;
  readonly owner: string | null;
  /** How often a worker has taken it; the present attempt's number is its fence. */
  readonly attempts: number;
  /** Attempts that count against `retry:`, since the first or since a person reopened it. */
  readonly tries: number;
  readonly triesSince: Date | null;
  readonly nextAt: Date | null;
  /** As for a run. */
  readonly wokenFrom: Date | null;
  /**
   * No one knows whether an attempt delivered it: before it is sent again it is looked up outside, or
   * becomes unknown where that cannot be done.
   */
  readonly isUncertain: boolean;
  /** When the first attempt that may have been delivered began: where looking it up starts. */
  readonly uncertainSince: Date | null;
  /** Recipients still to be served, after others were; null: all. */
  readonly remaining: readonly string[] | null;
  readonly externalId: string | null;
  readonly reason: string | null;
  readonly advice: string | null;
  readonly refused: readonly Refusal[];
  /** Bytes of the attached files. */
  readonly bytes: number | null;
  readonly plannedAt: Date;
  readonly settledAt: Date | null;
}

/** How one attempt at a run or a delivery went. */
export type AttemptEnd =
  | "done" // a run: its deliveries are planned, or it ended as it should
  | "sent"
  | "refused"
  | "again" // failed, and is to be tried again unless the budget is used up
  | "unknown" // may have been delivered
  | "held" // not tried: the other side is known to be out
  | "handed_back" // the worker stopped in good order
  | "lost" // the worker died, or was considered dead
  | "unsubscribed"
  | "cancelled";

export interface Attempt {
  readonly attempt: number;
  readonly owner: string;
  readonly startedAt: Date;
  /** A delivery's: from when on the message may have arrived; null where it was not got that far. */
  readonly committedAt: Date | null;
  /** Null while it is under way. */
  readonly endedAt: Date | null;
  readonly end: AttemptEnd | null;
  readonly reason: string | null;
}

/** How many of the latest attempts were lost, one after the other. */
export function lostInARow(attempts: readonly Attempt[]): number {
  const ended = attempts.filter(({ end }) => end !== null);
  const other = ended.findLastIndex(({ end }) => end !== "lost");
  return ended.length - 1 - other;
}

/** What is lost so often in a row may be what brings its workers down: it is not tried again. */
export const LOSSES_MAX = 20;

const LOSSES_AT_ONCE = 3;
const REST_FIRST_MS = 5_000;
const REST_MAX_MS = 10 * 60_000;

/** How long work that was lost so often in a row rests before it is taken again: three times not at all. */
export function restAfterLosses(losses: number): number {
  if (losses <= LOSSES_AT_ONCE) return 0;
  return Math.min(REST_FIRST_MS * 2 ** (losses - LOSSES_AT_ONCE - 1), REST_MAX_MS);
}

/** The state of a run once all its deliveries (purpose "report") are settled. Those that nobody wants any more do not count. */
export function endState(all: readonly Pick<Delivery, "state" | "refused">[]): RunState {
  const deliveries = all.filter(({ state }) => state !== "unsubscribed");
  if (deliveries.length === 0 && all.length > 0) return "skipped";
  const whole = deliveries.filter(
    (delivery) => delivery.state === "sent" && delivery.refused.length === 0,
  ).length;
  if (whole === deliveries.length) return "delivered";
  if (deliveries.some((delivery) => delivery.state === "sent" || delivery.state === "unknown"))
    return "partly_failed";
  return deliveries.some((delivery) => delivery.state === "cancelled") ? "cancelled" : "failed";
}

/** States that someone has to be notified of. */
export function endedBadly(state: RunState): boolean {
  return state === "failed" || state === "partly_failed";
}
