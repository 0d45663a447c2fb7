import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Artifact } from "../core/artifact.ts";
import type { Clock } from "../core/clock.ts";
import { ReportError } from "../core/error.ts";
import { unreadable } from "./artifact-file.ts";
import { call } from "./slack-client.ts";
import type { Place } from "./slack-directory.ts";
import { type Failure, failureOf } from "./slack-outcome.ts";
import { shareFiles, type UploadedFile, uploadBytes } from "./slack-upload.ts";

/** What became of a message's files ahead of its post. */
export interface Files {
  readonly kind: "files";
  readonly uploaded: readonly UploadedFile[];
  /** One sentence for each file that Slack will not take. */
  readonly lost: readonly string[];
}

/**
 * Brings the files to Slack, one after the other. What may work later is a Failure: nothing has been seen yet, so the whole
 * delivery is made again. A file that Slack will never take does not hold the digest back: it is told of in the thread.
 */
export async function uploadFiles(
  client: WebClient,
  artifacts: readonly Artifact[],
  signal: AbortSignal,
): Promise<Files | Failure> {
  const uploaded: UploadedFile[] = [];
  const lost: string[] = [];
  for (const artifact of artifacts) {
    try {
      uploaded.push(await uploadBytes(client, artifact, signal));
    } catch (thrown) {
      if (thrown instanceof ReportError && thrown.code === "local") return unreadable(thrown);
      const failure = failureOf(thrown, false, artifact.filename);
      if (failure.kind !== "refused") return failure;
      lost.push(sentence(artifact.filename, failure));
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

/** Puts the files below the post. Returns what has to be told of those that are not there, or null. Never rejects. */
export async function putFilesIntoThread(
  { uploaded, lost }: Files,
  thread: Thread,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | null> {
  const failure = uploaded.length === 0 ? null : await share(uploaded, thread, clock, signal);
  const unshared = failure === null ? [] : uploaded.map(({ title }) => sentence(title ?? "A file", failure));
  const told = [...lost, ...unshared];
  return told.length === 0 ? null : await tellThread(told, thread);
}

/**
 * Tells in the thread of files that Slack will not take there, once a post that was looked up is found without them.
 * Throws what else went wrong: it may be put right later.
 */
export async function tellOfRefusal(
  thrown: unknown,
  filenames: readonly string[],
  thread: Thread,
): Promise<void> {
  const failure = failureOf(thrown, true, thread.place.label);
  if (failure.kind !== "refused") throw thrown;
  await tellThread(
    filenames.map((filename) => sentence(filename, failure)),
    thread,
  );
}

/** The readers' copy of what the ledger is told: a thread that cannot be written to is no reason to fail. */
async function tellThread(told: readonly string[], { client, place, ts }: Thread): Promise<string> {
  const note = told.join("\n");
  const args = { channel: place.id, thread_ts: ts, text: escaped(note), unfurl_links: false };
  await call(client, "chat.postMessage", args, z.object({})).catch(() => {});
  return note;
}

/** The post stands, so this cannot be left to another attempt at the delivery: it is tried twice here. */
async function share(
  files: readonly UploadedFile[],
  thread: Thread,
  clock: Clock,
  signal: AbortSignal,
): Promise<Failure | null> {
  const failure = await tryShare(files, thread);
  if (failure?.kind !== "again" || signal.aborted) return failure;
  try {
    await clock.sleep(Math.min(failure.afterMs ?? SHARE_AGAIN_MS, SHARE_AGAIN_MS_MAX), signal);
  } catch {
    return failure;
  }
  return await tryShare(files, thread);
}

const SHARE_AGAIN_MS = 2_000;
const SHARE_AGAIN_MS_MAX = 60_000;

async function tryShare(
  files: readonly UploadedFile[],
  { client, place, ts, filesInside }: Thread,
): Promise<Failure | null> {
  try {
    await shareFiles(client, files, place, filesInside ? ts : null);
    return null;
  } catch (thrown) {
    // An ambiguous end may have shared them: a second call could show them twice.
    return failureOf(thrown, true, place.label);
  }
}

function sentence(filename: string, failure: Failure): string {
  const advice = failure.kind === "refused" ? ` ${failure.advice}` : "";
  const what = failure.kind === "unknown" ? "may be missing here" : "could not be attached";
  return `${filename} ${what}: ${failure.reason}${advice}`;
}

/** As Slack wants text that must not be read as its markup (https://docs.slack.dev/messaging/formatting-message-text). */
function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
