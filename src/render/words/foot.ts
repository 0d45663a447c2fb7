import type { MailReader } from "../../core/model/digest.ts";
import type { Message, RunLabel } from "../../core/model/message.ts";
import { listed } from "../../core/rules/quantity.ts";
import { type ScheduleShape, scheduleShape } from "../../core/rules/schedule-shape.ts";
import { lineText } from "./cell-text.ts";
import { timeZoneName } from "./words.ts";

/** Why someone gets a report: "You get this every Monday at 07:00 GMT through ops@example.com."; null where nothing of that is known. */
export function whyYouGetIt({ run }: Message, reader: MailReader | null): string | null {
  const shape = run.cron === undefined ? null : scheduleShape(run.cron);
  const every = shape === null ? "" : ` ${everyWords(shape)} ${timeZoneName(run)}`;
  const through = reader?.recipient == null ? "" : ` through ${lineText(reader.recipient, 254)}`;
  return every === "" && through === "" ? null : `You get this${every}${through}.`;
}

const DAYS = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

function everyWords(shape: ScheduleShape): string {
  return `${whenWords(shape)} at ${listed(shape.times)}`;
}

function whenWords(shape: ScheduleShape): string {
  switch (shape.kind) {
    case "daily":
      return "every day";
    case "weekdays":
      return "from Monday to Friday";
    case "weekly":
      return `every ${listed(shape.days.map((day) => DAYS[day] ?? ""))}`;
    case "monthly":
      return `on the ${listed(shape.days.map(ordinal))} ${shape.days[0] === "last" ? "day " : ""}of each month`;
  }
}

function ordinal(day: number | "last"): string {
  if (day === "last") return day;
  const ends = ["th", "st", "nd", "rd"];
  const end = day > 10 && day < 20 ? "th" : (ends[day % 10] ?? "th");
  return `${day}${end}`;
}

/** An address to write to about the figures, with the report named in the subject; null where no one is known. */
export function askHref(
  { owner, title }: Pick<RunLabel, "owner" | "title">,
  reader: MailReader | null,
): string | null {
  const to = reader?.askAddress ?? owner;
  return to === null
    ? null
    : `mailto:${encodeURI(to)}?subject=${encodeURIComponent(`Question about ${lineText(title, 150)}`)}`;
}
