import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { SpoolFile } from "../core/ports/spool.ts";

/**
 * Writes a file of the spool, with its hash: a folder may then take it as it is. One that was written before is not written over, since it may
 * be in such a folder under another name. Rejects with the system's error, or with the signal's reason.
 */
export async function writtenFile(
  path: string,
  chunks: AsyncIterable<string | Buffer> | Iterable<string | Buffer>,
  signal: AbortSignal,
): Promise<SpoolFile> {
  await rm(path, { force: true });
  const hash = createHash("sha256");
  let bytes = 0;
  await pipeline(
    chunks instanceof Readable ? chunks : Readable.from(chunks),
    async function* (source: AsyncIterable<string | Buffer>) {
      for await (const chunk of source) {
        const piece = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
        hash.update(piece);
        bytes += piece.length;
        yield piece;
      }
    },
    createWriteStream(path, { flags: "wx" }),
    { signal },
  );
  return { path, bytes, sha256: hash.digest("hex") };
}
