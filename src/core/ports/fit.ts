import type { Artifact } from "../model/artifact.ts";
import type { Download, Message } from "../model/message.ts";
import type { Locale } from "../words/locale.ts";

/**
 * Makes files fit a destination, step by step: as they are, compressed, taken apart by section, as a link. A sentence for
 * everything that changed.
 */
export type FitArtifacts = (order: FitOrder) => Promise<Fitted>;

export interface FitOrder {
  readonly artifacts: readonly Artifact[];
  /** Of all files together, before any encoding. */
  readonly bytesMax: number;
  /** The limit as it is set, for the sentences: pictures may have taken of it. Absent: `bytesMax`. */
  readonly limitBytes?: number;
  readonly signal: AbortSignal;
  /** Of the sentences. Absent: English. */
  readonly locale?: Locale;
  /** Puts a file where recipients can fetch it; null: this worker serves no files. */
  readonly offer: ((artifact: Artifact) => Promise<Download>) | null;
}

export interface Fitted {
  readonly artifacts: readonly Artifact[];
  readonly downloads: readonly Download[];
  /** What was done, in sentences for the recipients. */
  readonly notices: readonly string[];
}

/**
 * Makes the pictures of a message fit `bytesMax` bytes: tables take the place of those that do not. `limitBytes` is what the destination takes
 * in all, for the sentences; absent: `bytesMax`.
 */
export type FitPictures = <M extends Pictured>(
  message: M,
  bytesMax: number,
  limitBytes?: number,
) => Promise<FittedPictures<M>>;

export type Pictured = Pick<Message, "run" | "brand" | "sections" | "pictures">;

export interface FittedPictures<M extends Pictured> {
  readonly message: M;
  /** Of the pictures that are left. */
  readonly bytes: number;
  /** What was left out, in sentences for the recipients. */
  readonly notices: readonly string[];
}
