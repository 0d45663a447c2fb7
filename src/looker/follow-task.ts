import type { SourceContext } from "../core/adapter.ts";
import { ReportError } from "../core/error.ts";
import type { Looker } from "./client.ts";
import { wordsOfLooker } from "./failure.ts";
import { pollWaits } from "./pace.ts";
import { patiently } from "./patience.ts";
import type { Incoming } from "./transport.ts";
import { queryFailure, unexplainedFailure } from "./verdict.ts";

export interface CreatedTask {
  readonly id: string;
  readonly status: string;
  readonly startedAt: Date;
}

/**
 * Takes a result in. "pending": what came was no result yet. `failed`: the task says that its query has failed. Throws
 * ReportError: retryable where the same result may come whole if it is fetched again.
 */
export type Receive<T> = (incoming: Incoming, failed: boolean) => Promise<T | "pending">;

/** "lost": Looker has no result any more although the query did not fail; a new task may have one. */
export type Followed<T> = { kind: "done"; result: T; tookMs: number } | { kind: "lost"; reason: ReportError };

const PENDING: ReadonlySet<string> = new Set(["", "added", "queued", "enqueued", "pending", "running"]);
const ENDED: ReadonlySet<string> = new Set(["killed", "failure", "missing"]);

/** A first "expired" can be false: another status has been seen to follow within a second. */
const GRACE_MS = 5_000;
const FETCHES_MAX = 3;
/** How often a task may say that it is complete and yet have no result. */
const EMPTY_HANDED_MAX = 5;
const KILL_TIMEOUT_MS = 5_000;

/** What is known of the task under way. */
interface Standing {
  status: string;
  /** When it first said that it had expired, in milliseconds from its creation; null while it does not. */
  expiredAtMs: number | null;
  emptyHanded: number;
}

/** Has the task's id kept, polls the task and takes its result in. Cancels it at Looker if this ends before the query does. */
export async function followTask<T>(
  looker: Looker,
  task: CreatedTask,
  context: SourceContext,
  receive: Receive<T>,
): Promise<Followed<T>> {
  const standing: Standing = { status: task.status, expiredAtMs: null, emptyHanded: 0 };
  try {
    await context.taskCreated(task.id);
    return await follow(looker, task, standing, context, receive);
  } catch (error) {
    if (PENDING.has(standing.status) || context.signal.aborted) await kill(looker, task.id);
    throw context.signal.aborted ? context.signal.reason : error;
  }
}

async function follow<T>(
  looker: Looker,
  task: CreatedTask,
  standing: Standing,
  context: SourceContext,
  receive: Receive<T>,
): Promise<Followed<T>> {
  const { clock } = looker;
  const elapsedMs = () => clock.now().getTime() - task.startedAt.getTime();
  const nextWait = pollWaits(context.expectedMs, looker.random);
  const nextGraceWait = pollWaits(null, looker.random);
  for (;;) {
    const { status } = standing;
    context.progress({ status: status || "added", elapsedMs: elapsedMs() });
    if (ENDED.has(status)) throw endedAs(status, task.id);
    if (status !== "expired" && !PENDING.has(status)) {
      const tookMs = elapsedMs();
      // A word that is not known may well mean that there is a result: asking for it decides.
      const fetched = await fetchResult(looker, task.id, status, context, receive);
      if (fetched.kind === "received") return { kind: "done", result: fetched.result, tookMs };
      if (fetched.kind === "lost") return fetched;
      noteEmptyHanded(standing, fetched.kind);
    }
    const reason = lostBy(standing, elapsedMs(), task.id);
    if (reason !== null) return { kind: "lost", reason };
    await clock.sleep(standing.expiredAtMs === null ? nextWait() : nextGraceWait(), context.signal);
    standing.status = await poll(looker, task.id, context.signal);
  }
}

function noteEmptyHanded(standing: Standing, kind: "pending" | "gone"): void {
  if (kind === "gone") standing.status = "expired";
  else if (standing.status === "complete") standing.emptyHanded += 1;
}

function lostBy(standing: Standing, elapsedMs: number, taskId: string): ReportError | null {
  if (standing.emptyHanded >= EMPTY_HANDED_MAX) return emptyResult(taskId);
  standing.expiredAtMs = standing.status === "expired" ? (standing.expiredAtMs ?? elapsedMs) : null;
  return standing.expiredAtMs !== null && elapsedMs - standing.expiredAtMs >= GRACE_MS
    ? expired(taskId)
    : null;
}

/** An id that Looker does not know (any more) is answered with 404. */
async function poll(looker: Looker, taskId: string, signal: AbortSignal): Promise<string> {
  try {
    const task = await patiently(looker, signal, () =>
      looker.call((sdk, options) => sdk.query_task(taskId, "id,status", options), signal),
    );
    return String(task.status ?? "").toLowerCase();
  } catch (error) {
    if (isGone(error)) return "expired";
    throw error;
  }
}

type Fetched<T> =
  | { kind: "received"; result: T }
  | { kind: "pending" }
  | { kind: "gone" }
  | { kind: "lost"; reason: ReportError };

async function fetchResult<T>(
  looker: Looker,
  taskId: string,
  status: string,
  context: SourceContext,
  receive: Receive<T>,
): Promise<Fetched<T>> {
  const attempt = async (): Promise<T | "pending"> => {
    const incoming = await looker.download(
      `/query_tasks/${encodeURIComponent(taskId)}/results`,
      context.signal,
    );
    // 202, or 204 on older servers: not ready. Anything but 200 is no data, however successful it sounds.
    if (incoming.status === 200) return receive(incoming, status === "error");
    incoming.discard();
    return "pending";
  };
  try {
    const received = await patiently(looker, context.signal, attempt, { attemptsMax: FETCHES_MAX });
    if (received !== "pending") return { kind: "received", result: received };
    if (status === "error") throw unexplainedFailure(taskId);
    return { kind: "pending" };
  } catch (error) {
    if (isGone(error)) return { kind: "gone" };
    if (error instanceof ReportError && error.status === 400) throw failedQuery(error);
    if (
      error instanceof ReportError &&
      error.retryable &&
      error.code !== "rate_limited" &&
      !context.signal.aborted
    ) {
      return { kind: "lost", reason: error };
    }
    throw error;
  }
}

/** In every format but json_detail, a query that the database refused is answered with 400 and its message. */
function failedQuery(answer: ReportError): ReportError {
  const { message, code, advice } = queryFailure(wordsOfLooker(answer) ?? answer.message, null);
  return new ReportError(message, { code, ...(advice !== null && { advice }), status: 400, cause: answer });
}

/** Asks Looker to stop the query. It may have ended meanwhile, or not answer: neither matters any more. */
async function kill(looker: Looker, taskId: string): Promise<void> {
  const signal = AbortSignal.timeout(KILL_TIMEOUT_MS);
  await looker.call((sdk, options) => sdk.kill_query(taskId, options), signal).catch(() => undefined);
}

function isGone(error: unknown): boolean {
  return error instanceof ReportError && error.status === 404;
}

function endedAs(status: string, taskId: string): ReportError {
  if (status === "killed") {
    return new ReportError("The query was killed at Looker.", {
      code: "cancelled",
      advice:
        "Somebody stopped it, or Looker's or the database's own time limit did. Ask the Looker admin, or run the report again.",
    });
  }
  return new ReportError(`The query ended at Looker as "${status}" (query task ${taskId}).`, {
    code: "unavailable",
    advice:
      "Looker lost the query without an error of its own. Run the report again; if it lasts, ask the Looker admin.",
  });
}

function expired(taskId: string): ReportError {
  return new ReportError(`Looker let the query task ${taskId} expire before its result was fetched.`, {
    code: "unavailable",
    advice:
      "Run the report again. If it lasts, ask the Looker admin whether the server restarts or its disk is full.",
  });
}

function emptyResult(taskId: string): ReportError {
  return new ReportError(`Looker says that the query task ${taskId} is complete, but has no result for it.`, {
    code: "unavailable",
    advice: "Run the report again. If it lasts, ask the Looker admin.",
  });
}
