import type { WebClient } from "@slack/web-api";
import type { RenderSlack, SlackPost } from "../../core/model/digest.ts";
import type { Message } from "../../core/model/message.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { shape, text } from "./answer.ts";
import { call } from "./client.ts";
import type { Conversation } from "./directory.ts";
import { postMetadata } from "./lookup.ts";
import { type Failure, failureOf, slackErrorCode } from "./outcome.ts";
import type { UploadedFile } from "./upload.ts";

export interface Posted {
  readonly kind: "posted";
  readonly ts: string;
  /** Why it is plainer than it was meant to be; null: it is as it was meant. */
  readonly note: string | null;
}

/** From as good as it gets down to text alone. */
export const STEPS = [0, 1, 2] as const;

export interface NotPosted {
  readonly kind: "failed";
  readonly failure: Failure;
  /** Slack's word for it, or null. */
  readonly code: string | null;
}

export interface PostOrder {
  readonly client: WebClient;
  readonly message: Message;
  readonly render: RenderSlack;
  /** Slack's ids of pictures, by their names. */
  readonly pictures: ReadonlyMap<string, string>;
  /** Those that go into its thread, in the order of the message's files as it was made; null: Slack would not take it. */
  readonly files: readonly (UploadedFile | null)[];
  readonly conversation: Conversation;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Makes the one post. Where Slack refuses its blocks, nothing was posted: a plainer one with the same key follows, without the
 * pictures that Slack cannot show, without its native tables and charts, at last without blocks.
 */
export async function makePost(order: PostOrder): Promise<Posted | NotPosted> {
  const none = new Map<string, string>();
  const best = await order.render(order.message, order.pictures, 0);
  let post = best;
  let outcome = await tryPost(post, order);
  const first = outcome;
  // Slack may still be looking at a picture, where it gives no sign of it.
  for (const afterMs of order.pictures.size > 0 ? PICTURE_AGAIN_MS : []) {
    if (!isRefused(outcome) || !isAboutPictures(outcome) || order.signal.aborted) break;
    await order.clock.sleep(afterMs, order.signal).catch(() => {});
    outcome = await tryPost(post, order);
  }
  const plainer = order.pictures.size > 0 && isAboutPictures(first) ? STEPS : STEPS.slice(1);
  for (const step of plainer) {
    if (!isRefused(outcome)) break;
    const next = await order.render(order.message, none, step);
    if (JSON.stringify(next) === JSON.stringify(post)) continue;
    post = next;
    outcome = await tryPost(post, order);
  }
  if (outcome.kind !== "posted" || first.kind === "posted" || post === best) return outcome;
  return { ...outcome, note: `Slack would not take it in full, so it is plainer: ${first.failure.reason}` };
}

const PICTURE_AGAIN_MS = [2_000, 5_000];

async function tryPost(post: SlackPost, order: PostOrder): Promise<Posted | NotPosted> {
  const { client, message, files, conversation } = order;
  try {
    const args = postArguments(post, message, files, conversation.id);
    const { ts } = await call(client, "chat.postMessage", args, shape({ ts: text }));
    return { kind: "posted", ts, note: null };
  } catch (thrown) {
    return {
      kind: "failed",
      failure: failureOf(thrown, true, conversation.label),
      code: slackErrorCode(thrown),
    };
  }
}

/** All of chat.postMessage's arguments but the token. */
export function postArguments(
  { text, blocks }: SlackPost,
  message: Message,
  files: readonly (UploadedFile | null)[],
  channel: string,
): Record<string, unknown> {
  return {
    channel,
    text,
    ...(blocks.length === 0 ? {} : { blocks }),
    metadata: postMetadata(message.key, files),
    unfurl_links: false,
    unfurl_media: false,
  };
}

/** Slack's words for blocks that it will not take, with which it surely has posted nothing. */
const BLOCKS_REFUSED = new Set([
  "invalid_blocks",
  "invalid_blocks_format",
  "msg_blocks_too_long",
  "invalid_attachments",
]);

function isRefused(outcome: Posted | NotPosted): outcome is NotPosted {
  return (
    outcome.kind === "failed" && outcome.failure.kind === "refused" && BLOCKS_REFUSED.has(outcome.code ?? "")
  );
}

function isAboutPictures(outcome: Posted | NotPosted): boolean {
  return outcome.kind === "failed" && /slack[_ ]file/.test(outcome.failure.reason);
}
