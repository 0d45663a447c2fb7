import { mkdir, readdir, rm, stat, utimes } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Spool } from "../../core/ports/spool.ts";

/** The spools of all runs: one folder each under `root`. */
export interface SpoolFolder {
  /** Makes the run's folder if need be. */
  open(runId: string): Promise<Spool>;
  /** Removes the folders of runs last touched before `date`. */
  removeBefore(date: Date): Promise<void>;
}

export function spoolFolder(root: string): SpoolFolder {
  return {
    async open(runId) {
      const directory = resolve(root, safe(runId));
      await mkdir(directory, { recursive: true });
      // What is used is not tidied away, however long ago it was made.
      const now = new Date();
      await utimes(directory, now, now);
      return { directory, path: (name) => join(directory, safe(name)) };
    },
    async removeBefore(date) {
      for (const name of await readdir(root).catch(() => [])) {
        const folder = join(root, name);
        const touched = await stat(folder).catch(() => null);
        if (touched !== null && touched.mtime < date) await rm(folder, { recursive: true, force: true });
      }
    },
  };
}

const NAME_BYTES_MAX = 200;

/** No separators, no control characters, no leading dot, and short enough for any file system. */
function safe(name: string): string {
  const plain = name.replace(/[\p{Cc}/\\:*?"<>|]/gu, "_").replace(/^\.+/, "_");
  return (
    Buffer.from(plain)
      .subarray(0, NAME_BYTES_MAX)
      .toString()
      .replace(/\uFFFD/g, "") || "_"
  );
}
