import { unwatchFile, watchFile } from "node:fs";
import { type AppConfig, type Env, formatProblems, readReports } from "../app.ts";
import { ReportError, toReportError } from "../core/error.ts";

export interface ReloadListener {
  good(config: AppConfig): Promise<void>;
  bad(error: ReportError): void;
  /** A good file could not be taken over by the ledger: its schedules are as they were. */
  trouble(thrown: unknown): void;
}

/** How often the file is looked at: a watch of the system's own misses what is put in its place by a rename or a symlink. */
const LOOK_MS = 2_000;

/** Reads the file again when it changes and at SIGHUP, one reading after the other. Returns what ends it. */
export function watchReports(file: string, env: Env, listener: ReloadListener): () => void {
  let last = Promise.resolve();
  const readAgain = () => {
    last = last.then(() => read(file, env, listener));
  };
  watchFile(file, { interval: LOOK_MS, persistent: false }, (now, before) => {
    if (now.mtimeMs !== before.mtimeMs || now.size !== before.size || now.ino !== before.ino) readAgain();
  });
  process.on("SIGHUP", readAgain);
  return () => {
    unwatchFile(file);
    process.off("SIGHUP", readAgain);
  };
}

async function read(file: string, env: Env, listener: ReloadListener): Promise<void> {
  const config = wholeOrNot(file, env);
  if (config instanceof ReportError) listener.bad(config);
  else await listener.good(config).catch(listener.trouble);
}

function wholeOrNot(file: string, env: Env): AppConfig | ReportError {
  try {
    const { config, problems } = readReports(file, env);
    if (config !== null && problems.length === 0) return config;
    return new ReportError(formatProblems(problems, { color: false }).trimEnd(), { code: "config" });
  } catch (thrown) {
    return toReportError(thrown);
  }
}
