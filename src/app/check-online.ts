import { distinct, type LocatedProblem } from "../config/problems/problem.ts";
import { toReportError } from "../core/error.ts";
import { below, type Problem, problemOf } from "../core/model/problem.ts";
import type { Report, ShowPlan } from "../core/model/report.ts";
import type { NamedField } from "../core/ports/adapter.ts";
import { isTemplate } from "../core/ports/template.ts";
import { testConnection } from "../looker/connection/test-connection.ts";
import { requestOf } from "../worker/run/parts.ts";
import { formatOf } from "./adapters.ts";
import type { App } from "./app.ts";
import { usesOf } from "./check.ts";

/**
 * What only Looker, Slack and the mail server know: first whether each can be reached at all, then, for those that can, whether
 * the Looks, fields and channels of each report exist.
 */
export async function checkOnline(app: App, signal: AbortSignal): Promise<LocatedProblem[]> {
  const { reports } = app.config;
  const problems = await lookerProblems(app, signal);
  const isReached = problems.length === 0;
  const down = new Set<string>();
  const asked: Asked["asked"] = new Map();
  for (const kind of new Set(reports.flatMap((report) => usesOf(report).map((use) => use.kind)))) {
    const found = await orOne(async () => (await app.destination(kind).checkConnection?.(signal)) ?? []);
    if (found.length > 0) down.add(kind);
    problems.push(...found.map((problem) => app.config.locate(below([kind], problem))));
  }
  // One report after the other: a thousand of them must not open a thousand connections.
  for (const report of reports) {
    if (isReached) problems.push(...(await sourceProblems(report, app, signal)));
    problems.push(...(await destinationProblems(report, { down, asked }, app, signal)));
  }
  return distinct(problems).map((problem) => withoutSecrets(problem, app));
}

/** Of the environment's own secrets, and of tokens, the file knows nothing. */
function withoutSecrets(problem: LocatedProblem, { redact }: App): LocatedProblem {
  const { message, advice } = problem;
  return { ...problem, message: redact(message), advice: advice === null ? null : redact(advice) };
}

async function lookerProblems(app: App, signal: AbortSignal): Promise<LocatedProblem[]> {
  const { user, problems } = await testConnection(app.looker(), signal);
  // Once logged in, what the user may not do matters only where a report needs it.
  if (user !== null) return [];
  return problems.map((problem) => app.config.locate(below(["looker"], problem)));
}

async function sourceProblems(report: Report, app: App, signal: AbortSignal): Promise<LocatedProblem[]> {
  const found = await Promise.all(
    contentsOf(report).map(async ({ source, request, place }) => {
      const problems = await orOne(() => app.source(source.kind).check(source.options, request, signal));
      return problems.map((problem) => {
        const path = problem.path === undefined || problem.path.length === 0 ? [source.kind] : problem.path;
        return app.config.locate(below(["reports", report.name, ...place], { ...problem, path }));
      });
    }),
  );
  return found.flat();
}

/** The fields that a way of showing names. Those of a whole Vega-Lite specification are the compiler's business. */
function namedIn(show: ShowPlan): readonly NamedField[] {
  switch (show.kind) {
    case "kpi":
      return [{ field: show.field, path: ["kpi"] }];
    case "table":
      return show.highlight.map(({ field }) => ({ field, path: ["highlight", field] }));
    case "changes":
      return show.key.map((field, index) => ({ field, path: ["key", index] }));
    case "chart": {
      const { chart } = show;
      if (chart.kind !== "fields") return [];
      const colors = chart.color === null ? [] : [{ field: chart.color, path: ["chart", "color"] }];
      const values = chart.y.map((field) => ({ field, path: ["chart", "y"] }));
      return [{ field: chart.x, path: ["chart", "x"] }, ...values, ...colors];
    }
    default:
      return [];
  }
}

/** What a report asks Looker for: its sections, and what the past of their figures comes from. */
function contentsOf(report: Report) {
  return report.sections.flatMap((section, index) => {
    const { source, filters, show } = section;
    // What only a tick fills says nothing yet; that its field exists can be asked.
    const settled = Object.entries(filters).map(([field, text]) => [field, isTemplate(text) ? "" : text]);
    const request = { ...requestOf(section, report, formatOf), filters: Object.fromEntries(settled) };
    const own = { source, request: { ...request, named: namedIn(show) }, place: ["sections", index] };
    if (show.kind !== "kpi" || show.history === null) return [own];
    const named = (["date", "value"] as const).map((key) => ({
      field: show.history?.[key] ?? "",
      path: [key],
    }));
    const past = { ...request, filters: {}, limit: null, drawings: [], named };
    return [own, { source: show.history.source, request: past, place: ["sections", index, "history"] }];
  });
}

interface Asked {
  /** Destinations whose server cannot be asked. */
  readonly down: ReadonlySet<string>;
  /** What was found, by the destination and its options: many reports go to one channel, and on_failure of all to one more. */
  readonly asked: Map<string, Promise<readonly Problem[]>>;
}

async function destinationProblems(
  report: Report,
  { down, asked }: Asked,
  app: App,
  signal: AbortSignal,
): Promise<LocatedProblem[]> {
  const uses = usesOf(report).filter(({ kind }) => !down.has(kind));
  const found = await Promise.all(
    uses.map(async ({ kind, options, path }) => {
      const name = `${kind} ${JSON.stringify(options)}`;
      const problems =
        asked.get(name) ?? orOne(async () => (await app.destination(kind).check?.(options, signal)) ?? []);
      asked.set(name, problems);
      return (await problems).map((problem) => app.config.locate(below(path, problem)));
    }),
  );
  return found.flat();
}

/** A server that cannot be asked is a problem like any other. */
async function orOne(ask: () => Promise<readonly Problem[]>): Promise<readonly Problem[]> {
  try {
    return await ask();
  } catch (thrown) {
    return [problemOf(toReportError(thrown))];
  }
}
