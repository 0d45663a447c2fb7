import type { Report } from "../../core/model/report.ts";
import type { Delivery, Run } from "../../core/model/run.ts";
import type { Streak } from "../../core/ports/ledger-reads.ts";
import { showLocal } from "../../core/rules/due.ts";
import { count } from "../../core/rules/quantity.ts";
import type { Remedy } from "../../core/rules/remedies.ts";
import { whyIncomplete } from "../../core/rules/run-failure.ts";
import { asSentence } from "../run/failure.ts";
import type { NoticeCase } from "./notice.ts";

/* The sentences, commands and facts that notices are made of. */

const NAMES_MAX = 5;

/** "ana@example.com, #ops and 3 more". */
export function names(all: readonly string[]): string {
  const shown = all.slice(0, NAMES_MAX).map(oneLine).join(", ");
  return all.length <= NAMES_MAX ? shown : `${shown} and ${count(all.length - NAMES_MAX)} more`;
}

/** Who surely did not get it, and who may have. */
export function unreached(bad: readonly Delivery[]): string {
  const [open, missed] = [
    bad.filter(({ state }) => state === "unknown"),
    bad.filter(({ state }) => state !== "unknown"),
  ];
  const without = missed.flatMap(({ target, state, refused }) =>
    state === "sent" ? refused.map(({ recipient }) => recipient) : [target],
  );
  return [
    ...(without.length > 0 ? [`It did not reach ${names(without)}.`] : []),
    ...(open.length > 0 ? [`It may not have reached ${names(open.map(({ target }) => target))}.`] : []),
  ].join(" ");
}

/** What the run's and each delivery's advice is; said of whom where there are several. */
export function advice(run: Run, bad: readonly Delivery[], commands: readonly string[]): string[] {
  const said = new Map<string, string[]>();
  for (const { target, advice: words } of bad) {
    const left = withoutCommands(words, commands);
    if (left !== null) said.set(left, [...(said.get(left) ?? []), target]);
  }
  const own = withoutCommands(run.advice, commands);
  return [
    ...(own === null ? [] : [oneLine(own)]),
    ...[...said].map(([words, targets]) => oneLine(said.size === 1 ? words : `${names(targets)}: ${words}`)),
  ];
}

/** Beneath what to do: indented by two, with a tab, as what renders the notice shows a table. */
export function facts(
  { run, report, nextAt }: NoticeCase,
  more: readonly (readonly [string, string])[] = [],
): string {
  const { timezone } = report.schedule;
  const all: readonly (readonly [string, string])[] = [
    ...more,
    ...(run.attempts > 1 ? [["Tried", `${count(run.attempts)} times`] as const] : []),
    ...(nextAt === null ? [] : [["Next run", showLocal(nextAt, timezone)] as const]),
  ];
  return all.map(([label, value]) => `  ${label}\t${oneLine(value)}`).join("\n");
}

/** "14 runs, since Mon 2026-11-16 08:00 EST". */
export function streakWords({ runs, since }: Streak, { schedule }: Report): string {
  const number = runs === 1 ? "1 run" : `${count(runs)} runs`;
  return since === null ? number : `${number}, since ${showLocal(since, schedule.timezone)}`;
}

export function due(run: Run, { schedule }: Report): string {
  return showLocal(run.dueAt, schedule.timezone);
}

export function deliveryWords(delivery: Delivery): string {
  const { kind, target, state } = delivery;
  return asSentence(oneLine(`${kind} ${target}: ${WORDS[state] ?? state}. ${whyIncomplete(delivery)}`));
}

const WORDS: Partial<Record<Delivery["state"], string>> = {
  sent: "sent, but not to all",
  refused: "refused",
  gave_up: "not delivered",
  unknown: "it may have been delivered",
};

/** An advice names the command that mends it, which the notice shows by itself. */
function withoutCommands(advice: string | null, commands: readonly string[]): string | null {
  const called = (command: string) => [
    ` Then: ${command}`,
    `To send it again: ${command}`,
    `To run it again: ${command}`,
    `; if not: ${command}`,
  ];
  const left = commands
    .flatMap(called)
    .reduce(
      (words, ending) => (words.endsWith(ending) ? words.slice(0, -ending.length) : words),
      advice ?? "",
    );
  if (left === "") return null;
  return /[.!?]$/.test(left) ? left : `${left}.`;
}

export function timeLine({ id }: Run): Remedy {
  return [`lookpost history --run ${id}`, "shows each step"];
}

/** A command on a line of its own, indented by four blanks: what renders the notice shows it as one to copy. */
export function step([command, words]: Remedy): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}:\n    ${command}`;
}

/** What a server said never looks like a command of ours. */
export function oneLine(words: string): string {
  return words.replace(/\s+/g, " ").trim();
}
