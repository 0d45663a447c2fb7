import type { Message } from "../../core/model/message.ts";
import type { Report } from "../../core/model/report.ts";
import type { Delivery, Run } from "../../core/model/run.ts";
import { showLocal } from "../../core/rules/due.ts";
import { type Remedy, remedies } from "../../core/rules/remedies.ts";
import { isIncomplete, whyIncomplete } from "../../core/rules/run-failure.ts";
import { runLabel } from "../message/compose.ts";

/** What a notice tells of. */
export interface NoticeCase {
  readonly run: Run;
  readonly report: Report;
  readonly deliveries: readonly Delivery[];
  readonly takesAddress: (kind: string) => boolean;
}

/** What somebody reads when a run went wrong or is late: what, why, and the command that mends it. */
export function noticeMessage(told: NoticeCase, purpose: "failed" | "late"): Omit<Message, "key"> {
  const { run, report } = told;
  const head = purpose === "late" ? "Late" : run.state === "failed" ? "Failed" : "Partly failed";
  const paragraphs = purpose === "late" ? late(told) : failed(told);
  return {
    purpose: "notice",
    run: runLabel(run, report),
    subject: `${head}: ${report.title}`,
    intro: paragraphs.join("\n\n"),
    period: null,
    sections: [],
    notices: [],
    artifacts: [],
    downloads: [],
    pictures: [],
  };
}

function late({ run, report }: NoticeCase): string[] {
  const expected = run.expectAt === null ? "" : ` by ${showLocal(run.expectAt, report.schedule.timezone)}`;
  return [
    `${report.name}, due ${due(run, report)}, was to be delivered${expected} and is not yet.`,
    oneLine(run.reason ?? "It is under way."),
    step(timeLine(run)),
  ];
}

function failed(told: NoticeCase): string[] {
  const { run, report, deliveries, takesAddress } = told;
  const whole = run.state === "failed" ? "was not delivered" : "was delivered in part";
  const own = deliveries.filter(({ purpose }) => purpose === "report");
  const steps = remedies(run, own, { isPaused: false, takesAddress });
  const commands = steps.map(([command]) => command);
  return [
    `${report.name}, due ${due(run, report)}, ${whole}.`,
    ...[run.reason, withoutCommands(run.advice, commands)].filter((words) => words !== null).map(oneLine),
    ...own.filter(isIncomplete).map((one) => deliveryWords(one, commands)),
    ...[...steps, timeLine(run)].map(step),
  ];
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
