import { existsSync } from "node:fs";
import {
  type App,
  type AppConfig,
  bareConfig,
  type Env,
  formatProblems,
  type Looker,
  openApp,
  readReports,
} from "../app.ts";
import { ReportError } from "../core/error.ts";

/** Done. */
export const DONE = 0;
/** Something failed. */
export const FAILED = 1;
/** The configuration or the call is wrong. */
export const WRONG = 2;

/** Where a command reads and writes: the process's own, or a test's. */
export interface Io {
  readonly env: Env;
  readonly out: Output;
  readonly err: Output;
  /** Aborts when the person or the system asks the process to end. */
  readonly stop: AbortSignal;
}

export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface ConfigOption {
  readonly config: string;
}

/** The configuration, whole: every problem is an error that lists them all. */
export function wholeConfig(file: string, io: Io): AppConfig {
  const { config, problems } = readReports(file, io.env);
  if (config === null || problems.length > 0) {
    throw new ReportError(formatProblems(problems, { color: io.err.isTTY === true }).trimEnd(), {
      code: "config",
    });
  }
  return config;
}

/** The configuration as far as it can be used: enough to read the ledger while somebody mends the file. */
export function usableConfig(file: string, io: Io): AppConfig {
  const { config } = readReports(file, io.env);
  return config ?? wholeConfig(file, io);
}

/** Opens the rooms for `work` and closes them after it, whatever happens. `directory`: as openApp has it. */
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

/** A Looker for `work`: of the configuration where there is one, else of the environment alone. */
export function withLooker<T>(file: string, io: Io, work: (looker: Looker) => Promise<T>): Promise<T> {
  const config = existsSync(file) ? usableConfig(file, io) : bareConfig();
  return withApp(config, io, (app) => work(app.looker()));
}

/** Prints an error as people should see one: what, and what to do. */
export function printError(error: ReportError, io: Io): void {
  io.err.write(`${error.message}\n`);
  if (error.advice !== null) io.err.write(`  ${error.advice}\n`);
}

/** Resolves once the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
