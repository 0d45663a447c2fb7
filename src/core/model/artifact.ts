import type { SpoolFile } from "../ports/spool.ts";

/** A file made for recipients. */
export interface Artifact {
  readonly filename: string;
  readonly contentType: string;
  readonly file: SpoolFile;
  /** Data rows in it, where the format has rows. */
  readonly rows: number | null;
  /** Which sections of the message it holds, by their indexes; none for one that holds no section's rows. */
  readonly sections: readonly number[];
  /** The same, a file for each section: what may still go where the whole is too large. Absent where it cannot be taken apart. */
  readonly parts?: readonly Artifact[];
}
