import type { WebClient } from "@slack/web-api";
import { ReportError } from "../../core/error.ts";
import type { RenderSlack } from "../../core/model/digest.ts";
import type { Message } from "../../core/model/message.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { correctPost } from "./correct.ts";
import { type Conversation, type Directory, type DirectoryTerms, externalId } from "./directory.ts";
import { type Thread, withoutFiles } from "./files.ts";
import { type FoundFiles, findPost, shareMissingFiles } from "./lookup.ts";
import type { SlackOptions } from "./options.ts";
import { type Failure, failureOf } from "./outcome.ts";
import type { Pictures } from "./pictures.ts";
import type { PostOrder } from "./post.ts";

/** Makes a message ready for its post: with its own words, and the pictures that it shows at Slack. */
export type Ready = (
  message: Message,
  options: SlackOptions,
  signal: AbortSignal,
) => Promise<{ readonly message: Message; readonly pictures: Pictures }>;

export interface FindDeps extends DirectoryTerms {
  readonly client: WebClient;
  readonly directory: Directory;
  readonly ready: Ready;
  readonly renderSlack: RenderSlack;
  readonly clock: Clock;
}

/**
 * Where the post of a message is that may have been made, with what was missing of it. Null where it is surely absent; rejects with
 * ReportError where Slack does not tell.
 */
export async function find(
  deps: FindDeps,
  message: Message,
  since: Date,
  options: SlackOptions,
): Promise<string | null> {
  const { directory, signal } = deps;
  const wanted = { message, since, options };
  // The name may have moved to another channel since the post was made.
  const before = await directory.last(options, deps);
  const conversation = await directory.find(options, deps);
  if (signal.aborted) throw stoppedError(signal);
  const isElsewhere =
    before !== null && (conversation.kind !== "conversation" || conversation.id !== before.id);
  const found = isElsewhere ? await findIn(before, deps, wanted) : null;
  if (found !== null) return found;
  if (conversation.kind !== "conversation") throw failureError(conversation);
  return findIn(conversation, deps, wanted);
}

async function findIn(
  conversation: Conversation,
  deps: FindDeps,
  wanted: { readonly message: Message; readonly since: Date; readonly options: SlackOptions },
): Promise<string | null> {
  const { client, signal } = deps;
  const { message, since, options } = wanted;
  try {
    const post = await findPost(client, message.key, since, conversation);
    if (post === null) return null;
    const thread = { client, conversation, ts: post.ts, filesInside: options.thread !== "none" };
    const found = await shareMissingFiles(post, { thread, artifacts: message.artifacts, signal });
    if (found.lost.length > 0) await correctFound(deps, found, { message, options, thread });
    return externalId(conversation, post.ts);
  } catch (thrown) {
    if (signal.aborted) throw stoppedError(signal);
    if (thrown instanceof ReportError) throw thrown;
    throw failureError(failureOf(thrown, false, conversation.label), thrown);
  }
}

async function correctFound(
  { client, signal, ready, renderSlack, clock }: FindDeps,
  { files, lost, lostBefore }: FoundFiles,
  { message, options, thread }: { message: Message; options: SlackOptions; thread: Thread },
): Promise<void> {
  const made = await ready(withoutFiles(message, lostBefore), options, signal);
  const order: PostOrder = {
    ...{ client, conversation: thread.conversation, clock, signal, render: renderSlack, files },
    message: made.message,
    pictures: made.pictures.ids,
  };
  await correctPost({ ts: thread.ts, order, lost, thread });
}

function failureError(failure: Failure, cause?: unknown): ReportError {
  const { reason } = failure;
  if (failure.kind === "refused")
    return new ReportError(reason, { code: "auth", advice: failure.advice, cause });
  const { afterMs, isServerOut } = failure.kind === "again" ? failure : {};
  const code = isServerOut === true ? "unavailable" : afterMs === undefined ? "protocol" : "rate_limited";
  const retryAfter = afterMs === undefined ? {} : { retryAfterMs: afterMs };
  return new ReportError(reason, { code, retryable: true, ...retryAfter, cause });
}

function stoppedError(signal: AbortSignal): ReportError {
  const { reason } = signal;
  return reason instanceof ReportError
    ? reason
    : new ReportError("The search was stopped.", { code: "cancelled", retryable: true, cause: reason });
}
