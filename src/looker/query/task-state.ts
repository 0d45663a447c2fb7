import { ReportError } from "../../core/error.ts";

/** A query task as Looker has it. */
export interface Task {
  readonly id: string;
  /** Looker's latest word on it, in lower case; "" before there is one. */
  status: string;
  /** Before its creation was asked for; of a task that another run made, when it was known. */
  readonly startedAt: Date;
  /** Made by this run, not found. */
  readonly isOwn: boolean;
}

const PENDING: ReadonlySet<string> = new Set(["", "added", "queued", "enqueued", "pending", "running"]);
const ENDED: ReadonlySet<string> = new Set(["killed", "failure", "missing"]);

/** There is no result, and there will be none. */
export function hasEnded({ status }: Task): boolean {
  return ENDED.has(status);
}

/** A word that is not known may well mean that there is a result: asking for it decides. */
export function mayHaveResult({ status }: Task): boolean {
  return status !== "expired" && !PENDING.has(status) && !ENDED.has(status);
}

/** Surely not running any more: "expired" can be false, and a word that is not known can mean anything. */
export function isOver({ status }: Task): boolean {
  return status === "complete" || status === "error" || ENDED.has(status);
}

export function endedAs({ id, status }: Task): ReportError {
  if (status === "killed") {
    return new ReportError("The query was killed at Looker.", {
      code: "database",
      advice:
        "Someone stopped it, or Looker's or the database's own time limit did. Ask the Looker admin, or run the report again.",
    });
  }
  return new ReportError(`The query ended at Looker as "${status}" (query task ${id}).`, {
    code: "unavailable",
    advice:
      "Looker lost the query without an error of its own. Run the report again; if this keeps happening, ask the Looker admin.",
  });
}

export function expired(taskId: string): ReportError {
  return new ReportError(`Looker let the query task ${taskId} expire before its result was fetched.`, {
    code: "unavailable",
    advice:
      "Run the report again. If this keeps happening, ask the Looker admin whether the server restarts or its disk is full.",
  });
}

export function emptyResult(taskId: string): ReportError {
  return new ReportError(`Looker says that the query task ${taskId} is complete, but has no result for it.`, {
    code: "unavailable",
    advice: "Run the report again. If this keeps happening, ask the Looker admin.",
  });
}
