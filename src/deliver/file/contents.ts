import { open } from "node:fs/promises";
import path from "node:path";
import type { MailBody } from "../../core/model/digest.ts";
import type { Message } from "../../core/model/message.ts";
import type { PictureSource } from "../../core/model/picture.ts";
import type { DeliveryTerms } from "../../core/ports/destination.ts";
import { LABEL, syncFolder } from "./output-folder.ts";
import { type OpenedFile, putFile, type Written, written } from "./put-file.ts";

/**
 * Writes all files of a delivery into an empty folder and onto the disk, delivery.json last. `sources`: the artifacts and then
 * the pictures, opened, in their order; `ownsFiles` as in `DeliveryTerms`. Rejects with the system's error, or with the signal's reason.
 */
export async function writeContents(
  folder: string,
  message: Message,
  body: MailBody,
  sources: readonly OpenedFile[],
  { signal, ownsFiles = false }: Pick<DeliveryTerms, "signal" | "ownsFiles">,
): Promise<void> {
  const files: Written[] = [];
  const names = fileNames(message);
  for (const [index, source] of sources.entries()) {
    const name = names[index] ?? `file-${index + 1}`;
    files.push({ name, ...(await putFile(path.join(folder, name), source, ownsFiles, signal)) });
  }
  files.push(await write(folder, "digest.html", body.html, signal));
  files.push(await write(folder, "digest.txt", body.text, signal));
  const { key, run, purpose, subject } = message;
  const about = {
    key,
    run: run.id,
    report: run.report,
    due: run.dueAt,
    timezone: run.timezone,
    purpose,
    subject,
    files,
  };
  await write(folder, LABEL, `${JSON.stringify(about, null, 2)}\n`, signal);
  await syncFolder(folder);
}

async function write(folder: string, name: string, text: string, signal: AbortSignal): Promise<Written> {
  const target = await open(path.join(folder, name), "wx");
  try {
    return { name, ...(await written(target, [Buffer.from(text)], signal)) };
  } finally {
    await target.close();
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
