import type { AppConfig, Env } from "../../app/config.ts";
import { type FollowedIncludes, stampOfIncludes } from "../../app/included-files.ts";
import { type FileTexts, textsOf } from "../../app/referenced-files.ts";
import { readReportsApart, stampOf } from "../../app/reports-reader.ts";
import { ReportError, toReportError } from "../../core/error.ts";
import { wholeOf } from "../context.ts";

export interface ReloadListener {
  good(config: AppConfig): Promise<void>;
  bad(error: ReportError): void;
  /** Its reading failed for a reason that passes (no process, no memory, no descriptor): it is tried again. */
  unread(error: ReportError): void;
  /** The ledger could not take over a good file: its schedules are as they were. */
  trouble(thrown: unknown): void;
  /** Files that `${file:…}` names and that are not there, or empty: what they held last stays in use. None: all are back. */
  missing(paths: readonly string[]): void;
}

/** A reports.yaml as the service has read it. */
export interface Watched {
  readonly file: string;
  /** Taken before it was first read. */
  readonly stamp: string;
  /** What the files that it refers to held then. */
  readonly files: FileTexts;
  /** Where its includes led then. */
  readonly includes: FollowedIncludes;
}

/** How often the files are looked at: the watches of operating systems miss a file that a rename or a symlink puts in its place. */
const POLL_MS = 500;

/** Included files are looked at each time that the others have been looked at this often. */
const LOOKS_AN_INCLUDE = 4;

/** A file that cannot be read or taken over for the moment is tried again after this, and then after twice as long each time. */
const RETRY_MS = 2_000;
const RETRY_MS_MAX = 60_000;

/**
 * Reads reports.yaml again at SIGHUP, when it is no longer the one of `stamp`, when a file that it refers to holds something else, and when its includes lead to others; one
 * reading after the other. Returns what ends it.
 */
export function watchReports(
  { file, stamp, files, includes }: Watched,
  env: Env,
  listener: ReloadListener,
): () => void {
  const stop = new AbortController();
  const referenced = watchedFiles({ files, includes }, listener);
  let last = Promise.resolve();
  let retry: NodeJS.Timeout | undefined;
  const readAgain = (waitMs = RETRY_MS) => {
    clearTimeout(retry);
    last = last.then(async () => {
      const isTaken =
        stop.signal.aborted || (await read(file, env, { stop: stop.signal, referenced, listener }));
      const nextMs = Math.min(waitMs * 2, RETRY_MS_MAX);
      if (!isTaken) retry = setTimeout(() => readAgain(nextMs), waitMs).unref();
    });
  };
  const onHangUp = () => readAgain();
  let seen = stamp;
  let isLooking = false;
  const look = async () => {
    const [now, isChanged] = await Promise.all([stampOf(file), referenced.look()]);
    if (stop.signal.aborted || (now === seen && !isChanged)) return;
    seen = now;
    readAgain();
  };
  const polling = setInterval(async () => {
    // A network disk that hangs must not be asked more and more.
    if (isLooking) return;
    isLooking = true;
    await look().finally(() => {
      isLooking = false;
    });
  }, POLL_MS).unref();
  process.on("SIGHUP", onHangUp);
  return () => {
    stop.abort();
    clearTimeout(retry);
    clearInterval(polling);
    process.off("SIGHUP", onHangUp);
  };
}

interface WatchedFiles {
  /** What they held when reports.yaml was last good. */
  readonly kept: FileTexts;
  /** Whether any holds something that has not been read yet. */
  look(): Promise<boolean>;
  /** These are the files now. `isGood`: the configuration with them is in use. */
  read(now: Pick<Watched, "files" | "includes">, isGood: boolean): void;
}

function watchedFiles(
  first: Pick<Watched, "files" | "includes">,
  listener: Pick<ReloadListener, "missing">,
): WatchedFiles {
  let kept = first.files;
  let seen = first.files;
  let { includes } = first;
  let looks = 0;
  const lookAtIncludes = async () => {
    looks += 1;
    // A hundred files are asked for one by one.
    if (includes.patterns.length === 0 || looks % LOOKS_AN_INCLUDE !== 0) return false;
    const before = includes;
    const stamp = await stampOfIncludes(before);
    // It was read again meanwhile.
    if (includes !== before || stamp === before.stamp) return false;
    includes = { ...before, stamp };
    return true;
  };
  let told = "";
  return {
    get kept() {
      return kept;
    },
    async look() {
      const now = await textsOf(Object.keys(seen));
      const gone = Object.keys(now).filter((path) => now[path] === null && (kept[path] ?? null) !== null);
      if (gone.join("\n") !== told) listener.missing(gone);
      told = gone.join("\n");
      const changed = Object.entries(now).filter(([path, text]) => text !== null && text !== seen[path]);
      seen = { ...seen, ...Object.fromEntries(changed) };
      return (await lookAtIncludes()) || changed.length > 0;
    },
    read({ files, includes: followed }, isGood) {
      includes = followed;
      const orBefore = (before: FileTexts) =>
        Object.fromEntries(Object.entries(files).map(([path, text]) => [path, text ?? before[path] ?? null]));
      seen = orBefore(seen);
      if (isGood) kept = orBefore(kept);
    },
  };
}

interface Reading {
  readonly stop: AbortSignal;
  readonly referenced: WatchedFiles;
  readonly listener: ReloadListener;
}

/** False where the file could not be read for the moment, or is good and could not be taken over. */
async function read(file: string, env: Env, { stop, referenced, listener }: Reading): Promise<boolean> {
  const config = await wholeOrNot(file, env, { stop, referenced });
  if (stop.aborted) return true;
  if (config instanceof ReportError) {
    const isPassing = config.code === "local" && config.retryable;
    if (isPassing) listener.unread(config);
    else listener.bad(config);
    return !isPassing;
  }
  try {
    await listener.good(config);
    return true;
  } catch (thrown) {
    listener.trouble(thrown);
    return false;
  }
}

async function wholeOrNot(
  file: string,
  env: Env,
  { stop, referenced }: Pick<Reading, "stop" | "referenced">,
): Promise<AppConfig | ReportError> {
  try {
    const loaded = await readReportsApart(file, env, { stop, before: referenced.kept });
    referenced.read(loaded, loaded.config !== null && loaded.problems.length === 0);
    return wholeOf(loaded, false);
  } catch (thrown) {
    return toReportError(thrown);
  }
}
