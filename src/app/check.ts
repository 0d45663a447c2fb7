import { closeSync, openSync, readSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Problem } from "../config/index.ts";
import { toReportError } from "../core/error.ts";
import type { Chosen, DeliverTo, Report, ShowPlan } from "../core/model/report.ts";
import type { Finding, NamedField } from "../core/ports/adapter.ts";
import { isTemplate } from "../core/ports/template.ts";
import { testConnection } from "../looker/connection/test-connection.ts";
import { requestOf } from "../worker/run/parts.ts";
import { formatOf } from "./adapters.ts";
import type { App, AppConfig } from "./app.ts";
import { embedFindings } from "./check-embed.ts";
import { type Connections, destinationWords } from "./language.ts";

interface Use extends Chosen {
  /** Where the report names the destination. */
  readonly path: readonly (string | number)[];
}

/** Every destination a report has, those of `on_failure` included. */
function usesOf({ name, deliver, onFailure }: Report): Use[] {
  const uses = (part: string, all: readonly DeliverTo[]) =>
    all.map(({ destination }, index) => ({
      ...destination,
      path: ["reports", name, part, index, destination.kind],
    }));
  return [...uses("deliver", deliver), ...uses("on_failure", onFailure)];
}

/**
 * What is wrong with values that are right by themselves: options that do not go with their connection, as their adapters know, links
 * that would be refused, and fonts that are not there.
 */
export function connectionProblems(config: AppConfig): Problem[] {
  const problems = config.reports.flatMap((report) =>
    usesOf(report).flatMap(({ kind, options, path }) => {
      const { connection: schema, findings } = destinationWords(kind);
      const connection = config.connections[kind as keyof Connections];
      if (connection === undefined && schema !== null) return [];
      const found = findings?.(options, connection) ?? [];
      return found.map((finding) => problemAt(path, finding, report, config));
    }),
  );
  return onceEach([...fontProblems(config), ...problems, ...embedProblems(config)]);
}

function embedProblems(config: AppConfig): Problem[] {
  return config.reports.flatMap((report) =>
    embedFindings(report, config.connections.looker).map(({ section, finding }) =>
      problemAt(["reports", report.name, "sections", section], finding, report, config),
    ),
  );
}

function fontProblems(config: AppConfig): Problem[] {
  return config.fonts.flatMap((path, index) => {
    const message = fontFault(resolve(dirname(config.file), path));
    if (message === null) return [];
    const advice = "Name a TTF or OTF file; a relative path begins at the folder of this file.";
    return [problemAt(["fonts", index], { message: `${path} ${message}`, advice, path: [] }, null, config)];
  });
}

/** The first four bytes of TrueType and OpenType fonts (OpenType 1.9, "Table Directory"). */
const FONT_SIGNATURES = ["00010000", "4f54544f", "74727565"];

function fontFault(path: string): string | null {
  try {
    const file = openSync(path, "r");
    try {
      const head = Buffer.alloc(4);
      readSync(file, head, 0, 4, 0);
      return FONT_SIGNATURES.includes(head.toString("hex")) ? null : "is no TTF or OTF font";
    } finally {
      closeSync(file);
    }
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? "";
    if (code === "ENOENT") return "is not there";
    return code === "EISDIR" ? "is a folder" : `cannot be read: ${code}`;
  }
}

/** Specifications of charts that do not compile: told by the compiler itself, which takes a second to load, and so for `check` alone. */
export async function chartProblems(config: AppConfig): Promise<Problem[]> {
  const specs = config.reports.flatMap((report) =>
    report.sections.flatMap(({ show }, index) =>
      show.kind === "chart" && show.chart.kind === "vega_lite"
        ? [{ report, spec: show.chart.spec, path: ["reports", report.name, "sections", index, "vega_lite"] }]
        : [],
    ),
  );
  if (specs.length === 0) return [];
  const { specProblem } = await import("../draw/chart-renderer.ts");
  const problems: Problem[] = [];
  for (const { report, spec, path } of specs) {
    const message = await specProblem(spec);
    const advice =
      "The rows are its data, and nothing is fetched: https://vega.github.io/vega-lite/docs/spec.html";
    if (message !== null) problems.push(problemAt(path, { message, advice, path: [] }, report, config));
  }
  return problems;
}

/** What stands in `defaults` is found once for each report that uses it. */
function onceEach(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter(({ line, column, message }) => {
    const name = `${line}:${column} ${message}`;
    return !seen.has(name) && seen.add(name);
  });
}

/**
 * What only Looker, Slack and the mail server know: first whether each can be reached at all, then, for those that can, whether
 * the Looks, fields and channels of each report exist.
 */
export async function checkOnline(app: App, signal: AbortSignal): Promise<Problem[]> {
  const { reports } = app.config;
  const problems = await lookerProblems(app, signal);
  const isReached = problems.length === 0;
  const down = new Set<string>();
  const asked: Asked["asked"] = new Map();
  for (const kind of new Set(reports.flatMap((report) => usesOf(report).map((use) => use.kind)))) {
    const findings = await orOne(async () => (await app.destination(kind).checkConnection?.(signal)) ?? []);
    if (findings.length > 0) down.add(kind);
    problems.push(...findings.map((finding) => problemAt([kind], finding, null, app.config)));
  }
  // One report after the other: a thousand of them must not open a thousand connections.
  for (const report of reports) {
    if (isReached) problems.push(...(await sourceProblems(report, app, signal)));
    problems.push(...(await destinationProblems(report, { down, asked }, app, signal)));
  }
  return onceEach(problems);
}

async function lookerProblems(app: App, signal: AbortSignal): Promise<Problem[]> {
  const { user, problems } = await testConnection(app.looker(), signal);
  // Once logged in, what the user may not do matters only where a report needs it.
  if (user !== null) return [];
  return problems.map((problem) => problemAt(["looker"], { ...problem, path: [] }, null, app.config));
}

async function sourceProblems(report: Report, app: App, signal: AbortSignal): Promise<Problem[]> {
  const found = await Promise.all(
    contentsOf(report).map(async ({ source, request, place }) => {
      const findings = await orOne(() => app.source(source.kind).check(source.options, request, signal));
      return findings.map((finding) => {
        const path = finding.path.length === 0 ? [source.kind] : finding.path;
        return problemAt(["reports", report.name, ...place], { ...finding, path }, report, app.config);
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
  readonly asked: Map<string, Promise<readonly Finding[]>>;
}

async function destinationProblems(
  report: Report,
  { down, asked }: Asked,
  app: App,
  signal: AbortSignal,
): Promise<Problem[]> {
  const uses = usesOf(report).filter(({ kind }) => !down.has(kind));
  const found = await Promise.all(
    uses.map(async ({ kind, options, path }) => {
      const name = `${kind} ${JSON.stringify(options)}`;
      const findings =
        asked.get(name) ?? orOne(async () => (await app.destination(kind).check?.(options, signal)) ?? []);
      asked.set(name, findings);
      return (await findings).map((finding) => problemAt(path, finding, report, app.config));
    }),
  );
  return found.flat();
}

/** A server that cannot be asked is a finding like any other. */
async function orOne(ask: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await ask();
  } catch (thrown) {
    const { message, advice } = toReportError(thrown);
    return [{ message, advice: advice ?? "", path: [] }];
  }
}

function problemAt(
  base: readonly (string | number)[],
  { message, advice, path }: Finding,
  report: Report | null,
  config: AppConfig,
): Problem {
  const place = config.locate([...base, ...path]) ?? { file: config.file, line: 1, column: 1, excerpt: "" };
  return {
    ...place,
    path: [...base, ...path],
    message,
    advice: advice === "" ? null : advice,
    report: report?.name ?? null,
  };
}
