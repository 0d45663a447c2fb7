import { z } from "zod";
import { parseCron } from "./cron.ts";
import { BUILT_IN, rows, settings, timezone } from "./settings.ts";
import { defaulted, word } from "./word.ts";

const cron = word(parseCron).meta({
  description:
    'Five-field crontab: minute, hour, day of the month, month, day of the week, as in "0 8 * * mon". Where both days are given, both have to match. Also L (the last day) and mon#1 (the first Monday).',
  examples: ["0 8 * * mon"],
});

/** What a section says beside its source, and a report with one section in its place. */
export const contentKeys = {
  filters: z
    .record(
      z.string().min(1),
      z.string().meta({ type: ["string", "number", "boolean"], wants: "text: a Looker filter expression" }),
    )
    .meta({
      description:
        "Looker filter expressions by field, over the content's own. Those of a section win over the report's.",
      examples: [{ "flights.date": "last week" }],
    })
    .optional(),
  limit: z
    .int()
    .refine((limit) => limit === -1 || limit >= 1, {
      error: "limit has to be at least 1, or -1 for all rows",
    })
    .meta({
      description: "Row limit in place of the content's own; -1 for all rows.",
      wants: "a whole number, or -1 for all rows",
      examples: [500],
    })
    .optional(),
  rows: defaulted(rows, `defaults.rows, ${BUILT_IN.rows}`).optional(),
  show: defaulted(
    z
      .enum(["table", "none"])
      .meta({ description: "How the message shows the result: as a table, or not at all (only attached)." }),
    BUILT_IN.show,
  ).optional(),
};

export const sectionTitle = z
  .string()
  .min(1)
  .meta({ description: "Heading of the section. Default: the content's own title." })
  .optional();

/** The keys of a report that no adapter brings. */
export const reportKeys = {
  title: z
    .string()
    .min(1)
    .max(200)
    .meta({ description: "Title of the message and subject of the email. Default: made from the name." })
    .optional(),
  owner: z
    .string()
    .min(1)
    .refine((text) => !text.includes("@") || /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text), {
      error: (issue) => `owner: "${issue.input}" is neither an address nor a name`,
    })
    .meta({
      description: "Who to ask about the report: an address or a name.",
      examples: ["flight-ops@example.com"],
    })
    .optional(),
  description: z
    .string()
    .meta({ description: "What the report is for, for those who read this file." })
    .optional(),
  schedule: z.union([cron, z.strictObject({ cron, timezone: timezone.optional() })]).meta({
    description: 'When the report is due: a crontab, or {cron: "0 8 * * mon", timezone: Europe/London}.',
    wants: 'a crontab, as in "0 8 * * mon", or a mapping',
  }),
  ...settings(true),
  ...contentKeys,
};
