import type { Delivery, Run } from "../model/run.ts";
import { shellWord } from "./command-line.ts";

/** A command, and what it does. */
export type Remedy = readonly [command: string, words: string];

const FAILED: ReadonlySet<Delivery["state"]> = new Set(["refused", "gave_up", "cancelled"]);

/** Whether sending it failed so that no one got it: what `retry --failed-only` sends. */
export function isFailed({ state, purpose }: Delivery): boolean {
  return purpose === "report" && FAILED.has(state);
}

/** What the remedies depend on next to the ledger. */
export interface Circumstances {
  readonly isPaused: boolean;
  /** Whether what a destination of this kind refuses are recipients that `run --to` can write to. */
  readonly takesAddress: (kind: string) => boolean;
}

/** What a person can do about the run as it stands: the exact commands, the likeliest first. None where all is well. */
export function remedies(
  run: Run,
  deliveries: readonly Delivery[],
  { isPaused, takesAddress }: Circumstances,
): readonly Remedy[] {
  if (run.endedAt === null) return ofOpenRun(run, deliveries);
  const byAddress = deliveries.filter(({ kind }) => takesAddress(kind));
  const ofDeliveries = [
    ...unknowns(deliveries),
    ...failures(run, deliveries),
    ...partRefusals(run, byAddress),
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
  if (run.kind === "file")
    return run.state === "failed" ? [["lookpost check", "lists what is wrong in reports.yaml"]] : [];
  switch (run.state) {
    case "failed":
    case "cancelled":
      return deliveries.some(isFailed)
        ? []
        : [[`lookpost retry ${run.id}`, "queries Looker again, and sends the result"]];
    case "missed":
      return [[`lookpost retry ${run.id}`, "runs it after all"]];
    case "skipped":
      if (deliveries.some(({ state }) => state === "unsubscribed"))
        return [["lookpost recipients", "lists who has unsubscribed; with --lift it is sent to them again"]];
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
    .map(({ id, target }) => [`lookpost resend ${id}`, `sends it to ${target} again (check there first)`]);
}

/** A refusal is mostly of what the file says, and only a run from the start goes by the file as it is then. */
function failures(run: Run, deliveries: readonly Delivery[]): readonly Remedy[] {
  if (run.kind === "trial" || !deliveries.some(isFailed)) return [];
  const again: Remedy = [
    `lookpost retry ${run.id} --failed-only`,
    "sends the existing files to those who did not get them",
  ];
  const isRefused = deliveries.some((one) => isFailed(one) && one.state === "refused");
  if (!isRefused)
    return [again, [`lookpost retry ${run.id}`, "queries Looker again, and sends what has not been sent"]];
  return [
    [
      `lookpost retry ${run.id}`,
      "after correcting the file: queries Looker again, and sends what has not been sent",
    ],
    [again[0], "where the file is right: sends the existing files to those who did not get them"],
  ];
}

/** Those who were served must not get it twice: the others are written to by name. */
function partRefusals(run: Run, deliveries: readonly Delivery[]): readonly Remedy[] {
  return deliveries
    .filter(({ purpose }) => purpose === "report")
    .flatMap(({ refused }) => refused)
    .map(({ recipient }) => [
      `lookpost run ${run.report}${dueOption(run)} --to ${shellWord(recipient)}`,
      "sends it to this address alone; where it was wrong, write the right one in its place",
    ]);
}

function unheardNotices(deliveries: readonly Delivery[]): readonly Remedy[] {
  return deliveries
    .filter(({ purpose, state, settledAt }) => purpose !== "report" && settledAt !== null && state !== "sent")
    .map(({ id, target }) => [`lookpost resend ${id}`, `sends the notice to ${target} once more`]);
}

/** The command that asks for the same tick again, as another run. */
export function runAgainCommand(run: Run): string {
  return `lookpost run ${run.report}${dueOption(run)}${isTick(run) ? " --again" : ""}`;
}

/** " --due 2026-11-16T13:00Z" for a tick, nothing for a run that a person asked for in between. */
export function dueOption(run: Run): string {
  return isTick(run) ? ` --due ${run.dueAt.toISOString().replace(/:00\.000Z$/, "Z")}` : "";
}

function isTick({ dueAt }: Run): boolean {
  return dueAt.getTime() % 60_000 === 0;
}
