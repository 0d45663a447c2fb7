import { z } from "zod";
import type { Language, SourceWord, Word } from "../language.ts";
import { type BrandText, brand } from "./brand-keys.ts";
import { fonts, heartbeat, keep, server } from "./file-keys.ts";
import { audiencesOf, bases, include } from "./parts.ts";
import { reportKeys, sectionTitle } from "./report-keys.ts";
import { defaulted } from "./schema.ts";
import { contentKeys, field } from "./section-keys.ts";
import { asInLooker, BUILT_IN, rows, settings, showFilters } from "./settings.ts";
import { store } from "./store.ts";
import { wordingKeys } from "./wording-keys.ts";

export const REPORT_NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

const version = z
  .literal(1, { error: (issue) => versionWords(issue.input) })
  .meta({ description: "Version of this language: 1." });

const defaultsKeys = {
  ...settings(false),
  ...wordingKeys(false),
  rows: defaulted(rows, String(BUILT_IN.rows)).optional(),
};

/** What a section may have otherwise than its report. */
const sectionSettings = {
  as_in_looker: defaulted(asInLooker, "that of the report").optional(),
  show_filters: defaulted(showFilters, "that of the report").optional(),
};

/** The file without its reports, as the schema has read it. */
export interface FileText {
  readonly keep?: z.output<typeof keep>;
  readonly heartbeat?: string;
  readonly server?: z.output<typeof server>;
  readonly fonts?: readonly string[];
  readonly brand?: BrandText;
  readonly defaults?: DefaultsText;
}
export type DefaultsText = z.output<z.ZodObject<typeof defaultsKeys>> & OnFailureText;
export type SectionText = Readonly<Record<string, unknown>> &
  z.output<z.ZodObject<typeof contentKeys & typeof sectionSettings>> & {
    title?: string | undefined;
    history?: HistoryText | undefined;
    attach?: AttachText | readonly AttachText[] | undefined;
  };
export type HistoryText = Readonly<Record<string, unknown>> & { date: string; value: string };
export type DeliveryText = Readonly<Record<string, unknown>> & {
  attach?: AttachText | readonly AttachText[];
};
export type AttachText = string | Readonly<Record<string, unknown>>;
export type NoticeText = Readonly<Record<string, unknown>>;
interface OnFailureText {
  readonly on_failure?: NoticeText | readonly NoticeText[];
}
export type ReportText = z.output<z.ZodObject<typeof reportKeys>> &
  SectionText &
  OnFailureText & { sections?: readonly SectionText[]; deliver: readonly DeliveryText[] };

/** The schemas of the file, with the words the adapters bring. `file` issues its reports to `report`, one at a time. */
export interface Shape {
  readonly file: z.ZodObject;
  /** A file that another includes. */
  readonly included: z.ZodObject;
  readonly report: z.ZodObject;
}

export function shapeOf<C>(language: Language<C>): Shape {
  const onFailure = onFailureOf(language.destinations);
  return { ...filesOf(language, onFailure), report: reportOf(language, onFailure) };
}

function reportOf<C>(language: Language<C>, onFailure: z.ZodType): z.ZodObject {
  const sources = optionals(language.sources);
  const history = historyOf(language.sources).optional();
  const attach = attachOf(language.formats);
  const section = z
    .strictObject({
      title: sectionTitle,
      ...sources,
      ...contentKeys,
      ...sectionSettings,
      history,
      attach: attach
        .meta({
          ...z.globalRegistry.get(attach),
          description: `Files of this section only, which every delivery of the report gets: ${language.formats.map(({ kind }) => kind).join(", ")}, a list of them, or with options.`,
        })
        .optional(),
    })
    .meta({ description: "One part of the message.", ...exactlyOne(Object.keys(sources)) });
  const delivery = z.strictObject({ ...optionals(language.destinations), attach: attach.optional() }).meta({
    description: "One destination, and the files it gets.",
    ...exactlyOne(language.destinations.map(({ kind }) => kind)),
  });
  return z
    .strictObject({
      ...reportKeys,
      ...sources,
      history,
      sections: z
        .array(section)
        .min(1)
        .meta({
          description: "Several contents in one message, instead of one in the report itself.",
        })
        .optional(),
      deliver: z.array(delivery).min(1).meta({
        description: "Who gets the report: a list of destinations, and of audiences by their names.",
      }),
      on_failure: defaulted(onFailure, "defaults.on_failure, no one").optional(),
    })
    .meta({ description: "One report.", ...exactlyOne([...Object.keys(sources), "sections"]) });
}

function filesOf<C>(language: Language<C>, onFailure: z.ZodType): Omit<Shape, "report"> {
  const connections = Object.entries<{ schema: z.ZodType }>(language.connections).map(
    ([name, { schema }]) => [name, schema.optional()],
  );
  const defaults = z
    .strictObject({ ...defaultsKeys, on_failure: defaulted(onFailure, "no one").optional() })
    .meta({ description: "What reports use unless they say otherwise." });
  const parts = {
    include: include.optional(),
    defaults: defaults.optional(),
    bases: bases.optional(),
    audiences: audiencesOf(language.destinations).optional(),
    reports: z.unknown().optional().meta({
      type: "object",
      description:
        "The reports by name. A name is a report's identity, over all files: lower-case letters, digits, - _ and .",
    }),
  };
  const file = z.strictObject({
    version,
    ...(Object.fromEntries(connections) as Record<string, z.ZodType>),
    store: store.optional(),
    keep: keep.optional(),
    heartbeat: heartbeat.optional(),
    server: server.optional(),
    fonts: fonts.optional(),
    brand: brand(false),
    ...parts,
  });
  const included = z.strictObject({ version: version.optional(), ...parts });
  return { file, included };
}

/** Where a figure's past comes from: a content with a row for each date of it. */
function historyOf(sources: readonly SourceWord[]): z.ZodType {
  const whole = sources.filter(({ hasParts = false }) => !hasParts);
  return z
    .strictObject({
      ...optionals(whole),
      date: field.meta({ description: "Field of its dates.", examples: ["flights.date_week"] }),
      value: field.meta({ description: "Field of its values.", examples: ["flights.count"] }),
    })
    .meta({
      description:
        "The past of a kpi, imported once: a content with a row for each date. From then on every report that is sent adds to it.",
      examples: [{ look: 99, date: "flights.date_week", value: "flights.count" }],
      ...exactlyOne(whole.map(({ kind }) => kind)),
    });
}

function onFailureOf(destinations: readonly Word[]): z.ZodType {
  const kinds = destinations.map(({ kind }) => kind);
  const notice = z.strictObject(optionals(destinations)).meta(exactlyOne(kinds));
  return z.union([notice, z.array(notice)]).meta({
    description:
      "Who is notified, once, of a run that did not end well or is late (expect_by): a destination as under deliver, without files, or a list of them; [] for no one.",
    wants: "a destination, as under deliver, or a list of them",
  });
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

function versionWords(input: unknown): string | undefined {
  return input === undefined || input === null
    ? undefined
    : "this lookpost reads version 1 of the language only: write version: 1";
}
