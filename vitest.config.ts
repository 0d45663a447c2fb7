import { chmodSync, existsSync, mkdtempSync, rmSync, statfsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { configDefaults, defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Two lanes (docs/development/decisions/0022), told apart by a file's name. `*.test.ts` is the fast one: it needs nothing but Node, and its files share their processes.
 * `*.slow.test.ts` starts programs, browsers or a Postgres, or waits for real time; each file has a process to itself.
 * `npm run check` finds a fast test that is slow by what it imports (checks/house.ts).
 */
const SLOW = "test/**/*.slow.test.ts";

/**
 * The stand-ins are not part of what runs for users, so that a change seldom concerns them, and their data takes a while to load: a lane of
 * their own, in which that is done once for all files of a process.
 */
const STAND_INS = "test/sandbox/**/*.test.ts";

/** Only what hangs takes this long: a limit that a busy machine can reach says nothing about the code. */
const HANGS_MS = 600_000;
/** What takes some milliseconds is waited for so long, and then said not to have come. */
const WAITED_FOR_MS = 60_000;

/** SQLite waits for the disk at every commit: temporary folders are in memory, where there is room for the largest files. */
const MEMORY_DISK = "/dev/shm";
const ROOM_BYTES = 4_000_000_000;

const FOLDER = folderOfRun();

/** They take a minute or more, whatever the machine: begun last, they would keep everyone waiting. */
const FIRST = [
  // Of all commands, so that what Node compiles for them is there for the others; killed, a program leaves nothing.
  "journeys/commands",
  "chaos/chaos",
  "journeys/service",
  "journeys/killed-and-stopped",
  "journeys/ledger-folder",
  "journeys/ledger-lost",
  "journeys/upgrade",
  "engine/fleet/fleet",
  "journeys/fleet-on-postgres",
  "journeys/open-files",
  "journeys/files",
];

class LongestFirst extends BaseSequencer {
  override async sort(specifications: TestSpecification[]): Promise<TestSpecification[]> {
    // Of the others, vitest knows how long they took the last time.
    const sorted = await super.sort(specifications);
    const place = ({ moduleId }: TestSpecification) => FIRST.findIndex((name) => moduleId.includes(name));
    const first = sorted.filter((one) => place(one) >= 0).sort((one, other) => place(one) - place(other));
    return [...first, ...sorted.filter((one) => place(one) < 0)];
  }
}

export default defineConfig({
  test: {
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    expect: { poll: { timeout: WAITED_FOR_MS, interval: 20 } },
    env: { TMPDIR: FOLDER },
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
        test: {
          name: "stand-ins",
          include: [STAND_INS],
          exclude: [...configDefaults.exclude, SLOW],
          isolate: false,
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "slow",
          include: [SLOW],
          // Most of them wait for the programs that they start, which wait for something in turn.
          maxWorkers: 3,
          sequence: { groupOrder: 2 },
          // The program is started some hundred times from its source, which Node compiles once then.
          env: { NODE_COMPILE_CACHE: join(FOLDER, "compiled") },
        },
      },
    ],
  },
});

function hasRoom(folder: string): boolean {
  if (!existsSync(folder)) return false;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > ROOM_BYTES;
}

/** What tests leave behind goes with the run. */
function folderOfRun(): string {
  const folder = mkdtempSync(join(hasRoom(MEMORY_DISK) ? MEMORY_DISK : tmpdir(), "lookpost-tests-"));
  // As root, Postgres runs as a user of its own.
  chmodSync(folder, 0o1777);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
