import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Artifact } from "../../core/model/artifact.ts";

const READ_BYTES = 256 * 1024;
// Compressed already: compressing them again makes them no smaller.
const COMPRESSED = /^(image\/(?!svg|bmp)|video\/|application\/(gzip|zip|pdf|vnd\.openxmlformats))/;

/**
 * The file compressed; null if that makes it no smaller, or still larger than `bytesMax`. It stays next to the
 * original, for later attempts and other deliveries.
 */
export async function gzipArtifact(
  artifact: Artifact,
  bytesMax: number,
  signal: AbortSignal,
): Promise<Artifact | null> {
  if (COMPRESSED.test(artifact.contentType)) return null;
  const path = `${artifact.file.path}.gz`;
  const smallerMax = Math.min(bytesMax, artifact.file.bytes);
  const bytes = (await sizeOf(path)) ?? (await written(artifact.file.path, path, smallerMax, signal));
  if (bytes === null || bytes > smallerMax) return null;
  const packed = { filename: `${artifact.filename}.gz`, contentType: "application/gzip" };
  return { ...artifact, ...packed, file: { path, bytes } };
}

async function sizeOf(path: string): Promise<number | null> {
  return stat(path).then(
    ({ size }) => size,
    (cause: NodeJS.ErrnoException) => {
      if (cause.code === "ENOENT") return null;
      throw cause;
    },
  );
}

/** Whole or not at all. Several deliveries of a run may do this at once: each writes the same to a file of its own and renames it. */
async function written(
  from: string,
  path: string,
  bytesMax: number,
  signal: AbortSignal,
): Promise<number | null> {
  const aside = `${path}.${randomUUID()}`;
  try {
    const file = createWriteStream(aside, { flush: true });
    await pipeline(chunksOf(from), createGzip(), upTo(bytesMax), file, { signal });
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    if (error instanceof TooLarge) return null;
    throw error;
  }
  return sizeOf(path);
}

/**
 * The file's bytes through one buffer. Each chunk is valid until the next is requested, which gzip does once it is done with
 * it (a chunk is larger than what it holds back). A read stream makes a buffer for each chunk, and with a large file tens of
 * megabytes of them pile up.
 */
async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, READ_BYTES, null);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}

class TooLarge extends Error {}

// Stops as soon as it is certain that a large file will not fit.
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
