import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { ReportError } from "../core/error.ts";
import type { Artifact } from "../core/model/artifact.ts";
import type { Again, Refused } from "../core/model/outcome.ts";
import type { SpoolFile } from "../core/ports/spool.ts";
import { shortageOf } from "../core/shortage.ts";

const BUFFER_BYTES = 256 * 1024;

/** Opens an artifact's file for reading. Rejects with ReportError `local`, also for one that was changed where it was delivered to. */
export async function openArtifact(artifact: Artifact): Promise<FileHandle> {
  const handle = await opened(artifact);
  const isChanged = await isChangedElsewhere(handle, artifact.file).catch(async (cause: unknown) => {
    await handle.close();
    throw cause;
  });
  if (!isChanged) return handle;
  await handle.close();
  throw new ReportError(`The file ${artifact.filename} was changed in the folder that it was delivered to.`, {
    code: "local",
    advice: "Run the report again: this file is not what was made for it any more.",
  });
}

/** A file that was linked into a folder can be written there by others. Only then is it read beforehand. */
async function isChangedElsewhere(handle: FileHandle, { bytes, sha256 }: SpoolFile): Promise<boolean> {
  if (sha256 === undefined) return false;
  const { nlink, size } = await handle.stat();
  if (nlink === 1) return false;
  if (size !== bytes) return true;
  const hash = createHash("sha256");
  // By place, so that its reader begins at the start.
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await handle.read(buffer, 0, BUFFER_BYTES, at);
    if (bytesRead === 0) return true;
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  return hash.digest("hex") !== sha256;
}

async function opened({ filename, file }: Artifact): Promise<FileHandle> {
  try {
    return await open(file.path);
  } catch (cause) {
    const isGone = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
    throw new ReportError(`The file ${filename} cannot be read: ${String(cause)}`, {
      code: "local",
      advice: isGone
        ? "Run the report again: its files are gone from the spool."
        : (shortageOf(cause)?.advice ?? "Check that the worker may read its data folder."),
      retryable: !isGone,
      cause,
    });
  }
}

/** Opens every file ahead of the delivery, so that one that is missing leaves the other side alone. */
export async function openArtifacts(artifacts: readonly Artifact[]): Promise<FileHandle[] | Again | Refused> {
  const files: FileHandle[] = [];
  try {
    for (const artifact of artifacts) files.push(await openArtifact(artifact));
    return files;
  } catch (thrown) {
    await Promise.allSettled(files.map((file) => file.close()));
    if (thrown instanceof ReportError) return unreadable(thrown);
    throw thrown;
  }
}

/** What a file that cannot be read means for the delivery, of which nothing has left yet. */
export function unreadable({ message, advice, retryable }: ReportError): Again | Refused {
  return retryable
    ? { kind: "again", reason: message }
    : { kind: "refused", reason: message, advice: advice ?? "Run the report again." };
}
