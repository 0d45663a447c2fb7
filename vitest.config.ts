import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { join } from "node:path";
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Two lanes, told apart by a file's name. `*.test.ts` is the fast one: it needs nothing but Node, and its files share their processes.
 * `*.slow.test.ts` starts programs, browsers or a Postgres, or waits for real time; each file has a process to itself.
 * `npm run check` finds a fast test that is slow by what it imports (checks/house.ts).
 */
const SLOW = "test/**/*.slow.test.ts";

/** The stand-ins are no part of what runs for users, and their data takes a while to load: theirs are in the slow lane whole. */
const STAND_INS = "test/sandbox/**/*.test.ts";

/** Only what hangs takes this long: a limit that a busy machine can reach says nothing about the code. */
const HANGS_MS = 300_000;

/** SQLite waits for the disk at every commit: temporary folders are in memory, where there is room for the largest files. */
const MEMORY_DISK = "/dev/shm";
const ROOM_BYTES = 4_000_000_000;

/** They take a minute or more, whatever the machine: begun last, they would keep everyone waiting. */
const FIRST = [
  "chaos/chaos",
  "journeys/service",
  "journeys/killed-and-stopped",
  "journeys/ledger-folder",
  "journeys/upgrade",
];

class LongestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    // Of the others, vitest knows how long they took the last time.
    const sorted = await super.sort(specifications);
    const isFirst = ({ moduleId }: TestSpecification) => FIRST.some((name) => moduleId.includes(name));
    return [...sorted.filter(isFirst), ...sorted.filter((one) => !isFirst(one))];
  }
}

export default defineConfig({
  test: {
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    env: hasRoom(MEMORY_DISK) ? { TMPDIR: temporaryFolder() } : {},
    sequence: { sequencer: LongestFirst },
    coverage: { include: ["src/**/*.ts"], reporter: ["text-summary", "html"] },
    projects: [
      {
        extends: true,
        test: {
          name: "fast",
          include: ["test/**/*.test.ts"],
          exclude: [...configDefaults.exclude, SLOW, STAND_INS],
          isolate: false,
          // They talk to real servers on loopback and often wait: more files at once than the smallest machine has cores.
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: { name: "slow", include: [SLOW, STAND_INS], maxWorkers: 2, sequence: { groupOrder: 2 } },
      },
    ],
  },
});

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > ROOM_BYTES;
}

/** What tests leave behind in memory goes with the run. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(MEMORY_DISK, "lookpost-tests-"));
  // As root, Postgres runs as a user of its own.
  chmodSync(folder, 0o1777);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
