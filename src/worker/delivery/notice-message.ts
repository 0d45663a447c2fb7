import type { Message } from "../../core/model/message.ts";
import type { Report } from "../../core/model/report.ts";
import type { Delivery, Run } from "../../core/model/run.ts";
import { showLocal } from "../../core/rules/due.ts";
import { runLabel } from "../message/compose.ts";

/** What somebody reads when a run went wrong or is late: what, why, and the command that mends it. */
export function noticeMessage(
  run: Run,
  report: Report,
  deliveries: readonly Delivery[],
  purpose: "failed" | "late",
): Omit<Message, "key"> {
  const due = showLocal(run.dueAt, report.schedule.timezone);
  const head = purpose === "late" ? "Late" : run.state === "failed" ? "Failed" : "Partly failed";
  const paragraphs = purpose === "late" ? late(run, report, due) : failed(run, report, deliveries, due);
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

function late(run: Run, report: Report, due: string): string[] {
  const expected = run.expectAt === null ? "" : ` by ${showLocal(run.expectAt, report.schedule.timezone)}`;
  return [
    `${report.name}, due ${due}, was to be delivered${expected} and is not yet.`,
    run.reason ?? "It is under way.",
    `lookpost history --run ${run.id}`,
  ];
}

function failed(run: Run, report: Report, deliveries: readonly Delivery[], due: string): string[] {
  const whole = run.state === "failed" ? "was not delivered" : "was delivered in part";
  const bad = deliveries.filter((one) => one.purpose === "report" && needsSomebody(one));
  const unknown = bad.filter((one) => one.state === "unknown");
  const toRetry = bad.some((one) => one.state !== "unknown" && one.state !== "sent");
  const command = run.state === "failed" && bad.length === 0 ? `lookpost retry ${run.id}` : null;
  return [
    `${report.name}, due ${due}, ${whole}.`,
    ...[run.reason, run.advice].filter((words) => words !== null),
    ...bad.map(deliveryWords),
    ...(command === null ? [] : [command]),
    ...(toRetry ? [`lookpost retry ${run.id} --failed-only`] : []),
    ...unknown.map((one) => `lookpost resend ${one.id}`),
    `lookpost history --run ${run.id}`,
  ];
}

function needsSomebody(delivery: Delivery): boolean {
  return delivery.state !== "sent" || delivery.refused.length > 0;
}

function deliveryWords(delivery: Delivery): string {
  const { kind, target, reason, advice, refused } = delivery;
  const each = refused.map((one) => `${one.recipient}: ${one.reason}`).join("; ");
  const words = [reason, each === "" ? null : `Refused for ${each}`, advice].filter((part) => part !== null);
  return `${kind} ${target}: ${WORDS[delivery.state] ?? delivery.state}. ${words.join(" ")}`;
}

const WORDS: Partial<Record<Delivery["state"], string>> = {
  sent: "sent, but not to all",
  refused: "refused",
  gave_up: "not delivered",
  unknown: "unknown: it may have been delivered",
};
