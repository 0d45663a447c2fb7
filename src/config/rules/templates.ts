import { type Path, type Problem, problemAt } from "../../core/model/problem.ts";
import { formOf, isTemplate, stageOf, type TemplateOrder } from "../../core/ports/template.ts";
import type { Language } from "../language.ts";
import { isKeyNotYetBuilt } from "../problems/not-yet.ts";
import { isMapping } from "../problems/value.ts";

/** Looker's and Vega-Lite's own expressions, which may hold anything. */
const NOT_OURS = new Set(["dynamic_fields", "filter_expression", "vega_lite"]);
const PLACES = "title, filters, text, subject, message and filename";

/** The templates of a report, or of a part of it at `within`: `{{ … }}` elsewhere would reach recipients as it is. */
export function templateProblems<C>(
  value: unknown,
  path: Path,
  { templates }: Language<C>,
  within: Path = [],
): Problem[] {
  const kpis = kpisOf(value);
  const report = within.length === 0 ? sayingOf(value) : null;
  return textsIn(value, path).flatMap(([text, at]) => {
    const place = [...within, ...at.slice(path.length)];
    const stage = stageOf(place);
    if (stage === null) return [elsewhere(text, at)];
    const of = { text, stage, form: formOf(place), kpis, without: unknownAt(place) };
    const order = report === null ? of : { ...of, report };
    return templates(order).map((problem) => ({ ...problem, path: at }));
  });
}

function unknownAt(place: Path): "title" | "kpi" | null {
  if (place[0] === "on_failure") return "kpi";
  return place.length === 1 && place[0] === "title" ? "title" : null;
}

function elsewhere(text: string, path: Path): Problem {
  if (/\{[{%][^{}]*\beach\./.test(text))
    return problemAt(
      path,
      '"each" is not supported by this version',
      "It needs for_each, which is planned. Leave it out.",
    );
  return problemAt(path, "this text is not a template", `{{ }} works in ${PLACES}.`);
}

function textsIn(value: unknown, path: Path): [text: string, path: Path][] {
  if (typeof value === "string") return isTemplate(value) ? [[value, path]] : [];
  if (Array.isArray(value)) return value.flatMap((item, index) => textsIn(item, [...path, index]));
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    // What is not built yet has its own message.
    NOT_OURS.has(key) || isKeyNotYetBuilt(path, key) ? [] : textsIn(item, [...path, key]),
  );
}

function sayingOf(report: unknown): NonNullable<TemplateOrder["report"]> | null {
  if (!isMapping(report)) return null;
  const { owner, description } = report;
  return {
    owner: typeof owner === "string" ? owner : null,
    description: typeof description === "string" ? description : null,
  };
}

/** The fields that the report shows as a KPI. */
function kpisOf(report: unknown): string[] {
  if (!isMapping(report)) return [];
  const sections: unknown[] = Array.isArray(report.sections) ? report.sections : [report];
  return sections.flatMap((section) =>
    isMapping(section) && typeof section.kpi === "string" ? [section.kpi] : [],
  );
}
