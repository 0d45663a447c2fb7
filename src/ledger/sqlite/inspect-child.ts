import { once } from "node:events";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { isDamage } from "./disk-fault.ts";
import type { InspectReply, InspectRequest } from "./inspect.ts";
import { isWholeWithoutLog, problemOfLog } from "./inspect-log.ts";

/* The process that `inspect` starts: reads the ledger, says whether it is sound, and ends. */

const PROBLEMS_MAX = 3;
const BUSY_TIMEOUT_MS = 5_000;
const SETTLES_MS = 300;

async function inspect({ file, what }: InspectRequest): Promise<InspectReply> {
  const beganMs = performance.now();
  try {
    // Without the parameter: with what is in the write-ahead log laid over it, as every process reads it.
    const ofLog = await twice(() => problemOfLog(file, BUSY_TIMEOUT_MS));
    const ofAll = () => problem(() => problemsOf(file, "")) ?? problemsWithoutLog(file);
    const reason = ofLog ?? (what === "all" ? await ofAll() : null);
    if (reason !== null) return { kind: "damaged", reason: shortened(reason) };
    return { kind: "sound", tookMs: performance.now() - beganMs };
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return { kind: "failed", reason: shortened(reason) };
  }
}

/** The database's file by itself: what the log lies over now is read once the log is gone. Looked at only while it is to be sound. */
function problemsWithoutLog(file: string): Promise<string | null> {
  return twice(() => {
    const reason = isWholeWithoutLog(file) ? problem(() => problemsOf(file, "immutable=1")) : null;
    return reason !== null && isWholeWithoutLog(file) ? reason : null;
  });
}

/** Other processes write meanwhile: what is wrong has to be so a moment later. */
async function twice(look: () => string | null): Promise<string | null> {
  if (problem(look) === null) return null;
  await sleep(SETTLES_MS);
  return problem(look);
}

/** What SQLite refuses to read is damaged too. */
function problem(look: () => string | null): string | null {
  try {
    return look();
  } catch (cause) {
    if (isDamage(cause)) return cause instanceof Error ? cause.message : String(cause);
    throw cause;
  }
}

/** What is wrong, in SQLite's words; null: it is sound. Throws where that cannot be found out. */
function problemsOf(file: string, parameters: string): string | null {
  const url = pathToFileURL(file);
  url.search = parameters;
  const database = new DatabaseSync(url, { readOnly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    const rows = database.prepare(`PRAGMA integrity_check(${PROBLEMS_MAX})`).all();
    const problems = rows.map((row) => String(Object.values(row)[0])).filter((words) => words !== "ok");
    return problems.length === 0 ? null : problems.join("; ");
  } finally {
    database.close();
  }
}

const REASON_CHARS_MAX = 300;

function shortened(reason: string): string {
  const line = reason.replace(/\s+/g, " ").trim();
  return line.length <= REASON_CHARS_MAX ? line : `${line.slice(0, REASON_CHARS_MAX)}…`;
}

const [request] = (await once(process, "message")) as [InspectRequest];
process.send?.(await inspect(request), () => process.disconnect());
