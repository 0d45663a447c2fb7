import { chmodSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { lockFolder } from "../../../src/ledger/sqlite/folder-lock.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/sqlite.ts";
import { spoolFolder } from "../../../src/worker/process/spool-folder.ts";
import { folder } from "./folders.ts";

const modeOf = (path: string) => statSync(path).mode & 0o777;
const modesIn = (directory: string) =>
  Object.fromEntries(readdirSync(directory).map((name) => [name, modeOf(join(directory, name)).toString(8)]));

test.each([0o000, 0o027, 0o077])(
  "under umask %o the store is its owner's alone, and what was open to others is closed",
  async (mask) => {
    const before = process.umask(mask);
    onTestFinished(() => void process.umask(before));
    const directory = join(folder(), "data");
    const ledger = await openSqliteLedger(directory);
    const lock = lockFolder(directory, "me");
    await spoolFolder(join(directory, "spool")).open("run1");
    expect(modeOf(directory)).toBe(0o700);
    expect(modesIn(directory)).toEqual({
      "ledger.sqlite": "600",
      "ledger.sqlite-shm": "600",
      "ledger.sqlite-wal": "600",
      "owner.lock": "600",
      "owner.lock-journal": "600",
      "owner.txt": "600",
      spool: "700",
    });
    expect(modeOf(join(directory, "spool/run1"))).toBe(0o700);
    for (const name of ["ledger.sqlite", "ledger.sqlite-wal", "owner.lock"])
      chmodSync(join(directory, name), 0o664);
    lock.release();
    const peer = await openSqliteLedger(directory);
    lockFolder(directory, "me").release();
    expect(modesIn(directory)).toMatchObject({
      "ledger.sqlite": "600",
      "ledger.sqlite-wal": "600",
      "owner.lock": "600",
    });
    await peer.close();
    await ledger.close();
  },
);
