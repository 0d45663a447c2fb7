import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Artifact } from "../core/artifact.ts";
import type { Spool } from "../core/spool.ts";

const READ_BYTES = 256 * 1024;
// Compressed already: doing it again makes them no smaller.
const COMPRESSED = /^(image\/(?!svg|bmp)|video\/|application\/(gzip|zip|pdf|vnd\.openxmlformats))/;

/** The file compressed, or null where that makes it no smaller or it would still be beyond `bytesMax` by itself. */
export async function gzipArtifact(
  artifact: Artifact,
  bytesMax: number,
  spool: Spool,
  signal: AbortSignal,
): Promise<Artifact | null> {
  if (COMPRESSED.test(artifact.contentType)) return null;
  const filename = `${artifact.filename}.gz`;
  // Several deliveries of a run may be doing this at once.
  const path = spool.path(`${randomUUID()}-${filename}`);
  const meter = upTo(Math.min(bytesMax, artifact.file.bytes));
  try {
    await pipeline(chunksOf(artifact.file.path), createGzip(), meter, createWriteStream(path), { signal });
  } catch (error) {
    await rm(path, { force: true });
    if (error instanceof TooLarge) return null;
    throw error;
  }
  const { size } = await stat(path);
  return { ...artifact, filename, contentType: "application/gzip", file: { path, bytes: size } };
}

/**
 * The file's bytes through one buffer; each chunk stands until the next is asked for, which gzip does once it is done with
 * it (a chunk is larger than what it holds back). A read stream makes a buffer for each: of a large file, tens of megabytes
 * of them pile up.
 */
async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  await using file = await open(path);
  const buffer = Buffer.allocUnsafe(READ_BYTES);
  for (;;) {
    const { bytesRead } = await file.read(buffer, 0, READ_BYTES, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

class TooLarge extends Error {}

// A gigabyte that will not fit is given up as soon as that is certain.
function upTo(bytesMax: number): Transform {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > bytesMax) done(new TooLarge());
      else done(null, chunk);
    },
  });
}
