import { ReportError } from "../../core/error.ts";
import { POINTS_MAX, type Point, type Remembered } from "../../core/model/memory.ts";
import type { Picture } from "../../core/model/picture.ts";
import type { KpiHistory, ShowPlan } from "../../core/model/report.ts";
import type { Kpi } from "../../core/model/show.ts";
import { columnsNamed, type Table } from "../../core/model/table.ts";
import type { TemplateKpi } from "../../core/ports/template.ts";
import { clockOf } from "../../core/rules/dates/clock.ts";
import { localMinute } from "../../core/rules/dates/date-value.ts";
import type { LastValue } from "../../core/rules/earlier.ts";
import { pointsOf, type Series } from "../../core/rules/figure.ts";
import { kpiOf, type MadeKpi } from "../../core/rules/kpi.ts";
import { wordedKpi } from "../../core/rules/wording/worded.ts";
import { type Phrases, phrasesIn } from "../../core/words/phrases.ts";
import { baselineOf, isMadeAgain, named, nameOf } from "../run/past.ts";
import type { MadeShow, ShowDeps, ShowOrder } from "./order.ts";
import { keep, orNotice } from "./picture.ts";

/** How much of the past is shown. */
const POINTS_SHOWN = 60;

type KpiPlan = ShowPlan & { kind: "kpi" };

export async function showKpi(order: ShowOrder, plan: KpiPlan, deps: ShowDeps): Promise<MadeShow> {
  const { result, run, report, sectionIndex } = order;
  const { table } = result;
  const { timezone } = report.schedule;
  const name = nameOf(report, sectionIndex);
  const { field, partial } = plan;
  const phrases = phrasesIn(report.brand?.language);
  const figure = { table, field, partial, clock: clockOf(result), timezone, dueAt: run.dueAt, phrases };
  const { number, exact, series } = kpiOf({ ...figure, compare: "none", history: [], last: null });
  const metric = metricOf(order, { name, field, series });
  const past = await pastOf({ order, plan, metric, series }, deps);
  const own = ownPoints(order, plan, { number, series });
  const history = merged(past.points, own);
  const last = plan.compare === "run" ? await lastValue(order, name, deps) : NOTHING;
  const made = kpiOf({ ...figure, compare: plan.compare, history, last: last.value });
  const kpi = pastShown(wordedKpi(made.kpi, field, order.section.wording, phrases.figures));
  const sparkline = await sparklineOf(order, kpi, deps);
  const latest: LastValue | null =
    number === null ? null : { value: number, rendered: kpi.value, ...(exact !== null && { exact }), series };
  const remembered: Remembered[] = [
    ...(latest === null ? [] : [{ name, data: JSON.stringify(latest), comparedWith: last.runId }]),
    { name: pastName(metric), data: JSON.stringify(past.points), comparedWith: null },
    ...(past.imported.length === 0 ? [] : [{ metric, points: past.imported, isImport: true }]),
    ...(own.length === 0 ? [] : [{ metric, points: own, isImport: false }]),
  ];
  return {
    show: { kind: "kpi", kpi: { ...kpi, sparkline: sparkline?.name ?? null } },
    pictures: sparkline === null ? [] : [sparkline],
    notices: [...cutWords(table, phrases), ...past.notices, ...last.notices],
    remembered: run.kind === "trial" ? [] : remembered,
    kpi: { field, values: templateValues(kpi, number) },
  };
}

function pastShown({ span, ...kpi }: Omit<Kpi, "sparkline">): Omit<Kpi, "sparkline"> {
  const points = kpi.points.slice(-POINTS_SHOWN);
  const isWhole = span !== undefined && span.count >= points.length;
  return { ...kpi, points, ...(isWhole && { span: { ...span, count: points.length } }) };
}

/** The figure of the latest date may be in a row that is not at hand. */
function cutWords({ rows: known, rowCount }: Table, { figures }: Phrases): string[] {
  return known.length >= rowCount ? [] : [figures.lookedForIn(known.length, rowCount)];
}

/** Weeks and days of one figure are two metrics, and so are two carriers': its name says what it is counted by, and of whom it is. */
function metricOf(
  { result }: ShowOrder,
  { name, field, series }: { name: string; field: string; series: Series },
): string {
  const by = result.table.columns.filter(({ kind }) => kind === "dimension").map((column) => column.name);
  return named("points", field, [name, by.sort(), series]);
}

/** The past that a figure was shown with, for when it is made once more. */
function pastName(metric: string): string {
  return `past ${metric}`;
}

/** The values of this run: those of its dates, or where it has none, one of the tick. */
function ownPoints(
  { result, run, report }: ShowOrder,
  { field }: KpiPlan,
  { number, series }: Pick<MadeKpi, "number" | "series">,
): readonly Point[] {
  const points = pointsOf(result.table, field, { series, clock: clockOf(result) });
  if (points !== null) return points;
  if (number === null) return [];
  return [{ on: localMinute(run.dueAt, report.schedule.timezone), value: number }];
}

interface Figure {
  readonly order: ShowOrder;
  readonly plan: KpiPlan;
  readonly metric: string;
  readonly series: Series;
}

interface Past {
  readonly points: readonly Point[];
  /** What of it is new to the ledger. */
  readonly imported: readonly Point[];
  readonly notices: readonly string[];
}

async function pastOf(figure: Figure, deps: ShowDeps): Promise<Past> {
  const { order, plan, metric, series } = figure;
  const { report, run } = order;
  const before = isMadeAgain(run) ? await deps.ledger.kept(run.id, pastName(metric)) : null;
  const again = before === null ? null : readPoints(before.data);
  if (again !== null) return { points: again, imported: [], notices: [] };
  const points = await deps.ledger.points(report.name, metric, POINTS_MAX);
  const { history } = plan;
  const phrases = phrasesIn(report.brand?.language);
  if (history === null || (await deps.ledger.isImported(report.name, metric)))
    return { points, imported: [], notices: [] };
  const imported = await orNotice(deps, phrases, phrases.figures.pastNotImported, () =>
    imports(history, series, deps),
  );
  if (typeof imported === "string") return { points, imported: [], notices: [imported] };
  return { points: combined(imported, points), imported, notices: [] };
}

function readPoints(json: string): Point[] | null {
  const points = parsed(json);
  return Array.isArray(points) ? (points as Point[]) : null;
}

async function imports(history: KpiHistory, series: Series, deps: ShowDeps): Promise<readonly Point[]> {
  const result = await deps.runHistory(history.source, POINTS_MAX);
  const { table } = result;
  columnsNamed(table, history.date, "history: date");
  columnsNamed(table, history.value, "history: value");
  const wanted = { dateField: history.date, series };
  const all = pointsOf(table, history.value, { ...wanted, clock: null }) ?? [];
  if (all.length === 0 && table.rows.length > 0) {
    throw new ReportError(
      `No row of \`history:\` has a date in "${history.date}" and a number in "${history.value}".`,
      {
        code: "config",
        advice: "Name a date field and a measure of the content that the past is imported from.",
      },
    );
  }
  const points = pointsOf(table, history.value, { ...wanted, clock: clockOf(result) }) ?? [];
  return points.slice(-POINTS_MAX);
}

/** Of one date the later value counts. What came after this tick is not its past: a run may be caught up, or made once more. */
function merged(past: readonly Point[], own: readonly Point[]): Point[] {
  const latest = own.at(-1)?.on;
  return combined(latest === undefined ? past : past.filter(({ on }) => on <= latest), own);
}

function combined(past: readonly Point[], own: readonly Point[]): Point[] {
  const values = new Map([...past, ...own].map(({ on, value }) => [on, value]));
  return [...values]
    .map(([on, value]) => ({ on, value }))
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
}

interface Last {
  readonly value: (LastValue & { readonly dueAt: Date }) | null;
  /** The run that it is from. */
  readonly runId: string | null;
  readonly notices: readonly string[];
}

const NOTHING: Last = { value: null, runId: null, notices: [] };

async function lastValue({ run, report }: ShowOrder, name: string, { ledger }: ShowDeps): Promise<Last> {
  const recalled = await baselineOf(run, name, ledger);
  if (recalled === null) return NOTHING;
  const { runId, dueAt } = recalled;
  const { value, rendered, exact, series } = (parsed(recalled.data) ?? {}) as Partial<LastValue>;
  if (typeof value !== "number" || typeof rendered !== "string" || typeof series !== "object")
    return { value: null, runId, notices: [phrasesIn(report.brand?.language).figures.unreadablePast] };
  const digits = typeof exact === "string" ? { exact } : {};
  return { value: { value, rendered, ...digits, series, dueAt }, runId, notices: [] };
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return null;
  }
}

async function sparklineOf(
  { index, report }: ShowOrder,
  kpi: Omit<Kpi, "sparkline">,
  deps: ShowDeps,
): Promise<Picture | null> {
  const { points } = kpi;
  const phrases = phrasesIn(report.brand?.language);
  if (points.length < 2) return null;
  // The figure says all without it; what failed is told to the author.
  const drawn = await orNotice(deps, phrases, "", () =>
    deps.chartRenderer.sparkline({
      values: points.map(({ value }) => value),
      isLastPartial: kpi.isPartial === true,
    }),
  );
  if (typeof drawn === "string" || drawn === null) return null;
  return keep(drawn, `section-${index + 1}-sparkline.png`, sparklineAlt(kpi, phrases), deps.spool);
}

function sparklineAlt(
  { label, value, points, isPartial }: Pick<Kpi, "label" | "value" | "points" | "isPartial">,
  { figures }: Phrases,
): string {
  const [first] = points;
  if (first === undefined) return label;
  const lowest = points.reduce((least, point) => (point.value < least.value ? point : least));
  const highest = points.reduce((most, point) => (point.value > most.value ? point : most));
  return figures.sparkline({
    label,
    count: points.length,
    first: first.when,
    last: points.at(-1)?.when ?? "",
    value,
    isPartial: isPartial === true,
    lowest: lowest.when,
    highest: highest.when,
  });
}

function templateValues({ value, change }: Omit<Kpi, "sparkline">, number: number | null): TemplateKpi {
  return {
    value,
    number,
    direction: change?.direction ?? null,
    change: change?.absolute ?? null,
    percent: change?.percent ?? null,
  };
}
