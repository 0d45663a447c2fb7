import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Destination, Sending } from "../core/adapter.ts";
import { ReportError } from "../core/error.ts";
import type { Message } from "../core/message.ts";
import type { Outcome } from "../core/outcome.ts";
import { introOf } from "./intro.ts";
import type { SlackDeps } from "./slack.ts";
import { checkSlack, checkToken } from "./slack-check.ts";
import { type CallTerms, call, slackClient } from "./slack-client.ts";
import { type Directory, type Place, slackDirectory } from "./slack-directory.ts";
import { putFilesIntoThread, uploadFiles } from "./slack-files.ts";
import { findPost, shareMissingFiles } from "./slack-lookup.ts";
import type { SlackConnection, SlackOptions } from "./slack-options.ts";
import { type Failure, failureOf } from "./slack-outcome.ts";
import { pictureShelf, picturesOf, standIns } from "./slack-pictures.ts";
import { makePost, type NotPosted } from "./slack-post.ts";

/** What is asked of Slack, as a destination has it. */
export type SlackCalls = Required<
  Pick<Destination<SlackOptions>, "deliver" | "find" | "checkConnection" | "check">
>;

interface Given extends Required<SlackDeps> {
  readonly connection: SlackConnection;
  /** Aborts what is under way when the destination is closed. */
  readonly closed: AbortSignal;
}

/**
 * The order keeps anything from being seen twice: files and pictures are brought to Slack first, where nobody sees them, then the one
 * post is made, then the files are put into its thread. Whatever fails ahead of the post may be tried again as a whole;
 * whatever fails after it is told in the thread, and the post is not made again.
 */
export function slackCalls({ connection, renderSlack, clock, callTimeoutMs, closed }: Given): SlackCalls {
  const directory = slackDirectory();
  const shelf = pictureShelf();
  const termsOf = (signal: AbortSignal, commit: Sending["commit"]): CallTerms => {
    return { ...ownTerms(AbortSignal.any([signal, closed]), commit), timeoutMs: callTimeoutMs };
  };
  const clientFor = (signal: AbortSignal) =>
    slackClient(
      connection,
      termsOf(signal, async () => {}),
    );
  return {
    async deliver(message, options, sending) {
      const terms = termsOf(sending.signal, sending.commit);
      const { signal } = terms;
      const client = slackClient(connection, terms);
      const place = await directory.find(client, options);
      if (signal.aborted) return stopped(signal);
      if (place.kind !== "place") return place;
      const files = await uploadFiles(client, message.artifacts, signal);
      if (signal.aborted) return stopped(signal);
      if (files.kind !== "files") return files;
      const told = { ...message, intro: introOf(message, options.message) };
      const shown = picturesOf(await renderSlack(told, standIns(message)), message);
      const pictures = await shelf.bring(shown, {
        key: message.key,
        client: clientFor(signal),
        clock,
        signal,
      });
      if (signal.aborted) return stopped(signal);
      const post = await makePost({
        client,
        message: { ...told, notices: [...told.notices, ...pictures.lost] },
        render: renderSlack,
        pictures: pictures.ids,
        files: files.uploaded,
        place,
        clock,
        signal,
      });
      if (post.kind !== "posted") return await withInvitation(post, client, directory, place);
      const thread = { client, place, ts: post.ts, filesInside: options.thread !== "none" };
      const lost = await putFilesIntoThread(files, thread, clock, signal);
      // Whoever looks the post up (find) brings its files into the thread.
      if (lost !== null && signal.aborted)
        return { kind: "unknown", reason: "Stopped between the post and its files." };
      const sent = { kind: "sent", externalId: externalId(place, post.ts), refused: [] } as const;
      const notes = [post.note, ...pictures.lost, lost].filter((note) => note !== null);
      return notes.length === 0 ? sent : { ...sent, note: notes.join("\n") };
    },
    find(message, since, options, sending) {
      const terms = termsOf(sending.signal, sending.commit);
      return find({ client: slackClient(connection, terms), directory, terms }, message, since, options);
    },
    checkConnection: (signal) => checkToken(clientFor(signal)),
    check: (options, signal) => checkSlack(clientFor(signal), directory, options),
  };
}

/** Whoever may not act any more stops as a whole, as if it were told to. */
function ownTerms(signal: AbortSignal, commit: Sending["commit"]): Pick<CallTerms, "signal" | "commit"> {
  const lost = new AbortController();
  return {
    signal: AbortSignal.any([signal, lost.signal]),
    async commit() {
      try {
        await commit();
      } catch (thrown) {
        lost.abort(thrown);
        throw thrown;
      }
    },
  };
}

/** A refusal of the place: it is looked up anew next time, and who may let the bot in is told the bot's name. */
async function withInvitation(
  { failure, code }: NotPosted,
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

interface Search {
  readonly client: WebClient;
  readonly directory: Directory;
  readonly terms: CallTerms;
}

/** Rejects with ReportError where Slack does not tell: an absence that is not sure is none. */
async function find(
  { client, directory, terms }: Search,
  message: Message,
  since: Date,
  options: SlackOptions,
): Promise<string | null> {
  const { signal } = terms;
  const place = await directory.find(client, options);
  if (signal.aborted) throw stoppedError(signal);
  if (place.kind !== "place") throw failureError(place);
  try {
    const post = await findPost(client, message.key, since, place);
    if (post === null) return null;
    const thread = { client, place, ts: post.ts, filesInside: options.thread !== "none" };
    await shareMissingFiles(post, { thread, artifacts: message.artifacts, signal });
    return externalId(place, post.ts);
  } catch (thrown) {
    if (signal.aborted) throw stoppedError(signal);
    if (thrown instanceof ReportError) throw thrown;
    throw failureError(failureOf(thrown, false, place.label), thrown);
  }
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

function stopped(signal: AbortSignal): Outcome {
  const why = signal.reason instanceof Error ? signal.reason.message : "aborted";
  return { kind: "again", reason: `Stopped before anything was posted: ${why.replace(/\.$/, "")}.` };
}

function externalId(place: Place, ts: string): string {
  return `${place.id}:${ts}`;
}
