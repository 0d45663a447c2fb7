import { type IRequestCreateQueryTask, ResultFormat } from "@looker/sdk";
import type { SourceContext } from "../core/adapter.ts";
import type { Looker } from "./client.ts";
import { withoutId } from "./failure.ts";
import { type CreatedTask, followTask, type Receive } from "./follow-task.ts";
import { patiently } from "./patience.ts";

const CREATION_GRACE_MS = 5_000;

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
 * One query from its task's creation to the end of its result, within one of the Looker's places. The task is made a second
 * time when Looker has lost it or its result cannot be got whole; it is cancelled at Looker when this ends early.
 */
export async function runQueryTask<T>(
  looker: Looker,
  order: TaskOrder,
  context: SourceContext,
  receive: Receive<T>,
): Promise<TaskEnd<T>> {
  const giveBack = await takePlace(looker, context);
  try {
    for (let round = 1; ; round += 1) {
      const task = await create(looker, order, context);
      const followed = await followTask(looker, task, context, receive);
      if (followed.kind === "done") return { ...followed, startedAt: task.startedAt };
      if (round === 2) throw followed.reason;
    }
  } finally {
    giveBack();
  }
}

/** Aborts `graceMs` after the given signal does, for the same reason. */
function outlasting(signal: AbortSignal, graceMs: number): AbortSignal {
  const later = new AbortController();
  const abort = () => setTimeout(() => later.abort(signal.reason), graceMs).unref();
  if (signal.aborted) later.abort(signal.reason);
  else signal.addEventListener("abort", abort, { once: true });
  return later.signal;
}

async function takePlace(looker: Looker, context: SourceContext): Promise<() => void> {
  const place = looker.slots.take(context.signal);
  if (looker.slots.waiting > 0) context.progress({ status: "waiting", elapsedMs: 0 });
  return place;
}

async function create(looker: Looker, order: TaskOrder, context: SourceContext): Promise<CreatedTask> {
  const request: IRequestCreateQueryTask = {
    body: {
      query_id: order.queryId,
      result_format: ResultFormat[order.format],
      ...(order.lookId !== null && { look_id: order.lookId }),
    },
    apply_formatting: order.formatted,
    generate_drill_links: false,
    fields: "id,status",
  };
  const startedAt = looker.clock.now();
  // A creation that is cut off may have made a task whose id nobody knows: its answer is waited for, so that it can be cancelled.
  const signal = outlasting(context.signal, CREATION_GRACE_MS);
  const task = await patiently(
    looker,
    context.signal,
    () => looker.call((sdk, options) => sdk.create_query_task(request, options), signal),
    // Only this is sure to have made none: another would run the query twice.
    { again: ({ code }) => code === "rate_limited" },
  );
  if (!task.id) throw withoutId("query task");
  return { id: String(task.id), status: task.status ?? "", startedAt };
}
