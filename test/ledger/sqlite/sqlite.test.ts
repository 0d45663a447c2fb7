import { execFileSync } from "node:child_process";
import { statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, test } from "vitest";
import type { RunClaim } from "../../../src/core/model/entry.ts";
import { TASK_SHARED_MS } from "../../../src/core/ports/owners.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/sqlite.ts";
import { canMount, type Disk, folder, mountDisk } from "./folders.ts";

const claim = (tick: number, part: Partial<RunClaim> = {}): RunClaim => ({
  id: `r${tick}`,
  report: "weekly",
  dueAt: new Date(tick),
  burst: "",
  trigger: "schedule",
  reservedFor: null,
  kind: "tick",
  expectAt: null,
  at: new Date(tick),
  ...part,
});

test("what was written is there for the next process, and for one next to it", async () => {
  const directory = folder();
  const first = await openSqliteLedger(directory);
  const peer = await openSqliteLedger(directory);
  await first.claimRun(claim(0));
  expect(await peer.run("r0")).toMatchObject({ report: "weekly" });
  expect(await peer.claimRun(claim(0, { id: "other" }))).toBeNull();
  await first.close();
  await peer.close();
  const later = await openSqliteLedger(directory);
  expect(await later.run("r0")).toMatchObject({ state: "planned" });
  await later.close();
});

test("of many processes that claim and take at the same time, each gets its own", async () => {
  // The folder is new: they also make the tables at the same time.
  const directory = folder();
  const module = new URL("../../../src/ledger/sqlite/sqlite.ts", import.meta.url).href;
  const script = `
    import { openSqliteLedger } from ${JSON.stringify(module)};
    const ledger = await openSqliteLedger(process.argv[1]);
    const owner = String(process.pid);
    let claimed = 0, taken = 0, slots = 0;
    for (let tick = 0; tick < 50; tick += 1) {
      const claim = { ...${JSON.stringify(claim(0))}, id: "r" + tick, report: "report " + tick };
      const run = await ledger.claimRun({ ...claim, dueAt: new Date(0), at: new Date(tick) });
      if (run !== null) claimed += 1;
      if ((await ledger.takeRun("r" + tick, owner, new Date(tick))) !== null) taken += 1;
      if ((await ledger.takeSlot("looker", 60, owner)) !== null) slots += 1;
    }
    console.log([claimed, taken, slots].join(" "));
  `;
  const shell = `for i in 1 2 3 4; do "$NODE" --input-type=module -e "$SCRIPT" "$DIR" & done; wait`;
  const env = { ...process.env, NODE: process.execPath, SCRIPT: script, DIR: directory };
  const lines = execFileSync("sh", ["-c", shell], { env, encoding: "utf8" }).trim().split("\n");
  const counts = lines.map((line) => line.split(" ").map(Number));
  const sum = (index: number) => counts.reduce((total, count) => total + (count[index] ?? 0), 0);
  expect(counts).toHaveLength(4);
  expect([sum(0), sum(1), sum(2)]).toEqual([50, 50, 60]);
});

test("work is announced once its transaction is committed, and only then", async () => {
  const directory = folder();
  const peer = await openSqliteLedger(directory);
  const seen: Promise<unknown>[] = [];
  const ledger = await openSqliteLedger(directory, (work) => {
    for (const { id } of work) seen.push(peer.run(id));
  });
  await ledger.claimRun(claim(0));
  await ledger.claimRun(claim(0, { id: "the key exists already" }));
  expect(await Promise.all(seen)).toMatchObject([{ id: "r0", state: "planned" }]);
  await ledger.close();
  await peer.close();
});

test("a link to a folder that is not there, as where a disk is not mounted, is said to be one", async () => {
  const directory = join(folder(), "data");
  symlinkSync("/mnt/not-there/data", directory);
  await expect(openSqliteLedger(directory)).rejects.toMatchObject({
    message: expect.stringContaining(`${directory} is a link to a folder that is not there.`),
    advice: expect.stringContaining("Mount the disk"),
  });
});

test("a file where its folder would be is said to be one", async () => {
  const file = join(folder(), "file");
  writeFileSync(file, "");
  for (const directory of [file, join(file, "below")])
    await expect(openSqliteLedger(directory)).rejects.toMatchObject({
      message: expect.stringContaining(
        `a file is in the place of the folder ${directory}, or of one above it`,
      ),
      advice: expect.stringContaining("Name another folder"),
    });
});

test("a ledger of a newer lookpost is refused, and left as it is", async () => {
  const directory = folder();
  const database = new DatabaseSync(join(directory, "ledger.sqlite"));
  database.exec("PRAGMA user_version = 99");
  await expect(openSqliteLedger(directory)).rejects.toMatchObject({
    code: "local",
    message: expect.stringMatching(/version 99.*knows up to \d/),
    advice: expect.stringContaining("newer lookpost"),
  });
  expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: 99 });
  database.close();
});

test("a store that is not a folder, or not a database, says which file and what to check", async () => {
  const file = join(folder(), "file");
  writeFileSync(file, "");
  await expect(openSqliteLedger(file)).rejects.toMatchObject({
    code: "local",
    message: expect.stringContaining(file),
    advice: expect.stringContaining("store"),
  });
  const directory = folder();
  const text = "This is not a database, but long enough to look like one. ".repeat(20);
  writeFileSync(join(directory, "ledger.sqlite"), text);
  await expect(openSqliteLedger(directory)).rejects.toMatchObject({
    code: "local",
    retryable: false,
    message: expect.stringMatching(/damaged.*not a database/),
    advice: expect.stringContaining("backup"),
  });
});

test("a folder that cannot be made is said so", async () => {
  // Nobody, not even root, makes folders below /dev/null.
  await expect(openSqliteLedger("/dev/null/data")).rejects.toMatchObject({
    code: "local",
    message: expect.stringContaining("/dev/null/data"),
  });
});

test("a damaged file is said to be damaged, not misread", async () => {
  const directory = folder();
  const file = join(directory, "ledger.sqlite");
  const ledger = await openSqliteLedger(directory);
  for (let tick = 0; tick < 1_000; tick += 1) await ledger.claimRun(claim(tick, { burst: "x".repeat(500) }));
  await ledger.close();
  const kept = 16 * 1024;
  const head = execFileSync("head", ["-c", String(kept), file]);
  writeFileSync(file, Buffer.concat([head, Buffer.alloc(statSync(file).size - kept, 0xa5)]));
  const read = async () => (await openSqliteLedger(directory)).runs({ limit: 5_000 });
  await expect(read()).rejects.toMatchObject({
    code: "local",
    retryable: false,
    message: expect.stringContaining("damaged"),
  });
});

test("a sweep deletes the tasks and links that no one can use any longer", async () => {
  const directory = folder();
  const ledger = await openSqliteLedger(directory);
  const at = new Date(1_000_000);
  const later = (ms: number) => new Date(at.getTime() + ms);
  await ledger.claimRun(claim(0));
  await ledger.claimTask("key", "a", at);
  await ledger.shareTask("key", "a", "task 1");
  const target = { kind: "embed", url: "https://looker.example.com/looks/1" } as const;
  await ledger.offerLink({ tokenHash: "hash", runId: "r0", expiresAt: later(1_000), target });
  const database = new DatabaseSync(join(directory, "ledger.sqlite"));
  const counts = async (ms: number) => {
    await ledger.sweep({ silentMs: 15_000, onlyService: null }, later(ms));
    return ["tasks", "links"].map((table) => database.prepare(`SELECT * FROM ${table}`).all().length);
  };
  expect(await counts(999)).toEqual([1, 1]);
  expect(await counts(1_000)).toEqual([1, 0]);
  expect(await counts(2 * TASK_SHARED_MS)).toEqual([1, 0]);
  expect(await counts(2 * TASK_SHARED_MS + 1)).toEqual([0, 0]);
  database.close();
  await ledger.close();
});

test("pruned history gives its space back to the disk", async () => {
  const directory = folder();
  const file = join(directory, "ledger.sqlite");
  const ledger = await openSqliteLedger(directory);
  const end = { state: "skipped", reason: "no rows ".repeat(200), advice: null } as const;
  for (let tick = 0; tick < 1500; tick += 1) {
    const id = `r${tick}`;
    await ledger.claimRun(claim(tick, { report: id }));
    await ledger.takeRun(id, "a", new Date(tick));
    await ledger.endRun({ id, attempt: 1 }, end, new Date(tick));
  }
  await ledger.compact();
  const before = statSync(file).size;
  expect(await ledger.prune(new Date(1_490), 5_000)).toBe(1_490);
  await ledger.compact();
  expect(statSync(file).size).toBeLessThan(before / 3);
  expect(statSync(`${file}-wal`).size).toBe(0);
  expect(await ledger.runs({ limit: 100 })).toHaveLength(10);
  await ledger.close();
});

describe.skipIf(!canMount)("on a small disk", () => {
  let disk: Disk;
  afterEach(() => disk.remove());

  test("a full one is said to be full, nothing is damaged, and it goes on when there is room", async () => {
    disk = mountDisk("600k")!;
    const ledger = await openSqliteLedger(disk.directory);
    const written: string[] = [];
    let failure: unknown = null;
    for (let tick = 0; tick < 10_000 && failure === null; tick += 1) {
      const run = await ledger.claimRun(claim(tick, { burst: "x".repeat(500) })).catch((cause) => {
        failure = cause;
        return null;
      });
      if (run !== null) written.push(run.id);
    }
    expect(failure).toMatchObject({
      code: "local",
      retryable: true,
      message: expect.stringMatching(new RegExp(`disk of ${disk.directory} is full`)),
      advice: expect.stringContaining("Make room"),
    });
    expect(await ledger.runs({ limit: 10_000 })).toHaveLength(written.length);
    disk.resize("4m");
    expect(await ledger.claimRun(claim(99_999))).not.toBeNull();
    await ledger.close();
    const database = new DatabaseSync(join(disk.directory, "ledger.sqlite"));
    expect(database.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    expect(database.prepare("SELECT count(*) AS runs FROM runs").get()).toEqual({ runs: written.length + 1 });
    database.close();
  });

  test("a full one that has no ledger yet is said to be full", async () => {
    disk = mountDisk("8k")!;
    await expect(openSqliteLedger(disk.directory)).rejects.toMatchObject({
      code: "local",
      retryable: true,
      message: expect.stringContaining("is full"),
    });
  });

  test("a read-only one is said to be read-only", async () => {
    disk = mountDisk("2m")!;
    const ledger = await openSqliteLedger(disk.directory);
    await ledger.claimRun(claim(1));
    await ledger.close();
    disk.makeReadOnly();
    for (const directory of [disk.directory, join(disk.directory, "new")])
      await expect(openSqliteLedger(directory)).rejects.toMatchObject({
        code: "local",
        retryable: false,
        message: expect.stringContaining(`the disk of ${directory} is mounted read-only`),
        advice: expect.stringContaining("for writing"),
      });
  });
});
