import { createHash } from "node:crypto";
import { lstat, mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Message } from "../../core/model/message.ts";
import { localParts } from "../../core/rules/due.ts";

/** Where the folders of one report and one tick are. */
export interface OutputFolder {
  /** `<path>/<report>`. */
  readonly folder: string;
  /** What the delivery's own folder is called, unless that name is taken: "2026-11-16T0800". */
  readonly name: string;
  /** Begins the names of folders that are still being written for this delivery. Hidden, so that readers pass it by. */
  readonly unfinished: string;
}

/** What a folder says of itself. */
export const LABEL = "delivery.json";
const UNFINISHED = ".lookpost-";
const FOLDERS_MAX = 10_000;
/** A folder that has not been touched for so long is not being written any more. */
const ABANDONED_MS = 24 * 3_600_000;

export function outputFolderOf(root: string, { key, run, purpose }: Message): OutputFolder {
  const hash = createHash("sha256").update(key).digest("hex").slice(0, 16);
  return {
    folder: path.join(root, safeName(run.report)),
    name: `${localMinute(new Date(run.dueAt), run.timezone)}${purpose !== "report" ? "-notice" : ""}`,
    unfinished: `${UNFINISHED}${hash}-`,
  };
}

/** The folder that holds the delivery with this key, or null. Rejects with the system's error where that cannot be known. */
export async function findFolder(output: OutputFolder, key: string): Promise<string | null> {
  if (await isLink(output.folder)) return null;
  for (const name of await listed(output.folder)) {
    if (name !== output.name && !isNumbered(name, output.name)) continue;
    const folder = path.join(output.folder, name);
    if ((await keyOf(folder)) === key) return folder;
  }
  return null;
}

/** Whether it is "<plain>-2" or the like. */
function isNumbered(name: string, plain: string): boolean {
  return name.startsWith(`${plain}-`) && /^\d+$/.test(name.slice(plain.length + 1));
}

/** The first name that nothing has yet. */
export async function freeFolder(output: OutputFolder): Promise<string> {
  const names = await listed(output.folder);
  for (const name of candidates(output)) if (!names.has(name)) return path.join(output.folder, name);
  throw Object.assign(new Error(`more than ${FOLDERS_MAX} folders of this name`), { code: "EEXIST" });
}

/** Makes the folder, and clears what attempts that were killed have left in it. */
export async function openOutputFolder({ folder, unfinished }: OutputFolder, now: Date): Promise<void> {
  // Where `path` itself leads is its owner's choice; a link below it would have been put there by somebody else.
  if (await isLink(folder)) throw Object.assign(new Error(`${folder} is a symbolic link`), { code: "ELOOP" });
  const first = await madeFolder(folder);
  if (first !== null) await syncFolders(folder, path.dirname(first));
  for (const name of await listed(folder)) {
    if (!name.startsWith(UNFINISHED)) continue;
    const left = path.join(folder, name);
    const isOurs = name.startsWith(unfinished);
    if (isOurs || now.getTime() - (await touchedMs(left)) > ABANDONED_MS)
      await rm(left, { recursive: true, force: true });
  }
}

/**
 * Makes the folder and those above it; the uppermost that it made, or null. One by one: Node's `recursive` never ends where a parent says
 * that it is not there and takes no folder, as below /proc.
 */
async function madeFolder(folder: string, mayLackParent = true): Promise<string | null> {
  try {
    await mkdir(folder);
    return folder;
  } catch (error) {
    if (await isFolder(folder)) return null;
    if (!mayLackParent || codeOf(error) !== "ENOENT" || path.dirname(folder) === folder) throw error;
    const first = await madeFolder(path.dirname(folder));
    const own = await madeFolder(folder, false);
    return first ?? own;
  }
}

/** Brings a folder's list of names to the disk. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows opens no folders, and brings their names to the disk by itself.
  if (process.platform === "win32") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolders(from: string, upTo: string): Promise<void> {
  for (let folder = from; folder.length >= upTo.length; folder = path.dirname(folder)) {
    await syncFolder(folder);
    if (folder === upTo) return;
  }
}

/** "2026-11-16T0800", "2026-11-16T0800-2", … */
function* candidates({ name }: OutputFolder): Generator<string> {
  yield name;
  for (let number = 2; number <= FOLDERS_MAX; number += 1) yield `${name}-${number}`;
}

async function listed(folder: string): Promise<ReadonlySet<string>> {
  try {
    return new Set(await readdir(folder));
  } catch (error) {
    if (isAbsent(error)) return new Set();
    throw error;
  }
}

/** Null for a folder that is not a delivery of ours. */
async function keyOf(folder: string): Promise<string | null> {
  try {
    if ((await isLink(folder)) || (await isLink(path.join(folder, LABEL)))) return null;
    const label: unknown = JSON.parse(await readFile(path.join(folder, LABEL), "utf8"));
    const isOurs = typeof label === "object" && label !== null && "key" in label;
    return isOurs && typeof label.key === "string" ? label.key : null;
  } catch (error) {
    if (isAbsent(error) || error instanceof SyntaxError) return null;
    throw error;
  }
}

async function isFolder(folder: string): Promise<boolean> {
  try {
    return (await stat(folder)).isDirectory();
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function isLink(file: string): Promise<boolean> {
  try {
    return (await lstat(file)).isSymbolicLink();
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

async function touchedMs(folder: string): Promise<number> {
  try {
    return (await lstat(folder)).mtimeMs;
  } catch (error) {
    if (isAbsent(error)) return 0;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : null;
}

function isAbsent(error: unknown): boolean {
  const code = codeOf(error);
  return code === "ENOENT" || code === "ENOTDIR";
}

/** Names of reports are tame already; one of dots alone would lead elsewhere. */
function safeName(report: string): string {
  return report.replace(/[/\\\p{Cc}]/gu, "-").replace(/^\.+/, "_");
}

/** "2026-11-16T0800": sorts by time, and no file system minds it. */
function localMinute(at: Date, timeZone: string): string {
  const part = localParts(at, timeZone);
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}${part("minute")}`;
}
