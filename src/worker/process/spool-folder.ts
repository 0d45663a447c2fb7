import { mkdir, readdir, rm, stat, statfs, utimes } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ReportError } from "../../core/error.ts";
import type { Spool } from "../../core/ports/spool.ts";
import { bytes } from "../../core/rules/quantity.ts";

/** The spools of all runs: one folder each under `root`. */
export interface SpoolFolder {
  /** Makes the run's folder if need be. */
  open(runId: string): Promise<Spool>;
  /** Removes the folders of runs last touched before `date`. */
  removeBefore(date: Date): Promise<void>;
}

/** Kept free on the disk of the spool, for the ledger and for runs that need little; of a small disk, a twentieth of it. */
const FREE_BYTES = 500e6;
const FREE_SHARE = 1 / 20;

/** `disk`: how much there is, and is left, where a folder is. Null where the system does not say. Default: what the system says. */
export function spoolFolder(
  root: string,
  disk: (folder: string) => Promise<Disk | null> = diskOf,
): SpoolFolder {
  return {
    async open(runId) {
      const directory = resolve(root, safe(runId));
      // Results are for their recipients: with the folder closed, it does not matter what the umask says of the files.
      await mkdir(directory, { recursive: true, mode: 0o700 });
      // What is used is not tidied away, however long ago it was made.
      const now = new Date();
      await utimes(directory, now, now);
      return {
        directory,
        path: (name) => join(directory, safe(name)),
        async ensureRoom() {
          const found = await disk(directory);
          if (found !== null && found.freeBytes < keptFree(found)) throw withoutRoom(root, found);
        },
      };
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

export interface Disk {
  readonly bytes: number;
  /** For a user without special rights. */
  readonly freeBytes: number;
}

async function diskOf(folder: string): Promise<Disk | null> {
  const found = await statfs(folder).catch(() => null);
  // Some file systems have no blocks to count.
  if (found === null || found.blocks === 0) return null;
  return { bytes: found.blocks * found.bsize, freeBytes: found.bavail * found.bsize };
}

function keptFree({ bytes: size }: Disk): number {
  return Math.min(FREE_BYTES, size * FREE_SHARE);
}

function withoutRoom(root: string, disk: Disk): ReportError {
  const [left, kept] = [bytes(disk.freeBytes), bytes(keptFree(disk))];
  return new ReportError(
    `The disk of ${root} has ${left} left, and ${kept} of it are kept free for the ledger and for smaller runs.`,
    {
      code: "local",
      retryable: true,
      advice:
        "Make room on that disk, or shorten `keep: { files: … }`: what is due is tried again by itself. A lower `max_result:` keeps one report from taking so much.",
    },
  );
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
