import type { WebClient } from "@slack/web-api";
import { ReportError } from "../../core/error.ts";
import type { Message } from "../../core/model/message.ts";
import type { Outcome } from "../../core/model/outcome.ts";
import type { Destination, Sending } from "../../core/ports/adapter.ts";
import { introOf } from "../intro.ts";
import { shape, text } from "./answer.ts";
import { checkSlack, checkToken } from "./check.ts";
import { type CallTerms, call, slackClient } from "./client.ts";
import { correctPost } from "./correct.ts";
import { type Directory, type Place, slackDirectory } from "./directory.ts";
import { putFilesIntoThread, type Thread, uploadFiles } from "./files.ts";
import { type FoundFiles, findPost, shareMissingFiles } from "./lookup.ts";
import { type LostFile, noteOf, refusalsOf, withoutFiles } from "./lost-files.ts";
import type { SlackConnection, SlackOptions } from "./options.ts";
import { type Failure, failureOf } from "./outcome.ts";
import { type Pictures, pictureShelf, picturesOf, standIns } from "./pictures.ts";
import { makePost, type NotPosted, type PostOrder } from "./post.ts";
import type { SlackDeps } from "./slack.ts";
import type { UploadedFile } from "./upload.ts";

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
 * post is made, then the files are put into its thread. Whatever fails ahead of the post may be tried again as a whole, and a file that
 * Slack will never take is not in it; whatever fails after it is corrected in the post, which is not made again.
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
  /** With its own words, and the pictures that it shows at Slack. */
  const ready: Ready = async (message, options, signal) => {
    const told = { ...message, intro: introOf(message, options.message) };
    const shown = picturesOf(await renderSlack(told, standIns(message)), message);
    const pictures = await shelf.bring(shown, { key: message.key, client: clientFor(signal), clock, signal });
    return { message: { ...told, notices: [...told.notices, ...pictures.lost] }, pictures };
  };
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
      const made = await ready(withoutFiles(message, files.lost), options, signal);
      if (signal.aborted) return stopped(signal);
      const order: PostOrder = {
        ...{ client, place, clock, signal, render: renderSlack },
        message: made.message,
        pictures: made.pictures.ids,
        files: files.uploaded,
      };
      const post = await makePost(order);
      if (post.kind !== "posted") return await withInvitation(post, client, directory, place);
      const thread = { client, place, ts: post.ts, filesInside: options.thread !== "none" };
      const unshared = await putFilesIntoThread(files, thread, clock, signal);
      // Whoever looks the post up (find) brings its files into the thread.
      if (unshared.length > 0 && signal.aborted)
        return { kind: "unknown", reason: "Stopped between the post and its files." };
      if (unshared.length > 0) {
        const kept = withoutLost(files.uploaded, unshared);
        await correctPost({ ts: post.ts, order: { ...order, files: kept }, lost: unshared, thread });
      }
      const lost = [...files.lost, ...unshared];
      const sent = {
        kind: "sent",
        externalId: externalId(place, post.ts),
        refused: refusalsOf(lost),
      } as const;
      const notes = [post.note, ...made.pictures.lost, ...noteOf(lost)].filter((note) => note !== null);
      return notes.length === 0 ? sent : { ...sent, note: notes.join("\n") };
    },
    find(message, since, options, sending) {
      const terms = termsOf(sending.signal, sending.commit);
      const client = slackClient(connection, terms);
      return find({ client, directory, terms, ready, renderSlack, clock }, message, since, options);
    },
    checkConnection: (signal) => checkToken(clientFor(signal)),
    check: (options, signal) => checkSlack(clientFor(signal), directory, options),
  };
}

type Ready = (
  message: Message,
  options: SlackOptions,
  signal: AbortSignal,
) => Promise<{ readonly message: Message; readonly pictures: Pictures }>;

/** Those whose place in the thread is open may still turn up there, and whoever finds the post looks for them. */
function withoutLost(
  uploaded: readonly (UploadedFile | null)[],
  lost: readonly LostFile[],
): (UploadedFile | null)[] {
  const gone = new Set(
    lost.filter(({ failure }) => failure.kind !== "unknown").map(({ filename }) => filename),
  );
  return uploaded.map((file) => (file === null || gone.has(file.title ?? "") ? null : file));
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
  const bot = await call(client, "auth.test", {}, shape({ user: text })).catch(() => null);
  if (bot === null) return failure;
  return { ...failure, advice: `Invite the bot: type "/invite @${bot.user}" in ${place.label}.` };
}

interface Search extends Pick<Given, "renderSlack" | "clock"> {
  readonly client: WebClient;
  readonly directory: Directory;
  readonly terms: CallTerms;
  readonly ready: Ready;
}

/** Rejects with ReportError where Slack does not tell: an absence that is not sure is none. */
async function find(
  search: Search,
  message: Message,
  since: Date,
  options: SlackOptions,
): Promise<string | null> {
  const { client, directory, terms } = search;
  const { signal } = terms;
  const place = await directory.find(client, options);
  if (signal.aborted) throw stoppedError(signal);
  if (place.kind !== "place") throw failureError(place);
  try {
    const post = await findPost(client, message.key, since, place);
    if (post === null) return null;
    const thread = { client, place, ts: post.ts, filesInside: options.thread !== "none" };
    const found = await shareMissingFiles(post, { thread, artifacts: message.artifacts, signal });
    if (found.lost.length > 0) await correctFound(search, found, { message, options, thread });
    return externalId(place, post.ts);
  } catch (thrown) {
    if (signal.aborted) throw stoppedError(signal);
    if (thrown instanceof ReportError) throw thrown;
    throw failureError(failureOf(thrown, false, place.label), thrown);
  }
}

async function correctFound(
  { client, terms: { signal }, ready, renderSlack, clock }: Search,
  { files, lost, lostBefore }: FoundFiles,
  { message, options, thread }: { message: Message; options: SlackOptions; thread: Thread },
): Promise<void> {
  const made = await ready(withoutFiles(message, lostBefore), options, signal);
  const order: PostOrder = {
    ...{ client, place: thread.place, clock, signal, render: renderSlack, files },
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

function stopped(signal: AbortSignal): Outcome {
  const why = signal.reason instanceof Error ? signal.reason.message : "aborted";
  return { kind: "again", reason: `Stopped before anything was posted: ${why.replace(/\.$/, "")}.` };
}

function externalId(place: Place, ts: string): string {
  return `${place.id}:${ts}`;
}
