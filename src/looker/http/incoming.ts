import { createWriteStream } from "node:fs";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { ReportError } from "../../core/error.ts";
import { bytes as bytesInWords } from "../../core/rules/quantity.ts";
import type { Call } from "./failure.ts";
import { failedSocket, stalled } from "./socket-failure.ts";

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

/**
 * Writes what streams by to the file at `path`, as fast as the disk takes it. Rejects with what the stream ended with, or with
 * ReportError `local` where the file cannot be written.
 */
export async function writeSpoolFile(chunks: AsyncIterable<Buffer>, path: string): Promise<void> {
  try {
    await pipeline(chunks, createWriteStream(path));
  } catch (cause) {
    if (!isFileSystem(cause)) throw cause;
    throw new ReportError(`The result cannot be written to ${path} (${cause.code}).`, {
      code: "local",
      advice: "Check that the worker may write to its data folder and that the disk has room.",
      cause,
    });
  }
}

function isFileSystem(error: unknown): error is Error & { code: string } {
  return !(error instanceof ReportError) && error instanceof Error && "syscall" in error && "code" in error;
}
