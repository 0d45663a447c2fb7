import { chmod, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { Artifact } from "../../core/model/artifact.ts";
import type { Message } from "../../core/model/message.ts";
import type { Picture } from "../../core/model/picture.ts";
import type { Spool } from "../../core/ports/spool.ts";
import type { TemplateResults } from "../../core/ports/template.ts";

/** What a delivery needs besides its options, kept in the spool so that it can be made after a restart. */
export interface StoredMessage {
  readonly message: Omit<Message, "key" | "artifacts" | "downloads">;
  /**
   * Files by the entry that asks for them (`EntryKey.entry`), and by the words that an older worker knows the delivery by: the order of a
   * report's `deliver` may change while one waits.
   */
  readonly attached: Readonly<Record<string, readonly Artifact[]>>;
  /** For the templates among a delivery's options. */
  readonly results: TemplateResults;
}

const FILE = "message.json";
/** Of the file's format. A file of another version counts as none: the run's files are made once more. */
const VERSION = 2;

/** Written whole or not at all: a kill must not leave half a message that is read as one. */
export async function writeMessage(spool: Spool, stored: StoredMessage): Promise<void> {
  const draft = spool.path(`${FILE}.draft`);
  // By their names alone: the folder may be moved, or be another on the next machine.
  const portable = withPaths(stored, (path) => relative(spool.directory, path));
  const text = JSON.stringify({ version: VERSION, ...portable });
  await writeFile(draft, text, { flush: true });
  await closeToOthers(spool.directory);
  await rename(draft, spool.path(FILE));
}

/** The folder is closed already: this is for copies of it, which may be in one that is not. */
async function closeToOthers(directory: string): Promise<void> {
  for (const file of await readdir(directory, { recursive: true, withFileTypes: true }))
    if (file.isFile()) await closeFile(join(file.parentPath, file.name));
}

/** One that is made for a delivery, later than the message. Left as it is on a disk without modes, and where it is gone. */
export async function closeFile(path: string): Promise<void> {
  await chmod(path, 0o600).catch(() => undefined);
}

/** Null where the spool has been emptied since, or another version of lookpost wrote it. */
export async function readMessage(spool: Spool): Promise<StoredMessage | null> {
  const text = await readFile(spool.path(FILE), "utf8").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === "ENOENT") return null;
    throw cause;
  });
  if (text === null) return null;
  const { version, ...stored } = JSON.parse(text) as StoredMessage & { readonly version?: number };
  return version === VERSION ? withPaths(stored, (path) => join(spool.directory, path)) : null;
}

function withPaths(
  { message, attached, results }: StoredMessage,
  change: (path: string) => string,
): StoredMessage {
  const artifact = (one: Artifact): Artifact => ({
    ...moved(one, change),
    ...(one.parts !== undefined && { parts: one.parts.map(artifact) }),
  });
  const files = Object.entries(attached).map(([name, all]) => [name, all.map(artifact)] as const);
  const pictures = message.pictures.map((picture) => moved(picture, change));
  return { message: { ...message, pictures }, attached: Object.fromEntries(files), results };
}

function moved<T extends Artifact | Picture>(one: T, change: (path: string) => string): T {
  return { ...one, file: { ...one.file, path: change(one.file.path) } };
}
