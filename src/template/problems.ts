import { analyzeSync, LiquidError, type Template, type Variable } from "liquidjs";
import { toReportError } from "../core/error.ts";
import { type Problem, problemOf } from "../core/model/problem.ts";
import type { CheckTemplate, TemplateKpi, TemplateOrder } from "../core/ports/template.ts";
import { didYouMean, nearest } from "../core/rules/nearest.ts";
import { parseTemplate, renderTemplate } from "./engine.ts";
import { FIGURE_NAMES, REPORT_NAMES, RUN_NAMES, scopeOf } from "./scope.ts";
import { inWords } from "./words.ts";

/** Reads the template, looks at every name in it, and fills it once with made-up values. */
export const templateProblems: CheckTemplate = (order) => {
  const template = read(order);
  if (!isTemplateRead(template)) return template;
  const ofNames = namesOf(template).flatMap((variable) => {
    const found = nameProblem(variable.segments, order);
    return found === null ? [] : [{ ...found, range: rangeOf(variable, order.text) }];
  });
  return ofNames.length > 0 ? ofNames : trialProblems(template, order);
};

function read({ text, form }: TemplateOrder): Template[] | Problem[] {
  try {
    return parseTemplate(text, form);
  } catch (thrown) {
    return [problemThrown(thrown, text)];
  }
}

function isTemplateRead(read: Template[] | Problem[]): read is Template[] {
  return !read.some((one) => "advice" in one);
}

/** Names that the template does not assign itself. */
function namesOf(template: Template[]): Variable[] {
  return Object.values(analyzeSync(template, { partials: false }).globals).flat();
}

type Segments = Variable["segments"];

function nameProblem(segments: Segments, order: TemplateOrder): Problem | null {
  const [root, ...below] = segments;
  if (root === "report") return belowProblem("report", below, REPORT_NAMES) ?? titleProblem(below, order);
  if (root === "run") return belowProblem("run", below, RUN_NAMES);
  if (root === "rows" || root === "kpi") return lateProblem(root, below, order);
  if (root === "each")
    return {
      message: '"each" is not supported by this version',
      advice: "It needs for_each, which is planned. Leave it out.",
    };
  const known = ["report", "run", ...(order.stage === "late" ? ["rows", "kpi"] : [])];
  return unknown(String(root), known);
}

function titleProblem(below: Segments, { without }: TemplateOrder): Problem | null {
  if (without !== "title" || below[0] !== "title") return null;
  return { message: "a title cannot name itself", advice: "Write its words, or report.name." };
}

function lateProblem(root: string, below: Segments, { stage, kpis, without }: TemplateOrder): Problem | null {
  if (stage === "early")
    return {
      message: `"${root}" is only known once Looker has answered`,
      advice: "Use it in subject, message, text or filename.",
    };
  if (root === "kpi" && without === "kpi")
    return {
      message: "on_failure has no KPIs: it reports a run that went wrong",
      advice: "Use what is below report and run.",
    };
  return root === "rows" ? belowProblem("rows", below, []) : figureProblem(below, kpis);
}

function figureProblem(below: Segments, kpis: readonly string[]): Problem | null {
  const names = below.map(String);
  // What a computed name leads to is known only when the template is filled.
  if (below.some((segment) => typeof segment === "object")) return null;
  const last = names.findIndex((_, index) => kpis.includes(names.slice(0, index + 1).join(".")));
  if (last >= 0) {
    const field = names.slice(0, last + 1).join(".");
    return belowProblem(`kpi.${field}`, below.slice(last + 1), FIGURE_NAMES, true);
  }
  const field = names.join(".");
  if (field === "") return bare("kpi", kpis);
  if (kpis.length === 0)
    return { message: `no section shows ${field} as a KPI`, advice: `Give a section kpi: ${field}.` };
  const near = didYouMean(field, kpis).trim();
  return {
    message: `no section shows ${field} as a KPI`,
    advice: `${near === "" ? `Known here: ${kpis.join(", ")}.` : near} Or give a section kpi: ${field}.`,
  };
}

/** `printsItself`: the name has a value itself, in addition to the names below it. */
function belowProblem(
  name: string,
  below: Segments,
  known: readonly string[],
  printsItself = known.length === 0,
): Problem | null {
  const [key, ...further] = below;
  if (key === undefined) return printsItself ? null : bare(name, known);
  if (typeof key === "object") return null;
  const here = `${name}.`;
  if (!known.includes(String(key))) return unknown(String(key), known, here);
  if (further.length === 0) return null;
  return { message: `there is nothing below "${here}${key}"`, advice: `Write ${here}${key}.` };
}

function bare(name: string, known: readonly string[]): Problem {
  const names = known.map((key) => `${name}.${key}`).join(", ");
  return {
    message: `"${name}" is not a value by itself`,
    advice: names === "" ? "Name a field that a section has as kpi." : `Name what is below it: ${names}.`,
  };
}

/** `here`: what comes before the name and the known ones: "run.". */
function unknown(name: string, known: readonly string[], here = ""): Problem {
  const names = nearest(name, known).map((near) => `"${here}${near}"`);
  const all = known.map((one) => `${here}${one}`).join(", ");
  const list = known.length === 0 ? "There is nothing below it." : `Known here: ${all}.`;
  return {
    message: `"${here}${name}" is not known`,
    advice: names.length === 0 ? list : `Did you mean ${names.join(" or ")}?`,
  };
}

const FIGURE: TemplateKpi = {
  value: "12,431",
  number: 12_431,
  direction: "up",
  change: "1,204",
  percent: "10.7%",
};

/** Problems with a filter's arguments show only when it is called. */
function trialProblems(template: Template[], order: TemplateOrder): Problem[] {
  const { text, form, stage, kpis, report: known } = order;
  const { owner, description } = known ?? { owner: "Owner", description: "Description" };
  const report = { name: "report", title: "Report", owner, description };
  const results = { rows: 2, kpi: Object.fromEntries(kpis.map((field) => [field, FIGURE])) };
  const scope = scopeOf({
    report,
    run: { id: "run", dueAt: new Date("2026-11-16T08:00:00Z"), timezone: "UTC" },
    results: stage === "late" ? results : null,
  });
  try {
    const filled = renderTemplate(template, form, scope);
    return form === "line" && filled.trim() === "" && isAbsent(order) ? [NOTHING_LEFT] : [];
  } catch (thrown) {
    return [problemThrown(thrown, text)];
  }
}

/** Whether the template may be empty because the report lacks a value; for other reasons it may be empty only today. */
function isAbsent({ text, report }: TemplateOrder): boolean {
  const named = (["owner", "description"] as const).filter((name) => text.includes(`report.${name}`));
  return report !== undefined && named.some((name) => report[name] === null);
}

const NOTHING_LEFT: Problem = {
  message: "it comes out empty: the report does not say what it names",
  advice: 'Add it to the report, or give it a default: {{ report.owner | default: "no owner" }}.',
};

function problemThrown(thrown: unknown, text: string): Problem {
  if (LiquidError.is(thrown)) return inWords(thrown, text);
  return problemOf(toReportError(thrown));
}

/** liquidjs reports row and column, both from 1, and not where a name ends. */
function rangeOf({ location }: Variable, text: string): Problem["range"] {
  const lines = text.split("\n");
  const before = lines.slice(0, location.row - 1).reduce((sum, line) => sum + line.length + 1, 0);
  const start = before + location.col - 1;
  const [name = ""] = /^[\w.-]+(\[[^\]]*\][\w.-]*)*/.exec(text.slice(start)) ?? [];
  return start >= text.length ? undefined : { text, range: [start, start + Math.max(1, name.length)] };
}
