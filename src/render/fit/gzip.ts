import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Artifact } from "../../core/model/artifact.ts";

const READ_BYTES = 256 * 1024;
// Compressed already: doing it again makes them no smaller.
const COMPRESSED = /^(image\/(?!svg|bmp)|video\/|application\/(gzip|zip|pdf|vnd\.openxmlformats))/;

/**
 * The file compressed, or null where that makes it no smaller or it would still be beyond `bytesMax` by itself. It stands beside the
 * file from then on, for later attempts and other deliveries.
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

/** Whole or not at all. Several deliveries of a run may be at it at once: each writes aside, and what they write is the same. */
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
