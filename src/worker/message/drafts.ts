import { ReportError, toReportError } from "../../core/error.ts";
import type { ChartRenderer, DrawnChart } from "../../core/model/picture.ts";
import type { Chosen } from "../../core/model/report.ts";
import type { Result } from "../../core/model/result.ts";
import type { SectionRecord } from "../../core/model/run.ts";
import type { Leader, Show } from "../../core/model/show.ts";
import type { TemplateKpi, TemplateResults } from "../../core/ports/template.ts";
import type { Hex } from "../../core/rules/brand/colour.ts";
import { asLabelled } from "../../core/rules/presentation/presentation.ts";
import { asOnPage } from "../../core/rules/presentation/rows.ts";
import { rows } from "../../core/rules/quantity.ts";
import { leaderOf } from "../../core/rules/wording/leader.ts";
import { rowOrderOf } from "../../core/rules/wording/row-order.ts";
import { wordedTable } from "../../core/rules/wording/worded.ts";
import { type Phrases, phrasesIn } from "../../core/words/phrases.ts";
import type { WorkerContext } from "../process/context.ts";
import type { AttemptContext } from "../run/attempt.ts";
import type { Part } from "../run/parts.ts";
import { type IndexedPart, sourceContext } from "../run/sections.ts";
import { type MadeShow, makeShow, viewOf } from "../show/show-part.ts";
import type { MadePart } from "./compose.ts";
import { draw } from "./drawing.ts";
import { tileFigure, tilePlan } from "./tile-show.ts";

/** A part before the words of its author are filled in. */
export type Draft = MadePart & Pick<MadeShow, "remembered" | "kpi">;

export interface DraftInput extends IndexedPart {
  readonly result: Result | null;
  /** What is left for all pictures of the message together, in milliseconds. */
  readonly picturesMs: () => number;
}

/** What one part shows of its result. Throws ReportError. */
export async function draftOf(
  { part, index, result: fetched, picturesMs }: DraftInput,
  attempt: AttemptContext,
  worker: WorkerContext,
): Promise<Draft> {
  const { content, plan } = part;
  if (content === null || fetched === null)
    return { part, data: null, pictures: [], notices: [], remembered: [], kpi: null };
  const { run, report, spool, signal } = attempt;
  const url = report.link === "none" ? null : fetched.url;
  const labelled = asLabelled(fetched);
  const result = { ...labelled, table: wordedTable(labelled.table, plan.wording, plan.show.kind !== "kpi") };
  const section = tilePlan(part, result.table);
  const { sectionIndex } = part;
  const view = viewOf({ section, sectionIndex, result, report });
  const shown = view.result;
  const figure = tileFigure(part, shown.table, phrasesIn(report.brand?.language));
  if (figure !== null) {
    const show: Show = { kind: "kpi", kpi: figure };
    return { part, data: { result, shown, show, url }, pictures: [], notices: [], remembered: [], kpi: null };
  }
  const title = part.title ?? result.title ?? report.title;
  const indexed = { part, index };
  const told: string[] = [];
  const tell = (thrown: unknown) => {
    const sentence = tellIncomplete({ ...indexed, title }, thrown, attempt, worker);
    if (sentence !== null) told.push(sentence);
  };
  const incomplete = (thrown: unknown): never => {
    tell(thrown);
    throw thrown;
  };
  const made = await makeShow(
    {
      section,
      index,
      sectionIndex,
      title,
      result,
      shown: view,
      report,
      run,
    },
    {
      chartRenderer: listenedTo(worker.adapters.chartRenderer, report.brand?.accent, signal, tell),
      ledger: worker.ledger,
      spool,
      signal,
      draw: ({ maxMs, ...how }) => {
        const order = { ...how, maxMs: Math.min(maxMs, picturesMs()) };
        return draw(indexed, { content, order }, attempt, worker).catch(incomplete);
      },
      runHistory: (source, rowsMax) =>
        runHistory(indexed, { source, rowsMax }, attempt, worker).catch(incomplete),
    },
  );
  // Only `history` keeps what its author is to know, and recipients are not.
  if (told.length > 0)
    await worker.ledger.recordSection(run.id, {
      ...record(result, title, index),
      warnings: [...result.warnings, ...told],
    });
  const { pictures, notices, remembered, kpi, fileTable } = made;
  const show =
    made.show.kind === "table"
      ? { ...made.show, ...leading(labelled, plan, phrasesIn(report.brand?.language)) }
      : made.show;
  const { csv: _csv, ...held } = shown;
  const inFiles = fileTable === undefined ? {} : { inFiles: { ...held, table: fileTable } };
  const order = rowOrderOf(labelled, plan.wording);
  const data = { result, shown, ...inFiles, show, url, ...(order !== null && { order }) };
  return { part, data, pictures, notices, remembered, kpi };
}

/** By the model's labels: the headings of a worded table have units of their own. */
function leading(
  labelled: Result,
  { wording }: Part["plan"],
  { figures }: Phrases,
): { readonly leader?: Leader } {
  const leader = leaderOf(labelled, wording, figures);
  const [first] = labelled.table.rows;
  // A row that its page leaves out is not to be named.
  const isShown = first !== undefined && asOnPage(labelled).rows.includes(first);
  return leader === null || !isShown ? {} : { leader };
}

function record({ table, tookMs, warnings }: Result, title: string, section: number): SectionRecord {
  return { section, title, taskId: null, rows: table.rowCount, tookMs, warnings };
}

/** What could not be had as it was asked for goes to the log and to `history`, in the sentences that it returns; null: nothing is to be said any more. */
function tellIncomplete(
  { index, title }: IndexedPart & { readonly title: string },
  thrown: unknown,
  { run, signal }: AttemptContext,
  { listener, redact }: WorkerContext,
): string | null {
  if (signal.aborted) return null;
  const { message, advice } = toReportError(thrown);
  const words = { reason: redact(message), advice: advice === null ? null : redact(advice) };
  listener({ kind: "section_incomplete", run, section: index, title, ...words });
  return words.advice === null ? words.reason : `${words.reason} ${words.advice}`;
}

/** It draws in the brand's colour. What it draws is of no use once the attempt has ended. */
function listenedTo(
  chartRenderer: ChartRenderer,
  accent: Hex | undefined,
  signal: AbortSignal,
  tell: (thrown: unknown) => void,
): ChartRenderer {
  const failed = (thrown: unknown): never => {
    tell(thrown);
    throw thrown;
  };
  const inColour = accent === undefined ? {} : { accent };
  return {
    async chart(order) {
      const drawn = await chartRenderer.chart({ ...order, ...inColour, signal }).catch(failed);
      if (drawn === null) tell(nothingToDraw(order.table));
      else if (drawn.missing.length > 0) tell(withoutLetters(drawn.missing));
      else if (drawn.otherwise !== undefined) tell(drawnOtherwise(drawn.otherwise));
      return drawn;
    },
    sparkline: (order) => chartRenderer.sparkline({ ...order, ...inColour }, signal).catch(failed),
  };
}

function nothingToDraw({ rowCount }: Result["table"]): ReportError {
  return new ReportError(`The chart has nothing to draw: none of its ${rows(rowCount)} has a value for it.`, {
    code: "invalid_query",
    advice: "Look at the fields that it names, and at the query's filters. Its table is shown until then.",
  });
}

function drawnOtherwise({ message, advice }: NonNullable<DrawnChart["otherwise"]>): ReportError {
  return new ReportError(message, { code: "config", advice });
}

/** Why a table takes the place of a chart that would show boxes. */
function withoutLetters(missing: readonly string[]): ReportError {
  return new ReportError(`The chart has letters that none of its fonts has: ${missing.join(" ")}`, {
    code: "config",
    advice: "Name a font that has them under fonts: in reports.yaml. Its table is shown until then.",
  });
}

async function runHistory(
  indexed: IndexedPart,
  { source, rowsMax }: { readonly source: Chosen; readonly rowsMax: number },
  attempt: AttemptContext,
  worker: WorkerContext,
): Promise<Result> {
  const context = await sourceContext(indexed, attempt, worker, "history-");
  return worker.adapters
    .source(source.kind)
    .run(source.options, { filters: {}, limit: null, csv: "both" }, { ...context, headRowsMax: rowsMax });
}

/** What the templates may name once the results are in. */
export function templateResults(drafts: readonly Draft[]): TemplateResults {
  const rows = drafts.reduce((sum, { data }) => sum + (data?.result.table.rowCount ?? 0), 0);
  const kpi: Record<string, TemplateKpi> = {};
  for (const draft of drafts) if (draft.kpi !== null) kpi[draft.kpi.field] ??= draft.kpi.values;
  return { rows, kpi };
}
