import { ReportError } from "../../core/error.ts";
import type { Report } from "../../core/model/report.ts";
import type { Run } from "../../core/model/run.ts";
import {
  type Fill,
  filled,
  isTemplate,
  type TemplateResults,
  type TemplateValues,
} from "../../core/ports/template.ts";
import type { Adapters } from "../process/context.ts";

/** The report with what is known before Looker is asked filled in: its title, its filters. Throws ReportError `config`. */
export async function filledEarly(
  report: Report,
  run: Run,
  adapters: Pick<Adapters, "fill">,
): Promise<Report> {
  if (!hasTemplates(report)) return report;
  const fill = await adapters.fill();
  const title = filled(report.title, "early", (text, form) => fill(text, valuesOf(report, run, null), form), [
    "title",
  ]);
  const titled = { ...report, title };
  const values = valuesOf(titled, run, null);
  return { ...titled, sections: filled(titled.sections, "early", (text, form) => fill(text, values, form)) };
}

/** Any part of a report with the rest filled in, once the results are. Throws ReportError `config`. */
export async function filledLate<T>(
  value: T,
  { report, run, results }: { readonly report: Report; readonly run: Run; readonly results: TemplateResults },
  adapters: Pick<Adapters, "fill">,
): Promise<T> {
  if (!hasTemplates(value)) return value;
  const fill: Fill = await adapters.fill();
  const values = valuesOf(report, run, results);
  return filled(value, "late", (text, form) => fill(text, values, form));
}

/** As it is, where a template cannot be filled: a failure is told of whatever its words. */
export async function filledIfPossible(
  report: Report,
  run: Run,
  adapters: Pick<Adapters, "fill">,
): Promise<Report> {
  try {
    const early = await filledEarly(report, run, adapters);
    const results = { rows: run.rows ?? 0, kpi: {} };
    return {
      ...early,
      onFailure: await filledLate(early.onFailure, { report: early, run, results }, adapters),
    };
  } catch (thrown) {
    if (thrown instanceof ReportError) return report;
    throw thrown;
  }
}

function valuesOf(report: Report, run: Run, results: TemplateResults | null): TemplateValues {
  const { name, title, owner, description, schedule } = report;
  return {
    report: { name, title, owner, description },
    run: { id: run.id, dueAt: run.dueAt, timezone: schedule.timezone },
    results,
  };
}

/** A report without templates does without the template engine. */
function hasTemplates(value: unknown): boolean {
  return isTemplate(JSON.stringify(value) ?? "");
}
