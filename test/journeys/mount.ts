import { spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { journey, whenFinished } from "./program.ts";

/** A small disk of its own at `folder`, until the test is over. Only root may mount. */
export function mountDisk(folder: string, size: string): void {
  mkdirSync(folder, { recursive: true });
  mount("-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder);
  whenFinished(() => {
    spawnSync("umount", ["-l", folder]);
  });
}

export function makeReadOnly(folder: string): void {
  mount("-o", "remount,ro", folder);
}

/** Leaves no room at all on the disk of `folder`. Returns what makes room again. */
export function fillDisk(folder: string): () => void {
  const file = join(folder, "filler");
  // Block by block until none is left: others that write there take of the same room.
  const { bsize, bavail } = statfsSync(folder);
  for (let written = 0; written <= bavail && hasRoom(file, bsize); ) written += 1;
  return () => rmSync(file);
}

function hasRoom(file: string, bytes: number): boolean {
  try {
    appendFileSync(file, Buffer.alloc(bytes));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOSPC") return false;
    throw error;
  }
}

function mount(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`mount ${args.join(" ")}: ${stderr}`);
}

/** A journey that needs disks of its own: skipped, and shown as skipped, where this process may not mount. */
export function journeyWithDisks(name: string, work: () => Promise<void>): void {
  journey(name, work, { skip: !canMount() });
}

let can: boolean | null = null;

function canMount(): boolean {
  const script = "d=$(mktemp -d) && mount -t tmpfs tmpfs $d && umount $d; s=$?; rmdir $d; exit $s";
  can ??= spawnSync("sh", ["-c", script]).status === 0;
  return can;
}
