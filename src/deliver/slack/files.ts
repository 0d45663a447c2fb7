import type { WebClient } from "@slack/web-api";
import { ReportError } from "../../core/error.ts";
import type { Artifact } from "../../core/model/artifact.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { unreadable } from "../artifact-file.ts";
import { list, optional, shape, text } from "./answer.ts";
import { call } from "./client.ts";
import type { Place } from "./directory.ts";
import { type LostFile, lostFile } from "./lost-files.ts";
import { type Failure, failureOf } from "./outcome.ts";
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
  readonly place: Place;
  /** The post's timestamp, which is its id in its channel. */
  readonly ts: string;
  /** Whether files go into the thread; otherwise they stand in the channel, after the post. */
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
  // Nobody knows how it ended, but where they would stand can be looked at.
  const shared = failure.kind === "unknown" ? await sharedFiles(thread).catch(() => null) : null;
  return files
    .filter(({ id }) => shared?.has(id) !== true)
    .map(({ title }) => lostFile(title ?? "A file", thrown, failure));
}

interface Missed {
  readonly thrown: unknown;
  readonly failure: Failure;
}

/** The post stands, so this cannot be left to another attempt at the delivery: it is tried twice here. */
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
  { client, place, ts, filesInside }: Thread,
): Promise<Missed | null> {
  try {
    await shareFiles(client, files, place, filesInside ? ts : null);
    return null;
  } catch (thrown) {
    // An ambiguous end may have shared them: a second call could show them twice.
    return { thrown, failure: failureOf(thrown, true, place.label) };
  }
}

/** Ids of the files that stand in a thread, or in the channel since its post. */
export async function sharedFiles({ client, place, ts, filesInside }: Thread): Promise<ReadonlySet<string>> {
  const where = filesInside ? { ts } : { oldest: ts };
  const method = filesInside ? "conversations.replies" : "conversations.history";
  const args = { channel: place.id, ...where, limit: PAGE_ROWS };
  const { messages } = await call(client, method, args, repliesPage);
  return new Set(messages.flatMap(({ files = [] }) => files.map(({ id }) => id)));
}

const PAGE_ROWS = 200;
const repliesPage = shape({
  messages: list(shape({ files: optional(list(shape({ id: text }))) })),
});
