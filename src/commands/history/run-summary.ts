import type { Delivery, Run } from "../../core/model/run.ts";
import { isIncomplete } from "../../core/rules/run-failure.ts";
import { clauses, deliveryWord, nextTry, ownerWords, type Scene, shortTime } from "./words.ts";

/** A run with what its summary depends on. */
export interface RunView {
  readonly run: Run;
  readonly deliveries: readonly Delivery[];
  /** The older run of the same report that has to be done first, or null. */
  readonly after: Run | null;
  /** Its worker was found dead just now. */
  readonly wasFreed: boolean;
}

/** What a person should know of the run beyond its state, as one line without a full stop; "" for nothing. */
export function runSummary(view: RunView, scene: Scene): string {
  return [
    ...freed(view),
    ...stateWords(view, scene),
    ...lateness(view.run, scene),
    ...notified(view, scene),
  ].join("; ");
}

function freed({ wasFreed, run }: RunView): readonly string[] {
  return wasFreed && run.endedAt === null ? ["its worker died: it is free for another one"] : [];
}

function stateWords({ run, deliveries, after }: RunView, scene: Scene): readonly string[] {
  switch (run.state) {
    case "planned":
      return [plannedWords(run, after)];
    case "running":
      return [underWay(run, scene)];
    case "waiting":
      return [...clauses(run.reason), nextTry(run, scene)];
    case "delivering":
    case "delivered":
    case "partly_failed":
      return [...clauses(run.reason), ...tally(deliveries, scene), ...caughtUp(run)];
    case "failed":
    case "cancelled":
      return run.reason === null ? tally(deliveries, scene) : clauses(run.reason);
    case "skipped":
    case "missed":
    case "interrupted":
      return clauses(run.reason);
  }
}

function plannedWords({ reservedFor, attempts }: Run, after: Run | null): string {
  if (reservedFor !== null) return `only for the command of ${ownerWords(reservedFor)}`;
  if (after !== null) return `after run ${after.id} of the same report`;
  return attempts === 0 ? "for the next free worker" : "started before; the next free worker continues it";
}

function underWay({ startedAt, owner }: Run, { now, zone }: Scene): string {
  const since = startedAt === null ? "" : `since ${shortTime(startedAt, now, zone)}`;
  const by = owner === null ? "" : `by ${ownerWords(owner)}`;
  return [since, by].filter((words) => words !== "").join(" ");
}

/** How many are sent, the first that is not, and how many more are not. */
function tally(deliveries: readonly Delivery[], scene: Scene): readonly string[] {
  const own = deliveries.filter(({ purpose }) => purpose === "report");
  if (own.length === 0) return [];
  const sent = own.filter(({ state }) => state === "sent").length;
  const [first, ...others] = own.filter(isIncomplete);
  const trouble = first ?? own.find(({ state }) => state !== "sent" && state !== "unsubscribed");
  const words = trouble === undefined ? [] : [withReason(trouble, scene)];
  const more = others.length === 0 ? [] : [`and ${others.length} more`];
  const unwanted = own.filter(({ state }) => state === "unsubscribed").length;
  const left = unwanted === 0 ? [] : [`the recipients of ${unwanted} have unsubscribed`];
  return [`${sent} of ${own.length} sent`, ...words, ...more, ...left];
}

function withReason(delivery: Delivery, scene: Scene): string {
  const { kind, target, state, reason } = delivery;
  const why = state === "refused" || state === "gave_up" ? clauses(reason) : [];
  return [`${kind} ${target}: ${deliveryWord(delivery, scene)}`, ...why].join(": ");
}

function caughtUp({ trigger }: Run): readonly string[] {
  return trigger === "catch_up" ? ["caught up"] : [];
}

function lateness({ expectAt, endedAt }: Run, { now, zone }: Scene): readonly string[] {
  const isLate = expectAt !== null && endedAt === null && expectAt < now;
  return isLate ? [`late: it was expected by ${shortTime(expectAt, now, zone)}`] : [];
}

/** Who was notified by `on_failure`, or should have been. */
function notified({ deliveries }: RunView, scene: Scene): readonly string[] {
  const notices = deliveries.filter(({ purpose }) => purpose !== "report");
  const sent = notices.filter(({ state }) => state === "sent").map(({ target }) => target);
  const unsent = notices.filter(({ state }) => state !== "sent");
  return [
    ...(sent.length === 0 ? [] : [`notified: ${[...new Set(sent)].join(", ")}`]),
    ...unsent.map((notice) => `the notice to ${withReason(notice, scene).replace(/^\S+ /, "")}`),
  ];
}
