import { ReportError } from "../core/error.ts";
import type { RenderMail, RenderSlack } from "../core/model/digest.ts";
import type { Destination, Format, Source } from "../core/ports/adapter.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { EmailConnection } from "../deliver/email/connection.ts";
import { openEmail } from "../deliver/email/email.ts";
import { openFile } from "../deliver/file/file.ts";
import type { SlackConnection } from "../deliver/slack/options.ts";
import { openSlack } from "../deliver/slack/slack.ts";
import { dashboardSource } from "../looker/dashboard/source.ts";
import { tileSource } from "../looker/dashboard/tile-source.ts";
import type { Looker } from "../looker/http/client.ts";
import { lookSource } from "../looker/look/source.ts";
import { querySource } from "../looker/query/source.ts";
import { csvFormat } from "../render/csv/format.ts";
import { jsonFormat } from "../render/json/format.ts";
import { pdfFormat, pngFormat } from "../render/looker-file/format.ts";
import { htmlFormat } from "../render/page/format.ts";
import { xlsxFormat } from "../render/xlsx/format.ts";
import { zipFormat } from "../render/zip/format.ts";

/*
 * Who carries out what the words of language.ts ask for: one entry for each source, format and destination. Nothing here may load
 * what reads reports.yaml.
 */

export interface Surroundings {
  readonly clock: Clock;
  /** That of reports.yaml, which relative paths in it belong to. */
  readonly directory: string;
}

/** How to open a destination. C: its connection, which its own schema has read; null where it needs none. */
interface DestinationEntry<C, O> {
  readonly needsConnection: boolean;
  open(connection: C, surroundings: Surroundings): Destination<O> & { close(): Promise<void> | void };
}

/** Loaded when something is first delivered: a service that waits for its first tick is to stay small. */
const renderMail: RenderMail = async (...order) =>
  (await import("../render/mail/mail.ts")).renderMail(...order);
const renderSlack: RenderSlack = async (...order) =>
  (await import("../render/slack/slack.ts")).renderSlack(...order);

const destinations = {
  email: {
    needsConnection: true,
    open: (connection: EmailConnection, { clock }: Surroundings) =>
      openEmail(connection, { renderMail, clock }),
  },
  slack: {
    needsConnection: true,
    open: (connection: SlackConnection, { clock }: Surroundings) =>
      openSlack(connection, { renderSlack, clock }),
  },
  file: {
    needsConnection: false,
    open: (_connection: null, { directory }: Surroundings) => openFile({ renderMail, directory }),
  },
};

export function sourceOf(kind: string, looker: Looker): Source<unknown> {
  const sources: Record<string, Source<never>> = {
    look: lookSource(looker),
    query: querySource(looker),
    dashboard: dashboardSource(looker),
    // No word of the YAML: what a dashboard is taken apart into.
    tile: tileSource(looker),
  };
  return known(sources, "source", kind) as Source<unknown>;
}

export function formatOf(kind: string): Format<unknown> {
  const formats: Record<string, Format<never>> = {
    csv: csvFormat,
    xlsx: xlsxFormat,
    json: jsonFormat,
    html: htmlFormat,
    pdf: pdfFormat,
    png: pngFormat,
    zip: zipFormat,
  };
  return known(formats, "format", kind) as Format<unknown>;
}

/** A destination whose options and connection its own schemas have read: from here on nobody looks into them. */
export function destinationOf(kind: string): DestinationEntry<unknown, unknown> {
  return known(destinations as Record<string, unknown>, "destination", kind) as DestinationEntry<
    unknown,
    unknown
  >;
}

export function unconnected(kind: string): ReportError {
  return new ReportError(`There is no connection for "${kind}".`, {
    code: "config",
    advice: `Write a top-level block \`${kind}:\` into reports.yaml.`,
  });
}

function known<T>(all: Readonly<Record<string, T>>, what: string, kind: string): T {
  const found = all[kind];
  if (found === undefined) throw new ReportError(`There is no ${what} "${kind}".`, { code: "config" });
  return found;
}
