import type { Clock } from "./clock.ts";

/**
 * What a destination wants to know again at its next attempt: in the ledger, shared by all workers and there after a restart. It spares
 * calls, and nothing that has to be true may hang on it: a note that was not written for NOTE_KEPT_MS is gone. Both verbs reject with
 * ReportError where the ledger does not answer, and `local` for a text of more than NOTE_BYTES_MAX.
 */
export interface Notebook {
  /** Those of these names that there are, in no order. */
  read(names: readonly string[]): Promise<readonly Note[]>;
  /**
   * Writes a note where the one there is has this version still (0: there is none), or whatever there is (null). Resolves with the version
   * that it has now, or null where another was written meanwhile.
   */
  write(name: string, text: string, over: number | null): Promise<number | null>;
}

export interface Note {
  readonly name: string;
  readonly text: string;
  /** 1 at first; one more with each writing. */
  readonly version: number;
  /** Since it was written, by the ledger's own clock: those of workers differ. */
  readonly ageMs: number;
}

export const NOTE_BYTES_MAX = 512 * 1024;
export const NOTE_KEPT_MS = 24 * 3_600_000;

/** For what has no ledger, such as `check`: it lasts as long as the process. */
export function notebookInMemory(clock: Pick<Clock, "now">): Notebook {
  const notes = new Map<string, { readonly text: string; readonly version: number; readonly atMs: number }>();
  const nowMs = () => clock.now().getTime();
  return {
    async read(names) {
      return names.flatMap((name) => {
        const note = notes.get(name);
        return note === undefined ? [] : [{ name, ...note, ageMs: Math.max(0, nowMs() - note.atMs) }];
      });
    },
    async write(name, text, over) {
      const version = notes.get(name)?.version ?? 0;
      if (over !== null && over !== version) return null;
      notes.set(name, { text, version: version + 1, atMs: nowMs() });
      return version + 1;
    },
  };
}
