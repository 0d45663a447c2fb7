import { ReportError } from "../../core/error.ts";
import type { Chosen, Report, SectionPlan, ShowPlan } from "../../core/model/report.ts";
import type { Format, SourceRequest, WholeCsv } from "../../core/ports/adapter.ts";
import type { CsvForm, CsvOnTheWay } from "../../core/ports/csv-on-the-way.ts";
import type { Adapters } from "../process/context.ts";

/** One section as it will be in the message: a section of the report, or a tile of a dashboard. */
export interface Part {
  /** Which of the report's sections it comes from. */
  readonly sectionIndex: number;
  readonly plan: SectionPlan;
  readonly title: string | null;
  /** CommonMark. */
  readonly text: string | null;
  /** What to run for it; null: words alone. */
  readonly content: { readonly source: Chosen; readonly filters: Readonly<Record<string, string>> } | null;
  /** Why it cannot be run; null: it can, or there is nothing to run. */
  readonly notice: string | null;
  /** It is one of several that its section was taken apart into. */
  readonly isTile: boolean;
}

/** Rows of a large result that are held for showing: a chart draws all it gets, changes compare as many as the ledger keeps. */
const HEAD_ROWS = { chart: 5_000, kpi: 5_000, changes: 10_001 } as const;

export function headRowsMax({ show, rowsShown }: SectionPlan): number {
  return Math.max(rowsShown, show.kind in HEAD_ROWS ? HEAD_ROWS[show.kind as keyof typeof HEAD_ROWS] : 0);
}

/** The sections of a report, its dashboards taken apart into their tiles. Throws ReportError. */
export async function partsOf(
  report: Report,
  adapters: Pick<Adapters, "source" | "format">,
  signal: AbortSignal,
): Promise<readonly Part[]> {
  const parts = await Promise.all(
    report.sections.map((plan, sectionIndex) =>
      partsOfSection({ plan, sectionIndex }, report, adapters, signal),
    ),
  );
  return parts.flat();
}

async function partsOfSection(
  { plan, sectionIndex }: Pick<Part, "plan" | "sectionIndex">,
  report: Report,
  adapters: Pick<Adapters, "source" | "format">,
  signal: AbortSignal,
): Promise<readonly Part[]> {
  const { title, text, source, filters } = plan;
  const { expand } = adapters.source(source.kind);
  if (expand === undefined)
    return [{ sectionIndex, plan, title, text, content: { source, filters }, notice: null, isTile: false }];
  const request = requestOf(plan, report, adapters.format);
  const tiles = await expand(source.options, request, signal).catch((thrown: unknown) => {
    throw thrown instanceof ReportError
      ? inPart(thrown, { sectionIndex, title, isTile: false }, report)
      : thrown;
  });
  const own = { sectionIndex, plan, title, text, content: null, notice: null, isTile: false };
  const heading = title === null && text === null ? [] : [own];
  return [...heading, ...tiles.map((tile) => ({ ...tile, sectionIndex, plan, isTile: true }))];
}

/** What its content is asked for, besides itself. */
export function requestOf(
  plan: SectionPlan,
  { deliver }: Report,
  format: (kind: string) => Format<unknown>,
): SourceRequest {
  const { filters, limit, asInLooker } = plan;
  const files = [...plan.attach, ...deliver.flatMap(({ attach }) => attach)];
  const forms = new Set([
    ...files.map(({ kind, options }) => format(kind).reads(options)),
    ...formsShown(plan.show),
  ]);
  const csv = !forms.has("raw") ? "formatted" : forms.has("formatted") ? "both" : "raw";
  const whole = wholeOf(files, format);
  const drawings = new Set(files.flatMap(({ kind }) => format(kind).draws ?? []));
  return { filters, limit, csv, whole, asInLooker, drawings: [...drawings] };
}

/** Which files are written while a large result comes in, and what the others read of it afterwards. */
function wholeOf(files: readonly Chosen[], format: (kind: string) => Format<unknown>): WholeCsv {
  const onTheWay = new Map<string, CsvOnTheWay>();
  const kept = new Set<CsvForm>();
  for (const { kind, options } of files) {
    const { reads, onTheWay: writes } = format(kind);
    const form = reads(options);
    const way = writes?.(options);
    if (way !== undefined) onTheWay.set(way.name, way);
    else if (form !== null) kept.add(form);
  }
  return { kept: [...kept], onTheWay: [...onTheWay.values()] };
}

/** In which forms what is in the body needs a large result: what is calculated with needs values as well as words. */
function formsShown(show: ShowPlan): readonly ("formatted" | "raw")[] {
  if (show.kind === "none") return [];
  const isPlain = show.kind === "image" || (show.kind === "table" && show.highlight.length === 0);
  return isPlain ? ["formatted"] : ["formatted", "raw"];
}

/** With several sections, a person has to know which one it was. */
export function inPart(
  error: ReportError,
  { sectionIndex, title, isTile }: Pick<Part, "sectionIndex" | "title" | "isTile">,
  { sections }: Report,
): ReportError {
  if (error.code === "cancelled" || (sections.length === 1 && !isTile)) return error;
  const number = `Section ${sectionIndex + 1}`;
  const name = title === null ? number : isTile ? `${number}, tile "${title}"` : `${number}, "${title}"`;
  return error.under(name);
}
