import { ReportError } from "../../core/error.ts";
import type { SourceContext } from "../../core/ports/adapter.ts";
import type { Looker } from "../http/client.ts";
import { wordsOfLooker } from "../http/failure.ts";
import { retry } from "../http/retry.ts";
import type { Incoming } from "../http/transport.ts";
import type { Task } from "./task-state.ts";
import { queryFailure, unexplainedFailure } from "./verdict.ts";

const FETCHES_MAX = 3;

/**
 * Takes a result in. "pending": what came was no result yet. `failed`: the task says that its query has failed. Throws
 * ReportError: retryable where the same result may come whole if it is fetched again.
 */
export type Receive<T> = (incoming: Incoming, failed: boolean) => Promise<T | "pending">;

export type FetchedResult<T> =
  | { readonly kind: "received"; readonly result: T }
  | { readonly kind: "pending" }
  /** Looker does not know the task, or not any more. */
  | { readonly kind: "gone" }
  /** It cannot be got whole. */
  | { readonly kind: "lost"; readonly reason: ReportError };

/** Fetches the result of a task, again where it breaks off. Throws ReportError for what the query itself ended with. */
export async function fetchResult<T>(
  looker: Looker,
  { id, status }: Task,
  { signal }: SourceContext,
  receive: Receive<T>,
): Promise<FetchedResult<T>> {
  const attempt = async (): Promise<T | "pending"> => {
    const incoming = await looker.download(`/query_tasks/${encodeURIComponent(id)}/results`, signal);
    // 202, or 204 on older servers: not ready. Anything but 200 is no data, however successful it sounds.
    if (incoming.status === 200) return receive(incoming, status === "error");
    incoming.discard();
    return "pending";
  };
  try {
    const received = await retry(looker, signal, attempt, { attemptsMax: FETCHES_MAX, again });
    if (received !== "pending") return { kind: "received", result: received };
    if (status === "error") throw unexplainedFailure(id);
    return { kind: "pending" };
  } catch (error) {
    if (!(error instanceof ReportError) || signal.aborted) throw error;
    if (error.status === 404) return { kind: "gone" };
    if (error.status === 400) throw failedQuery(error);
    const isBroken = error.code === "unavailable" || error.code === "protocol";
    if (isBroken && error.retryable) return { kind: "lost", reason: error };
    throw error;
  }
}

/** What this machine lacks, room on its disk, is not there a second later: the run's own next try waits for it. */
function again({ code, retryable }: ReportError): boolean {
  return retryable && code !== "local";
}

/** In every format but json_detail, a query that the database refused is answered with 400 and its message. */
function failedQuery(answer: ReportError): ReportError {
  const { message, code, advice } = queryFailure(wordsOfLooker(answer) ?? answer.message, null);
  return new ReportError(message, { code, ...(advice !== null && { advice }), status: 400, cause: answer });
}

const PROGRESS_BYTES = 1_000_000;

/** Reports the bytes that come in, once for each megabyte. */
export function fetching(looker: Looker, context: SourceContext): (bytes: number) => void {
  const startedAt = looker.clock.now().getTime();
  let toldAt = -PROGRESS_BYTES;
  return (bytes) => {
    if (bytes < toldAt + PROGRESS_BYTES) return;
    toldAt = bytes;
    const elapsedMs = looker.clock.now().getTime() - startedAt;
    context.progress({ status: "fetching", elapsedMs, bytes });
  };
}
