import type { z } from "zod";
import type { Language } from "./config/index.ts";
import type { Destination, Finding, Format, Schema, Source } from "./core/adapter.ts";
import type { Clock } from "./core/clock.ts";
import { ReportError } from "./core/error.ts";
import {
  disallowedAddresses,
  emailConnection,
  emailOptions,
  fileOptions,
  openEmail,
  openFile,
  openSlack,
  slackConnection,
  slackOptions,
} from "./deliver/index.ts";
import {
  type Looker,
  lookerConnection,
  lookOptions,
  lookSource,
  queryOptions,
  querySource,
} from "./looker/index.ts";
import { csvFormat, csvOptions, renderMail, renderSlack } from "./render/index.ts";

/** The addresses of the sandbox's stand-ins. */
export interface SandboxAddresses {
  readonly SMTP_URL: string;
  readonly SLACK_BOT_TOKEN: string;
  readonly SLACK_API_URL: string;
}

/** All that is known of a destination: its words in the YAML, and how to open it. C: its connection, O: its options. */
interface DestinationEntry<C, O> {
  readonly description: string;
  /** What stands under the top-level block of the same name; null where it needs none. */
  readonly connection: Schema<C> | null;
  readonly options: Schema<O>;
  open(connection: C, surroundings: Surroundings): Destination<O> & { close(): Promise<void> | void };
  /** What is wrong with the options given the connection, as far as the file alone tells. */
  findings?(options: O, connection: C): readonly Finding[];
  /** The same connection with the sandbox's address, so that nothing can reach anybody real. */
  onSandbox(connection: C, addresses: SandboxAddresses): C;
}

export interface Surroundings {
  readonly clock: Clock;
  /** That of reports.yaml, which relative paths in it belong to. */
  readonly directory: string;
}

const entry = <C, O>(given: DestinationEntry<C, O>): DestinationEntry<C, O> => given;

/** One entry for each destination. */
const destinations = {
  email: entry({
    description: "An email with the digest as its body.",
    connection: emailConnection,
    options: emailOptions,
    open: (connection, { clock }) => openEmail(connection, { renderMail, clock }),
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
  slack: entry({
    description: "A post in a Slack channel, or a direct message.",
    connection: slackConnection,
    options: slackOptions,
    open: (connection, { clock }) => openSlack(connection, { renderSlack, clock }),
    onSandbox: (connection, { SLACK_BOT_TOKEN: token, SLACK_API_URL: apiUrl }) => ({
      ...connection,
      token,
      apiUrl,
    }),
  }),
  file: entry<null, z.output<typeof fileOptions>>({
    description: "A folder on this machine's disk, with the files and the digest as HTML.",
    connection: null,
    options: fileOptions,
    open: (_connection, { directory }) => openFile({ renderMail, directory }),
    onSandbox: (connection) => connection,
  }),
};

/** What stands under the top-level blocks, as their own schemas read it. */
export interface Connections {
  looker: z.output<typeof lookerConnection>;
  email: z.output<typeof emailConnection>;
  slack: z.output<typeof slackConnection>;
}

/** The words of reports.yaml, and who reads what stands under them. One line for each source and format. */
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
  ],
  formats: [{ kind: "csv", schema: csvOptions, description: "Comma-separated values (RFC 4180)." }],
  destinations: Object.entries(destinations).map(([kind, { options, description, connection }]) => ({
    kind,
    connection: connection === null ? null : kind,
    schema: options,
    description,
  })),
};

export function sourceOf(kind: string, looker: Looker): Source<unknown> {
  const sources: Record<string, Source<never>> = { look: lookSource(looker), query: querySource(looker) };
  return known(sources, "source", kind) as Source<unknown>;
}

export function formatOf(kind: string): Format<unknown> {
  const formats: Record<string, Format<never>> = { csv: csvFormat };
  return known(formats, "format", kind) as Format<unknown>;
}

/** A destination whose options and connection its own schemas have read: from here on nobody looks into them. */
export function destinationOf(kind: string): DestinationEntry<unknown, unknown> {
  return known(destinations as Record<string, unknown>, "destination", kind) as DestinationEntry<
    unknown,
    unknown
  >;
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
      destinationOf(kind).onSandbox(connections[kind as keyof Connections], addresses),
    ]),
  );
}

function known<T>(all: Readonly<Record<string, T>>, what: string, kind: string): T {
  const found = all[kind];
  if (found === undefined) throw new ReportError(`There is no ${what} "${kind}".`, { code: "config" });
  return found;
}
