/** A file of a run on the worker's disk. */
export interface SpoolFile {
  readonly path: string;
  readonly bytes: number;
}

/** The folder that holds one run's files: results as they came, artifacts, the message. Emptied by retention, not by the run. */
export interface Spool {
  readonly directory: string;
  /** An absolute path for a new file in the folder; the name is made safe for any file system and never leaves the folder. */
  path(name: string): string;
}
