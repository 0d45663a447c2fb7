import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { open, rm, stat } from "node:fs/promises";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import type { Artifact } from "../core/artifact.ts";
import { bytes } from "../core/quantity.ts";
import type { Spool } from "../core/spool.ts";
import { fileDetails } from "./words.ts";

export interface Fitted {
  readonly artifacts: readonly Artifact[];
  /** What was done to them, in sentences for the recipients. */
  readonly notices: readonly string[];
}

// Compressed already: doing it again makes them no smaller.
const READ_BYTES = 256 * 1024;
const COMPRESSED = /^(image\/(?!svg|bmp)|video\/|application\/(gzip|zip|pdf|vnd\.openxmlformats))/;

/**
 * Makes files fit a destination that takes `bytesMax` bytes in all. Those that fit are left alone. Otherwise the largest
 * are compressed, one after the other, until all fit; where that is not enough the largest is left out, and the others are
 * looked at afresh. Every change is a sentence in `notices`.
 */
export async function fitArtifacts(
  artifacts: readonly Artifact[],
  bytesMax: number,
  spool: Spool,
  signal: AbortSignal,
): Promise<Fitted> {
  const compressed = new Map<Artifact, Artifact | null>();
  const left: Artifact[] = [];
  let kept = [...artifacts];
  let fitting = await compressUntilFit(kept, bytesMax, compressed, spool, signal);
  while (fitting === null) {
    const out = largest(kept, (artifact) => compressed.get(artifact) ?? artifact);
    left.push(out);
    kept = kept.filter((artifact) => artifact !== out);
    fitting = await compressUntilFit(kept, bytesMax, compressed, spool, signal);
  }
  await removeUnused(compressed, fitting);
  return { artifacts: fitting, notices: sentences(artifacts, fitting, left, bytesMax) };
}

/** The files with as many of the largest compressed as it takes, or null where even all of them are too large. */
async function compressUntilFit(
  kept: readonly Artifact[],
  bytesMax: number,
  compressed: Map<Artifact, Artifact | null>,
  spool: Spool,
  signal: AbortSignal,
): Promise<Artifact[] | null> {
  let now = [...kept];
  for (const artifact of [...kept].sort((a, b) => b.file.bytes - a.file.bytes)) {
    if (sum(now) <= bytesMax) return now;
    if (!compressed.has(artifact)) compressed.set(artifact, await gzip(artifact, bytesMax, spool, signal));
    const smaller = compressed.get(artifact) ?? artifact;
    now = now.map((one) => (one === artifact ? smaller : one));
  }
  return sum(now) <= bytesMax ? now : null;
}

/** The file compressed, or null where that makes it no smaller or it would still be beyond `bytesMax` by itself. */
async function gzip(
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

async function removeUnused(
  compressed: ReadonlyMap<Artifact, Artifact | null>,
  used: readonly Artifact[],
): Promise<void> {
  for (const artifact of compressed.values()) {
    if (artifact !== null && !used.includes(artifact)) await rm(artifact.file.path, { force: true });
  }
}

function sentences(
  all: readonly Artifact[],
  fitting: readonly Artifact[],
  left: readonly Artifact[],
  bytesMax: number,
): string[] {
  const packed = fitting
    .filter((artifact) => !all.includes(artifact))
    .map(
      (artifact) =>
        `${artifact.filename} is compressed to stay below ${bytes(bytesMax)}: unpack it to read it.`,
    );
  const missing = left.map((artifact) => {
    const name = `${artifact.filename} (${[...fileDetails(artifact).split(", ")].reverse().join(", ")})`;
    return artifact.file.bytes > bytesMax
      ? `${name} is too large to attach here (limit ${bytes(bytesMax)}). Open it in Looker.`
      : `${name} is too large to attach here beside the other files (limit ${bytes(bytesMax)} in all). Open it in Looker.`;
  });
  return [...packed, ...missing];
}

/** Of a list that is not empty. */
function largest(kept: readonly Artifact[], as: (artifact: Artifact) => Artifact): Artifact {
  return kept.reduce((most, one) => (as(one).file.bytes > as(most).file.bytes ? one : most));
}

function sum(artifacts: readonly Artifact[]): number {
  return artifacts.reduce((total, artifact) => total + artifact.file.bytes, 0);
}
