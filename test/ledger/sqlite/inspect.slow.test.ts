import { execFileSync } from "node:child_process";
import { closeSync, openSync, readSync, truncateSync, utimesSync, writeSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import type { ReportError } from "../../../src/core/error.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/sqlite.ts";
import { openLedger, type Scene } from "./open-ledger.ts";

const PAGE = 4_096;

function flip(file: string, at: number): void {
  const handle = openSync(file, "r+");
  const buffer = Buffer.alloc(400);
  const size = readSync(handle, buffer, 0, buffer.length, at);
  for (let index = 0; index < size; index += 1) buffer[index] = (buffer[index] ?? 0) ^ 0xff;
  writeSync(handle, buffer, 0, size, at);
  closeSync(handle);
}

/** Another process does: one that has a ledger open would end its own locks by closing one of its files. */
function overwriteIndex(file: string, at: number, bytes: number): void {
  const code = `const fs = require("fs"); const file = fs.openSync(process.argv[1], "r+");
    fs.writeSync(file, Buffer.alloc(${bytes}), 0, ${bytes}, ${at});`;
  execFileSync(process.execPath, ["-e", code, `${file}-shm`]);
}

function rootOf(file: string, name: string): number {
  const database = new DatabaseSync(file, { readOnly: true });
  const row = database.prepare("SELECT rootpage FROM sqlite_master WHERE name = ?").get(name);
  database.close();
  return (Number(row?.rootpage) - 1) * PAGE;
}

/** In the first page of a frame of the log, or in its header. */
const IN_LOG = 32 + 24 + 100;

/** What is found, by the beats that follow: a reading rests for a while. */
async function inspected(ledger: Scene["ledger"]): Promise<unknown> {
  for (;;) {
    const found = await ledger.inspect().catch((error) => error);
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const DAMAGE: Readonly<Record<string, (file: string) => void>> = {
  "in its header": (file) => flip(file, 0),
  "in a table that the log lies over": (file) => flip(file, rootOf(file, "owners")),
  "in an index": (file) => flip(file, rootOf(file, "links_by_age")),
  "since it was cut": (file) => truncateSync(file, 10 * PAGE),
};

/** Within a frame, and in what is not in a file's time: found by the beats. The others by any reading. */
const LOG_DAMAGE: Readonly<
  Record<string, { readonly isMet: boolean; readonly damage: (file: string) => void }>
> = {
  "in its log, within a frame": { isMet: true, damage: (file) => flip(`${file}-wal`, IN_LOG) },
  "in the header of its log": { isMet: false, damage: (file) => flip(`${file}-wal`, 0) },
  "in its log, which was cut": {
    isMet: false,
    damage: (file) => truncateSync(`${file}-wal`, 32 + 24 + PAGE),
  },
  "in the pages that its log's index names": {
    isMet: true,
    damage: (file) => overwriteIndex(file, 136, 400),
  },
  "in the hash table of its log's index": {
    isMet: false,
    damage: (file) => overwriteIndex(file, 16_384, 16_384),
  },
};

describe("damage", () => {
  for (const [where, { isMet, damage }] of Object.entries(LOG_DAMAGE))
    test(`${where} of a ledger that is open is found ${isMet ? "soon" : "when it is read"}, and the ledger lost`, async () => {
      const { file, told, ledger } = await openLedger();
      if (isMet) await ledger.inspect();
      damage(file);
      const found = await inspected(ledger);
      expect(found).toMatchObject({
        retryable: true,
        message: expect.stringMatching(/ is damaged: /),
      });
      expect(told).toEqual([found]);
      await expect(ledger.beat("me", new Date(5_000))).rejects.toBe(found);
      await ledger.close();
    });

  for (const [where, damage] of Object.entries(DAMAGE))
    test(`${where} that no statement meets is found when the ledger is inspected`, async () => {
      const { file, told, ledger } = await openLedger();
      await ledger.inspect();
      damage(file);
      const found = await inspected(ledger);
      expect(found).toMatchObject({
        retryable: true,
        message: expect.stringMatching(/^The ledger .*ledger\.sqlite is damaged: /),
        advice: expect.stringMatching(/^Stop the service first, .* \.recover /),
      });
      expect(told).toEqual([found]);
      await expect(ledger.beat("me", new Date(5_000))).rejects.toBe(found);
      await ledger.close();
    });

  test("is met by a statement", async () => {
    const { directory, file, ledger } = await openLedger();
    await ledger.close();
    flip(file, rootOf(file, "owners"));
    const told: ReportError[] = [];
    const again = await openSqliteLedger(
      directory,
      () => undefined,
      (error) => told.push(error),
    );
    const met = await again.lastServiceBeat().catch((error) => error);
    expect(met).toMatchObject({ retryable: true, message: expect.stringContaining("is damaged") });
    expect(told).toEqual([met]);
    await again.close();
  });

  test("is not what another process's checkpoint does, or a time that was changed", async () => {
    const { directory, file, told, ledger } = await openLedger();
    await ledger.inspect();
    const peer = await openSqliteLedger(directory);
    await peer.pause("weekly", null, new Date(0));
    await peer.compact();
    await peer.close();
    await ledger.inspect();
    utimesSync(file, new Date(0), new Date(0));
    await ledger.inspect();
    expect(told).toEqual([]);
    expect(await ledger.beat("me", new Date(5_000))).toBe(true);
    await ledger.close();
  });

  test("is not what a checkpoint leaves that a reader held up, though the file by itself does not fit together", async () => {
    const { file, told, ledger } = await openLedger();
    const writer = new DatabaseSync(file);
    writer.exec(`PRAGMA wal_autocheckpoint = 0;
                 CREATE TABLE extra (id INTEGER PRIMARY KEY, a TEXT) STRICT; CREATE INDEX extra_by_a ON extra (a)`);
    const add = (rows: number) =>
      writer.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows})
                   INSERT INTO extra (a) SELECT hex(randomblob(50)) FROM n`);
    const checkpoint = () => writer.prepare("PRAGMA wal_checkpoint(PASSIVE)").get();
    add(300);
    checkpoint();
    add(300);
    const reader = new DatabaseSync(file, { readOnly: true });
    reader.exec("BEGIN; SELECT count(*) FROM extra");
    add(40);
    const { log, checkpointed } = checkpoint() ?? {};
    expect(Number(checkpointed)).toBeLessThan(Number(log));
    reader.exec("COMMIT");
    await ledger.inspect();
    expect(told).toEqual([]);
    reader.close();
    writer.close();
    await ledger.close();
  });
});
