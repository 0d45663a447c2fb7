import { type Message, WITHOUT_DATA } from "../../core/model/message.ts";
import { showLocal } from "../../core/rules/due.ts";
import { runLabel } from "../message/compose.ts";
import type { NoticeCase } from "./notice-message.ts";

const LINES_MAX = 30;

/** What somebody reads when the service has found reports.yaml broken, or whole again. */
export function fileNotice({ purpose, run, report }: NoticeCase): Omit<Message, "key"> {
  const { timezone } = report.schedule;
  const isBroken = purpose === "failed";
  const since = showLocal(run.dueAt, timezone);
  const words = isBroken
    ? [
        `reports.yaml has had problems since ${since}. The service goes on with the last good one: reports come as it says.`,
        problems(run.reason ?? ""),
        "Lists all that is wrong with it:\n    lookpost check",
        "You are told once when it is whole again.",
      ]
    : [
        `The service has read reports.yaml: reports come as it says now. It had problems from ${since} to ${showLocal(run.endedAt ?? run.dueAt, timezone)}.`,
      ];
  return {
    purpose: "service",
    run: runLabel(run, report),
    subject: isBroken ? "reports.yaml is broken" : "reports.yaml is whole again",
    intro: words.join("\n\n"),
    ...WITHOUT_DATA,
  };
}

/** As `check` lists them, without the blanks that would make a line of the file look like a command. */
function problems(reason: string): string {
  const lines = reason
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const more = lines.length - LINES_MAX;
  return [...lines.slice(0, LINES_MAX), ...(more > 0 ? [`… and ${more} more lines.`] : [])].join("\n");
}
