import { z } from "zod";
import { brand } from "./brand-keys.ts";
import { parseCron } from "./cron.ts";
import { extendsBases } from "./parts.ts";
import { word } from "./schema.ts";
import { contentKeys } from "./section-keys.ts";
import { settings, timezone } from "./settings.ts";

const cron = word(parseCron).meta({
  description:
    'Five-field crontab: minute, hour, day of the month, month, day of the week, as in "0 8 * * mon". Where both days are given, either is enough, as crontab has it. Also mon#1 (the first Monday), L (the last day), LW (the last working day), 1W (the working day nearest to the 1st).',
  examples: ["0 8 * * mon"],
});

export const sectionTitle = z
  .string()
  .min(1)
  .meta({
    description:
      "Heading of the section, a template that knows report and run. Default: the content's own title.",
  })
  .optional();

/** The keys of a report that no adapter brings. */
export const reportKeys = {
  extends: extendsBases.optional(),
  title: z
    .string()
    .min(1)
    .max(200)
    .meta({
      description:
        "Title of the message and subject of the email, a template that knows report and run. Default: made from the name.",
      examples: ["Flights, week {{ run.date | date: '%V' }}"],
    })
    .optional(),
  owner: z
    .string()
    .min(1)
    .refine((text) => !text.includes("@") || /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/.test(text), {
      error: (issue) =>
        `owner: "${issue.input}" is neither an address nor a name: write ana@example.com, or a name without @`,
    })
    .meta({
      description: "Who to ask about the report: an address or a name.",
      examples: ["flight-ops@example.com"],
    })
    .optional(),
  description: z
    .string()
    .meta({
      description:
        "What the report is for, for those who read this file and, as report.description, for templates.",
    })
    .optional(),
  schedule: z.union([cron, z.strictObject({ cron, timezone: timezone.optional() })]).meta({
    description: 'When the report is due: a crontab, or {cron: "0 8 * * mon", timezone: Europe/London}.',
    wants: 'a crontab, as in "0 8 * * mon", or a mapping',
  }),
  brand: brand(true),
  ...settings(true),
  ...contentKeys,
};
