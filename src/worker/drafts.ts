import type { DrawnFile, DrawOrder } from "../core/adapter.ts";
import { ReportError } from "../core/error.ts";
import type { Chosen } from "../core/report.ts";
import type { Result } from "../core/result.ts";
import type { Kpi, Show } from "../core/show.ts";
import type { Table } from "../core/table.ts";
import type { TemplateKpi, TemplateResults } from "../core/template.ts";
import type { MadePart } from "./compose.ts";
import { type Part, requestOf } from "./parts.ts";
import type { Workshop } from "./pipeline.ts";
import { contextOf, type Fetching, type Place } from "./sections.ts";
import { type MadeShow, makeShow } from "./shows.ts";

/** A part before the words of its author are filled in. */
export type Draft = MadePart & Pick<MadeShow, "remembered" | "kpi">;

/** What one part shows of its result. Throws ReportError. */
export async function draftOf(
  { part, index, result }: Place & { readonly result: Result | null },
  fetching: Fetching,
  workshop: Workshop,
): Promise<Draft> {
  const { content, plan } = part;
  if (content === null || result === null)
    return { part, data: null, pictures: [], notices: [], remembered: [], kpi: null };
  const figure = part.isTile && plan.show.kind !== "none" ? singleFigure(result.table) : null;
  if (figure !== null) {
    const url = await linkOf(result, fetching, workshop);
    const show: Show = { kind: "kpi", kpi: figure };
    return { part, data: { result, show, url }, pictures: [], notices: [], remembered: [], kpi: null };
  }
  const { run, report, spool, signal } = fetching;
  const title = part.title ?? result.title ?? report.title;
  const shown = await makeShow(
    { section: plan, index, place: part.place, title, result, report, run },
    {
      draftsman: workshop.adapters.draftsman,
      ledger: workshop.ledger,
      spool,
      signal,
      draw: (order) => draw({ part, index }, { content, order }, fetching, workshop),
      runHistory: (source, rowsMax) => runHistory({ part, index }, { source, rowsMax }, fetching, workshop),
    },
  );
  const { show, pictures, notices, remembered, kpi } = shown;
  const url = await linkOf(result, fetching, workshop);
  return { part, data: { result, show, url }, pictures, notices, remembered, kpi };
}

/** A tile of one number, as dashboards have them at their top: a grid or a picture of it would say no more than the number. */
function singleFigure({ columns, rows, rowCount, totals }: Table): Kpi | null {
  const [column, ...others] = columns;
  const cell = rows[0]?.[0];
  if (column === undefined || others.length > 0 || cell === undefined || rowCount !== 1) return null;
  if (!column.isNumeric || totals !== undefined) return null;
  const bare = { of: null, change: null, withoutChange: null, sparkline: null, points: [] };
  return { label: column.label, value: cell.rendered, ...bare };
}

/** A report's whole content (a dashboard with all its tiles) as Looker draws it. */
export function drawContent(
  place: Place,
  order: DrawOrder,
  fetching: Fetching,
  workshop: Workshop,
): Promise<DrawnFile> {
  const { source, filters } = place.part.plan;
  return draw(place, { content: { source, filters }, order }, fetching, workshop);
}

interface Wanted {
  readonly content: NonNullable<Part["content"]>;
  readonly order: DrawOrder;
}

async function draw(
  place: Place,
  { content, order }: Wanted,
  fetching: Fetching,
  workshop: Workshop,
): Promise<DrawnFile> {
  const { adapters } = workshop;
  const source = adapters.source(content.source.kind);
  if (source.draw === undefined) {
    throw new ReportError(`Looker draws no ${order.format} of ${source.describe(content.source.options)}.`, {
      code: "config",
    });
  }
  const request = {
    ...requestOf(place.part.plan, fetching.report, adapters.format),
    filters: content.filters,
  };
  const { format, width, height } = order;
  const context = await contextOf(place, fetching, workshop, `${format}-${width}x${height}-`);
  return source.draw(content.source.options, request, order, context);
}

async function runHistory(
  place: Place,
  { source, rowsMax }: { readonly source: Chosen; readonly rowsMax: number },
  fetching: Fetching,
  workshop: Workshop,
): Promise<Result> {
  const context = await contextOf(place, fetching, workshop, "history-");
  return workshop.adapters
    .source(source.kind)
    .run(
      source.options,
      { filters: {}, limit: null, csv: "formatted" },
      { ...context, headRowsMax: rowsMax },
    );
}

async function linkOf(
  { url }: Result,
  { run, report }: Fetching,
  { links }: Workshop,
): Promise<string | null> {
  if (report.link === "none") return null;
  if (report.link === "looker") return url;
  if (links === null) {
    throw new ReportError("This worker has no address of its own, which signed links need.", {
      code: "config",
      advice: "Give `server:` its `url:`, or let the report have `link: looker`.",
    });
  }
  return links.embed(url, run.id);
}

/** What the templates may name once the results are in. */
export function templateResults(drafts: readonly Draft[]): TemplateResults {
  const rows = drafts.reduce((sum, { data }) => sum + (data?.result.table.rowCount ?? 0), 0);
  const kpi: Record<string, TemplateKpi> = {};
  for (const draft of drafts) if (draft.kpi !== null) kpi[draft.kpi.field] ??= draft.kpi.values;
  return { rows, kpi };
}
