import { readFileSync } from "node:fs";

/** Files that a built service keeps open for the process that draws (app/child-program.ts): an addon and fonts. */
export const KEPT_FOR_DRAWING = 12;
/** What a service has open while nothing is due, with some to spare. */
const IDLE = 32 + (import.meta.filename.endsWith(".js") ? KEPT_FOR_DRAWING : 0);
/** What a run has open: connections to Looker, results, files that are made, and a process that draws. */
const FOR_A_RUN = 8;
/** What a delivery has open: a connection, and the files that it attaches. */
const FOR_A_DELIVERY = 4;
const FOR_A_QUERY = 4;

const NEEDS = { run: FOR_A_RUN, delivery: FOR_A_DELIVERY, query: FOR_A_QUERY };

/**
 * How many of these may be under way at once, of what is wanted at most, so that this process does not run out of file descriptors. At the
 * usual limit of 1,024 that is all; a lower one makes it slower, and not fail. One in any case.
 */
export function withinOpenFiles(most: number, what: keyof typeof NEEDS, openFilesMax = ownLimit()): number {
  return Math.max(1, Math.min(most, Math.floor((openFilesMax - IDLE) / NEEDS[what])));
}

/** The soft limit of this process (proc(5)); infinity where the system does not say. */
function ownLimit(): number {
  try {
    const [, soft] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === undefined ? Number.POSITIVE_INFINITY : Number(soft);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
