import { existsSync, statfsSync } from "node:fs";
import { configDefaults, defineConfig } from "vitest/config";

/**
 * Two lanes, told apart by a file's name. `*.test.ts` is the fast one: it needs nothing but Node, and its files share their processes.
 * `*.slow.test.ts` starts programs, browsers or a Postgres, or waits for real time; each file has a process to itself.
 * `npm run check` finds a fast test that is slow by what it imports (checks/house.ts).
 */
const SLOW = "test/**/*.slow.test.ts";

/** Only what hangs takes this long: a limit that a busy machine can reach says nothing about the code. */
const HANGS_MS = 300_000;

/** SQLite waits for the disk at every commit: temporary folders are in memory, where there is room for the largest files. */
const MEMORY_DISK = "/dev/shm";
const ROOM_BYTES = 4_000_000_000;

export default defineConfig({
  test: {
    // The tests talk to real servers on loopback, and most of the time they wait: two files at once, on two cores too.
    maxWorkers: 2,
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    env: hasRoom(MEMORY_DISK) ? { TMPDIR: MEMORY_DISK } : {},
    coverage: { include: ["src/**/*.ts"], reporter: ["text-summary", "html"] },
    projects: [
      {
        extends: true,
        test: {
          name: "fast",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, SLOW],
          isolate: false,
        },
      },
      { extends: true, test: { name: "slow", include: [SLOW] } },
    ],
  },
});

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > ROOM_BYTES;
}
