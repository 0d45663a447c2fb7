import type { z } from "zod";
import type { Language } from "./config/index.ts";
import type { Finding, Format, Source } from "./core/adapter.ts";
import type { Clock } from "./core/clock.ts";
import { ReportError } from "./core/error.ts";
import type { Ledger } from "./core/ledger.ts";
import {
  disallowedAddresses,
  type EmailOptions,
  emailConnection,
  emailOptions,
  openEmail,
  openSlack,
  slackConnection,
  slackOptions,
} from "./deliver/index.ts";
import { openSqliteLedger } from "./ledger/sqlite.ts";
import {
  type Looker,
  lookerConnection,
  lookOptions,
  lookSource,
  queryOptions,
  querySource,
} from "./looker/index.ts";
import { csvFormat, csvOptions, renderMail, renderSlack } from "./render/index.ts";

/** What stands under `looker:`, `email:` and `slack:`, as their own schemas read it. */
export type Connections = {
  looker: z.output<typeof lookerConnection>;
  email: z.output<typeof emailConnection>;
  slack: z.output<typeof slackConnection>;
};

/** The words of reports.yaml, and who reads what stands under them. One line for each source, format and destination. */
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
  destinations: [
    {
      kind: "email",
      connection: "email",
      schema: emailOptions,
      description: "An email with the digest as its body.",
    },
    {
      kind: "slack",
      connection: "slack",
      schema: slackOptions,
      description: "A Slack channel or a direct message.",
    },
  ],
};

export function sourceOf(kind: string, looker: Looker): Source<unknown> {
  const sources: Record<string, Source<never>> = { look: lookSource(looker), query: querySource(looker) };
  return known(sources, "source", kind) as Source<unknown>;
}

export function formatOf(kind: string): Format<unknown> {
  return known({ csv: csvFormat } as Record<string, Format<never>>, "format", kind) as Format<unknown>;
}

/** Opens a destination over its connection. One line for each. */
export const openDestination = {
  email: (connection: Connections["email"], clock: Clock) => openEmail(connection, { renderMail, clock }),
  slack: (connection: Connections["slack"], clock: Clock) => openSlack(connection, { renderSlack, clock }),
};

/** What is wrong with a destination's options given its connection, as far as the file alone tells. */
export function offlineFindings(
  kind: string,
  options: unknown,
  { email }: Partial<Connections>,
): readonly Finding[] {
  if (kind !== "email" || email === undefined) return [];
  return disallowedAddresses(options as EmailOptions, email).map((address) => ({
    message: `${address} is outside email.allowed_domains`,
    advice: "Add its domain there, or correct the address.",
    path: [],
  }));
}

/** The connections' own words with the sandbox's addresses, so that nothing can reach anybody real. */
export function sandboxConnections(
  { email, slack }: Partial<Connections>,
  env: { SMTP_URL: string; SLACK_BOT_TOKEN: string; SLACK_API_URL: string },
): Partial<Connections> {
  const { server } = emailConnection.parse({ smtp: env.SMTP_URL, from: "lookpost@example.com" });
  return {
    ...(email && { email: { ...email, server } }),
    ...(slack && { slack: { ...slack, token: env.SLACK_BOT_TOKEN, apiUrl: env.SLACK_API_URL } }),
  };
}

export function openStore(store: { kind: "file"; directory: string }): Promise<Ledger> {
  return openSqliteLedger(store.directory);
}

function known<T>(all: Readonly<Record<string, T>>, what: string, kind: string): T {
  const found = all[kind];
  if (found === undefined) throw new ReportError(`There is no ${what} "${kind}".`, { code: "config" });
  return found;
}
