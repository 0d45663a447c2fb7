import { promisify } from "node:util";
import { constants, deflateRaw, inflateRawSync } from "node:zlib";
import type { Fence } from "../../core/model/entry.ts";
import type { Recalled, Remembered, RememberedPoints } from "../../core/model/memory.ts";
import { countsAsTick, type Run } from "../../core/model/run.ts";
import type { Memory } from "../../core/ports/ledger.ts";
import { ms, text, textOrNull, time } from "../rows.ts";
import { all, type Dialect, one, type Row, run, type Steps, type VerbSteps } from "../steps.ts";
import { WAS_SENT } from "./delivery-row.ts";
import { addPoints, isImported, keepPoints, noteImport, points } from "./points.ts";
import { lockRunning } from "./run-end.ts";
import { countsAsTickSql } from "./work.ts";

/** What runs leave for later ones; `rememberPacked` is the transaction of `remember`. */
export const memoryVerbs: Pick<VerbSteps, Exclude<keyof Memory, "remember">> = {
  recall,
  kept,
  points,
  isImported,
};

interface PackedData {
  readonly name: string;
  readonly data: Uint8Array;
  readonly comparedWith: string | null;
}

export type Packed = PackedData | RememberedPoints;

const deflate = promisify(deflateRaw);

/**
 * Before the transaction, which holds up all others. Rows compress to a fifth (10,000 of 12 columns: 4.5 MB to 1.0 MB) in about twice
 * the time that JSON.stringify takes, at the quickest level; slower ones gain little. A ledger of a thousand reports stays small
 * enough to be copied.
 */
export function packed(kept: readonly Remembered[]): Promise<readonly Packed[]> {
  return Promise.all(
    kept.map(async (one) =>
      "metric" in one ? one : { ...one, data: await deflate(one.data, { level: constants.Z_BEST_SPEED }) },
    ),
  );
}

export function* rememberPacked(
  dialect: Dialect,
  fence: Fence,
  kept: readonly Packed[],
  at: Date,
): Steps<boolean> {
  const running = yield* lockRunning(dialect, fence);
  if (running === null) return false;
  yield* run("DELETE FROM remembered WHERE run_id = ? AND attempt <> ?", fence.id, fence.attempt);
  yield* run("DELETE FROM run_points WHERE run_id = ? AND attempt <> ?", fence.id, fence.attempt);
  for (const one of kept) {
    if (!("metric" in one)) {
      yield* keepData(running, one);
      yield* forgetOlder(running.report, one.name);
    } else if (countsAsTick(running)) {
      if (!one.isImport) yield* keepPoints(fence, one);
      else yield* importPoints(dialect, running.report, one, at);
    }
  }
  return true;
}

function* importPoints(
  dialect: Dialect,
  report: string,
  { metric, points: imported }: RememberedPoints,
  at: Date,
): Steps<void> {
  yield* noteImport(report, metric, at);
  yield* addPoints(dialect, { report, metric, points: imported, dueAt: null });
}

function* keepData(
  { id, attempts, report, dueAt }: Run,
  { name, data, comparedWith }: PackedData,
): Steps<void> {
  yield* run(
    `INSERT INTO remembered (run_id, name, attempt, report, due_at, compared_with, data)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run_id, name) DO UPDATE SET attempt = excluded.attempt, compared_with = excluded.compared_with,
       data = excluded.data`,
    id,
    name,
    attempts,
    report,
    ms(dueAt),
    comparedWith,
    data,
  );
}

/**
 * So many of the latest runs of which something was sent are kept, if they do not take more room than this: the older ones are what a tick
 * that is caught up or retried between them is compared with, and what they were compared with themselves.
 */
const SENT_KEPT_MAX = 10;
const SENT_BYTES_MAX = 8_000_000;
const SENT_KEPT_MIN = 2;
/** And of those that failed: a person may still send them. The same of repeats. */
const OTHERS_KEPT = 2;

function* forgetOlder(report: string, name: string): Steps<void> {
  const ended = yield* all(
    `SELECT m.run_id, ${countsAsTickSql("r")} AS counts, length(m.data) AS bytes, ${WAS_SENT} AS was_sent
     FROM remembered AS m JOIN runs AS r ON r.id = m.run_id
     WHERE m.report = ? AND m.name = ? AND r.ended_at IS NOT NULL ORDER BY m.due_at DESC`,
    report,
    name,
  );
  // One database says true, the other 1.
  const repeated = ended.filter((row) => Number(row.counts) !== 1);
  const ticks = ended.filter((row) => Number(row.counts) === 1);
  const sent = ticks.filter((row) => Number(row.was_sent) === 1);
  const unsent = ticks.filter((row) => Number(row.was_sent) !== 1);
  let bytes = 0;
  const outgrown = sent.filter((row, index) => {
    bytes += Number(row.bytes);
    return index >= SENT_KEPT_MAX || (index >= SENT_KEPT_MIN && bytes > SENT_BYTES_MAX);
  });
  for (const row of [...outgrown, ...unsent.slice(OTHERS_KEPT), ...repeated.slice(OTHERS_KEPT)])
    yield* run("DELETE FROM remembered WHERE run_id = ? AND name = ?", text(row.run_id), name);
}

function* recall(report: string, name: string, dueBefore: Date): Steps<Recalled | null> {
  const row = yield* one(
    `SELECT m.* FROM remembered AS m JOIN runs AS r ON r.id = m.run_id
     WHERE m.report = ? AND m.name = ? AND m.due_at < ? AND ${countsAsTickSql("r")} AND ${WAS_SENT} ORDER BY m.due_at DESC LIMIT 1`,
    report,
    name,
    ms(dueBefore),
  );
  return toRecalled(row);
}

function* kept(runId: string, name: string): Steps<Recalled | null> {
  return toRecalled(yield* one("SELECT * FROM remembered WHERE run_id = ? AND name = ?", runId, name));
}

function toRecalled(row: Row | null): Recalled | null {
  if (row === null || !(row.data instanceof Uint8Array)) return null;
  return {
    runId: text(row.run_id),
    dueAt: time(row.due_at),
    data: inflateRawSync(row.data).toString("utf8"),
    comparedWith: textOrNull(row.compared_with),
  };
}
