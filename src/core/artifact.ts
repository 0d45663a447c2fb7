import type { SpoolFile } from "./spool.ts";

/** A file made for recipients. */
export interface Artifact {
  readonly filename: string;
  readonly contentType: string;
  readonly file: SpoolFile;
  /** Data rows in it, where the format has rows. */
  readonly rows: number | null;
  /** Which section of the message it holds, by its index; absent where it holds none or several. */
  readonly section?: number;
}
