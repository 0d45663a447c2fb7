import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ReportError } from "../../core/error.ts";
import type { Spool } from "../../core/ports/spool.ts";
import { bytes as bytesInWords } from "../../core/rules/quantity.ts";
import type { Call } from "./failure.ts";
import { failedSocket, stalled } from "./socket-failure.ts";
import { unwritable } from "./spool-writer.ts";

/** The largest answer that is held in memory; results are streamed and have no such limit. */
const ANSWER_BYTES_MAX = 64_000_000;

/** The whole body as text. */
export async function wholeText(body: Readable, call: Call): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw tooLarge(call);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** What is read of an answer that failed. Its reason is at its beginning, and the rest of it may never end. */
const FAILED_BYTES_MAX = 1_000_000;

/** The beginning of the body as text; the rest is not read. */
export async function beginningOf(body: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= FAILED_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).subarray(0, FAILED_BYTES_MAX).toString("utf8");
}

/** The body's bytes as they come in, with a limit on each pause. Time that the reader takes does not count. */
export async function* arriving(
  body: Readable,
  call: Call,
  idleMs: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  let isWaiting = true;
  const timer = setTimeout(() => (isWaiting ? body.destroy(stalled(call, idleMs)) : timer.refresh()), idleMs);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      isWaiting = false;
      yield chunk;
      isWaiting = true;
      timer.refresh();
    }
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof ReportError ? error : failedSocket(call, error);
  } finally {
    clearTimeout(timer);
    body.destroy();
  }
}

function tooLarge(call: Call): ReportError {
  return new ReportError(
    `${call.method} ${call.path}: the answer is larger than ${bytesInWords(ANSWER_BYTES_MAX)}.`,
    {
      code: "protocol",
      advice: "Check that looker.base_url is the address of Looker's API.",
    },
  );
}

export interface SpoolWriting {
  readonly spool: Pick<Spool, "ensureRoom">;
  readonly bytesMax: number;
  /** What it rejects with where more comes. */
  readonly tooLarge: (bytesMax: number) => ReportError;
  /** Told the bytes so far. */
  readonly progress: (bytes: number) => void;
}

/** How often the disk is looked at: a result of fewer bytes is taken in whatever room is left. */
const LOOK_EVERY_BYTES = 4_000_000;

/** What streams by, within its limits: rejects with what `tooLarge` says, or with ReportError `local` where the disk has no room for it. */
export async function* limited(
  chunks: AsyncIterable<Buffer>,
  { spool, bytesMax, tooLarge, progress }: SpoolWriting,
): AsyncGenerator<Buffer> {
  let bytes = 0;
  let lookedAt = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > bytesMax) throw tooLarge(bytesMax);
    if (bytes - lookedAt >= LOOK_EVERY_BYTES) {
      lookedAt = bytes;
      await spool.ensureRoom();
    }
    yield chunk;
    progress(bytes);
  }
}

/**
 * Writes what streams by to the file at `path`, as fast as the disk takes it, and returns its bytes. Where it rejects, there is no file:
 * with what the stream ended with; with what `tooLarge` says; or with ReportError `local` where the file cannot be written, or the disk
 * has no room for it.
 */
export async function writeSpoolFile(
  chunks: AsyncIterable<Buffer>,
  path: string,
  writing: SpoolWriting,
): Promise<number> {
  let bytes = 0;
  const progress = (soFar: number) => {
    bytes = soFar;
    writing.progress(soFar);
  };
  try {
    await pipeline(limited(chunks, { ...writing, progress }), createWriteStream(path));
    return bytes;
  } catch (cause) {
    await rm(path, { force: true }).catch(() => undefined);
    throw isFileSystem(cause) ? unwritable(path, cause) : cause;
  }
}

/** The result of a query that is larger than its report allows. */
export function resultTooLarge(bytesMax: number): ReportError {
  return new ReportError(`The result is larger than ${bytesInWords(bytesMax)}, the report's max_result.`, {
    code: "too_large",
    advice:
      "Narrow the query (filters, fewer fields), set a `limit:`, or give the report a larger `max_result:`.",
  });
}

function isFileSystem(error: unknown): error is Error & { code: string } {
  return !(error instanceof ReportError) && error instanceof Error && "syscall" in error && "code" in error;
}
