import { localMinute } from "../core/date-value.ts";
import { ReportError } from "../core/error.ts";
import { columnsNamed } from "../core/field.ts";
import { pointsOf } from "../core/figure.ts";
import { kpiOf, type LastValue } from "../core/kpi.ts";
import { POINTS_MAX, type Point } from "../core/memory.ts";
import type { Picture } from "../core/picture.ts";
import { count, rows } from "../core/quantity.ts";
import type { KpiHistory, ShowPlan } from "../core/report.ts";
import type { Kpi } from "../core/show.ts";
import type { Table } from "../core/table.ts";
import type { TemplateKpi } from "../core/template.ts";
import { type MadeShow, occurrence, type ShowDeps, type ShowOrder } from "./shows-order.ts";
import { keep, orNotice } from "./shows-picture.ts";

/** How much of the past is shown. */
const POINTS_SHOWN = 60;

type KpiPlan = ShowPlan & { kind: "kpi" };

export async function showKpi(order: ShowOrder, plan: KpiPlan, deps: ShowDeps): Promise<MadeShow> {
  const { result, run, report, place } = order;
  const { table } = result;
  const { timezone } = report.schedule;
  const name = occurrence(report, place);
  const first = kpiOf({
    table,
    field: plan.field,
    compare: "none",
    history: [],
    last: null,
    timezone,
    dueAt: run.dueAt,
  });
  const past = await pastOf(order, plan, metricOf(order, name), deps);
  const own = ownPoints(order, plan, first.number);
  const history = merged(past.points, own);
  if (!run.isTrial && past.isWhole && own.length > 0)
    await deps.ledger.addPoints(report.name, metricOf(order, name), own);
  const last = plan.compare === "run" ? await lastValue(order, name, deps) : null;
  const { kpi, number } = kpiOf({
    table,
    field: plan.field,
    compare: plan.compare,
    history,
    last,
    timezone,
    dueAt: run.dueAt,
  });
  const points = kpi.points.slice(-POINTS_SHOWN);
  const sparkline = await sparklineOf(order, { ...kpi, points }, deps);
  const kept: LastValue | null =
    number === null || run.isTrial ? null : { value: number, rendered: kpi.value };
  return {
    show: { kind: "kpi", kpi: { ...kpi, points, sparkline: sparkline.picture?.name ?? null } },
    pictures: sparkline.picture === null ? [] : [sparkline.picture],
    notices: [...cutWords(table), ...past.notices, ...sparkline.notices],
    remembered: kept === null ? [] : [{ name: `kpi ${name}`, data: JSON.stringify(kept) }],
    kpi: { field: plan.field, values: templateValues(kpi, number) },
  };
}

/** The figure of the latest date may stand in a row that is not at hand. */
function cutWords({ rows: known, rowCount }: Table): string[] {
  if (known.length >= rowCount) return [];
  return [`This figure was looked for in the first ${count(known.length)} of ${rows(rowCount)} only.`];
}

/** Weeks and days of one figure are two metrics: its name says what it is counted by. */
function metricOf({ result }: ShowOrder, name: string): string {
  const by = result.table.columns.filter(({ kind }) => kind === "dimension").map((column) => column.name);
  return by.length === 0 ? name : `${name} by ${by.join(", ")}`;
}

/** The values of this run: those of its dates, or where it has none, one of the tick. */
function ownPoints({ result, run, report }: ShowOrder, { field }: KpiPlan, number: number | null): Point[] {
  const points = pointsOf(result.table, field);
  if (points !== null) return [...points];
  if (number === null) return [];
  return [{ on: localMinute(run.dueAt, report.schedule.timezone), value: number }];
}

interface Past {
  readonly points: readonly Point[];
  readonly notices: readonly string[];
  /** False where it is still to be imported: what is added before that would stand in for it. */
  readonly isWhole: boolean;
}

async function pastOf(order: ShowOrder, plan: KpiPlan, metric: string, deps: ShowDeps): Promise<Past> {
  const { report, run } = order;
  const points = await deps.ledger.points(report.name, metric, POINTS_MAX);
  if (points.length > 0 || plan.history === null) return { points, notices: [], isWhole: true };
  const { history } = plan;
  const imported = await orNotice(deps, "Its past could not be imported this time", () =>
    imports(history, deps),
  );
  if (typeof imported === "string") return { points, notices: [imported], isWhole: false };
  if (!run.isTrial && imported.length > 0) await deps.ledger.addPoints(report.name, metric, imported);
  return { points: imported, notices: [], isWhole: true };
}

async function imports(history: KpiHistory, deps: ShowDeps): Promise<readonly Point[]> {
  const { table } = await deps.runHistory(history.source, POINTS_MAX);
  columnsNamed(table, history.date, "history: date");
  columnsNamed(table, history.value, "history: value");
  const points = pointsOf(table, history.value, history.date) ?? [];
  if (points.length === 0 && table.rows.length > 0) {
    throw new ReportError(
      `No row of \`history:\` has a date in "${history.date}" and a number in "${history.value}".`,
      {
        code: "config",
        advice: "Name a date field and a measure of the content that the past is imported from.",
      },
    );
  }
  return points.slice(-POINTS_MAX);
}

/** Of one date the later value counts. What came after this tick is not its past: a run may be caught up, or made once more. */
function merged(past: readonly Point[], own: readonly Point[]): Point[] {
  const latest = own.at(-1)?.on;
  const before = latest === undefined ? past : past.filter(({ on }) => on <= latest);
  const values = new Map([...before, ...own].map(({ on, value }) => [on, value]));
  return [...values]
    .map(([on, value]) => ({ on, value }))
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : 0));
}

async function lastValue({ report, run }: ShowOrder, name: string, { ledger }: ShowDeps) {
  const recalled = await ledger.recall(report.name, `kpi ${name}`, run.dueAt);
  if (recalled === null) return null;
  const { value, rendered } = JSON.parse(recalled.data) as Partial<LastValue>;
  if (typeof value !== "number" || typeof rendered !== "string") return null;
  return { value, rendered, dueAt: recalled.dueAt };
}

interface Sparkline {
  readonly picture: Picture | null;
  readonly notices: readonly string[];
}

async function sparklineOf(
  { index }: ShowOrder,
  kpi: Omit<Kpi, "sparkline">,
  deps: ShowDeps,
): Promise<Sparkline> {
  const { points } = kpi;
  if (points.length < 2) return { picture: null, notices: [] };
  const drawn = await orNotice(deps, "Its past could not be drawn", () =>
    deps.draftsman.sparkline(points.map(({ value }) => value)),
  );
  if (typeof drawn === "string") return { picture: null, notices: [drawn] };
  if (drawn === null) return { picture: null, notices: [] };
  const alt = sparklineAlt(kpi);
  const picture = await keep(drawn, `section-${index + 1}-sparkline.png`, alt, deps.spool);
  return { picture, notices: [] };
}

function sparklineAlt({ label, value, points }: Pick<Kpi, "label" | "value" | "points">): string {
  const [first] = points;
  if (first === undefined) return label;
  const lowest = points.reduce((least, point) => (point.value < least.value ? point : least));
  const highest = points.reduce((most, point) => (point.value > most.value ? point : most));
  const span = `${points.length} values from ${first.of} to ${points.at(-1)?.of ?? ""}`;
  return `${label}, ${span}: now ${value || "none"}, lowest on ${lowest.of}, highest on ${highest.of}.`;
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
