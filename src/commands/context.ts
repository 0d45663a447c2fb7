import { type App, type AppConfig, formatProblems, type LocatedProblem, openApp } from "../app/app.ts";
import { ReportError, toReportError } from "../core/error.ts";
import type { Ledger } from "../core/ports/ledger.ts";
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
  throw new ReportError(formatProblems(problems, { color }).trimEnd(), { code: "config", isList: true });
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
  } catch (thrown) {
    throw withoutSecrets(toReportError(thrown), app);
  } finally {
    await app.close();
  }
}

/** The ledger for a command that mends, which says where it is. Rejects with ReportError `config` where there is none. */
export async function existingLedger(
  app: App,
  io: Io,
): Promise<{ readonly name: string; readonly ledger: Ledger }> {
  const found = await app.existingLedger();
  io.err.write(`In the ledger ${found.name}\n`);
  return found;
}

/** What a server outside said may repeat any secret: no message leaves a command with one. */
function withoutSecrets(error: ReportError, { redact }: App): ReportError {
  const { code, retryable, retryAfterMs, status, limitMs, isList, advice } = error;
  const message = redact(error.message);
  const cleanAdvice = advice === null ? null : redact(advice);
  if (message === error.message && cleanAdvice === advice) return error;
  return new ReportError(message, {
    ...{ code, retryable, isList, advice: cleanAdvice },
    ...(retryAfterMs !== null && { retryAfterMs }),
    ...(status !== null && { status }),
    ...(limitMs !== null && { limitMs }),
  });
}
