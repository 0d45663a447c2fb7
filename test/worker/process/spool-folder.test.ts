import { existsSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { spoolFolder } from "../../../src/worker/process/spool-folder.ts";

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), "lookpost-spool-"));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test.each([
  "../../etc/passwd",
  "/etc/passwd",
  "..",
  ".",
  "",
  "a\0b",
  "con:aux",
  "\n",
  "x".repeat(500),
  "日本語".repeat(200),
])("a file named %j stays in its run's folder and can be written", async (name) => {
  const spool = await spoolFolder(folder()).open("run1");
  const path = spool.path(name);
  expect(dirname(path)).toBe(spool.directory);
  writeFileSync(path, "x");
});

test("a run's name cannot lead out of the spool", async () => {
  const root = folder();
  const spool = await spoolFolder(root).open("../../elsewhere");
  expect(dirname(spool.directory)).toBe(root);
});

test("what was last touched before the date is removed, the rest is left", async () => {
  const root = folder();
  const spools = spoolFolder(root);
  const [old, young] = [await spools.open("old"), await spools.open("young")];
  writeFileSync(old.path("big.csv"), "x");
  utimesSync(old.directory, new Date("2026-11-01"), new Date("2026-11-01"));
  await spools.removeBefore(new Date("2026-11-08"));
  expect([existsSync(old.directory), existsSync(young.directory)]).toEqual([false, true]);
  await spoolFolder(join(root, "absent")).removeBefore(new Date());
});

const MB = 1e6;

test.each([
  [1_000_000 * MB, 499 * MB, "499 MB left, and 500 MB of it"],
  [1_000_000 * MB, 500 * MB, null],
  [2_000 * MB, 99 * MB, "99 MB left, and 100 MB of it"],
  [2_000 * MB, 100 * MB, null],
  [2_000 * MB, 0, "0 B left"],
])("on a disk of %i bytes with %i left", async (bytes, freeBytes, words) => {
  const root = folder();
  const spool = await spoolFolder(root, async () => ({ bytes, freeBytes })).open("run1");
  if (words === null) return expect(await spool.ensureRoom()).toBeUndefined();
  await expect(spool.ensureRoom()).rejects.toMatchObject({
    code: "local",
    retryable: true,
    message: expect.stringContaining(`The disk of ${root} has ${words}`),
    advice: expect.stringContaining("tried again by itself"),
  });
});

test("a disk that does not say how much is left is taken to have room; this one says", async () => {
  await (await spoolFolder(folder(), async () => null).open("run1")).ensureRoom();
  await (await spoolFolder(folder()).open("run1")).ensureRoom();
});
