import type { WebClient } from "@slack/web-api";
import { introOf } from "../../core/model/message.ts";
import type { Commitment, Outcome } from "../../core/model/outcome.ts";
import type { Destination } from "../../core/ports/destination.ts";
import { notebookInMemory } from "../../core/ports/notebook.ts";
import { shape, text } from "./answer.ts";
import { checkSlack, checkToken } from "./check.ts";
import { type CallTerms, call, slackClient } from "./client.ts";
import { correctPost } from "./correct.ts";
import {
  type Conversation,
  type Directory,
  type DirectoryTerms,
  externalId,
  slackDirectory,
} from "./directory.ts";
import { type LostFile, noteOf, putFilesIntoThread, refusalsOf, uploadFiles, withoutFiles } from "./files.ts";
import { find, type Ready } from "./find.ts";
import type { SlackConnection, SlackDeps, SlackOptions } from "./options.ts";
import { type Failure, outcomeOf } from "./outcome.ts";
import { openPictureCache, picturesOf, standIns } from "./pictures.ts";
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
  const termsOf = (signal: AbortSignal, commit: () => Promise<Commitment | null>): OwnTerms =>
    ownTerms(AbortSignal.any([signal, closed]), commit, callTimeoutMs);
  /** For calls that show nothing to anyone. */
  const clientFor = (signal: AbortSignal) => slackClient(connection, termsOf(signal, noCommit));
  const directory = slackDirectory({ connection, clock, clientFor, closed });
  const ownNotebook = notebookInMemory(clock);
  const ready = readying(deps, clientFor);
  return {
    async deliver(message, options, { signal: asked, commit, notebook, hasten }) {
      const terms = termsOf(asked, commit);
      const { signal } = terms;
      const client = slackClient(connection, terms);
      const seeking = { signal, notebook, hasten };
      const place = await directory.find(options, seeking);
      if (signal.aborted) return stopped(signal);
      if (place.kind !== "conversation") return outcomeOf(place, null);
      const files = await uploadFiles(client, message.artifacts, signal);
      if (signal.aborted) return stopped(signal);
      if (files.kind !== "files") return outcomeOf(files, null);
      const made = await ready(withoutFiles(message, files.lost), options, signal);
      if (signal.aborted) return stopped(signal);
      const wanted: PostOrder = {
        ...{ client, conversation: place, clock, signal, render: renderSlack },
        message: made.message,
        pictures: made.pictures.ids,
        files: files.uploaded,
      };
      const { order, post } = await postWhereItIs(wanted, directory, options, seeking);
      const { conversation } = order;
      const committed = terms.committed();
      if (post.kind !== "posted" || committed === null)
        return outcomeOf(await withInvitation(post, client, conversation), committed);
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
    find(message, since, options, { signal, commit, notebook, hasten }) {
      const terms = termsOf(signal, commit);
      const client = slackClient(connection, terms);
      return find(
        { client, directory, signal: terms.signal, notebook, hasten, ready, renderSlack, clock },
        message,
        since,
        options,
      );
    },
    checkConnection: (signal) => checkToken(clientFor(signal)),
    check: (options, signal) =>
      checkSlack(clientFor(signal), directory, options, { signal, notebook: ownNotebook, hasten: null }),
  };
}

const noCommit = async () => null;

function readying(
  { renderSlack, clock }: SlackCallsDeps,
  clientFor: (signal: AbortSignal) => WebClient,
): Ready {
  const pictureCache = openPictureCache();
  return async (message, options, signal) => {
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
}

/** Slack's words for a channel that is not there any more. Nothing was posted with them. */
const GONE = new Set(["channel_not_found", "is_archived"]);

/** Where the channel is gone, its name is looked up once more: another may have it by now. */
async function postWhereItIs(
  order: PostOrder,
  directory: Directory,
  options: SlackOptions,
  terms: DirectoryTerms,
): Promise<{ readonly order: PostOrder; readonly post: Posted | NotPosted }> {
  const post = await makePost(order);
  if (post.kind === "posted" || !GONE.has(post.code ?? "")) return { order, post };
  if (!(await directory.forget(order.conversation, terms))) return { order, post };
  const place = await directory.find(options, terms);
  if (place.kind === "conversation") {
    const again = { ...order, conversation: place };
    return { order: again, post: await makePost(again) };
  }
  // Not being able to look it up may pass, and so it is not refused.
  return { order, post: place.kind === "refused" ? post : { kind: "failed", failure: place, code: null } };
}

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

/** The advice of a refusal names the bot that has to be let in. */
async function withInvitation(
  post: Posted | NotPosted,
  client: WebClient,
  conversation: Conversation,
): Promise<Failure> {
  if (post.kind === "posted")
    return { kind: "again", reason: "Nothing was committed, so nothing was posted." };
  const { failure, code } = post;
  if (code !== "not_in_channel" || failure.kind !== "refused") return failure;
  const bot = await call(client, "auth.test", {}, shape({ user: text })).catch(() => null);
  if (bot === null) return failure;
  return { ...failure, advice: `Invite the bot: type "/invite @${bot.user}" in ${conversation.label}.` };
}

function stopped(signal: AbortSignal): Outcome {
  const why = signal.reason instanceof Error ? signal.reason.message : "aborted";
  return { kind: "again", reason: `Stopped before anything was posted: ${why.replace(/\.$/, "")}.` };
}
