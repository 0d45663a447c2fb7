import type { z } from "zod";
import type { Language } from "../config/index.ts";
import { ReportError } from "../core/error.ts";
import type { Schema } from "../core/ports/adapter.ts";
import type { DestinationSchemas } from "../core/ports/destination.ts";
import { emailSchemas } from "../deliver/email/schema.ts";
import { fileSchemas } from "../deliver/file/schema.ts";
import { slackSchemas } from "../deliver/slack/schema.ts";
import { lookerConnection } from "../looker/connection/schema.ts";
import { dashboardOptions } from "../looker/dashboard/schema.ts";
import { lookOptions } from "../looker/look/schema.ts";
import { queryOptions } from "../looker/query/schema.ts";
import { csvOptions } from "../render/csv/schema.ts";
import { jsonOptions } from "../render/json/schema.ts";
import { pdfOptions, pngOptions } from "../render/looker-file/schema.ts";
import { htmlOptions } from "../render/page/schema.ts";
import { xlsxOptions } from "../render/xlsx/schema.ts";
import { zipOptions } from "../render/zip/schema.ts";
import { templateProblems } from "../template/problems.ts";

export { jsonSchema, reference } from "../config/index.ts";

/*
 * What can be said in reports.yaml: one entry for each source, format and destination. Apart from the registry, since what reads
 * the file (schemas, a YAML parser) takes more memory than what carries reports out, and the service needs it only now and then.
 */

/** Every kind of destination, by its word in the YAML. */
const destinations: Readonly<Record<string, DestinationSchemas<unknown, unknown>>> = {
  email: emailSchemas,
  slack: slackSchemas,
  file: fileSchemas,
};

/** What stands under the top-level blocks, as their own schemas read it. Only a destination looks into its own. */
export interface ConnectionConfigs {
  looker: z.output<typeof lookerConnection>;
  [destination: string]: unknown;
}

/** The words of reports.yaml, and who reads what stands under them. */
export const language: Language<ConnectionConfigs> = {
  connections: {
    looker: { schema: lookerConnection, environment: ["LOOKER_BASE_URL", "LOOKERSDK_BASE_URL"] },
    ...Object.fromEntries(
      Object.entries(destinations).flatMap(([kind, { connection }]) =>
        connection === null ? [] : [[kind, { schema: connection }]],
      ),
    ),
  },
  sources: [
    { kind: "look", schema: lookOptions, description: "A Look, by its id or its address." },
    {
      kind: "query",
      schema: queryOptions,
      description: "A query written here, or a saved one by its slug or id.",
    },
    {
      kind: "dashboard",
      schema: dashboardOptions,
      description: "A dashboard, by its id or its address: a section for each of its tiles.",
      hasParts: true,
    },
  ],
  formats: [
    { kind: "csv", schema: csvOptions, description: "Comma-separated values (RFC 4180), a file a section." },
    { kind: "xlsx", schema: xlsxOptions, description: "An Excel workbook, a sheet a section." },
    { kind: "json", schema: jsonOptions, description: "A JSON array of records, a file a section." },
    { kind: "html", schema: htmlOptions, description: "The whole digest as a page that needs nothing else." },
    {
      kind: "pdf",
      schema: pdfOptions,
      description: "A dashboard as Looker draws it, as a document.",
      needsParts: true,
    },
    { kind: "png", schema: pngOptions, description: "The content as Looker draws it, as a picture." },
    { kind: "zip", schema: zipOptions, description: "One CSV for each section or tile, in a zip archive." },
  ],
  templates: templateProblems,
  destinations: Object.entries(destinations).map(
    ([kind, { options, description, connection, recipients }]) => ({
      kind,
      connection: connection === null ? null : kind,
      schema: options,
      description,
      ...(recipients !== undefined && { recipients }),
    }),
  ),
};

/** How the options of a destination are read. */
export function optionsSchema(kind: string): Schema<unknown> {
  const found = destinations[kind];
  if (found === undefined) throw new ReportError(`There is no destination "${kind}".`, { code: "config" });
  return found.options;
}
