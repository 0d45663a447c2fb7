/** A file of a run on the worker's disk. */
export interface SpoolFile {
  readonly path: string;
  readonly bytes: number;
  /** SHA-256 of its bytes in hex, where that was calculated as it was written. */
  readonly sha256?: string;
}

/** The folder that holds one run's files: results as they came, artifacts, the message. Emptied by retention, not by the run. */
export interface Spool {
  readonly directory: string;
  /** An absolute path for a new file in the folder; the name is made safe for any file system and never leaves the folder. */
  path(name: string): string;
  /**
   * For what may become large, before it is begun and each time that some megabytes of it are written. Rejects with ReportError `local`
   * (retryable) where the disk has no more than what is kept free for the ledger and for other runs.
   */
  ensureRoom(): Promise<void>;
}
