import { ReportError } from "../core/error.ts";
import type { Format, Source } from "../core/ports/adapter.ts";
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
 * Who carries out what the words of language.ts ask for: one entry for each source and format (destinations.ts has
 * the destinations). Nothing here may load what reads reports.yaml.
 */

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

function known<T>(all: Readonly<Record<string, T>>, what: string, kind: string): T {
  const found = all[kind];
  if (found === undefined) throw new ReportError(`There is no ${what} "${kind}".`, { code: "config" });
  return found;
}
