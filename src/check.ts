import type { App, AppConfig } from "./app.ts";
import type { Problem } from "./config/index.ts";
import type { Finding } from "./core/adapter.ts";
import { toReportError } from "./core/error.ts";
import type { Chosen, DeliverTo, Report } from "./core/report.ts";
import { type Connections, destinationWords } from "./language.ts";
import { testConnection } from "./looker/test-connection.ts";
import { csvWanted } from "./worker/sections.ts";

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

/** What the adapters find wrong with options that are right by themselves but not with their connection. */
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
  return onceEach(problems);
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
    report.sections.map(async ({ source, filters, limit }, index) => {
      const request = { filters, limit, csv: csvWanted(report) };
      const findings = await orOne(() => app.source(source.kind).check(source.options, request, signal));
      return findings.map((finding) => {
        const path = finding.path.length === 0 ? [source.kind] : finding.path;
        return problemAt(
          ["reports", report.name, "sections", index],
          { ...finding, path },
          report,
          app.config,
        );
      });
    }),
  );
  return found.flat();
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
