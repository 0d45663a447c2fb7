import type { WebClient } from "@slack/web-api";
import { ReportError } from "../../core/error.ts";
import type { Artifact } from "../../core/model/artifact.ts";
import type { Message } from "../../core/model/message.ts";
import type { Refusal } from "../../core/model/outcome.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { unreadable } from "../artifact-file.ts";
import { list, optional, shape, text } from "./answer.ts";
import { call } from "./client.ts";
import type { Conversation } from "./directory.ts";
import { type Failure, failureOf, slackErrorCode } from "./outcome.ts";
import { shareFiles, type UploadedFile, uploadBytes } from "./upload.ts";

/** What became of a message's files ahead of its post. */
export interface Files {
  readonly kind: "files";
  /** In the order of the message's files; null: Slack will not take it. */
  readonly uploaded: readonly (UploadedFile | null)[];
  readonly lost: readonly LostFile[];
}

/**
 * Brings the files to Slack, one after the other. What may work later is a Failure: nothing has been seen yet, so the whole
 * delivery is made again. A file that Slack will never take does not hold the digest back: the post is made without it.
 */
export async function uploadFiles(
  client: WebClient,
  artifacts: readonly Artifact[],
  signal: AbortSignal,
): Promise<Files | Failure> {
  const uploaded: (UploadedFile | null)[] = [];
  const lost: LostFile[] = [];
  for (const artifact of artifacts) {
    try {
      uploaded.push(await uploadBytes(client, artifact, signal));
    } catch (thrown) {
      if (thrown instanceof ReportError && thrown.code === "local") return unreadable(thrown);
      const failure = failureOf(thrown, false, artifact.filename);
      if (failure.kind !== "refused") return failure;
      uploaded.push(null);
      lost.push(lostFile(artifact.filename, thrown, failure));
    }
  }
  return { kind: "files", uploaded, lost };
}

/** Below which post, and how to get there. */
export interface Thread {
  readonly client: WebClient;
  readonly conversation: Conversation;
  /** The post's timestamp, which is its id in its channel. */
  readonly ts: string;
  /** Whether files go into the thread; otherwise they are in the channel, after the post. */
  readonly filesInside: boolean;
}

/** Puts the files below the post. Returns those that are not there, or may not be. Never rejects. */
export async function putFilesIntoThread(
  { uploaded }: Files,
  thread: Thread,
  clock: Clock,
  signal: AbortSignal,
): Promise<readonly LostFile[]> {
  const files = uploaded.filter((file) => file !== null);
  if (files.length === 0) return [];
  const missed = await share(files, thread, clock, signal);
  if (missed === null) return [];
  const { thrown, failure } = missed;
  // How it ended is not known, but where they would be can be looked at.
  const shared = failure.kind === "unknown" ? await sharedFiles(thread).catch(() => null) : null;
  return files
    .filter(({ id }) => shared?.has(id) !== true)
    .map(({ title }) => lostFile(title ?? "A file", thrown, failure));
}

interface Missed {
  readonly thrown: unknown;
  readonly failure: Failure;
}

/** The post is there, so this cannot be left to another attempt at the delivery: it is tried twice here. */
async function share(
  files: readonly UploadedFile[],
  thread: Thread,
  clock: Clock,
  signal: AbortSignal,
): Promise<Missed | null> {
  const missed = await tryShare(files, thread);
  if (missed?.failure.kind !== "again" || signal.aborted) return missed;
  try {
    await clock.sleep(Math.min(missed.failure.afterMs ?? SHARE_AGAIN_MS, SHARE_AGAIN_MS_MAX), signal);
  } catch {
    return missed;
  }
  return await tryShare(files, thread);
}

const SHARE_AGAIN_MS = 2_000;
const SHARE_AGAIN_MS_MAX = 60_000;

async function tryShare(
  files: readonly UploadedFile[],
  { client, conversation, ts, filesInside }: Thread,
): Promise<Missed | null> {
  try {
    await shareFiles(client, files, conversation, filesInside ? ts : null);
    return null;
  } catch (thrown) {
    // An ambiguous end may have shared them: a second call could show them twice.
    return { thrown, failure: failureOf(thrown, true, conversation.label) };
  }
}

/** Ids of the files that are in a thread, or in the channel since its post. */
export async function sharedFiles({
  client,
  conversation,
  ts,
  filesInside,
}: Thread): Promise<ReadonlySet<string>> {
  const where = filesInside ? { ts } : { oldest: ts };
  const method = filesInside ? "conversations.replies" : "conversations.history";
  const args = { channel: conversation.id, ...where, limit: PAGE_ROWS };
  const { messages } = await call(client, method, args, repliesPage);
  return new Set(messages.flatMap(({ files = [] }) => files.map(({ id }) => id)));
}

const PAGE_ROWS = 200;
const repliesPage = shape({
  messages: list(shape({ files: optional(list(shape({ id: text }))) })),
});

/** A file that its post was to have, and does not. */
export interface LostFile {
  readonly filename: string;
  /** `unknown`: it may be there or not. */
  readonly failure: Failure;
  /** Slack's word for it, or null. */
  readonly code: string | null;
}

export function lostFile(filename: string, thrown: unknown, failure: Failure): LostFile {
  const code = slackErrorCode(thrown);
  const isUnnamedScope = code === "missing_scope" && failure.kind === "refused";
  return { filename, failure: isUnnamedScope ? { ...failure, advice: SCOPE_ADVICE } : failure, code };
}

/** All that has to do with files asks for this one scope (https://docs.slack.dev/reference/scopes/files.write). */
const SCOPE_ADVICE = 'Add the scope files:write to the app ("OAuth & Permissions") and install it again.';

/** One that an earlier attempt found out about: a post that is looked up does not say why. */
export function lostBefore(filename: string): LostFile {
  return { filename, failure: { kind: "refused", reason: "Slack did not take it.", advice: "" }, code: null };
}

/** The message without the files that are surely not there, and with a sentence for its readers in their conversation. */
export function withoutFiles(message: Message, lost: readonly LostFile[]): Message {
  if (lost.length === 0) return message;
  const gone = new Set(lost.filter((file) => !isOpen(file)).map(({ filename }) => filename));
  return {
    ...message,
    artifacts: message.artifacts.filter(({ filename }) => !gone.has(filename)),
    // First, since only some notices are shown.
    notices: [...sentences(lost), ...message.notices],
  };
}

/** For the ledger: that the post is there, and who is not served by it. Another attempt would post it twice. */
export function refusalsOf(lost: readonly LostFile[]): Refusal[] {
  return lost.map(({ filename, failure: { reason } }) => ({ recipient: filename, reason, permanent: true }));
}

/** For those who run it: what is missing, and what to do about it. */
export function noteOf(lost: readonly LostFile[]): string[] {
  return [...Map.groupBy(lost, adviceOf)].map(([advice, files]) => `${missing(files)}. ${advice}`);
}

function adviceOf({ failure }: LostFile): string {
  return failure.kind === "refused" ? failure.advice : "Look in Slack, and send it by hand if it is missing.";
}

/** For the readers, who cannot do anything about it: what is missing, and why in plain words. */
export function sentences(lost: readonly LostFile[]): string[] {
  return [...Map.groupBy(lost, plainReason)].map(([reason, files]) => `${missing(files)}: ${reason}.`);
}

function plainReason(file: LostFile): string {
  if (isOpen(file)) return "Slack did not say whether it took it";
  return PLAIN_REASONS[file.code ?? ""] ?? "Slack did not take it";
}

const PLAIN_REASONS: Readonly<Record<string, string>> = {
  missing_scope: "the Slack app that sends this has no right to upload files",
  file_uploads_disabled: "this workspace allows no uploads",
  storage_limit_reached: "this workspace has no room left for files",
};

/** Whether it may be there all the same. */
function isOpen({ failure }: LostFile): boolean {
  return failure.kind === "unknown";
}

const NAMED_MAX = 5;

function missing(files: readonly LostFile[]): string {
  const named = files.slice(0, NAMED_MAX).map(({ filename }) => filename);
  const more = files.length - named.length;
  const names = `${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
  return `${names} ${files.every(isOpen) ? "may be missing here" : "could not be attached"}`;
}
