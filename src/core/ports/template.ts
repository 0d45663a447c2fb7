import type { Path, Problem } from "../model/problem.ts";

/**
 * Liquid in the YAML (https://shopify.github.io/liquid/), strict: an unknown name is an error. Which texts are templates, and what
 * they may name.
 */

/** What is known before Looker is asked. */
export interface TemplateValues {
  readonly report: {
    readonly name: string;
    /** Filled already; its own template knows of no title. */
    readonly title: string;
    readonly owner: string | null;
    readonly description: string | null;
  };
  readonly run: { readonly id: string; readonly dueAt: Date; readonly timezone: string };
  /** Null before Looker was asked. */
  readonly results: TemplateResults | null;
}

export interface TemplateResults {
  /** Of all sections. */
  readonly rows: number;
  /** By the name of the field. */
  readonly kpi: Readonly<Record<string, TemplateKpi>>;
}

export interface TemplateKpi {
  /** As rendered. */
  readonly value: string;
  readonly number: number | null;
  readonly direction: "up" | "down" | "level" | null;
  /** "1,204" and "8.2%", without a sign; null where there is nothing to compare with. */
  readonly change: string | null;
  readonly percent: string | null;
}

/**
 * What reads a filled text: a heading ("line": it stays on one line), Markdown (values stay as they are, whatever characters they
 * hold), or anything that takes it literally.
 */
export type TextForm = "line" | "plain" | "markdown";

/** Fills one text. Throws ReportError `config` for what cannot be filled. */
export type Fill = (text: string, values: TemplateValues, form: TextForm) => string;

/** A template as `check` sees it. */
export interface TemplateOrder {
  readonly text: string;
  readonly stage: "early" | "late";
  readonly form: TextForm;
  /** The fields that sections of the report show as a KPI. */
  readonly kpis: readonly string[];
  /** What is not known at this place: the title in itself, KPIs in a notice of a run that went wrong; null: nothing but what the stage says. */
  readonly without: "title" | "kpi" | null;
  /** What the report says of itself, as far as it is known; absent: nothing is. */
  readonly report?: { readonly owner: string | null; readonly description: string | null };
}

/** What is wrong with a template, as far as it can be known before it is filled. */
export type CheckTemplate = (order: TemplateOrder) => readonly Problem[];

export function isTemplate(text: string): boolean {
  return /\{\{|\{%/.test(text);
}

/** Texts that are filled before Looker is asked: they may not name `rows` or `kpi`. By their key in the YAML. */
const EARLY = new Set(["title"]);
/** Texts that are filled once the results are in. */
const LATE = new Set(["subject", "message", "text", "filename"]);

/** When the text at `path` of a report is filled; null: it is not a template, and `{{` in it is a mistake or not ours. */
export function stageOf(path: Path): "early" | "late" | null {
  // Looker's own expressions, and Vega-Lite's.
  if (path.includes("dynamic_fields") || path.includes("vega_lite") || path.includes("chart")) return null;
  const [key, holder] = [path.at(-1), path.at(-2)];
  if (holder === "filters" || (typeof key === "string" && EARLY.has(key))) return "early";
  return typeof key === "string" && LATE.has(key) ? "late" : null;
}

/** How the text at `path` of a report is read once it is filled. */
export function formOf(path: Path): TextForm {
  const key = path.at(-1);
  if (key === "text") return "markdown";
  return key === "title" || key === "subject" || key === "filename" ? "line" : "plain";
}

/** A value with every template of one stage in it filled; the rest is left as it is. */
export function filled<T>(
  value: T,
  stage: "early" | "late",
  fill: (text: string, form: TextForm) => string,
  path: Path = [],
): T {
  if (typeof value === "string")
    return (stageOf(path) === stage && isTemplate(value) ? fill(value, formOf(path)) : value) as T;
  if (Array.isArray(value))
    return value.map((item, index) => filled(item, stage, fill, [...path, index])) as T;
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, filled(item, stage, fill, [...path, key])]),
  ) as T;
}
