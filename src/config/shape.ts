import { z } from "zod";
import type { Complaint } from "../core/complaint.ts";
import { parseDuration } from "../core/duration.ts";
import { parseCron } from "./cron.ts";
import type { Language, Word } from "./language.ts";
import { parseTimezone } from "./timezone.ts";

/** What is used where neither the report nor `defaults` says anything. */
export const BUILT_IN = {
  timezone: "UTC",
  timeout: "30m",
  send_if: "always",
  rows: 50,
  show: "table",
} as const;
const ROWS_SHOWN_MAX = 500;
export const REPORT_NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

const timezone = word(parseTimezone).meta({
  description: 'IANA time zone the schedule is read in, such as "Europe/London".',
  examples: ["America/New_York"],
});
const timeout = word(parseDuration).meta({
  description: "How long a run may take, from its tick to the last file made: 45s, 30m, 2h; at most 24h.",
  examples: ["30m"],
});
const sendIf = z.enum(["always", "has_results", "no_results"]).meta({
  description: "When to deliver: always, only when there are rows, only when there are none.",
});
const rows = z
  .int()
  .min(1)
  .max(ROWS_SHOWN_MAX)
  .meta({
    description: `How many rows the message shows, up to ${ROWS_SHOWN_MAX}; attached files have them all.`,
    wants: `a whole number from 1 to ${ROWS_SHOWN_MAX} (show: none shows no rows)`,
  });
const cron = word(parseCron).meta({
  description:
    'Five-field crontab: minute, hour, day of the month, month, day of the week, as in "0 8 * * mon". Where both days are given, both have to match. Also L (the last day) and mon#1 (the first Monday).',
  examples: ["0 8 * * mon"],
});

const content = {
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

const sectionTitle = z
  .string()
  .min(1)
  .meta({ description: "Heading of the section. Default: the content's own title." })
  .optional();

const reportFixed = {
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
  timezone: defaulted(timezone, `defaults.timezone, ${BUILT_IN.timezone}`).optional(),
  timeout: defaulted(timeout, `defaults.timeout, ${BUILT_IN.timeout}`).optional(),
  send_if: defaulted(sendIf, `defaults.send_if, ${BUILT_IN.send_if}`).optional(),
  ...content,
};

const fileFixed = {
  version: z
    .literal(1, { error: (issue) => versionWords(issue.input) })
    .meta({ description: "Version of this language: 1." }),
  store: z
    .string()
    .min(1)
    .meta({
      description:
        "Where runs and deliveries are kept: file:FOLDER, relative to this file. Default: what the environment names in LOOKPOST_STORE, or file:./data.",
      examples: ["file:./data"],
    })
    .optional(),
  defaults: z
    .strictObject({
      timezone: defaulted(timezone, BUILT_IN.timezone).optional(),
      timeout: defaulted(timeout, BUILT_IN.timeout).optional(),
      send_if: defaulted(sendIf, BUILT_IN.send_if).optional(),
      rows: defaulted(rows, String(BUILT_IN.rows)).optional(),
    })
    .meta({ description: "What reports use unless they say otherwise." })
    .optional(),
};

export type DefaultsText = NonNullable<z.output<(typeof fileFixed)["defaults"]>>;
export type SectionText = Readonly<Record<string, unknown>> &
  z.output<z.ZodObject<typeof content>> & { title?: string | undefined };
export type DeliveryText = Readonly<Record<string, unknown>> & {
  attach?: AttachText | readonly AttachText[];
};
export type AttachText = string | Readonly<Record<string, unknown>>;
export type ReportText = z.output<z.ZodObject<typeof reportFixed>> &
  SectionText & { sections?: readonly SectionText[]; deliver: readonly DeliveryText[] };

/** The schemas of the file, with the words the adapters bring. `file` leaves its reports to `report`, one at a time. */
export interface Shape {
  readonly file: z.ZodObject;
  readonly report: z.ZodObject;
}

export function shapeOf<C>(language: Language<C>): Shape {
  const sources = optionals(language.sources);
  const section = z
    .strictObject({ title: sectionTitle, ...sources, ...content })
    .meta({ description: "One part of the message.", ...exactlyOne(Object.keys(sources)) });
  const delivery = z
    .strictObject({ ...optionals(language.destinations), attach: attachOf(language.formats).optional() })
    .meta({
      description: "One destination, and the files it gets.",
      ...exactlyOne(language.destinations.map(({ kind }) => kind)),
    });
  const report = z
    .strictObject({
      ...reportFixed,
      ...sources,
      sections: z
        .array(section)
        .min(1)
        .meta({ description: "Several contents in one message, in place of look or query." })
        .optional(),
      deliver: z.array(delivery).min(1).meta({ description: "Who gets the report: a list of destinations." }),
    })
    .meta({ description: "One report.", ...exactlyOne([...Object.keys(sources), "sections"]) });
  const connections = Object.entries<{ schema: z.ZodType }>(language.connections).map(
    ([name, { schema }]) => [name, schema.optional()],
  );
  const file = z.strictObject({
    version: fileFixed.version,
    ...(Object.fromEntries(connections) as Record<string, z.ZodType>),
    store: fileFixed.store,
    defaults: fileFixed.defaults,
    reports: z.unknown().optional().meta({
      type: "object",
      description:
        "The reports by name. A name is a report's identity: lower-case letters, digits, - _ and .",
    }),
  });
  return { file, report };
}

function attachOf(formats: readonly Word[]): z.ZodType {
  const kinds = formats.map(({ kind }) => kind);
  const alone = z.enum(kinds);
  const withOptions = z.strictObject(optionals(formats)).meta(exactlyOne(kinds));
  return z.union([alone, withOptions, z.array(z.union([alone, withOptions])).min(1)]).meta({
    description: `Files to attach: ${kinds.join(", ")}, a list of them, or with options: [{${kinds[0]}: {...}}].`,
    wants: `a format (${kinds.join(", ")}) or a list of formats`,
  });
}

function optionals(words: readonly Word[]): Record<string, z.ZodType> {
  return Object.fromEntries(
    words.map(({ kind, schema, description }) => [kind, schema.optional().meta({ description })]),
  );
}

/** Tells editors; `rules.ts` tells people. */
function exactlyOne(keys: readonly string[]): {
  readonly oneOf: readonly { readonly required: readonly string[] }[];
} {
  return { oneOf: keys.map((key) => ({ required: [key] })) };
}

/** A string that `parse` understands; what it complains of becomes the issue. */
function word(parse: (text: string) => unknown): z.ZodString {
  return z.string().check((context) => {
    const result = parse(context.value);
    if (!isComplaint(result)) return;
    const { message, advice } = result;
    context.issues.push({ code: "custom", input: context.value, message, params: { advice } });
  });
}

function isComplaint(result: unknown): result is Complaint {
  return typeof result === "object" && result !== null && "advice" in result;
}

/** For the reference only: the value is filled in where the report is built, from the file's own `defaults` first. */
function defaulted<S extends z.ZodType>(schema: S, otherwise: string): S {
  return schema.meta({ ...z.globalRegistry.get(schema), otherwise });
}

function versionWords(input: unknown): string | undefined {
  return input === undefined || input === null
    ? undefined
    : "this lookpost reads version 1 of the language only: write version: 1";
}
