import { type AppConfig, type Env, readReportsApart } from "../../app/app.ts";
import { ReportError, toReportError } from "../../core/error.ts";
import { wholeOf } from "../context.ts";
import { stampOf } from "./file-stamp.ts";

export interface ReloadListener {
  good(config: AppConfig): Promise<void>;
  bad(error: ReportError): void;
  /** A good file could not be taken over by the ledger: its schedules are as they were. */
  trouble(thrown: unknown): void;
}

/** How often the file is looked at: a watch of the system's own misses what is put in its place by a rename or a symlink. */
const LOOK_MS = 2_000;

/** A good file that the ledger cannot take over for the moment is tried again after this. */
const AGAIN_MS = 2_000;

/**
 * Reads the file again when it is another than that of `stamp`, which was taken before it was first read, and at SIGHUP; one reading
 * after the other. Returns what ends it.
 */
export function watchReports(
  { file, stamp }: { readonly file: string; readonly stamp: string },
  env: Env,
  listener: ReloadListener,
): () => void {
  const stop = new AbortController();
  let last = Promise.resolve();
  let again: NodeJS.Timeout | undefined;
  const readAgain = () => {
    clearTimeout(again);
    last = last.then(async () => {
      const isTaken = stop.signal.aborted || (await read(file, env, stop.signal, listener));
      if (!isTaken) again = setTimeout(readAgain, AGAIN_MS).unref();
    });
  };
  let seen = stamp;
  const looking = setInterval(async () => {
    const now = await stampOf(file);
    if (now === seen || stop.signal.aborted) return;
    seen = now;
    readAgain();
  }, LOOK_MS).unref();
  process.on("SIGHUP", readAgain);
  return () => {
    stop.abort();
    clearTimeout(again);
    clearInterval(looking);
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
