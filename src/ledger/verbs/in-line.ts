import { countsAsTick, type Run } from "../../core/model/run.ts";
import { ms, toRun } from "../rows.ts";
import { announce, one, type Steps } from "../steps.ts";
import { countsAsTickSql, dueValues, IS_GOING_OUT, isDue, workOfRun } from "./work.ts";

/**
 * Announces the run that waited behind `left`, which has it wait no more. It was announced when it was made, and its worker found that
 * it was not its turn: nothing else would tell of it again. One that still is behind another is announced all the same: the other may
 * be leaving at this very moment, in a transaction that cannot see this one.
 */
export function* announceNext(left: Run, at: Date): Steps<void> {
  // Such a run has nobody wait.
  if (!countsAsTick(left) || left.reservedFor !== null) return;
  const row = yield* one(
    `SELECT * FROM runs AS r WHERE r.report = ? AND r.due_at > ? AND ${countsAsTickSql("r")} AND r.state IN ('planned', 'running', 'waiting')
       AND (r.state = 'planned' OR (r.state = 'waiting' AND ${isDue("r")}))
       AND r.reserved_for IS NULL AND r.cancel_asked_at IS NULL ORDER BY r.due_at LIMIT 1`,
    left.report,
    ms(left.dueAt),
    ...dueValues(at),
  );
  if (row !== null) yield* announce([workOfRun(toRun(row))], null);
}

/** The same for a run that is, or was, delivering: it has others wait until each of its deliveries was tried. */
export function* announceNextOnceOut(left: Run, at: Date): Steps<void> {
  if (!countsAsTick(left) || left.reservedFor !== null) return;
  const open = yield* one(
    `SELECT 1 AS found FROM deliveries AS d WHERE d.run_id = ? AND ${IS_GOING_OUT} LIMIT 1`,
    left.id,
  );
  if (open === null) yield* announceNext(left, at);
}
