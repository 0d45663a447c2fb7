import { type Message, WITHOUT_DATA } from "../../core/model/message.ts";
import type { Report } from "../../core/model/report.ts";
import type { Delivery, NoticePurpose, Run } from "../../core/model/run.ts";
import type { Streak } from "../../core/ports/ledger-reads.ts";
import { showLocal } from "../../core/rules/due.ts";
import { count, duration } from "../../core/rules/quantity.ts";
import { type Remedy, remedies } from "../../core/rules/remedies.ts";
import { isIncomplete, whyIncomplete } from "../../core/rules/run-failure.ts";
import { runLabel } from "../message/compose.ts";

/** What a notice tells of. */
export interface NoticeCase {
  readonly purpose: NoticePurpose;
  readonly run: Run;
  readonly report: Report;
  readonly deliveries: readonly Delivery[];
  /** Since the report was last delivered; since it last was in time. */
  readonly failed: Streak;
  readonly late: Streak;
  /** Of a missed run: all ticks of the same outage. */
  readonly missed: readonly Run[];
  readonly takesAddress: (kind: string) => boolean;
}

/** What somebody reads when a run went wrong or is late: what, why, and the command that mends it; and when it works again. */
export function noticeMessage(told: NoticeCase): Omit<Message, "key"> {
  const { run, report } = told;
  return {
    purpose: "notice",
    run: runLabel(run, report),
    subject: `${head(told)}: ${report.title}`,
    intro: paragraphs(told).join("\n\n"),
    ...WITHOUT_DATA,
  };
}

function head(told: NoticeCase): string {
  const { purpose, run, failed, late, missed } = told;
  switch (purpose) {
    case "failed":
      if (failed.runs > 1) return run.state === "failed" ? "Still failing" : "Still failing in part";
      return run.state === "failed" ? "Failed" : "Partly failed";
    case "late":
      return late.runs > 1 ? "Still late" : "Late";
    case "missed":
      return missed.length > 1 ? `Missed ${missed.length} times` : "Missed";
    case "recovered":
      return failed.runs > 0 || hadFailed(told) ? "Works again" : "Delivered after all";
  }
}

function paragraphs(told: NoticeCase): string[] {
  switch (told.purpose) {
    case "failed":
      return ofFailed(told);
    case "late":
      return ofLate(told);
    case "missed":
      return ofMissed(told);
    case "recovered":
      return ofRecovered(told);
  }
}

function ofLate({ run, report, late }: NoticeCase): string[] {
  const expected = run.expectAt === null ? "" : ` by ${showLocal(run.expectAt, report.schedule.timezone)}`;
  return [
    `${report.name}, due ${due(run, report)}, was to be delivered${expected} and is not yet.`,
    ...(late.runs > 1 ? [`It has been late for ${streakWords(late, report)}.`] : []),
    oneLine(run.reason ?? "It is under way."),
    step(timeLine(run)),
    ...(run.kind === "tick"
      ? ["While it is late you are told once a day, and once when it is delivered."]
      : []),
  ];
}

function ofFailed(told: NoticeCase): string[] {
  const { run, report, deliveries, takesAddress, failed } = told;
  const whole = run.state === "failed" ? "was not delivered" : "was delivered in part";
  const own = deliveries.filter(({ purpose }) => purpose === "report");
  const steps = remedies(run, own, { isPaused: false, takesAddress });
  const commands = steps.map(([command]) => command);
  return [
    `${report.name}, due ${due(run, report)}, ${whole}.`,
    ...(failed.runs > 1
      ? [`It has failed for ${streakWords(failed, report)}. What follows is of the latest.`]
      : []),
    ...[run.reason, withoutCommands(run.advice, commands)].filter((words) => words !== null).map(oneLine),
    ...own.filter(isIncomplete).map((one) => deliveryWords(one, commands)),
    ...[...steps, timeLine(run)].map(step),
    ...(run.kind === "tick"
      ? ["While it goes on failing you are told once a day, and once when it works again."]
      : []),
  ];
}

const MISSED_SHOWN_MAX = 10;

function ofMissed({ run, report, missed }: NoticeCase): string[] {
  const shown = missed.slice(-MISSED_SHOWN_MAX);
  const before = missed.length - shown.length;
  const [oldest = run] = missed;
  const ticks = missed.length === 1 ? "a tick" : `${count(missed.length)} ticks`;
  return [
    `${report.name} missed ${ticks}: ${before > 0 ? `${count(before)} before, then ` : ""}${shown.map((one) => due(one, report)).join("; ")}.`,
    ...(oldest.reason === null ? [] : [oneLine(oldest.reason)]),
    step([
      `lookpost retry ${run.id}`,
      missed.length === 1 ? "runs it after all" : "runs the latest of them after all",
    ]),
    step([`lookpost history ${report.name}`, "lists them all"]),
  ];
}

function ofRecovered(told: NoticeCase): string[] {
  const { run, report, failed, late } = told;
  const zone = report.schedule.timezone;
  const at = run.endedAt === null ? "" : ` at ${showLocal(run.endedAt, zone)}`;
  const lateMs =
    run.endedAt === null || run.expectAt === null ? 0 : Number(run.endedAt) - Number(run.expectAt);
  const once = hadFailed(told) ? ["It had failed, and was tried again."] : [];
  const before = failed.runs > 0 ? [`It had failed for ${streakWords(failed, report)}.`] : once;
  const isLate = late.runs > 0 && lateMs > 0;
  return [
    `${report.name}, due ${due(run, report)}, was delivered${at}.`,
    ...before,
    ...(isLate ? [`It came ${duration(lateMs)} after the time by which it was expected.`] : []),
    step(timeLine(run)),
  ];
}

/** It was told that this very run failed, before it was delivered. */
function hadFailed({ deliveries }: NoticeCase): boolean {
  return deliveries.some(({ purpose }) => purpose === "failed");
}

/** "14 runs, since Mon 2026-11-16 08:00 EST". */
function streakWords({ runs, since }: Streak, { schedule }: Report): string {
  const number = runs === 1 ? "1 run" : `${count(runs)} runs`;
  return since === null ? number : `${number}, since ${showLocal(since, schedule.timezone)}`;
}

function due(run: Run, { schedule }: Report): string {
  return showLocal(run.dueAt, schedule.timezone);
}

function deliveryWords(delivery: Delivery, commands: readonly string[]): string {
  const { kind, target, state, advice } = delivery;
  const words = [whyIncomplete(delivery), withoutCommands(advice, commands)].filter((part) => part !== null);
  return oneLine(`${kind} ${target}: ${WORDS[state] ?? state}. ${words.join(" ")}`);
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

function timeLine({ id }: Run): Remedy {
  return [`lookpost history --run ${id}`, "shows each step"];
}

/** A command on a line of its own, indented by four blanks: what renders the notice shows it as one to copy. */
function step([command, words]: Remedy): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}:\n    ${command}`;
}

/** What a server said never looks like a command of ours. */
function oneLine(words: string): string {
  return words.replace(/\s+/g, " ").trim();
}
