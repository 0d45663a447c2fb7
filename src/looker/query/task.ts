import type { IRequestCreateQueryTask, ResultFormat } from "@looker/sdk";
import { ReportError } from "../../core/error.ts";
import type { SourceContext } from "../../core/ports/adapter.ts";
import type { Looker } from "../http/client.ts";
import { withoutId } from "../http/failure.ts";
import { retry } from "../http/retry.ts";
import type { Receive } from "./fetch-result.ts";
import { followTask } from "./follow-task.ts";
import { type QuerySlot, takeSlot } from "./slot.ts";
import { hasEnded, isOver, type Task } from "./task-state.ts";

const CREATION_GRACE_MS = 5_000;
const KILL_TIMEOUT_MS = 5_000;
/** How many tasks are made for one result. */
const CREATIONS_MAX = 2;
/** How many are followed, those that were found included. */
const ROUNDS_MAX = 4;

export interface TaskOrder {
  readonly queryId: string;
  readonly lookId: string | null;
  readonly format: "json_detail" | "csv";
  /** Whether cells come as the model renders them. */
  readonly formatted: boolean;
}

export interface TaskEnd<T> {
  readonly result: T;
  readonly startedAt: Date;
  readonly tookMs: number;
}

/**
 * One query from its task to the end of its result. A task that exists already, made by another run of the same tick or by
 * a worker that has died, is polled further; else one is made, within one of the Looker's slots. Where Looker has lost it,
 * or its result cannot be got whole, another is made.
 */
export async function runQueryTask<T>(
  looker: Looker,
  order: TaskOrder,
  context: SourceContext,
  receive: Receive<T>,
): Promise<TaskEnd<T>> {
  const key = queryKey(order);
  let creations = 0;
  for (let round = 1; ; round += 1) {
    // Before anything is asked: the one that makes the task for others too must not have to wait for a slot then.
    const slot = await takeSlot(looker, context);
    try {
      const task = (await findTask(key, context)) ?? (await createTask(looker, order, context));
      if (task.isOwn) creations += 1;
      slot.fill(task.id);
      const followed = await followOrLeave(looker, { task, key, slot }, context, receive);
      if (followed.kind === "done") return { ...followed, startedAt: task.startedAt };
      await context.tasks.drop(key, task.id);
      if (creations === CREATIONS_MAX || round === ROUNDS_MAX) throw followed.reason;
    } finally {
      slot.release();
    }
  }
}

/** All that the result depends on besides the query's own body, which Looker gives one id forever. */
function queryKey({ queryId, format, formatted }: TaskOrder): string {
  return `query ${queryId} as ${format}, ${formatted ? "formatted" : "raw"}`;
}

async function findTask(key: string, { tasks, signal }: SourceContext): Promise<Task | null> {
  const found = await tasks.find(key, signal);
  return found && { id: found.taskId, status: "", startedAt: found.since, isOwn: false };
}

async function createTask(looker: Looker, order: TaskOrder, context: SourceContext): Promise<Task> {
  const key = queryKey(order);
  const task = await create(looker, order, context).catch(async (error: unknown) => {
    await dropQuietly(context, key, null);
    throw error;
  });
  try {
    await context.tasks.created(key, task.id);
    return task;
  } catch (error) {
    // No one else will ever know of this task.
    await kill(looker, task.id);
    await dropQuietly(context, key, null);
    throw error;
  }
}

interface Followed {
  readonly task: Task;
  readonly key: string;
  readonly slot: QuerySlot;
}

async function followOrLeave<T>(
  looker: Looker,
  followed: Followed,
  context: SourceContext,
  receive: Receive<T>,
): ReturnType<typeof followTask<T>> {
  const { task, key, slot } = followed;
  try {
    return await followTask(looker, task, slot, context, receive);
  } catch (error) {
    const reason: unknown = context.signal.aborted ? context.signal.reason : error;
    if (isOver(task)) {
      if (!context.signal.aborted && isOfNoUse(task, error)) await dropQuietly(context, key, task.id);
    } else if (task.isOwn && !isWantedLater(reason)) {
      await kill(looker, task.id);
      await dropQuietly(context, key, task.id);
    }
    throw reason;
  }
}

/**
 * The next try (after a shut-down, by another worker; after a temporary failure, by this one) finds the task and polls it
 * on: so the query goes on at Looker. After a time-out, or when a person cancels, no one wants its result.
 */
function isWantedLater(reason: unknown): boolean {
  return reason instanceof ReportError && reason.retryable;
}

/** The query failed. A result that could not be fetched, or not be written here, stays at Looker for the next try. */
function isOfNoUse(task: Task, error: unknown): boolean {
  if (hasEnded(task)) return true;
  return error instanceof ReportError && !error.retryable && error.code !== "local";
}

/** After a failure. Where the ledger cannot be reached either, the next try finds out by a poll that the task is of no use. */
async function dropQuietly({ tasks }: SourceContext, key: string, taskId: string | null): Promise<void> {
  await tasks.drop(key, taskId).catch(() => undefined);
}

/** Asks Looker to stop the query. It may have ended meanwhile, or not answer: neither matters any more. */
async function kill(looker: Looker, taskId: string): Promise<void> {
  const signal = AbortSignal.timeout(KILL_TIMEOUT_MS);
  await looker.call((sdk, options) => sdk.kill_query(taskId, options), signal).catch(() => undefined);
}

async function create(looker: Looker, order: TaskOrder, context: SourceContext): Promise<Task> {
  const request: IRequestCreateQueryTask = {
    body: {
      query_id: order.queryId,
      result_format: order.format as ResultFormat,
      ...(order.lookId !== null && { look_id: order.lookId }),
    },
    apply_formatting: order.formatted,
    generate_drill_links: false,
    fields: "id,status",
  };
  const startedAt = looker.clock.now();
  // A creation that is cut off may have made a task whose id no one knows: its answer is waited for, so that it is kept or killed.
  const signal = outlasting(context.signal, CREATION_GRACE_MS);
  // A creation whose answer is lost may have made one as well. It is repeated nevertheless, once: the run's next try would make
  // another all the same, only later.
  const task = await retry(
    looker,
    context.signal,
    () => looker.call((sdk, options) => sdk.create_query_task(request, options), signal),
    { again: ({ code, retryable }, failures) => code === "rate_limited" || (retryable && failures === 1) },
  );
  if (!task.id) throw withoutId("query task");
  return { id: String(task.id), status: (task.status ?? "").toLowerCase(), startedAt, isOwn: true };
}

/** Aborts `graceMs` after the given signal does, for the same reason. */
function outlasting(signal: AbortSignal, graceMs: number): AbortSignal {
  const later = new AbortController();
  const abort = () => setTimeout(() => later.abort(signal.reason), graceMs).unref();
  if (signal.aborted) later.abort(signal.reason);
  else signal.addEventListener("abort", abort, { once: true });
  return later.signal;
}
