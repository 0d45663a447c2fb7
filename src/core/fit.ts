import type { Artifact } from "./artifact.ts";
import type { Download } from "./message.ts";
import type { Spool } from "./spool.ts";

/**
 * Makes files fit a destination, step by step: as they are, compressed, taken apart by section, as a link. A sentence for
 * everything that changed.
 */
export type FitArtifacts = (order: FitOrder) => Promise<Fitted>;

export interface FitOrder {
  readonly artifacts: readonly Artifact[];
  /** Of all files together, before any encoding. */
  readonly bytesMax: number;
  readonly spool: Spool;
  readonly signal: AbortSignal;
  /** Puts a file where recipients can fetch it; null: this worker serves no files. */
  readonly offer: ((artifact: Artifact) => Promise<Download>) | null;
}

export interface Fitted {
  readonly artifacts: readonly Artifact[];
  readonly downloads: readonly Download[];
  /** What was done, in sentences for the recipients. */
  readonly notices: readonly string[];
}
