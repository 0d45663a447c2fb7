import { z } from "zod";
import type { Language } from "../language.ts";
import { REPORT_NAME, shapeOf } from "./shape.ts";

export interface JsonSchemaPart extends Record<string, unknown> {
  description?: string;
  properties?: unknown;
}

/** What our own schemas say about themselves that is not JSON Schema. */
const OWN_KEYS = ["secret", "variable", "wants", "otherwise"];
/** `reports` is checked report by report, so its schema cannot say that it is required. */
export const REQUIRED = ["version", "reports"];
const REFERENCE = { type: "string", pattern: "\\$\\{" };

/** JSON Schema (draft 7, which editors' YAML servers know best) of reports.yaml, from the schemas that check it. */
export function jsonSchema<C>(language: Language<C>): object {
  const { file, report } = shapeOf(language);
  const top = toJson(file, withReferences);
  const { $schema, ...reportJson } = toJson(report, withReferences);
  const { required, oneOf, ...base } = reportJson;
  const parts = { ...base, properties: withNames(base.properties as Properties) };
  const properties = top.properties as JsonSchemaPart;
  return {
    $schema,
    title: "reports.yaml",
    description: "Looker reports, and where lookpost delivers them.",
    ...top,
    // With all it needs, alone or with others; or as one of those that it includes.
    anyOf: [
      { required: REQUIRED },
      { required: ["version", "include"] },
      { required: ["reports"], not: { anyOf: Object.keys(language.connections).map(requires) } },
    ],
    patternProperties: { "^x-": { description: "Anything: a home for YAML anchors." } },
    properties: {
      ...properties,
      bases: {
        ...(properties.bases as JsonSchemaPart),
        additionalProperties: { $ref: "#/definitions/base" },
      },
      audiences: { ...(properties.audiences as JsonSchemaPart), additionalProperties: audienceOf(language) },
      defaults: withNamesIn(properties.defaults as JsonSchemaPart),
      reports: {
        ...(properties.reports as JsonSchemaPart),
        minProperties: 1,
        propertyNames: { pattern: REPORT_NAME.source },
        additionalProperties: { $ref: "#/definitions/report" },
      },
    },
    definitions: {
      ...(top.definitions as JsonSchemaPart | undefined),
      base: parts,
      // What it has to say, a base may say.
      report: {
        allOf: [{ $ref: "#/definitions/base" }],
        if: requires("extends"),
        // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
        then: {},
        else: { required, oneOf },
      },
    },
  };
}

type Properties = Readonly<Record<string, JsonSchemaPart>>;

function requires(key: string) {
  return { required: [key] };
}

const AUDIENCE_NAME = {
  type: "string",
  pattern: "^[^@#]+$",
  description: "The name of an audience: one of audiences.",
};

/** Where destinations are, an audience may be named in place of one. */
function withNames(properties: Properties): Properties {
  const { deliver, on_failure: onFailure } = properties;
  return {
    ...properties,
    ...(deliver && {
      deliver: { ...deliver, items: { anyOf: [...formsOf(deliver.items as JsonSchemaPart), AUDIENCE_NAME] } },
    }),
    ...(onFailure && { on_failure: noticeOf(onFailure) }),
  };
}

function withNamesIn(mapping: JsonSchemaPart): JsonSchemaPart {
  return { ...mapping, properties: withNames(mapping.properties as Properties) };
}

function noticeOf(onFailure: JsonSchemaPart): JsonSchemaPart {
  const { anyOf, ...rest } = onFailure;
  const forms = (Array.isArray(anyOf) ? anyOf : []).map((form: JsonSchemaPart) =>
    form.items === undefined ? form : { ...form, items: { anyOf: [form.items, AUDIENCE_NAME] } },
  );
  return { ...rest, anyOf: [...forms, AUDIENCE_NAME] };
}

function formsOf(json: JsonSchemaPart): JsonSchemaPart[] {
  return Array.isArray(json.anyOf) ? (json.anyOf as JsonSchemaPart[]) : [json];
}

function audienceOf<C>({ destinations }: Language<C>): JsonSchemaPart {
  const names = { anyOf: [{ type: "string" }, { type: "array", items: { type: "string" } }] };
  const kinds = destinations.map(({ kind, recipients }) => [kind, recipients === undefined ? {} : names]);
  return {
    anyOf: [
      ...names.anyOf,
      { type: "object", properties: Object.fromEntries(kinds), additionalProperties: false },
    ],
  };
}

/** A schema's input side, as the file's author writes it. `finish` may change each part in place. */
export function toJson(
  schema: z.ZodType,
  finish: (json: JsonSchemaPart, zod: z.core.$ZodTypes) => void = () => {},
): JsonSchemaPart {
  return z.toJSONSchema(schema, {
    target: "draft-07",
    io: "input",
    unrepresentable: "any",
    override: ({ jsonSchema, zodSchema }) => finish(jsonSchema as JsonSchemaPart, zodSchema),
  }) as JsonSchemaPart;
}

/** Numbers and switches may come from the environment too. */
function withReferences(json: JsonSchemaPart): void {
  for (const key of OWN_KEYS) delete json[key];
  const isScalar = json.type === "number" || json.type === "integer" || json.type === "boolean";
  if (!isScalar || json.const !== undefined) return;
  const { description, default: preset, examples, ...rest } = json;
  for (const key of Object.keys(rest)) delete json[key];
  json.anyOf = [rest, REFERENCE];
}
