import type { App, AppConfig } from "./app.ts";
import type { Problem } from "./config/index.ts";
import type { Finding } from "./core/adapter.ts";
import { toReportError } from "./core/error.ts";
import type { Report } from "./core/report.ts";
import { type Connections, offlineFindings } from "./registry.ts";

/** What the adapters find wrong with options that are right by themselves but not with their connection. */
export function connectionProblems(config: AppConfig): Problem[] {
  return config.reports.flatMap((report) =>
    report.deliver.flatMap(({ destination: { kind, options } }, index) => {
      const findings = offlineFindings(kind, options, config.connections as Partial<Connections>);
      return findings.map((finding) =>
        problemAt(["reports", report.name, "deliver", index, kind], finding, report, config),
      );
    }),
  );
}

/** What only Looker, Slack and the mail server know: whether Looks, fields and channels exist and can be reached. */
export async function checkOnline(app: App, signal: AbortSignal): Promise<Problem[]> {
  const problems = await Promise.all([
    ...app.config.reports.map((report) => sourceProblems(report, app, signal)),
    ...app.config.reports.map((report) => destinationProblems(report, app, signal)),
  ]);
  return different(problems.flat());
}

async function sourceProblems(report: Report, app: App, signal: AbortSignal): Promise<Problem[]> {
  const found = await Promise.all(
    report.sections.map(async ({ source, filters, limit }, index) => {
      const request = { filters, limit, rawCsv: false };
      const findings = await orOne(() => app.source(source.kind).check(source.options, request, signal));
      return findings.map((finding) =>
        problemAt(["reports", report.name, "sections", index], finding, report, app.config),
      );
    }),
  );
  return found.flat();
}

async function destinationProblems(report: Report, app: App, signal: AbortSignal): Promise<Problem[]> {
  const found = await Promise.all(
    report.deliver.map(async ({ destination: { kind, options } }, index) => {
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
  report: Report,
  config: AppConfig,
): Problem {
  const place = config.locate([...base, ...path]) ?? { file: config.file, line: 1, column: 1, excerpt: "" };
  return {
    ...place,
    path: [...base, ...path],
    message,
    advice: advice === "" ? null : advice,
    report: report.name,
  };
}

/** One server that does not answer is one problem, not one for each report. */
function different(problems: readonly Problem[]): Problem[] {
  const seen = new Map<string, Problem>();
  for (const problem of problems) {
    const key = problem.path.length > 5 ? JSON.stringify(problem.path) + problem.message : problem.message;
    if (!seen.has(key)) seen.set(key, problem);
  }
  return [...seen.values()];
}
