import type { MailReader } from "../../core/model/digest.ts";
import type { Message, RunLabel } from "../../core/model/message.ts";
import { scheduleShape } from "../../core/rules/schedule-shape.ts";
import { phrasesIn } from "../../core/words/phrases.ts";
import { lineText } from "./cell-text.ts";
import { timeZoneName } from "./words.ts";

/** Why someone gets a report: "You get this every Monday at 07:00 GMT through ops@example.com."; null where nothing of that is known. */
export function whyYouGetIt({ run }: Message, reader: MailReader | null): string | null {
  const { frame } = phrasesIn(run.locale);
  const shape = run.cron === undefined ? null : scheduleShape(run.cron);
  const every = shape === null ? null : frame.every(shape, timeZoneName(run));
  const through = reader?.recipient == null ? null : lineText(reader.recipient, 254);
  return every === null && through === null ? null : frame.whyYouGetIt(every, through);
}

/** An address to write to about the figures, with the report named in the subject; null where no one is known. */
export function askHref(
  { owner, title, locale }: Pick<RunLabel, "owner" | "title" | "locale">,
  reader: MailReader | null,
): string | null {
  const to = reader?.askAddress ?? owner;
  return to === null
    ? null
    : `mailto:${encodeURI(to)}?subject=${encodeURIComponent(phrasesIn(locale).frame.askSubject(lineText(title, 150)))}`;
}
