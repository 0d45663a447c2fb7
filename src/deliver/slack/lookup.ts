import { createHash } from "node:crypto";
import type { WebClient } from "@slack/web-api";
import { ReportError } from "../../core/error.ts";
import type { Artifact } from "../../core/model/artifact.ts";
import { exactly, foreign, list, optional, shape, text } from "./answer.ts";
import { call } from "./client.ts";
import type { Conversation } from "./directory.ts";
import { type LostFile, lostBefore, lostFile, sharedFiles, type Thread } from "./files.ts";
import { failureOf, slackErrorCode } from "./outcome.ts";
import { shareFiles, type UploadedFile, uploadBytes } from "./upload.ts";

const EVENT_TYPE = "lookpost_delivery";
const FILES_MAX = 400;

/**
 * What a post carries for finding it again. Anyone in the workspace can read it, so the key is a hash. `files` are the
 * ids of uploaded files that go into its thread, in the order of the message's files and empty where Slack would not take one: anyone who
 * finds the post can see to it that they got there.
 */
export function postMetadata(key: string, files: readonly (UploadedFile | null)[]): Record<string, unknown> {
  // Slack takes 8 kB of metadata; beyond that many they cannot be looked up.
  const ids = files.slice(0, FILES_MAX).map((file) => file?.id ?? "");
  const payload = { key: keyHash(key), files: ids.join(",") };
  return { event_type: EVENT_TYPE, event_payload: payload };
}

export interface FoundPost {
  readonly ts: string;
  /** Ids of the files that belong into its thread, in the order of the message's files; empty where it was made without one. */
  readonly fileIds: readonly string[];
}

/** The bot's post with this key since then, or null where it is surely absent. Rejects with the client's errors or ReportError. */
export async function findPost(
  client: WebClient,
  key: string,
  since: Date,
  conversation: Conversation,
): Promise<FoundPost | null> {
  const wanted = keyHash(key);
  const oldest = String((since.getTime() - CLOCK_SKEW_MS) / 1000);
  let cursor: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const args = {
      channel: conversation.id,
      oldest,
      include_all_metadata: true,
      limit: PAGE_ROWS,
      ...(cursor ? { cursor } : {}),
    };
    const answer = await call(client, "conversations.history", args, historyPage);
    const post = answer.messages.find(({ metadata }) => metadata?.event_payload.key === wanted);
    if (post !== undefined) return { ts: post.ts, fileIds: idsOf(post.metadata?.event_payload.files) };
    cursor = answer.response_metadata?.next_cursor;
    if (!cursor) return null;
  }
  throw new ReportError(
    `${conversation.label} has had more than ${PAGES_MAX * PAGE_ROWS} posts since ${since.toISOString()}.`,
    {
      code: "protocol",
      advice: "Look in the channel whether the report is there.",
    },
  );
}

export interface Missing {
  readonly thread: Thread;
  /** The files of the message, as they stood when the post was made. */
  readonly artifacts: readonly Artifact[];
  readonly signal: AbortSignal;
}

/** What became of the files of a found post. */
export interface FoundFiles {
  /** In the order of the message's files; null: it is not there, and the post is not to say that it is. */
  readonly files: readonly (UploadedFile | null)[];
  /** Those that the post still claims, and that Slack will never take. */
  readonly lost: readonly LostFile[];
  /** Those that the post was made without. */
  readonly lostBefore: readonly LostFile[];
}

/**
 * Puts the files of a found post into its thread that are not there: the worker was stopped, or the connection lost, between
 * the post and its files. Rejects where that may work later.
 */
export async function shareMissingFiles(post: FoundPost, missing: Missing): Promise<FoundFiles> {
  const all = titled(post.fileIds, missing.artifacts);
  const isWhole = post.fileIds.length === missing.artifacts.length;
  const before = isWhole ? missing.artifacts.filter((_, index) => all[index] === null) : [];
  const found = { files: all, lost: [], lostBefore: before.map(({ filename }) => lostBefore(filename)) };
  const belonging = all.filter((file) => file !== null);
  if (belonging.length === 0) return found;
  const shared = await sharedFiles(missing.thread);
  const files = belonging.filter(({ id }) => !shared.has(id));
  if (files.length === 0) return found;
  try {
    await shareOrReplace(files, missing);
    return found;
  } catch (thrown) {
    const failure = failureOf(thrown, true, missing.thread.conversation.label);
    if (failure.kind !== "refused") throw thrown;
    const lost = files.map(({ title }) => lostFile(title ?? "A file", thrown, failure));
    return {
      ...found,
      files: all.map((file) => (file !== null && files.includes(file) ? null : file)),
      lost,
    };
  }
}

/** The uploads with their files' names. Where some are not listed here, which is which is not known. */
function titled(ids: readonly string[], artifacts: readonly Artifact[]): (UploadedFile | null)[] {
  return ids.map((id, index) => {
    const title = ids.length === artifacts.length ? artifacts[index]?.filename : undefined;
    return id === "" ? null : title === undefined ? { id } : { id, title };
  });
}

/** What was uploaded and never shared is not kept for ever: what Slack has thrown away is uploaded once more. */
async function shareOrReplace(
  files: readonly UploadedFile[],
  { thread, artifacts, signal }: Missing,
): Promise<void> {
  const { client, conversation } = thread;
  const ts = thread.filesInside ? thread.ts : null;
  try {
    await shareFiles(client, files, conversation, ts);
  } catch (thrown) {
    const wanted = artifacts.filter(({ filename }) => files.some(({ title }) => title === filename));
    if (slackErrorCode(thrown) !== "file_not_found" || wanted.length === 0) throw thrown;
    const uploaded: UploadedFile[] = [];
    for (const artifact of wanted) uploaded.push(await uploadBytes(client, artifact, signal));
    await shareFiles(client, uploaded, conversation, ts);
  }
}

/** How far this machine's clock may be ahead of Slack's. */
const CLOCK_SKEW_MS = 5 * 60_000;
const PAGE_ROWS = 200;
const PAGES_MAX = 50;

const ownMetadata = shape({
  event_type: exactly(EVENT_TYPE),
  event_payload: shape({ key: text, files: optional(text) }),
});
const historyPage = shape({
  // Other apps put what they like into their posts.
  messages: list(shape({ ts: text, metadata: foreign(ownMetadata) })),
  response_metadata: optional(shape({ next_cursor: optional(text) })),
});

function keyHash(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, 32);
}

function idsOf(files = ""): string[] {
  return files.split(",");
}
