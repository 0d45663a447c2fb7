import type { App, AppConfig } from "./app.ts";
import type { Problem } from "./config/index.ts";
import type { Finding } from "./core/adapter.ts";
import { toReportError } from "./core/error.ts";
import type { Report } from "./core/report.ts";
import { testConnection } from "./looker/index.ts";
import { type Connections, destinationOf } from "./registry.ts";
import { csvWanted } from "./worker/sections.ts";

/** What the adapters find wrong with options that are right by themselves but not with their connection. */
export function connectionProblems(config: AppConfig): Problem[] {
  return config.reports.flatMap((report) =>
    report.deliver.flatMap(({ destination: { kind, options } }, index) => {
      const connection = config.connections[kind as keyof Connections];
      const findings =
        connection === undefined ? [] : (destinationOf(kind).findings?.(options, connection) ?? []);
      return findings.map((finding) =>
        problemAt(["reports", report.name, "deliver", index, kind], finding, report, config),
      );
    }),
  );
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
  for (const kind of new Set(reports.flatMap(({ deliver }) => deliver.map((to) => to.destination.kind)))) {
    const findings = await orOne(async () => (await app.destination(kind).checkConnection?.(signal)) ?? []);
    if (findings.length > 0) down.add(kind);
    problems.push(...findings.map((finding) => problemAt([kind], finding, null, app.config)));
  }
  // One report after the other: a thousand of them must not open a thousand connections.
  for (const report of reports) {
    if (isReached) problems.push(...(await sourceProblems(report, app, signal)));
    problems.push(...(await destinationProblems(report, down, app, signal)));
  }
  return problems;
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

async function destinationProblems(
  report: Report,
  down: ReadonlySet<string>,
  app: App,
  signal: AbortSignal,
): Promise<Problem[]> {
  const found = await Promise.all(
    report.deliver.map(async ({ destination: { kind, options } }, index) => {
      if (down.has(kind)) return [];
      const findings = await orOne(async () => (await app.destination(kind).check?.(options, signal)) ?? []);
      return findings.map((finding) =>
        problemAt(["reports", report.name, "deliver", index, kind], finding, report, app.config),
      );
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
