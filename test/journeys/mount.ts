import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { onTestFinished } from "vitest";

/** A small disk of its own at `folder`, until the test is over. Only root may mount. */
export function mountDisk(folder: string, size: string): void {
  mkdirSync(folder, { recursive: true });
  mount("-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder);
  onTestFinished(() => {
    spawnSync("umount", ["-l", folder]);
  });
}

export function makeReadOnly(folder: string): void {
  mount("-o", "remount,ro", folder);
}

function mount(...args: readonly string[]): void {
  const { status, stderr } = spawnSync("mount", args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`mount ${args.join(" ")}: ${stderr}`);
}

let can: boolean | null = null;

/** Whether this process may mount. Where not, tests that need it are skipped, and vitest says so. */
export function canMount(): boolean {
  can ??=
    spawnSync("sh", ["-c", "d=$(mktemp -d) && mount -t tmpfs tmpfs $d && umount $d; s=$?; rmdir $d; exit $s"])
      .status === 0;
  return can;
}
