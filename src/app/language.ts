import type { z } from "zod";
import type { Language } from "../config/index.ts";
import type { Problem } from "../core/model/problem.ts";
import type { Schema } from "../core/ports/adapter.ts";
import { disallowedAddresses } from "../deliver/email/connection.ts";
import { emailConnection } from "../deliver/email/connection-schema.ts";
import { emailOptions } from "../deliver/email/options-schema.ts";
import { fileOptions } from "../deliver/file/schema.ts";
import { slackConnection, slackOptions } from "../deliver/slack/schema.ts";
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

/** The addresses of the sandbox's stand-ins. */
export interface SandboxAddresses {
  readonly SMTP_URL: string;
  readonly SLACK_BOT_TOKEN: string;
  readonly SLACK_API_URL: string;
}

/** A destination's words in the YAML. C: its connection, O: its options. */
interface DestinationWords<C, O> {
  readonly description: string;
  /** What stands under the top-level block of the same name; null where it needs none. */
  readonly connection: Schema<C> | null;
  readonly options: Schema<O>;
  /** What is wrong with the options given the connection, as far as the file alone tells. */
  findings?(options: O, connection: C): readonly Problem[];
  /** The same connection with the sandbox's address, so that nothing can reach anybody real. */
  onSandbox(connection: C, addresses: SandboxAddresses): C;
}

const words = <C, O>(given: DestinationWords<C, O>): DestinationWords<C, O> => given;

const destinations = {
  email: words({
    description: "An email with the digest as its body.",
    connection: emailConnection,
    options: emailOptions,
    findings: (options, connection) =>
      disallowedAddresses(options, connection).map((address) => ({
        message: `${address} is outside email.allowed_domains`,
        advice: "Add its domain there, or correct the address.",
        path: [],
      })),
    onSandbox: (connection, { SMTP_URL: smtp }) => {
      const { server } = emailConnection.parse({ smtp, from: "lookpost@example.com" });
      return { ...connection, server };
    },
  }),
  slack: words({
    description: "A post in a Slack channel, or a direct message.",
    connection: slackConnection,
    options: slackOptions,
    onSandbox: (connection, { SLACK_BOT_TOKEN: token, SLACK_API_URL: apiUrl }) => ({
      ...connection,
      token,
      apiUrl,
    }),
  }),
  file: words<null, z.output<typeof fileOptions>>({
    description: "A folder on this machine's disk, with the files and the digest as HTML.",
    connection: null,
    options: fileOptions,
    onSandbox: (connection) => connection,
  }),
};

/** What stands under the top-level blocks, as their own schemas read it. */
export interface Connections {
  looker: z.output<typeof lookerConnection>;
  email: z.output<typeof emailConnection>;
  slack: z.output<typeof slackConnection>;
}

/** The words of reports.yaml, and who reads what stands under them. */
export const language: Language<Connections> = {
  connections: {
    looker: { schema: lookerConnection, environment: ["LOOKER_BASE_URL", "LOOKERSDK_BASE_URL"] },
    email: { schema: emailConnection },
    slack: { schema: slackConnection },
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
  destinations: Object.entries(destinations).map(([kind, { options, description, connection }]) => ({
    kind,
    connection: connection === null ? null : kind,
    schema: options,
    description,
  })),
};

/** The words of a destination that the file names: its own schemas have read what stands under them. */
export function destinationWords(kind: string): DestinationWords<unknown, unknown> {
  const all = destinations as Record<string, unknown>;
  return all[kind] as DestinationWords<unknown, unknown>;
}

/** The connections that the file names, with the sandbox's addresses. Looker's comes from the environment. */
export function sandboxConnections(
  connections: Partial<Connections>,
  addresses: SandboxAddresses,
): Partial<Connections> {
  const named = Object.keys(destinations).filter(
    (kind) => connections[kind as keyof Connections] !== undefined,
  );
  return Object.fromEntries(
    named.map((kind) => [
      kind,
      destinationWords(kind).onSandbox(connections[kind as keyof Connections], addresses),
    ]),
  );
}
