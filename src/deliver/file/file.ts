import { renameSync } from "node:fs";
import { access, constants, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { ReportError } from "../../core/error.ts";
import type { Artifact } from "../../core/model/artifact.ts";
import type { RenderMail } from "../../core/model/digest.ts";
import type { Message } from "../../core/model/message.ts";
import type { Outcome } from "../../core/model/outcome.ts";
import type { Picture } from "../../core/model/picture.ts";
import type { Problem } from "../../core/model/problem.ts";
import type { Destination, Sending } from "../../core/ports/adapter.ts";
import { openArtifacts } from "../artifact-file.ts";
import { fileNames, picturesBeside, writeContents } from "./contents.ts";
import { describeFolder, type FileOptions } from "./options.ts";
import { fileTrouble } from "./outcome.ts";
import { findFolder, freeFolder, openShelf, type Shelf, shelfOf, syncFolder } from "./output-folder.ts";

export interface FileDeps {
  readonly renderMail: RenderMail;
  /** The folder of reports.yaml, absolute. */
  readonly directory: string;
}

/**
 * Writes into folders of this machine. A delivery is written beside its place and renamed into it: whoever reads sees it
 * whole or not at all, and a kill leaves nothing but a hidden folder, which the next attempt clears.
 */
export function openFile({ renderMail, directory }: FileDeps): Destination<FileOptions> & { close(): void } {
  const closing = new AbortController();
  const rootOf = (options: FileOptions) => path.resolve(directory, options.path);
  return {
    kind: "file",
    describe: describeFolder,
    attachmentBytesMax: null,
    async deliver(message, options, sending) {
      const signal = AbortSignal.any([sending.signal, closing.signal]);
      const root = rootOf(options);
      const files = await openArtifacts([...message.artifacts, ...message.pictures.map(asArtifact)]);
      if ("kind" in files) return files;
      try {
        const body = await renderMail(message, picturesBeside(message));
        const write = (folder: string) => writeContents(folder, message, body, files, signal);
        return await putDown(shelfOf(root, message), message, write, { ...sending, signal });
      } catch (thrown) {
        return fileTrouble(thrown, root, signal);
      } finally {
        await Promise.allSettled(files.map((file) => file.close()));
      }
    },
    async find(message, _since, options) {
      const root = rootOf(options);
      try {
        return await findFolder(shelfOf(root, message), message.key);
      } catch (cause) {
        throw new ReportError(`${root} cannot be read: ${String(cause)}`, {
          code: "local",
          retryable: true,
          advice: "See to it that this user may read the folder.",
          cause,
        });
      }
    },
    async preview(message) {
      const body = await renderMail(message, picturesBeside(message));
      const names = fileNames(message).slice(message.artifacts.length);
      const pictures = message.pictures.map(async ({ name, file }, index) => ({
        name: names[index] ?? name,
        contents: await readFile(file.path),
      }));
      return [
        { name: "digest.html", contents: body.html },
        { name: "digest.txt", contents: body.text },
        ...(await Promise.all(pictures)),
      ];
    },
    check: (options) => checkFolder(rootOf(options)),
    /** Aborts what is still under way. */
    close: () => closing.abort(new ReportError("the file destination was closed", { code: "cancelled" })),
  };
}

function asArtifact({ name, file }: Picture): Artifact {
  return { filename: name, contentType: "image/png", file, rows: null, sections: [] };
}

async function putDown(
  shelf: Shelf,
  message: Message,
  write: (folder: string) => Promise<void>,
  { signal, commit }: Sending,
): Promise<Outcome> {
  signal.throwIfAborted();
  await openShelf(shelf, new Date());
  const standing = await findFolder(shelf, message.key);
  if (standing !== null) return sent(standing);
  const unfinished = await mkdtemp(path.join(shelf.folder, shelf.unfinished));
  try {
    await write(unfinished);
    for (;;) {
      // Another attempt at the same delivery may have been quicker.
      const elsewhere = await findFolder(shelf, message.key);
      if (elsewhere !== null) return sent(elsewhere);
      const folder = await freeFolder(shelf);
      signal.throwIfAborted();
      await commit();
      if (isRenamed(unfinished, folder)) return await settled(folder);
    }
  } finally {
    await rm(unfinished, { recursive: true, force: true }).catch(() => {});
  }
}

/** Whether it stands there now: false where the name was taken in the meantime. At once, so that nothing comes between `commit` and it. */
function isRenamed(unfinished: string, folder: string): boolean {
  try {
    renameSync(unfinished, folder);
    return true;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "ENOTEMPTY" || code === "EEXIST" || code === "ENOTDIR") return false;
    throw error;
  }
}

async function settled(folder: string): Promise<Outcome> {
  try {
    await syncFolder(path.dirname(folder));
    return sent(folder);
  } catch (thrown) {
    return {
      kind: "unknown",
      reason: `${folder} stands, and may not outlast a power cut: ${String(thrown)}`,
    };
  }
}

function sent(folder: string): Outcome {
  return { kind: "sent", externalId: folder, refused: [] };
}

/** Whether the folder, or the nearest one above it that is there, may be written. */
async function checkFolder(root: string): Promise<Problem[]> {
  try {
    await access(await nearestFolder(root), constants.W_OK);
    return [];
  } catch (thrown) {
    const trouble = fileTrouble(thrown, root, null);
    const advice = trouble.kind === "refused" ? trouble.advice : "Look at the folder.";
    return [{ message: trouble.reason, advice, path: [] }];
  }
}

async function nearestFolder(folder: string): Promise<string> {
  try {
    if ((await stat(folder)).isDirectory()) return folder;
  } catch (error) {
    const isAbsent = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (isAbsent && folder !== path.dirname(folder)) return nearestFolder(path.dirname(folder));
    throw error;
  }
  throw Object.assign(new Error("not a folder"), { code: "ENOTDIR" });
}
