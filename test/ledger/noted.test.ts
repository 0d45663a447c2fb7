import { expect, test } from "vitest";
import { ReportError } from "../../src/core/error.ts";
import { noted } from "../../src/ledger/noted.ts";
import { openSqliteLedger } from "../../src/ledger/sqlite/sqlite.ts";
import { folder } from "./sqlite/folders.ts";

test("a verb that fails says so until it works again, though others work; what is not called any more is forgotten", async () => {
  const opened = await openSqliteLedger(folder());
  let full: ReportError | null = new ReportError("The disk of /data is full.", {
    code: "local",
    retryable: true,
  });
  let now = 0;
  const { ledger, failing } = noted(
    {
      ...opened,
      async pause(...given) {
        if (full !== null) throw full;
        return opened.pause(...given);
      },
    },
    () => now,
  );
  const pause = () => ledger.pause("weekly", null, new Date(0));
  await ledger.signIn("me", "service", new Date(0));
  expect(failing()).toBeNull();
  await expect(pause()).rejects.toBe(full);
  expect(await ledger.beat("me", new Date(1))).toBe(true);
  expect(failing()).toBe("The disk of /data is full.");
  full = null;
  await pause();
  expect(failing()).toBeNull();
  full = new ReportError("The disk of /data is full.", { code: "local", retryable: true });
  await expect(pause()).rejects.toBe(full);
  now = 60_000;
  expect(failing()).toBeNull();
  await ledger.close();
});
