import { statfsSync } from "node:fs";

/** A transaction of many ticks takes about so much. */
const NEEDED_BYTES = 64 * 1024;

/**
 * That the disk of `directory` is full, in words; null: it is not, or the system does not say. Small changes go on for minutes on a full disk, in room that the
 * log has already: the first tick then fails.
 */
export function fullDisk(directory: string): string | null {
  try {
    const { bsize, bfree, bavail, blocks } = statfsSync(directory);
    // Root may take what is reserved. Some file systems have no blocks to count.
    const free = process.getuid?.() === 0 ? bfree : bavail;
    if (blocks === 0 || free * bsize >= NEEDED_BYTES) return null;
    return `The disk of ${directory} is full.`;
  } catch {
    return null;
  }
}
