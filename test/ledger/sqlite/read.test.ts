import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openSqliteReader } from "../../../src/ledger/sqlite/read.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/sqlite.ts";
import { folder, mountDisk } from "./folders.ts";

/** Every byte of the folder, and when it was written. */
function bytesOf(directory: string, but = ""): unknown {
  return readdirSync(directory)
    .filter((name) => name !== but)
    .sort()
    .map((name) => {
      const file = join(directory, name);
      const hash = createHash("sha256").update(readFileSync(file)).digest("hex");
      return [name, hash, statSync(file).mtimeMs];
    });
}

async function pausedIn(directory: string): Promise<readonly string[]> {
  const reader = await openSqliteReader(directory);
  const plans = await reader.ledger.plans();
  expect(reader.name).toBe(join(directory, "ledger.sqlite"));
  await reader.close();
  return plans.map(({ report }) => report);
}

test("a ledger that a service has open is read as it is, and no byte is changed", async () => {
  const directory = folder();
  const ledger = await openSqliteLedger(directory);
  await ledger.pause("weekly", null, new Date(0));
  // The index of the log is shared within one process, which is allowed to write it.
  const before = bytesOf(directory, "ledger.sqlite-shm");
  expect(await pausedIn(directory)).toEqual(["weekly"]);
  expect(bytesOf(directory, "ledger.sqlite-shm")).toEqual(before);
  const reader = await openSqliteReader(directory);
  await ledger.pause("daily", null, new Date(0));
  expect(await reader.ledger.plans()).toHaveLength(2);
  await reader.close();
  await ledger.close();
});

test("one that no process has open is read too, whether it was closed or its process was killed", async () => {
  const directory = folder();
  const ledger = await openSqliteLedger(directory);
  await ledger.pause("weekly", null, new Date(0));
  // As a kill leaves it: the log is not in the file yet.
  const killed = folder();
  for (const name of ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"])
    copyFileSync(join(directory, name), join(killed, name));
  await ledger.close();
  for (const place of [directory, killed]) {
    const before = bytesOf(place);
    expect(await pausedIn(place)).toEqual(["weekly"]);
    expect(bytesOf(place)).toEqual(before);
  }
  rmSync(join(killed, "ledger.sqlite-shm"));
  const before = bytesOf(killed);
  expect(await pausedIn(killed)).toEqual(["weekly"]);
  expect(bytesOf(killed)).toEqual(before);
});

test("what a service writes that came after the reader is seen", async () => {
  const directory = folder();
  await (await openSqliteLedger(directory)).close();
  const reader = await openSqliteReader(directory);
  expect(await reader.ledger.plans()).toEqual([]);
  const ledger = await openSqliteLedger(directory);
  await ledger.pause("weekly", null, new Date(0));
  expect(await reader.ledger.plans()).toHaveLength(1);
  await reader.close();
  await ledger.close();
});

test("where there is none, it is said, and nothing is made", async () => {
  const directory = join(folder(), "data");
  const refused = {
    code: "config",
    message: `There is no ledger at ${directory}/ledger.sqlite; the service may use another store (LOOKPOST_STORE).`,
  };
  await expect(openSqliteReader(directory)).rejects.toMatchObject(refused);
  expect(existsSync(directory)).toBe(false);
  mkdirSync(directory);
  await expect(openSqliteReader(directory)).rejects.toMatchObject(refused);
  expect(readdirSync(directory)).toEqual([]);
});

test("a read-only disk is no obstacle, with a log and without", async ({ skip }) => {
  const disk = mountDisk("4m");
  if (disk === null) return skip();
  const ledger = await openSqliteLedger(disk.directory);
  await ledger.pause("weekly", null, new Date(0));
  await ledger.close();
  disk.makeReadOnly();
  expect(await pausedIn(disk.directory)).toEqual(["weekly"]);
  disk.remove();
});
