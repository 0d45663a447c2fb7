import { type Message, WITHOUT_DATA } from "../../core/model/message.ts";
import { showLocal } from "../../core/rules/due.ts";
import { count, duration } from "../../core/rules/quantity.ts";
import { remedies } from "../../core/rules/remedies.ts";
import { isIncomplete } from "../../core/rules/run-failure.ts";
import { runLabel } from "../message/compose.ts";
import { asSentence } from "../run/failure.ts";
import type { NoticeCase } from "./notice.ts";
import {
  advice,
  deliveryWords,
  due,
  facts,
  names,
  oneLine,
  step,
  streakWords,
  timeLine,
  unreached,
} from "./notice-words.ts";

/**
 * What somebody reads when a run went wrong or is late, and when it works again: in a sentence what happened and who did not get it, why,
 * what to do with the exact commands, and then the facts.
 */
export function noticeMessage(told: NoticeCase): Omit<Message, "key"> {
  const { run, report, purpose } = told;
  return {
    purpose: "notice",
    ...(purpose === "recovered" && { tone: "good" }),
    run: runLabel(run, report),
    subject: `${head(told)}: ${report.title}`,
    intro: paragraphs(told)
      .filter((words) => words !== "")
      .join("\n\n"),
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

function ofLate(told: NoticeCase): string[] {
  const { run, report, late, recipients } = told;
  const expected = run.expectAt === null ? "" : ` by ${showLocal(run.expectAt, report.schedule.timezone)}`;
  return [
    `${report.name} was to be delivered${expected} and is not yet. ${names(recipients)} ${recipients.length === 1 ? "waits" : "wait"} for it.`,
    ...(late.runs > 1 ? [`It has been late for ${streakWords(late, report)}.`] : []),
    asSentence(oneLine(run.reason ?? "It is under way.")),
    WHAT_TO_DO,
    "It goes on by itself, and comes late.",
    step(timeLine(run)),
    facts(told),
    ...(run.kind === "tick"
      ? ["While it is late you are told once a day, and once when it is delivered."]
      : []),
  ];
}

function ofFailed(told: NoticeCase): string[] {
  const { run, report, deliveries, recipients, takesAddress, failed } = told;
  const own = deliveries.filter(({ purpose }) => purpose === "report");
  const bad = own.filter(isIncomplete);
  const steps = remedies(run, own, { isPaused: false, takesAddress });
  const commands = steps.map(([command]) => command);
  return [
    run.state === "failed"
      ? `${report.name} was not delivered. It did not reach ${names(recipients)}.`
      : `${report.name} was delivered in part. ${unreached(bad)}`,
    ...(failed.runs > 1
      ? [`It has failed for ${streakWords(failed, report)}. What follows is of the latest.`]
      : []),
    ...(run.reason === null ? [] : [asSentence(oneLine(run.reason))]),
    ...bad.map(deliveryWords),
    WHAT_TO_DO,
    ...advice(run, bad, commands),
    ...[...steps, timeLine(run)].map(step),
    facts(told),
    ...(run.kind === "tick"
      ? ["While it goes on failing you are told once a day, and once when it works again."]
      : []),
  ];
}

const MISSED_SHOWN_MAX = 10;

function ofMissed(told: NoticeCase): string[] {
  const { run, report, missed, recipients } = told;
  const shown = missed.slice(-MISSED_SHOWN_MAX);
  const before = missed.length - shown.length;
  const [oldest = run] = missed;
  const ticks = missed.length === 1 ? "a tick" : `${count(missed.length)} ticks`;
  const list = `${before > 0 ? `${count(before)} before, then ` : ""}${shown.map((one) => due(one, report)).join("; ")}`;
  return [
    `${report.name} missed ${ticks}. ${names(recipients)} got nothing for ${missed.length === 1 ? "it" : "them"}.`,
    ...(oldest.reason === null ? [] : [asSentence(oneLine(oldest.reason))]),
    WHAT_TO_DO,
    step([
      `lookpost retry ${run.id}`,
      missed.length === 1 ? "runs it after all" : "runs the latest of them after all",
    ]),
    step([`lookpost history ${report.name}`, "lists them all"]),
    facts(told, [["Missed", list]]),
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
    `${report.name} was delivered${at}. There is nothing left to do.`,
    ...before,
    ...(isLate ? [`It came ${duration(lateMs)} after the time by which it was expected.`] : []),
    step(timeLine(run)),
    facts(told),
  ];
}

const WHAT_TO_DO = "What to do";
/** It was told that this very run failed, before it was delivered. */
function hadFailed({ deliveries }: NoticeCase): boolean {
  return deliveries.some(({ purpose }) => purpose === "failed");
}
