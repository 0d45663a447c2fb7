import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { lockFolder } from "../../../src/ledger/sqlite/folder-lock.ts";
import { mountTypeIn, networkFileSystem } from "../../../src/ledger/sqlite/network-disk.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/sqlite.ts";
import { folder } from "./folders.ts";

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});

/** Another process that holds the lock until it is killed. */
async function holder(directory: string, owner: string): Promise<ChildProcess> {
  const module = new URL("../../../src/ledger/sqlite/folder-lock.ts", import.meta.url).href;
  const script = `
    import { lockFolder } from ${JSON.stringify(module)};
    lockFolder(process.argv[1], process.argv[2]);
    console.log("locked");
    setInterval(() => global.gc?.(), 10);
  `;
  const args = ["--expose-gc", "--input-type=module", "-e", script, directory, owner];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  children.push(child);
  await once(child.stdout, "data");
  return child;
}

const thrownBy = (call: () => unknown): unknown => {
  try {
    call();
  } catch (thrown) {
    return thrown;
  }
  return null;
};

test("a second service in the same process is refused, and told who has the folder", () => {
  const directory = join(folder(), "made");
  const lock = lockFolder(directory, "first");
  expect(thrownBy(() => lockFolder(directory, "second"))).toMatchObject({
    name: "ReportError",
    code: "config",
    message: expect.stringMatching(new RegExp(`${directory}.*owner: first, pid: ${process.pid}, since: 20`)),
    advice: expect.stringContaining("Stop that one first"),
  });
  lock.release();
  const again = lockFolder(directory, "second");
  // A second release of the first changes nothing.
  lock.release();
  expect(readFileSync(join(directory, "owner.txt"), "utf8")).toContain("owner: second");
  expect(thrownBy(() => lockFolder(directory, "third"))).toMatchObject({ code: "config" });
  again.release();
});

test("a service in another process is refused by name, until that is killed", async () => {
  const directory = folder();
  const child = await holder(directory, "other");
  for (let look = 0; look < 5; look += 1) {
    expect(thrownBy(() => lockFolder(directory, "ours"))).toMatchObject({
      code: "config",
      message: expect.stringContaining(`owner: other, pid: ${child.pid}`),
    });
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill("SIGKILL");
  await once(child, "exit");
  const lock = lockFolder(directory, "ours");
  expect(readFileSync(join(directory, "owner.txt"), "utf8")).toContain("owner: ours");
  lock.release();
});

test("the lock holds even where the note of who has it is gone", () => {
  const directory = folder();
  const lock = lockFolder(directory, "first");
  rmSync(join(directory, "owner.txt"));
  expect(thrownBy(() => lockFolder(directory, "second"))).toMatchObject({ code: "config" });
  lock.release();
});

test("commands use the ledger next to the service that holds the lock", async () => {
  const directory = folder();
  await holder(directory, "service");
  const ledger = await openSqliteLedger(directory);
  await ledger.signIn("cli", "command", new Date(0));
  expect(await ledger.beat("cli", new Date(1))).toBe(true);
  await ledger.close();
});

test("a folder that cannot be used is not said to be locked by another", () => {
  expect(thrownBy(() => lockFolder("/dev/null/data", "a"))).toMatchObject({
    code: "local",
    message: expect.stringContaining("/dev/null/data"),
  });
});

test("network disks are known by their number, whichever sign it comes with", () => {
  const never = () => {
    throw new Error("not asked");
  };
  expect(networkFileSystem(0x6969, never)).toBe("NFS");
  expect(networkFileSystem(0xff534d42, never)).toBe("CIFS");
  expect(networkFileSystem(0xff534d42 | 0, never)).toBe("CIFS");
  expect(networkFileSystem(0xfe534d42, never)).toBe("SMB");
  // ext4, overlayfs, tmpfs.
  for (const local of [0xef53, 0x794c7630, 0x01021994]) expect(networkFileSystem(local, never)).toBeNull();
});

test("of what is mounted by FUSE, only what is on another machine is refused", () => {
  const FUSE = 0x65735546;
  expect(networkFileSystem(FUSE, () => "fuse.sshfs")).toBe("fuse.sshfs");
  for (const local of ["fuse.ntfs-3g", "fuseblk", "virtiofs", null])
    expect(networkFileSystem(FUSE, () => local)).toBeNull();
  const mounts = [
    "21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw",
    "40 21 0:50 / /mnt/far rw,nosuid - fuse.sshfs me@host:/data rw,user_id=0",
    "41 21 0:51 / /mnt/my\\040disk rw - fuseblk /dev/sdb1 rw",
    "42 40 0:52 / /mnt/far/near rw - tmpfs tmpfs rw",
  ].join("\n");
  expect(mountTypeIn(mounts, "/mnt/far/data")).toBe("fuse.sshfs");
  expect(mountTypeIn(mounts, "/mnt/farther")).toBe("ext4");
  expect(mountTypeIn(mounts, "/mnt/far/near")).toBe("tmpfs");
  expect(mountTypeIn(mounts, "/mnt/my disk/data")).toBe("fuseblk");
});
