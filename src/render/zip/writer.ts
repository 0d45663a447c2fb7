import { Readable } from "node:stream";
import { finished } from "node:stream/promises";
import type { ZipFile } from "yazl";
import { later } from "../../core/later.ts";
import type { SpoolFile } from "../../core/ports/spool.ts";
import { writtenFile } from "../written-file.ts";

const zipping = later(() => import("yazl"));

/** One file of an archive. Its contents are read once the files before it are written. */
export interface ZipMember {
  readonly name: string;
  readonly contents: AsyncIterable<Buffer> | Iterable<Buffer>;
}

/**
 * Writes an archive to `path` as a stream, one member after the other, and returns what it is. A member is requested once the
 * one before it is written, so that it can describe the others. Beyond 4 GB it becomes ZIP64.
 */
export async function writeZip(
  path: string,
  members: AsyncIterable<ZipMember>,
  modified: Date,
  signal: AbortSignal,
): Promise<SpoolFile> {
  const { default: yazl } = await zipping();
  const zip = new yazl.ZipFile();
  const broken = new AbortController();
  const output = zip.outputStream as AsyncIterable<Buffer>;
  const written = writtenFile(path, output, AbortSignal.any([signal, broken.signal]));
  // The `await` below throws it; until then it must not count as unhandled.
  written.catch((thrown: unknown) => broken.abort(thrown));
  try {
    for await (const { name, contents } of members)
      await addMember(zip, name, contents, modified, broken.signal);
    zip.end();
  } catch (thrown) {
    broken.abort(thrown);
    await written.catch(() => undefined);
    signal.throwIfAborted();
    throw thrown;
  }
  return written;
}

async function addMember(
  zip: ZipFile,
  name: string,
  contents: ZipMember["contents"],
  modified: Date,
  broken: AbortSignal,
): Promise<void> {
  const stream = Readable.from(contents, { objectMode: false, highWaterMark: 256 * 1024 });
  const through = finished(stream, { signal: broken });
  zip.addReadStream(stream, name, { mtime: modified, mode: 0o100644 });
  try {
    await through;
  } catch (thrown) {
    stream.destroy();
    throw broken.aborted ? broken.reason : thrown;
  }
}
