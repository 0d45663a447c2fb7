import { execFileSync } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openSqliteLedger } from "../../src/ledger/sqlite.ts";
import { ledgerContract } from "./contract.ts";

const folder = () => mkdtempSync(join(tmpdir(), "lookpost-ledger-"));

ledgerContract("SQLite", () => openSqliteLedger(join(folder(), "made", "on", "demand")));

const CLAIM = {
  id: "r1",
  report: "weekly",
  dueAt: new Date(0),
  burst: "",
  trigger: "schedule",
  owner: "a",
  at: new Date(0),
} as const;

test("what was written is there for the next process, and for one beside it", async () => {
  const directory = folder();
  const first = await openSqliteLedger(directory);
  const beside = await openSqliteLedger(directory);
  await first.claimRun(CLAIM);
  expect(await beside.run("r1")).toMatchObject({ report: "weekly" });
  expect(await beside.claimRun({ ...CLAIM, id: "r2" })).toBeNull();
  await first.close();
  await beside.close();
  const later = await openSqliteLedger(directory);
  expect(await later.run("r1")).toMatchObject({ state: "planned" });
  await later.close();
});

test("of many processes that claim one tick at the same time, one gets it", async () => {
  // The folder is new: they also make the tables at the same time.
  const directory = folder();
  const module = new URL("../../src/ledger/sqlite.ts", import.meta.url).href;
  const script = `
    import { openSqliteLedger } from ${JSON.stringify(module)};
    const ledger = await openSqliteLedger(process.argv[1]);
    const runs = [];
    for (let tick = 0; tick < 50; tick += 1) {
      runs.push(await ledger.claimRun({ ...${JSON.stringify({ ...CLAIM, dueAt: undefined, at: undefined })},
        id: process.pid + "-" + tick, dueAt: new Date(tick), at: new Date(tick) }));
    }
    console.log(runs.filter((run) => run !== null).length);
  `;
  const shell = `for i in 1 2 3 4; do "$NODE" --input-type=module -e "$SCRIPT" "$DIR" & done; wait`;
  const env = { ...process.env, NODE: process.execPath, SCRIPT: script, DIR: directory };
  const won = execFileSync("sh", ["-c", shell], { env, encoding: "utf8" }).trim().split("\n").map(Number);
  expect(won).toHaveLength(4);
  expect(won.reduce((sum, runs) => sum + runs, 0)).toBe(50);
});

test("a ledger of a newer lookpost is refused, and left as it is", async () => {
  const directory = folder();
  const database = new DatabaseSync(join(directory, "ledger.sqlite"));
  database.exec("PRAGMA user_version = 99");
  await expect(openSqliteLedger(directory)).rejects.toThrow(/version 99/);
  expect(database.prepare("PRAGMA user_version").get()).toEqual({ user_version: 99 });
  database.close();
});

test("a store that is no folder, or no database, says which file and what to check", async () => {
  const file = join(folder(), "file");
  writeFileSync(file, "");
  await expect(openSqliteLedger(file)).rejects.toMatchObject({
    code: "local",
    message: expect.stringContaining(file),
    advice: expect.stringContaining("store"),
  });
  const directory = folder();
  writeFileSync(
    join(directory, "ledger.sqlite"),
    "This is not a database, but long enough to look like one. ".repeat(20),
  );
  await expect(openSqliteLedger(directory)).rejects.toThrow(/not a database/);
});

test("a folder that cannot be made is said so", async () => {
  // Nobody, not even root, makes folders below /dev/null.
  await expect(openSqliteLedger("/dev/null/data")).rejects.toMatchObject({
    code: "local",
    message: expect.stringContaining("/dev/null/data"),
  });
});
