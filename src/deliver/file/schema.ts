import { z } from "zod";
import type { Schema } from "../../core/ports/adapter.ts";
import type { DestinationSchemas } from "../../core/ports/destination.ts";

/** Where on this machine a report is written to. */
export interface FileOptions {
  /** As it is in the YAML: relative paths belong to the folder of reports.yaml. */
  readonly path: string;
}

const pathText = z
  .string()
  .min(1, { error: "Write the path of a folder." })
  .refine((text) => !text.includes("\0"), { error: "A path holds no null character." })
  .meta({
    description:
      "A folder. The report goes into <path>/<report>/<due, local time>/: its files, digest.html, digest.txt and delivery.json. " +
      "A relative path belongs to the folder of reports.yaml.",
  });

const full = z.strictObject({ path: pathText }).meta({ description: "A folder on this machine." });

/** What may be under `file:` in a report's deliver list. */
export const fileOptions: Schema<FileOptions> = z
  .union([pathText, full], { error: "Write the path of a folder, or {path: ...}." })
  .transform((given): FileOptions => (typeof given === "string" ? { path: given } : given))
  .meta({ description: "A folder that the report is written into: a path, or an object." });

export const fileSchemas: DestinationSchemas<null, FileOptions> = {
  description: "A folder on this machine's disk, with the files and the digest as HTML.",
  connection: null,
  options: fileOptions,
};
