import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { lockPath } from "../../../src/ledger/sqlite/path-lock.ts";
import { folder } from "./folders.ts";

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** Another process that holds the lock until it is killed. */
async function holder(directory: string, owner: string): Promise<ChildProcess> {
  const module = new URL("../../../src/ledger/sqlite/path-lock.ts", import.meta.url).href;
  const script = `
    import { lockPath } from ${JSON.stringify(module)};
    await lockPath(process.argv[1], process.argv[2]);
    console.log("locked");
    setInterval(() => global.gc?.(), 10);
  `;
  const args = ["--expose-gc", "--input-type=module", "-e", script, directory, owner];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  await once(child.stdout, "data");
  return child;
}

const refusedBy = (owner: string) => ({
  name: "ReportError",
  code: "config",
  message: expect.stringMatching(
    new RegExp(`^Another lookpost service is already using .* \\(${owner}\\)\\.$`),
  ),
});

test("a path is one process's own until it lets go of it", async () => {
  const directory = join(folder(), "data");
  const lock = await lockPath(directory, "first");
  await expect(lockPath(directory, "second")).rejects.toMatchObject(refusedBy("first"));
  lock.release();
  (await lockPath(directory, "second")).release();
});

test("it stays so where the folder is moved away and another is put in its place, and ends with a kill", async () => {
  const directory = join(folder(), "data");
  mkdirSync(directory);
  const child = await holder(directory, "other");
  renameSync(directory, `${directory}-away`);
  await expect(lockPath(directory, "ours")).rejects.toMatchObject(refusedBy("other"));
  mkdirSync(directory);
  await expect(lockPath(directory, "ours")).rejects.toMatchObject(refusedBy("other"));
  child.kill("SIGKILL");
  await once(child, "exit");
  (await lockPath(directory, "ours")).release();
});

test("a link to the folder is the folder, also once it leads elsewhere", async () => {
  const root = folder();
  mkdirSync(join(root, "one"));
  symlinkSync("one", join(root, "data"));
  const lock = await lockPath(join(root, "data"), "first");
  await expect(lockPath(join(root, "one"), "second")).rejects.toMatchObject(refusedBy("first"));
  await expect(lockPath(join(root, "data"), "second")).rejects.toMatchObject(refusedBy("first"));
  (await lockPath(join(root, "two"), "third")).release();
  lock.release();
});

test("a process that is stopped and does not answer has it all the same", async () => {
  const directory = join(folder(), "data");
  const child = await holder(directory, "other");
  child.kill("SIGSTOP");
  await expect(lockPath(directory, "ours")).rejects.toMatchObject({ code: "config" });
});
