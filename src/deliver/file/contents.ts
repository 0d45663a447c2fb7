import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import path from "node:path";
import type { MailBody } from "../../core/model/digest.ts";
import type { Message } from "../../core/model/message.ts";
import type { PictureSource } from "../../core/model/picture.ts";
import { LABEL, syncFolder } from "./output-folder.ts";

/** One file as delivery.json lists it. */
interface Written {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

const BUFFER_BYTES = 256 * 1024;

/**
 * Writes all files of a delivery into an empty folder and onto the disk, delivery.json last. `sources`: the artifacts and then
 * the pictures, opened, in their order. Rejects with the system's error, or with the signal's reason.
 */
export async function writeContents(
  folder: string,
  message: Message,
  body: MailBody,
  sources: readonly FileHandle[],
  signal: AbortSignal,
): Promise<void> {
  const written: Written[] = [];
  const names = fileNames(message);
  for (const [index, source] of sources.entries()) {
    const name = names[index] ?? `file-${index + 1}`;
    written.push(await write(folder, name, chunksOf(source), signal));
  }
  written.push(await write(folder, "digest.html", [Buffer.from(body.html)], signal));
  written.push(await write(folder, "digest.txt", [Buffer.from(body.text)], signal));
  const { key, run, purpose, subject } = message;
  const about = {
    key,
    run: run.id,
    report: run.report,
    due: run.dueAt,
    timezone: run.timezone,
    purpose,
    subject,
    files: written,
  };
  await write(folder, LABEL, [Buffer.from(`${JSON.stringify(about, null, 2)}\n`)], signal);
  await syncFolder(folder);
}

async function write(
  folder: string,
  name: string,
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<Written> {
  const hash = createHash("sha256");
  let bytes = 0;
  const target = await open(path.join(folder, name), "wx");
  try {
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      await target.appendFile(chunk);
      hash.update(chunk);
      bytes += chunk.length;
    }
    await target.sync();
  } finally {
    await target.close();
  }
  return { name, bytes, sha256: hash.digest("hex") };
}

/** Through one buffer, which is used again once its bytes are written. */
async function* chunksOf(source: FileHandle): AsyncGenerator<Buffer> {
  const buffer = Buffer.allocUnsafe(BUFFER_BYTES);
  for (;;) {
    const { bytesRead } = await source.read(buffer, 0, BUFFER_BYTES, null);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

/** Where digest.html finds a picture: next to it. */
export function picturesNextTo(message: Message): PictureSource {
  const names = fileNames(message).slice(message.artifacts.length);
  const byName = new Map(
    message.pictures.map((picture, index) => [picture.name, names[index] ?? picture.name]),
  );
  return ({ name }) => encodeURIComponent(byName.get(name) ?? name);
}

/**
 * The artifacts' and then the pictures' own names, told apart from each other and from the files next to them even where case does
 * not count.
 */
export function fileNames(message: Message): string[] {
  const taken = new Set([LABEL, "digest.html", "digest.txt"]);
  const own = [
    ...message.artifacts.map(({ filename }) => filename),
    ...message.pictures.map(({ name }) => name),
  ];
  return own.map((filename) => {
    const plain = filename.replace(/[/\\\p{Cc}]/gu, "-").replace(/^\.+/, "_");
    const { name: stem, ext } = path.parse(plain);
    let name = plain;
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${stem}-${number}${ext}`;
    taken.add(name.toLowerCase());
    return name;
  });
}
