import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { headerOf, indexBytes, indexProblem } from "./log-index.ts";

/** The index of an open ledger's log, to look at by oneself. */
export interface OpenIndex {
  /** Whether it fits together, which takes a part of a millisecond. Its file is written through memory, so that its time says nothing. */
  fits(): boolean;
  close(): void;
}

/**
 * Opened once for all in this process that have the ledger open, and closed after the last of them: to close the file ends this process's locks on the ledger
 * (sqlite.org/howtocorrupt.html, 2.2).
 */
const opened = new Map<string, { readonly handle: number; users: number }>();

/** `path`: the -shm file. */
export function openIndex(path: string): OpenIndex {
  const handle = take(path);
  return {
    fits: () => handle === null || isSound(handle),
    close() {
      const shared = opened.get(path);
      if (handle === null || shared === undefined) return;
      shared.users -= 1;
      if (shared.users > 0) return;
      opened.delete(path);
      closeSync(shared.handle);
    },
  };
}

/** Null without a descriptor to spare: then the readings of the whole ledger have to do. */
function take(path: string): number | null {
  const shared = opened.get(path);
  if (shared !== undefined) {
    shared.users += 1;
    return shared.handle;
  }
  try {
    const handle = openSync(path, "r");
    opened.set(path, { handle, users: 1 });
    return handle;
  } catch {
    return null;
  }
}

function isSound(handle: number): boolean {
  const bytes = Buffer.alloc(fstatSync(handle).size);
  const header = headerOf(bytes.subarray(0, readSync(handle, bytes, 0, bytes.length, 0)));
  if (header === null) return true;
  return indexProblem(bytes.subarray(0, indexBytes(header.frames)), header.frames) === null;
}
