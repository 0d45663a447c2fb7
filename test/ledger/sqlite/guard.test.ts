import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { openSqliteLedger } from "../../../src/ledger/sqlite/sqlite.ts";
import { openLedger, type Scene } from "./open-ledger.ts";

const REPLACED: Readonly<Record<string, (scene: Scene) => void>> = {
  removed: ({ file }) => rmSync(file),
  "moved away": ({ file }) => renameSync(file, `${file}.old`),
  "replaced by a copy": ({ file }) => {
    copyFileSync(file, `${file}.new`);
    renameSync(`${file}.new`, file);
  },
  "left without its log": ({ file }) => rmSync(`${file}-wal`),
  "left without its log's index": ({ file }) => rmSync(`${file}-shm`),
  "in a folder that is renamed": ({ directory }) => renameSync(directory, `${directory}-away`),
  "in a folder that is replaced": ({ directory }) => {
    renameSync(directory, `${directory}-away`);
    mkdirSync(directory);
    for (const name of ["ledger.sqlite", "ledger.sqlite-wal", "ledger.sqlite-shm"])
      copyFileSync(join(`${directory}-away`, name), join(directory, name));
  },
};

describe("a ledger that is", () => {
  for (const [what, replace] of Object.entries(REPLACED))
    test(`${what} is lost at the next beat: told once, and every verb waits with the same reason`, async () => {
      const scene = await openLedger();
      replace(scene);
      const { ledger, told } = scene;
      const refused = await ledger.beat("me", new Date(5_000)).catch((error) => error);
      expect(refused).toMatchObject({
        code: "local",
        retryable: true,
        message: expect.stringMatching(
          /is not the one this process works with any more: .*(removed|replaced)/,
        ),
        advice: expect.stringMatching(/^Stop the service first\./),
      });
      await expect(ledger.run("r1")).rejects.toBe(refused);
      await expect(ledger.takeRun("r1", "me", new Date(0))).rejects.toBe(refused);
      await expect(ledger.inspect()).rejects.toBe(refused);
      expect(told).toEqual([refused]);
      await ledger.close();
    });
});

describe("a backup that is copied over the open file", () => {
  /** A backup, and after it more that is written, and is in the file by now. */
  async function withBackup() {
    const scene = await openLedger();
    const backup = join(scene.directory, "../backup.sqlite");
    await scene.ledger.compact();
    copyFileSync(scene.file, backup);
    await scene.ledger.pause("weekly", "holidays", new Date(0));
    await scene.ledger.compact();
    return { ...scene, backup };
  }

  test("is an older state, which is noticed before anything is written on top of it", async () => {
    const { file, ledger, told, backup } = await withBackup();
    copyFileSync(backup, file);
    const refused = await ledger.beat("me", new Date(5_000)).catch((error) => error);
    expect(refused).toMatchObject({
      retryable: true,
      message: expect.stringContaining(`an older state, such as a backup, was copied over ${file}`),
      advice: expect.stringMatching(/^Stop the service first\./),
    });
    await expect(ledger.run("r1")).rejects.toBe(refused);
    expect(told).toEqual([refused]);
    await ledger.close();
  });

  test("is noticed also where its times are those of the file", async () => {
    const { file, ledger, backup } = await withBackup();
    const { atime, mtime } = statSync(file);
    copyFileSync(backup, file);
    utimesSync(file, atime, mtime);
    await expect(ledger.beat("me", new Date(5_000))).rejects.toMatchObject({ code: "local" });
    await ledger.close();
  });

  test("is noticed where it is of an older lookpost, which did not count", async () => {
    const { file, ledger, backup } = await withBackup();
    const older = new DatabaseSync(backup);
    older.exec("DROP TABLE generation; PRAGMA user_version = 5");
    older.close();
    copyFileSync(backup, file);
    await expect(ledger.beat("me", new Date(5_000))).rejects.toMatchObject({ code: "local" });
    await ledger.close();
  });

  test("is told apart from checkpoints, of this process and of others", async () => {
    const { directory, ledger, told } = await withBackup();
    const peer = await openSqliteLedger(directory);
    for (let times = 0; times < 5; times += 1) {
      await peer.pause(`other ${times}`, null, new Date(0));
      await peer.compact();
      await ledger.beat("me", new Date(5_000));
      await ledger.compact();
    }
    expect(told).toEqual([]);
    await peer.close();
    await ledger.close();
  });
});

test("what was written before its log was removed is in the file once it is closed", async () => {
  const { file, ledger } = await openLedger();
  await ledger.pause("weekly", "holidays", new Date(0));
  rmSync(`${file}-wal`);
  await expect(ledger.beat("me", new Date(5_000))).rejects.toMatchObject({ code: "local" });
  await ledger.close();
  const database = new DatabaseSync(file, { readOnly: true });
  expect(database.prepare("SELECT pause_reason FROM plans").all()).toMatchObject([
    { pause_reason: "holidays" },
  ]);
  database.close();
});

test("closing a ledger that was replaced leaves the one in its place alone, with its log", async () => {
  const { directory, file, ledger } = await openLedger();
  renameSync(directory, `${directory}-away`);
  mkdirSync(directory);
  for (const name of ["ledger.sqlite", "ledger.sqlite-wal"])
    copyFileSync(join(`${directory}-away`, name), join(directory, name));
  const before = [file, `${file}-wal`].map((path) => readFileSync(path));
  await expect(ledger.beat("me", new Date(5_000))).rejects.toMatchObject({ code: "local" });
  await ledger.close();
  expect([file, `${file}-wal`].map((path) => readFileSync(path))).toEqual(before);
});
