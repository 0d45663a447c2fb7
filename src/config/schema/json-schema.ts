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
  const properties = top.properties as JsonSchemaPart;
  return {
    $schema,
    title: "reports.yaml",
    description: "Looker reports, and where lookpost delivers them.",
    ...top,
    required: REQUIRED,
    patternProperties: { "^x-": { description: "Anything: a home for YAML anchors." } },
    properties: {
      ...properties,
      reports: {
        ...(properties.reports as JsonSchemaPart),
        minProperties: 1,
        propertyNames: { pattern: REPORT_NAME.source },
        additionalProperties: { $ref: "#/definitions/report" },
      },
    },
    definitions: { ...(top.definitions as JsonSchemaPart | undefined), report: reportJson },
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
