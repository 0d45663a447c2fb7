import { ReportError } from "../../core/error.ts";
import type { SourceContext } from "../../core/ports/adapter.ts";
import type { Looker } from "../http/client.ts";
import { retry } from "../http/retry.ts";
import { fetchResult, type Receive } from "./fetch-result.ts";
import { pollWaits } from "./pace.ts";
import type { QuerySlot } from "./slot.ts";
import { emptyResult, endedAs, expired, hasEnded, isOver, mayHaveResult, type Task } from "./task-state.ts";

/** "lost": there is no result although the query did not fail; a new task may have one. */
export type Followed<T> =
  | { readonly kind: "done"; readonly result: T; readonly tookMs: number }
  | { readonly kind: "lost"; readonly reason: ReportError };

/** A first "expired" can be false: another status has been seen to follow within a second. */
const GRACE_MS = 5_000;
/** How often a task may say that it is complete and yet have no result. */
const EMPTY_HANDED_MAX = 5;
/** How far before the only poll the query is taken to have ended, where Looker does not say: 80 to 100 %. */
const EARLIEST_END = 0.8;

/** What is known of the task under way; times in milliseconds from its creation. */
interface Watch {
  /** The last poll at which it was not over. */
  pendingMs: number;
  /** How long Looker says that it ran; null where it does not say. */
  runtimeMs: number | null;
  /** When it first said that it had expired; null while it does not. */
  expiredAtMs: number | null;
  emptyHanded: number;
}

/**
 * Polls the task and takes its result in. One that was found is polled at once, since it may be complete long since. The
 * slot is released as soon as the query does not run any more.
 */
export async function followTask<T>(
  looker: Looker,
  task: Task,
  slot: QuerySlot,
  context: SourceContext,
  receive: Receive<T>,
): Promise<Followed<T>> {
  const { clock, random, recent } = looker;
  const watch: Watch = { pendingMs: 0, runtimeMs: null, expiredAtMs: null, emptyHanded: 0 };
  const elapsedMs = () => Math.max(0, clock.now().getTime() - task.startedAt.getTime());
  const nextWait = pollWaits({ lastMs: context.expectedMs, othersMs: recent.medianMs() }, random);
  const nextGraceWait = pollWaits({ lastMs: null, othersMs: null }, random);
  if (!task.isOwn) await poll(looker, task, watch, context.signal);
  for (;;) {
    const seenMs = elapsedMs();
    context.progress({ status: task.status || "added", elapsedMs: seenMs });
    if (isOver(task)) slot.release();
    else watch.pendingMs = seenMs;
    const followed = await outcome(looker, task, { watch, seenMs }, context, receive);
    if (followed?.kind === "done") recent.note(followed.tookMs);
    if (followed !== null) return followed;
    const reason = lostBy(task, watch, elapsedMs());
    if (reason !== null) return { kind: "lost", reason };
    const { expiredAtMs } = watch;
    const wait = expiredAtMs === null ? nextWait(elapsedMs()) : nextGraceWait(elapsedMs() - expiredAtMs);
    await clock.sleep(wait, context.signal);
    await poll(looker, task, watch, context.signal);
  }
}

/** What the task's status leads to, or null where it has to be polled on. */
async function outcome<T>(
  looker: Looker,
  task: Task,
  { watch, seenMs }: { readonly watch: Watch; readonly seenMs: number },
  context: SourceContext,
  receive: Receive<T>,
): Promise<Followed<T> | null> {
  if (hasEnded(task)) {
    if (task.isOwn) throw endedAs(task);
    // One that was found may have been stopped for reasons of the run that made it.
    return { kind: "lost", reason: endedAs(task) };
  }
  if (!mayHaveResult(task)) return null;
  const fetched = await fetchResult(looker, task, context, receive);
  if (fetched.kind === "lost") return fetched;
  if (fetched.kind === "received")
    return { kind: "done", result: fetched.result, tookMs: durationMs(watch, seenMs) };
  if (fetched.kind === "gone") task.status = "expired";
  else if (task.status === "complete") watch.emptyHanded += 1;
  return null;
}

/**
 * How long the query took. It ended between the last poll that found it under way and the one that did not: Looker's own
 * figure says where, as long as it lies between them (it can be that of an earlier run), and the middle will do otherwise.
 */
function durationMs({ pendingMs, runtimeMs }: Watch, seenMs: number): number {
  if (runtimeMs !== null) return Math.round(Math.min(Math.max(runtimeMs, pendingMs), seenMs));
  return Math.round((Math.max(pendingMs, seenMs * EARLIEST_END) + seenMs) / 2);
}

function lostBy(task: Task, watch: Watch, elapsedMs: number): ReportError | null {
  if (watch.emptyHanded >= EMPTY_HANDED_MAX) return emptyResult(task.id);
  watch.expiredAtMs = task.status === "expired" ? (watch.expiredAtMs ?? elapsedMs) : null;
  return watch.expiredAtMs !== null && elapsedMs - watch.expiredAtMs >= GRACE_MS ? expired(task.id) : null;
}

/** An id that Looker does not know (any more) is answered with 404. */
async function poll(looker: Looker, task: Task, watch: Watch, signal: AbortSignal): Promise<void> {
  try {
    const { status, runtime } = await retry(looker, signal, () =>
      looker.call((sdk, options) => sdk.query_task(task.id, "id,status,runtime", options), signal),
    );
    task.status = String(status ?? "").toLowerCase();
    watch.runtimeMs = typeof runtime === "number" && runtime >= 0 ? runtime * 1_000 : null;
  } catch (error) {
    if (!(error instanceof ReportError) || error.status !== 404) throw error;
    task.status = "expired";
  }
}
