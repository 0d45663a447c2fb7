import { type FileHandle, open } from "node:fs/promises";
import { ReportError } from "../core/error.ts";
import type { Artifact } from "../core/model/artifact.ts";
import type { Again, Refused } from "../core/model/outcome.ts";
import { shortageOf } from "../core/shortage.ts";

/** Opens an artifact's file for reading. Rejects with ReportError `local`. */
export async function openArtifact({ filename, file }: Artifact): Promise<FileHandle> {
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
