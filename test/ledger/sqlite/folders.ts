import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];
afterAll(() => {
  for (const directory of made.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A new one, which goes with the test file. */
export function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), "lookpost-ledger-"));
  made.push(directory);
  return directory;
}

/** A small disk of its own. */
export interface Disk {
  readonly directory: string;
  resize(size: string): void;
  makeReadOnly(): void;
  remove(): void;
}

/** Mounts one in memory, or gives null where this user may not: permissions do not stop root, and a quota needs a disk. */
export function mountDisk(size: string): Disk | null {
  const directory = folder();
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", directory], { stdio: "ignore" });
  } catch {
    return null;
  }
  const remount = (options: string) => execFileSync("mount", ["-o", `remount,${options}`, directory]);
  return {
    directory,
    resize: (to) => remount(`size=${to}`),
    makeReadOnly: () => remount("ro"),
    remove() {
      execFileSync("umount", ["-l", directory]);
      rmSync(directory, { recursive: true });
    },
  };
}

const probe = mountDisk("1m");
probe?.remove();
/** Said aloud, since what it leaves untested is a promise. */
export const canMount = probe !== null;
if (!canMount)
  console.warn("Tests of full and read-only disks are skipped: this user may not mount a tmpfs.");
