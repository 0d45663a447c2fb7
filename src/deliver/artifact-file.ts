import { type FileHandle, open } from "node:fs/promises";
import type { Artifact } from "../core/artifact.ts";
import { ReportError } from "../core/error.ts";

/** Opens an artifact's file for reading. Rejects with ReportError `local`. */
export async function openArtifact({ filename, file }: Artifact): Promise<FileHandle> {
  try {
    return await open(file.path);
  } catch (cause) {
    throw new ReportError(`The file ${filename} cannot be read: ${String(cause)}`, {
      code: "local",
      advice: "Run the report again: its files are gone from the spool.",
      cause,
    });
  }
}
