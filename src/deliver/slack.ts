import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Destination } from "../core/adapter.ts";
import type { Clock } from "../core/clock.ts";
import type { RenderSlack, SlackPost } from "../core/digest.ts";
import { ReportError } from "../core/error.ts";
import type { Message } from "../core/message.ts";
import type { Outcome } from "../core/outcome.ts";
import { checkSlack, checkToken } from "./slack-check.ts";
import { call, slackClient } from "./slack-client.ts";
import { type Directory, type Place, slackDirectory } from "./slack-directory.ts";
import { putFilesIntoThread, uploadFiles } from "./slack-files.ts";
import { findPost, postMetadata, shareMissingFiles } from "./slack-lookup.ts";
import { describePlace, type SlackConnection, type SlackOptions } from "./slack-options.ts";
import { type Failure, failureOf, slackErrorCode } from "./slack-outcome.ts";
import type { UploadedFile } from "./slack-upload.ts";

export interface SlackDeps {
  readonly renderSlack: RenderSlack;
  readonly clock: Clock;
}

/**
 * Posts to a channel or a person. The order keeps anything from being seen twice: files are brought to Slack first, where
 * nobody sees them, then the one post is made, then the files are put into its thread. Whatever fails ahead of the post
 * may be tried again as a whole; whatever fails after it is told in the thread, and the post is not made again.
 */
export function openSlack(
  connection: SlackConnection,
  { renderSlack, clock }: SlackDeps,
): Destination<SlackOptions> & { close(): void } {
  const closing = new AbortController();
  const directory = slackDirectory();
  const clientFor = (signal: AbortSignal) =>
    slackClient(connection, AbortSignal.any([signal, closing.signal]));
  return {
    kind: "slack",
    describe: describePlace,
    // Slack's own limit, for one file.
    attachmentBytesMax: 1024 ** 3,
    async deliver(message, options, signal) {
      const either = AbortSignal.any([signal, closing.signal]);
      const client = slackClient(connection, either);
      const place = await directory.find(client, options);
      if (place.kind !== "place") return either.aborted ? stopped(either) : place;
      const files = await uploadFiles(client, message.artifacts, either);
      if (either.aborted) return stopped(either);
      if (files.kind !== "files") return files;
      const rendered = renderSlack({ ...message, intro: options.message ?? message.intro });
      const post = await postOnce(client, rendered, message, files.uploaded, place);
      if (post.kind !== "posted") return await withInvitation(post, client, directory, place);
      const note = await putFilesIntoThread(files, { client, place, ts: post.ts }, clock, either);
      // Whoever looks the post up (find) brings its files into the thread.
      if (note !== null && either.aborted)
        return { kind: "unknown", reason: "Stopped between the post and its files." };
      const sent = { kind: "sent", externalId: externalId(place, post.ts), refused: [] } as const;
      return note === null ? sent : { ...sent, note };
    },
    find: (key, since, options, signal) => find(clientFor(signal), directory, key, since, options),
    checkConnection: (signal) => checkToken(clientFor(signal)),
    check: (options, signal) => checkSlack(clientFor(signal), directory, options),
    /** Aborts what is still under way. */
    close: () => closing.abort(new ReportError("the Slack destination was closed", { code: "cancelled" })),
  };
}

type Posted = { readonly kind: "posted"; readonly ts: string };

async function postOnce(
  client: WebClient,
  { text, blocks }: SlackPost,
  message: Message,
  files: readonly UploadedFile[],
  place: Place,
): Promise<Posted | { kind: "failed"; failure: Failure; code: string | null }> {
  try {
    const args = {
      channel: place.id,
      text,
      blocks,
      metadata: postMetadata(message.key, files),
      unfurl_links: false,
      unfurl_media: false,
    };
    const { ts } = await call(client, "chat.postMessage", args, z.object({ ts: z.string() }));
    return { kind: "posted", ts };
  } catch (thrown) {
    return { kind: "failed", failure: failureOf(thrown, true, place.label), code: slackErrorCode(thrown) };
  }
}

/** A refusal of the place: it is looked up anew next time, and who may let the bot in is told the bot's name. */
async function withInvitation(
  { failure, code }: { failure: Failure; code: string | null },
  client: WebClient,
  directory: Directory,
  place: Place,
): Promise<Outcome> {
  if (code === "channel_not_found" || code === "is_archived") directory.forget(place);
  if (code !== "not_in_channel" || failure.kind !== "refused") return failure;
  const bot = await call(client, "auth.test", {}, z.object({ user: z.string() })).catch(() => null);
  if (bot === null) return failure;
  return { ...failure, advice: `Invite the bot: type "/invite @${bot.user}" in ${place.label}.` };
}

/** Rejects with ReportError where Slack does not tell: an absence that is not sure is none. */
async function find(
  client: WebClient,
  directory: Directory,
  key: string,
  since: Date,
  options: SlackOptions,
): Promise<string | null> {
  const place = await directory.find(client, options);
  if (place.kind !== "place") throw failureError(place);
  try {
    const post = await findPost(client, key, since, place);
    if (post === null) return null;
    await shareMissingFiles(client, post, place);
    return externalId(place, post.ts);
  } catch (thrown) {
    if (thrown instanceof ReportError) throw thrown;
    throw failureError(failureOf(thrown, false, place.label), thrown);
  }
}

function failureError(failure: Failure, cause?: unknown): ReportError {
  const { reason } = failure;
  if (failure.kind === "refused")
    return new ReportError(reason, { code: "auth", advice: failure.advice, cause });
  const retryAfter =
    failure.kind === "again" && failure.afterMs !== undefined ? { retryAfterMs: failure.afterMs } : {};
  return new ReportError(reason, { code: "unavailable", ...retryAfter, cause });
}

function stopped(signal: AbortSignal): Outcome {
  const why = signal.reason instanceof Error ? signal.reason.message : "aborted";
  return { kind: "again", reason: `Stopped before anything was posted: ${why}.` };
}

function externalId(place: Place, ts: string): string {
  return `${place.id}:${ts}`;
}
