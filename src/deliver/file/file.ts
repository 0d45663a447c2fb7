import { randomUUID } from "node:crypto";
import { renameSync } from "node:fs";
import { access, constants, mkdir, readFile, rm, stat } from "node:fs/promises";
import path from "node:path";
import { ReportError } from "../../core/error.ts";
import type { Artifact } from "../../core/model/artifact.ts";
import type { RenderMail } from "../../core/model/digest.ts";
import type { Message } from "../../core/model/message.ts";
import type { Commitment, Outcome } from "../../core/model/outcome.ts";
import { type Picture, pictureType } from "../../core/model/picture.ts";
import type { Problem } from "../../core/model/problem.ts";
import { type DeliveryTerms, type Destination, defineDestination } from "../../core/ports/destination.ts";
import { openArtifacts } from "../artifact-file.ts";
import { fileNames, picturesNextTo, writeContents } from "./contents.ts";
import { fileFailure } from "./failure.ts";
import {
  findFolder,
  freeFolder,
  type OutputFolder,
  openOutputFolder,
  outputFolderOf,
  syncFolder,
} from "./output-folder.ts";
import type { FileOptions } from "./schema.ts";

export const file = defineDestination({
  kind: "file",
  open: (_connection: null, { renderMail, directory }): Destination<FileOptions> =>
    openFile({ renderMail, directory }),
  needsConnection: false,
  describe: (options) => options.path,
  identity: (options) => path.normalize(options.path).replace(/(?<=.)\/$/, ""),
  recipients: (options) => [options.path],
  server: () => null,
  onSandbox: {
    connection: () => null,
    // Relative paths belong to the outbox there; nothing leads out of it.
    options: (options) => ({ ...options, path: insideOf(options.path) }),
  },
  words: {
    server: (server) => server,
    refusals: "files",
    looksUp: true,
  },
});

/** The same path with nothing in it that leads out of the folder it begins at. */
function insideOf(given: string): string {
  const isInside = !path.isAbsolute(given) && path.normalize(given).split(path.sep)[0] !== "..";
  const absolute = path.resolve("/", given);
  return isInside ? given : path.relative(path.parse(absolute).root, absolute);
}

export interface FileDeps {
  readonly renderMail: RenderMail;
  /** The folder of reports.yaml, absolute. */
  readonly directory: string;
}

/**
 * Writes into folders of this machine. A delivery is written next to its place and renamed into it: readers see it
 * whole or not at all, and a kill leaves nothing but a hidden folder, which the next attempt clears.
 */
export function openFile({ renderMail, directory }: FileDeps): Destination<FileOptions> {
  const closing = new AbortController();
  const rootOf = (options: FileOptions) => path.resolve(directory, options.path);
  return {
    attachmentBytesMax: null,
    async deliver(message, options, terms) {
      const signal = AbortSignal.any([terms.signal, closing.signal]);
      const root = rootOf(options);
      const artifacts = [...message.artifacts, ...message.pictures.map(asArtifact)];
      const files = await openArtifacts(artifacts);
      if ("kind" in files) return files;
      try {
        const body = await renderMail(message, picturesNextTo(message));
        const sources = artifacts.flatMap(({ file }, index) => {
          const handle = files[index];
          return handle === undefined ? [] : [{ file, handle }];
        });
        const write = (folder: string) => writeContents(folder, message, body, sources, { ...terms, signal });
        return await putDown(outputFolderOf(root, message), message, write, { ...terms, signal });
      } catch (thrown) {
        return fileFailure(thrown, root, signal);
      } finally {
        await Promise.allSettled(files.map((file) => file.close()));
      }
    },
    async find(message, _since, options) {
      const root = rootOf(options);
      try {
        return await findFolder(outputFolderOf(root, message), message.key);
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
      const body = await renderMail(message, picturesNextTo(message));
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
    close: () => closing.abort(new ReportError("the file destination was closed", { code: "cancelled" })),
  };
}

function asArtifact(picture: Picture): Artifact {
  const { name, file } = picture;
  return { filename: name, contentType: pictureType(picture), file, rows: null, sections: [] };
}

async function putDown(
  output: OutputFolder,
  message: Message,
  write: (folder: string) => Promise<void>,
  { signal, commit }: DeliveryTerms,
): Promise<Outcome> {
  signal.throwIfAborted();
  await openOutputFolder(output, new Date());
  const existing = await findFolder(output, message.key);
  if (existing !== null) return (await commit()).sent(existing);
  // Not mkdtemp, which makes folders that no one else may read: who may is the umask's to say.
  const unfinished = path.join(output.folder, `${output.unfinished}${randomUUID()}`);
  await mkdir(unfinished);
  try {
    await write(unfinished);
    for (;;) {
      // Another attempt at the same delivery may have been quicker.
      const elsewhere = await findFolder(output, message.key);
      if (elsewhere !== null) return (await commit()).sent(elsewhere);
      const folder = await freeFolder(output);
      signal.throwIfAborted();
      const committed = await commit();
      if (isRenamed(unfinished, folder)) return await settled(folder, committed);
    }
  } finally {
    await rm(unfinished, { recursive: true, force: true }).catch(() => {});
  }
}

/** Whether it is there now: false where the name was taken in the meantime. At once, so that nothing comes between `commit` and it. */
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

async function settled(folder: string, committed: Commitment): Promise<Outcome> {
  try {
    await syncFolder(path.dirname(folder));
    return committed.sent(folder);
  } catch (thrown) {
    return committed.unknown(`${folder} is there, and may not outlast a power cut: ${String(thrown)}`);
  }
}

/** Whether the folder, or the nearest one above it that is there, may be written. */
async function checkFolder(root: string): Promise<Problem[]> {
  try {
    await access(await nearestFolder(root), constants.W_OK);
    return [];
  } catch (thrown) {
    const failure = fileFailure(thrown, root, null);
    const advice = failure.kind === "refused" ? failure.advice : "Look at the folder.";
    return [{ message: failure.reason, advice, path: [] }];
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
