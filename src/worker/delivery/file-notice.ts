import { type Message, WITHOUT_DATA } from "../../core/model/message.ts";
import { showLocal } from "../../core/rules/due.ts";
import { runLabel } from "../message/compose.ts";
import type { NoticeCase } from "./notice.ts";

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
        "What to do",
        "Correct the file: the service reads it by itself. A variable that is missing has to be set where the service is started, which takes a new start.",
        "Lists all that is wrong with it:\n    lookpost check",
        `  Since\t${since}`,
        "You are told once when it is whole again.",
      ]
    : [
        "The service has read reports.yaml: reports come as it says now. There is nothing left to do.",
        `  Broken\t${since} to ${showLocal(run.endedAt ?? run.dueAt, timezone)}`,
      ];
  return {
    purpose: "service",
    ...(!isBroken && { tone: "good" }),
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
    // The excerpts with their carets need a font in which all letters are as wide.
    .filter((line) => line !== "" && !/^\d* *\|/.test(line));
  const more = lines.length - LINES_MAX;
  return [...lines.slice(0, LINES_MAX), ...(more > 0 ? [`… and ${more} more lines.`] : [])].join("\n");
}
