import type { WebClient } from "@slack/web-api";
import { ReportError } from "../../core/error.ts";
import { introOf, type Message } from "../../core/model/message.ts";
import type { Commitment, Outcome } from "../../core/model/outcome.ts";
import type { Destination } from "../../core/ports/destination.ts";
import { shape, text } from "./answer.ts";
import { checkSlack, checkToken } from "./check.ts";
import { type CallTerms, call, slackClient } from "./client.ts";
import { correctPost } from "./correct.ts";
import { type Conversation, type Directory, slackDirectory } from "./directory.ts";
import {
  type LostFile,
  noteOf,
  putFilesIntoThread,
  refusalsOf,
  type Thread,
  uploadFiles,
  withoutFiles,
} from "./files.ts";
import { type FoundFiles, findPost, shareMissingFiles } from "./lookup.ts";
import type { SlackConnection, SlackDeps, SlackOptions } from "./options.ts";
import { type Failure, failureOf, outcomeOf } from "./outcome.ts";
import { openPictureCache, type Pictures, picturesOf, standIns } from "./pictures.ts";
import { makePost, type NotPosted, type Posted, type PostOrder } from "./post.ts";
import type { UploadedFile } from "./upload.ts";

/** What is asked of Slack, as a destination has it. */
export type SlackCalls = Required<
  Pick<Destination<SlackOptions>, "deliver" | "find" | "checkConnection" | "check">
>;

interface SlackCallsDeps extends Required<SlackDeps> {
  readonly connection: SlackConnection;
  /** Aborts what is under way when the destination is closed. */
  readonly closed: AbortSignal;
}

/**
 * The order keeps anything from being seen twice: files and pictures are brought to Slack first, where no one sees them, then the one
 * post is made, then the files are put into its thread. Whatever fails ahead of the post may be tried again as a whole, and a file that
 * Slack will never take is not in it; whatever fails after it is corrected in the post, which is not made again.
 */
export function slackCalls(deps: SlackCallsDeps): SlackCalls {
  const { connection, renderSlack, clock, callTimeoutMs, closed } = deps;
  const directory = slackDirectory();
  const pictureCache = openPictureCache();
  const termsOf = (signal: AbortSignal, commit: () => Promise<Commitment | null>): OwnTerms =>
    ownTerms(AbortSignal.any([signal, closed]), commit, callTimeoutMs);
  /** For calls that show nothing to anyone. */
  const clientFor = (signal: AbortSignal) => slackClient(connection, termsOf(signal, noCommit));
  /** With its own words, and the pictures that it shows at Slack. */
  const ready: Ready = async (message, options, signal) => {
    const introduced = { ...message, intro: introOf(message, options.message) };
    const shown = picturesOf(await renderSlack(introduced, standIns(message)), message);
    const pictures = await pictureCache.bring(shown, {
      key: message.key,
      client: clientFor(signal),
      clock,
      signal,
    });
    return { message: { ...introduced, notices: [...introduced.notices, ...pictures.lost] }, pictures };
  };
  return {
    async deliver(message, options, { signal: asked, commit }) {
      const terms = termsOf(asked, commit);
      const { signal } = terms;
      const client = slackClient(connection, terms);
      const conversation = await directory.find(client, options);
      if (signal.aborted) return stopped(signal);
      if (conversation.kind !== "conversation") return outcomeOf(conversation, null);
      const files = await uploadFiles(client, message.artifacts, signal);
      if (signal.aborted) return stopped(signal);
      if (files.kind !== "files") return outcomeOf(files, null);
      const made = await ready(withoutFiles(message, files.lost), options, signal);
      if (signal.aborted) return stopped(signal);
      const order: PostOrder = {
        ...{ client, conversation, clock, signal, render: renderSlack },
        message: made.message,
        pictures: made.pictures.ids,
        files: files.uploaded,
      };
      const post = await makePost(order);
      const committed = terms.committed();
      if (post.kind !== "posted" || committed === null)
        return outcomeOf(await withInvitation(post, client, directory, conversation), committed);
      const thread = { client, conversation, ts: post.ts, filesInside: options.thread !== "none" };
      const unshared = await putFilesIntoThread(files, thread, clock, signal);
      // A later lookup (find) brings the files into the thread.
      if (unshared.length > 0 && signal.aborted)
        return committed.unknown("Stopped between the post and its files.");
      if (unshared.length > 0) {
        const kept = withoutLost(files.uploaded, unshared);
        await correctPost({ ts: post.ts, order: { ...order, files: kept }, lost: unshared, thread });
      }
      const lost = [...files.lost, ...unshared];
      const notes = [post.note, ...made.pictures.lost, ...noteOf(lost)].filter((note) => note !== null);
      const more = { refused: refusalsOf(lost), ...(notes.length > 0 && { note: notes.join("\n") }) };
      return committed.sent(externalId(conversation, post.ts), more);
    },
    find(message, since, options, { signal, commit }) {
      const terms = termsOf(signal, commit);
      const client = slackClient(connection, terms);
      return find({ client, directory, terms, ready, renderSlack, clock }, message, since, options);
    },
    checkConnection: (signal) => checkToken(clientFor(signal)),
    check: (options, signal) => checkSlack(clientFor(signal), directory, options),
  };
}

const noCommit = async () => null;

type Ready = (
  message: Message,
  options: SlackOptions,
  signal: AbortSignal,
) => Promise<{ readonly message: Message; readonly pictures: Pictures }>;

/** Files that may still turn up in the thread stay claimed: a lookup that finds the post looks for them. */
function withoutLost(
  uploaded: readonly (UploadedFile | null)[],
  lost: readonly LostFile[],
): (UploadedFile | null)[] {
  const gone = new Set(
    lost.filter(({ failure }) => failure.kind !== "unknown").map(({ filename }) => filename),
  );
  return uploaded.map((file) => (file === null || gone.has(file.title ?? "") ? null : file));
}

interface OwnTerms extends CallTerms {
  /** What the first commit brought; null: nothing has been shown to anyone. */
  committed(): Commitment | null;
}

/** A refused commit ends the whole attempt, as an abort does. */
function ownTerms(
  signal: AbortSignal,
  commit: () => Promise<Commitment | null>,
  timeoutMs: number,
): OwnTerms {
  const lost = new AbortController();
  let committed: Commitment | null = null;
  return {
    timeoutMs,
    signal: AbortSignal.any([signal, lost.signal]),
    committed: () => committed,
    async commit() {
      try {
        committed = await commit();
      } catch (thrown) {
        lost.abort(thrown);
        throw thrown;
      }
    },
  };
}

/** A refusal of the conversation: it is looked up again next time, and the advice names the bot that has to be let in. */
async function withInvitation(
  post: Posted | NotPosted,
  client: WebClient,
  directory: Directory,
  conversation: Conversation,
): Promise<Failure> {
  if (post.kind === "posted")
    return { kind: "again", reason: "Nothing was committed, so nothing was posted." };
  const { failure, code } = post;
  if (code === "channel_not_found" || code === "is_archived") directory.forget(conversation);
  if (code !== "not_in_channel" || failure.kind !== "refused") return failure;
  const bot = await call(client, "auth.test", {}, shape({ user: text })).catch(() => null);
  if (bot === null) return failure;
  return { ...failure, advice: `Invite the bot: type "/invite @${bot.user}" in ${conversation.label}.` };
}

interface Search extends Pick<SlackCallsDeps, "renderSlack" | "clock"> {
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
  const conversation = await directory.find(client, options);
  if (signal.aborted) throw stoppedError(signal);
  if (conversation.kind !== "conversation") throw failureError(conversation);
  try {
    const post = await findPost(client, message.key, since, conversation);
    if (post === null) return null;
    const thread = { client, conversation, ts: post.ts, filesInside: options.thread !== "none" };
    const found = await shareMissingFiles(post, { thread, artifacts: message.artifacts, signal });
    if (found.lost.length > 0) await correctFound(search, found, { message, options, thread });
    return externalId(conversation, post.ts);
  } catch (thrown) {
    if (signal.aborted) throw stoppedError(signal);
    if (thrown instanceof ReportError) throw thrown;
    throw failureError(failureOf(thrown, false, conversation.label), thrown);
  }
}

async function correctFound(
  { client, terms: { signal }, ready, renderSlack, clock }: Search,
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

function stopped(signal: AbortSignal): Outcome {
  const why = signal.reason instanceof Error ? signal.reason.message : "aborted";
  return { kind: "again", reason: `Stopped before anything was posted: ${why.replace(/\.$/, "")}.` };
}

function externalId(conversation: Conversation, ts: string): string {
  return `${conversation.id}:${ts}`;
}
