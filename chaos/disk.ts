import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Room for the ledger and the files of a campaign, and no more than is quickly filled. */
const SIZE = "96m";
const BLOCK_BYTES = 64 * 1024;

/** A disk of its own at this folder, which can be full. Only root may mount. */
export interface Disk {
  fill(): void;
  /** Makes room again. */
  free(): void;
  close(): void;
}

/** Null where this process may not mount. */
export function mountDisk(folder: string): Disk | null {
  mkdirSync(folder, { recursive: true });
  const { status } = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE}`, "tmpfs", folder]);
  if (status !== 0) return null;
  const filler = join(folder, "filler");
  return {
    fill() {
      for (const bytes of [BLOCK_BYTES, 512]) while (hasRoom(filler, bytes));
    },
    free: () => rmSync(filler, { force: true }),
    close: () => void spawnSync("umount", ["-l", folder]),
  };
}

function hasRoom(file: string, bytes: number): boolean {
  try {
    appendFileSync(file, Buffer.alloc(bytes));
    return true;
  } catch {
    return false;
  }
}
