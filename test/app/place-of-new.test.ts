import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { claimStore, placeOfNew } from "../../src/app/store.ts";
import { openSqliteLedger } from "../../src/ledger/sqlite/sqlite.ts";
import { folder } from "../ledger/sqlite/folders.ts";

test("a new ledger has a place where there is none, and none where there is one", async () => {
  const config = { kind: "file", directory: join(folder(), "data") } as const;
  expect(await placeOfNew(config)).toBe(join(config.directory, "ledger.sqlite"));
  expect(existsSync(config.directory)).toBe(false);
  await (await openSqliteLedger(config.directory)).close();
  expect(await placeOfNew(config)).toBeNull();
});

test("no second ledger is made where that of a service was moved away", async () => {
  const config = { kind: "file", directory: join(folder(), "data") } as const;
  const claimed = await claimStore(config);
  await expect(placeOfNew(config)).rejects.toMatchObject({
    code: "config",
    message: expect.stringContaining("it was moved away or removed"),
  });
  claimed?.release();
  expect(await placeOfNew(config)).toBe(join(config.directory, "ledger.sqlite"));
});
