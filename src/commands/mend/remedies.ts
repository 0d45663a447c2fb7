import { destinationOrNull } from "../../app/destinations.ts";
import type { Delivery, Run } from "../../core/model/run.ts";
import { shellWord } from "../../core/rules/command-line.ts";
import { dueOption, runAgainCommand } from "../history/words.ts";

/** A command, and what it does. */
export type Remedy = readonly [command: string, words: string];

const FAILED: ReadonlySet<Delivery["state"]> = new Set(["refused", "gave_up", "cancelled"]);

/** Whether sending it failed so that nobody got it: what `retry --failed-only` sends. */
export function isFailed({ state, purpose }: Delivery): boolean {
  return purpose === "report" && FAILED.has(state);
}

/** What a person can do about the run as it stands: the exact commands, the likeliest first. None where all is well. */
export function remedies(run: Run, deliveries: readonly Delivery[], isPaused: boolean): readonly Remedy[] {
  if (run.endedAt === null) return ofOpenRun(run, deliveries);
  const ofDeliveries = [
    ...unknowns(deliveries),
    ...failures(run, deliveries),
    ...partRefusals(run, deliveries),
  ];
  return [...ofEndedRun(run, deliveries, isPaused), ...ofDeliveries, ...unheardNotices(deliveries)];
}

function ofOpenRun(run: Run, deliveries: readonly Delivery[]): readonly Remedy[] {
  if (run.cancelAskedAt !== null) return unheardNotices(deliveries);
  const cancel: Remedy = [`lookpost cancel ${run.id}`, "stops it; what has been sent stays sent"];
  const option = run.state === "waiting" ? "" : " --failed-only";
  const retry: Remedy = [`lookpost retry ${run.id}${option}`, "after that: tries again at once"];
  const isHeldUp = run.kind !== "trial" && (run.state === "waiting" || deliveries.some(isHeldBack));
  return [cancel, ...(isHeldUp ? [retry] : []), ...unheardNotices(deliveries)];
}

/** Cancelled, it would have failed. What may have arrived already, at all or at some, would not. */
function isHeldBack({ state, purpose, isUncertain, remaining }: Delivery): boolean {
  return purpose === "report" && state === "waiting" && !isUncertain && remaining === null;
}

function ofEndedRun(run: Run, deliveries: readonly Delivery[], isPaused: boolean): readonly Remedy[] {
  if (run.kind === "trial")
    return run.state === "delivered" || run.state === "skipped" ? [] : [trialAgain(run, deliveries)];
  switch (run.state) {
    case "failed":
    case "cancelled":
      return deliveries.some(isFailed)
        ? []
        : [[`lookpost retry ${run.id}`, "queries Looker again, and sends the result"]];
    case "missed":
      return [[`lookpost retry ${run.id}`, "runs it after all"]];
    case "skipped":
      return [
        ...(isPaused ? [[`lookpost resume ${run.report}`, "ends the pause"] as const] : []),
        [`lookpost retry ${run.id}`, "runs it after all: queries Looker again"],
      ];
    case "interrupted":
      return [[runAgainCommand(run), "runs it again"]];
    default:
      return [];
  }
}

/** A trial must never become the real thing by a command that was copied. */
function trialAgain(run: Run, deliveries: readonly Delivery[]): Remedy {
  const target = deliveries.find(({ purpose }) => purpose === "report")?.target;
  const option = target === undefined ? "--dry-run" : `--to ${shellWord(target)}`;
  return [`lookpost run ${run.report}${dueOption(run)} ${option}`, "repeats the trial"];
}

function unknowns(deliveries: readonly Delivery[]): readonly Remedy[] {
  return deliveries
    .filter(({ state, purpose }) => state === "unknown" && purpose === "report")
    .map(({ id, target }) => [`lookpost resend ${id}`, `sends it to ${target} again: check there first`]);
}

function failures(run: Run, deliveries: readonly Delivery[]): readonly Remedy[] {
  if (run.kind === "trial" || !deliveries.some(isFailed)) return [];
  return [
    [`lookpost retry ${run.id} --failed-only`, "sends the existing files to those who did not get them"],
    [`lookpost retry ${run.id}`, "queries Looker again, and sends what has not been sent"],
  ];
}

/** Whether what was refused of it are recipients that `run --to` can write to. */
function takesAddress(kind: string): boolean {
  const destination = destinationOrNull(kind);
  return destination?.trial !== undefined && destination.words.refusals === "recipients";
}

/** Those who were served must not get it twice: the others are written to by name. */
function partRefusals(run: Run, deliveries: readonly Delivery[]): readonly Remedy[] {
  return deliveries
    .filter(({ kind, purpose }) => purpose === "report" && takesAddress(kind))
    .flatMap(({ refused }) => refused)
    .map(({ recipient }) => [
      `lookpost run ${run.report}${dueOption(run)} --to ${shellWord(recipient)}`,
      "sends it only to this address, once corrected",
    ]);
}

function unheardNotices(deliveries: readonly Delivery[]): readonly Remedy[] {
  return deliveries
    .filter(({ purpose, state, settledAt }) => purpose !== "report" && settledAt !== null && state !== "sent")
    .map(({ id, target }) => [`lookpost resend ${id}`, `sends the notice to ${target} once more`]);
}
