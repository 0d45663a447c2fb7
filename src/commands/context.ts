import { type App, type AppConfig, formatProblems, type LocatedProblem, openApp } from "../app/app.ts";
import { ReportError } from "../core/error.ts";
import type { Io } from "./io.ts";

export interface ConfigOption {
  readonly config: string;
}

/** What has been read of a reports.yaml. */
export interface Read {
  readonly config: AppConfig | null;
  readonly problems: readonly LocatedProblem[];
}

/** The configuration, whole. Throws ReportError `config` that lists every problem. */
export function wholeOf({ config, problems }: Read, color: boolean): AppConfig {
  if (config !== null && problems.length === 0) return config;
  throw new ReportError(formatProblems(problems, { color }).trimEnd(), { code: "config" });
}

/** Opens the app for `work` and closes them after it, whatever happens. `directory`: as openApp has it. */
export async function withApp<T>(
  config: AppConfig,
  io: Io,
  work: (app: App) => Promise<T>,
  directory?: string,
): Promise<T> {
  const app = openApp(config, io.env, directory);
  try {
    return await work(app);
  } finally {
    await app.close();
  }
}
