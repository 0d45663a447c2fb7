import { createWriteStream } from "node:fs";
import { pipeline } from "node:stream/promises";
import { ReportError } from "../../core/error.ts";

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
