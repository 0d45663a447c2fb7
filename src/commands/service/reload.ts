import type { AppConfig, Env } from "../../app/config.ts";
import { readReportsApart, stampOf } from "../../app/reports-reader.ts";
import { ReportError, toReportError } from "../../core/error.ts";
import { wholeOf } from "../context.ts";

export interface ReloadListener {
  good(config: AppConfig): Promise<void>;
  bad(error: ReportError): void;
  /** The ledger could not take over a good file: its schedules are as they were. */
  trouble(thrown: unknown): void;
}

/** How often the file is looked at: the watches of operating systems miss a file that a rename or a symlink puts in its place. */
const POLL_MS = 2_000;

/** A good file that the ledger cannot take over for the moment is tried again after this. */
const RETRY_MS = 2_000;

/**
 * Reads the file again at SIGHUP, and when it is no longer the one of `stamp`, which was taken before it was first read; one reading
 * after the other. Returns what ends it.
 */
export function watchReports(
  { file, stamp }: { readonly file: string; readonly stamp: string },
  env: Env,
  listener: ReloadListener,
): () => void {
  const stop = new AbortController();
  let last = Promise.resolve();
  let retry: NodeJS.Timeout | undefined;
  const readAgain = () => {
    clearTimeout(retry);
    last = last.then(async () => {
      const isTaken = stop.signal.aborted || (await read(file, env, stop.signal, listener));
      if (!isTaken) retry = setTimeout(readAgain, RETRY_MS).unref();
    });
  };
  let seen = stamp;
  const polling = setInterval(async () => {
    const now = await stampOf(file);
    if (now === seen || stop.signal.aborted) return;
    seen = now;
    readAgain();
  }, POLL_MS).unref();
  process.on("SIGHUP", readAgain);
  return () => {
    stop.abort();
    clearTimeout(retry);
    clearInterval(polling);
    process.off("SIGHUP", readAgain);
  };
}

/** False where the file is good and could not be taken over. */
async function read(file: string, env: Env, stop: AbortSignal, listener: ReloadListener): Promise<boolean> {
  const config = await wholeOrNot(file, env, stop);
  if (stop.aborted) return true;
  if (config instanceof ReportError) {
    listener.bad(config);
    return true;
  }
  try {
    await listener.good(config);
    return true;
  } catch (thrown) {
    listener.trouble(thrown);
    return false;
  }
}

async function wholeOrNot(file: string, env: Env, stop: AbortSignal): Promise<AppConfig | ReportError> {
  try {
    return wholeOf(await readReportsApart(file, env, stop), false);
  } catch (thrown) {
    return toReportError(thrown);
  }
}
