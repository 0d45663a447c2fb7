import { createHash } from "node:crypto";
import type { Stats } from "node:fs";
import { type FileHandle, link, open, rename, rm, stat } from "node:fs/promises";
import type { SpoolFile } from "../../core/ports/spool.ts";

/** One file as delivery.json lists it. */
export interface Written {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** A file of the spool that has been opened. */
export interface OpenedFile {
  readonly file: SpoolFile;
  readonly handle: FileHandle;
}

const BUFFER_BYTES = 256 * 1024;

/**
 * Puts a file of the spool at `path` and onto the disk. `mayLink`: no other delivery reads it, so that on one disk it may be the same file
 * under a second name. Rejects with the system's error, or with the signal's reason.
 */
export async function putFile(
  path: string,
  { file, handle }: OpenedFile,
  mayLink: boolean,
  signal: AbortSignal,
): Promise<Omit<Written, "name">> {
  const target = await open(path, "wx");
  try {
    if (mayLink && file.sha256 !== undefined && (await isLinked({ file, handle }, path, target))) {
      await syncFile(path);
      return { bytes: file.bytes, sha256: file.sha256 };
    }
    return await written(target, chunksOf(handle), signal, file.sha256);
  } finally {
    await target.close();
  }
}

/** Writes all of it and brings it to the disk. `sha256`: its hash, where that is known. */
export async function written(
  target: FileHandle,
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
  signal: AbortSignal,
  sha256?: string,
): Promise<Omit<Written, "name">> {
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of chunks) {
    signal.throwIfAborted();
    await target.appendFile(chunk);
    if (sha256 === undefined) hash.update(chunk);
    bytes += chunk.length;
  }
  await target.sync();
  return { bytes, sha256: sha256 ?? hash.digest("hex") };
}

/**
 * Whether the file is there under a second name now, in place of the empty one at `path`. False, and the empty one is left, where the two are not
 * on one disk, the system has no such names, or a new file there belongs to others or may be read by others than the file itself: a
 * folder may say so for all that is made in it. Nor is it given a third name: later changes of one of the others would be its own.
 */
async function isLinked({ file, handle }: OpenedFile, path: string, target: FileHandle): Promise<boolean> {
  const [own, empty] = await Promise.all([handle.stat(), target.stat()]);
  const isAlike =
    own.dev === empty.dev && own.uid === empty.uid && own.gid === empty.gid && mayBeShared(own, empty);
  if (!isAlike || own.nlink !== 1 || own.size !== file.bytes) return false;
  const aside = `${path}.link`;
  try {
    await link(file.path, aside);
  } catch {
    // EXDEV, EPERM, EMLINK, …: whatever it is, it can still be copied.
    return false;
  }
  if ((await stat(aside)).ino !== own.ino) {
    await rm(aside);
    return false;
  }
  if (own.mode !== empty.mode) await handle.chmod(empty.mode & 0o777);
  await rename(aside, path);
  return true;
}

/** The run's own file is closed to others, and opened as new files are by the umask; where the folder says otherwise, it says so by more than modes. */
function mayBeShared(own: Stats, empty: Stats): boolean {
  if (own.mode === empty.mode) return true;
  return (own.mode & 0o777) === 0o600 && (empty.mode & 0o777) === (0o666 & ~process.umask());
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, "r+");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Through one buffer, which is used again once its bytes are written. */
async function* chunksOf(source: FileHandle): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, BUFFER_BYTES, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}
