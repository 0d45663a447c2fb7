import { ReportError } from "../core/error.ts";
import type { TemplateKpi, TemplateResults, TemplateValues } from "../core/ports/template.ts";
import { Moment } from "./moment.ts";

export const REPORT_NAMES = ["name", "title", "owner", "description"];
export const RUN_NAMES = ["id", "due_at", "date", "zone"];
export const FIGURE_NAMES = ["change", "percent", "direction", "number"];

/** A name with others below it, which prints nothing itself. */
class Names {
  readonly #name: string;

  constructor(name: string, below: Readonly<Record<string, unknown>>) {
    this.#name = name;
    for (const [key, value] of Object.entries(below)) define(this, key, value);
  }

  [Symbol.toPrimitive](): never {
    const [example] = Object.keys(this);
    throw new ReportError(`"${this.#name}" is not a value by itself`, {
      code: "config",
      advice: `Name what is below it${example === undefined ? "" : `, as in ${this.#name}.${example}`}.`,
    });
  }
}

/** A KPI: it prints as Looker renders it, and counts as its number in calculations and comparisons. */
export class KpiValue {
  readonly #value: string;
  declare readonly number: number | null;

  constructor({ value, change, percent, direction, number }: TemplateKpi) {
    this.#value = value;
    for (const [key, found] of Object.entries({ change, percent, direction, number }))
      define(this, key, found);
  }

  [Symbol.toPrimitive](hint: string): string | number {
    return hint === "number" ? (this.number ?? Number.NaN) : this.#value;
  }
}

/** What a template may name. */
export function scopeOf({ report, run, results }: TemplateValues): object {
  const dueAt = Moment.ofTick(run.dueAt, run.timezone);
  return bare({
    report: new Names("report", {
      name: report.name,
      title: report.title,
      owner: report.owner,
      description: report.description,
    }),
    run: new Names("run", { id: run.id, due_at: dueAt, date: Moment.ofDay(dueAt.day), zone: run.timezone }),
    ...(results !== null && { rows: results.rows, kpi: figures(results.kpi) }),
  });
}

/** By view and field, since a dot parts names in Liquid; by the whole name too, as in kpi["flights.count"]. */
function figures(kpi: TemplateResults["kpi"]): Names {
  const views = new Map<string, Map<string, KpiValue>>();
  const whole = new Map<string, KpiValue>();
  for (const [field, found] of Object.entries(kpi)) {
    const figure = new KpiValue(found);
    whole.set(field, figure);
    const [view = "", ...rest] = field.split(".");
    if (rest.length === 0) continue;
    const fields = views.get(view) ?? new Map<string, KpiValue>();
    views.set(view, fields.set(rest.join("."), figure));
  }
  // If a calculation is named like a view, the view wins: its fields could not be named otherwise.
  const ofViews = [...views].map(([view, fields]) => [
    view,
    new Names(`kpi.${view}`, Object.fromEntries(fields)),
  ]);
  return new Names("kpi", { ...Object.fromEntries(whole), ...Object.fromEntries(ofViews) });
}

function bare(values: Readonly<Record<string, unknown>>): object {
  return Object.assign(Object.create(null), values);
}

/** As an own property, also for names that objects inherit. */
function define(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true });
}
