import { readFileSync, realpathSync, statfsSync } from "node:fs";
import { ReportError } from "../../core/error.ts";

/** File systems on another machine, by the number that Linux gives in statfs(2) (linux/magic.h). */
const NETWORK: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB"],
  [0x517b, "SMB"],
  [0x5346414f, "AFS"],
  [0x6b414653, "AFS"],
  [0x00c36400, "Ceph"],
  [0x0bd00bd0, "Lustre"],
  [0x47504653, "GPFS"],
]);

/** FUSE may be anything: only what is mounted says which file system it is. */
const FUSE = 0x65735546;
const NETWORK_FUSE =
  /^fuse\.(sshfs|s3fs|s3ql|goofys|rclone|gcsfuse|blobfuse2?|glusterfs|ceph(-fuse)?|juicefs|davfs2?|curlftpfs)$/;

/**
 * Throws ReportError `config` for a folder on a network disk: SQLite's locks and its shared memory do not hold there
 * (sqlite.org/wal.html, "all processes using a database must be on the same host computer").
 */
export function refuseNetworkDisk(directory: string): void {
  const found = networkFileSystem(statfsSync(directory).type, () => mountType(directory));
  if (found === null) return;
  throw new ReportError(
    `The folder ${directory} is on a network disk (${found}), where a ledger is not safe.`,
    {
      code: "config",
      advice:
        "Name a folder on a local disk under `store:`, or a Postgres database, which several machines may share.",
    },
  );
}

/** Its name, or null where the file system is this machine's own. `type` as statfs gives it. */
export function networkFileSystem(type: number, mounted: () => string | null): string | null {
  // Some platforms give the number with a sign.
  const magic = type >>> 0;
  if (magic !== FUSE) return NETWORK.get(magic) ?? null;
  const name = mounted();
  return name !== null && NETWORK_FUSE.test(name) ? name : null;
}

/** What is mounted where the folder is, or null where the system does not say (proc_pid_mountinfo(5)). */
function mountType(directory: string): string | null {
  try {
    return mountTypeIn(readFileSync("/proc/self/mountinfo", "utf8"), realpathSync(directory));
  } catch {
    return null;
  }
}

export function mountTypeIn(mountinfo: string, path: string): string | null {
  let longest = "";
  let type: string | null = null;
  for (const line of mountinfo.split("\n")) {
    const [before = "", after = ""] = line.split(" - ");
    const point = (before.split(" ")[4] ?? "").replace(/\\(\d{3})/g, (_, octal) =>
      String.fromCharCode(Number.parseInt(octal, 8)),
    );
    const isAbove = point === "/" || path === point || path.startsWith(`${point}/`);
    // Of two mounts on one point, the later one is seen.
    if (point === "" || !isAbove || point.length < longest.length) continue;
    longest = point;
    type = after.split(" ")[0] ?? null;
  }
  return type;
}
