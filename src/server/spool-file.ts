import { constants } from "node:fs";
import { type FileHandle, open, realpath } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";

export interface OpenFile {
  readonly handle: FileHandle;
  readonly bytes: number;
  /** A strong validator (RFC 9110, section 8.8.3): another file under the same name has another. */
  readonly etag: string;
}

/** Files that are gone, were never on this machine's disk, or are none. */
const ABSENT: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "ELOOP", "EISDIR"]);

/**
 * Opens a file of the spool; null where it is not there. Whatever the path says, and wherever links lead: what is not within the
 * root is not there.
 */
export async function openSpoolFile(root: string, path: string): Promise<OpenFile | null> {
  let handle: FileHandle | null = null;
  try {
    const [home, place] = await Promise.all([realpath(root), realpath(resolve(root, path))]);
    if (!isBelow(home, place)) return null;
    handle = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW);
    const found = await handle.stat();
    if (!found.isFile()) {
      await handle.close();
      return null;
    }
    const { size, mtimeMs, ino } = found;
    const etag = `"${[size, Math.round(mtimeMs), ino].map((number) => number.toString(36)).join("-")}"`;
    return { handle, bytes: size, etag };
  } catch (cause) {
    await handle?.close();
    if (cause instanceof Error && "code" in cause && ABSENT.has(String(cause.code))) return null;
    throw cause;
  }
}

function isBelow(home: string, place: string): boolean {
  const inside = relative(home, place);
  return inside !== "" && !isAbsolute(inside) && inside.split(sep, 1)[0] !== "..";
}
