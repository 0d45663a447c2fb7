import type { FileHandle } from "node:fs/promises";
import type { SendMailOptions } from "nodemailer";
import type { Artifact } from "../../core/model/artifact.ts";
import type { MailBody } from "../../core/model/digest.ts";
import type { Message } from "../../core/model/message.ts";
import { contentId } from "../../core/model/picture.ts";

/** A file that comes with the message. */
export interface MailFile {
  readonly artifact: Artifact;
  /** By which the HTML shows it (RFC 2392); null: it is attached. */
  readonly contentId: string | null;
}

/** The attached files, and after them the pictures that the HTML shows. */
export function mailFiles(message: Message, body: MailBody): readonly MailFile[] {
  const attached = message.artifacts.map((artifact) => ({ artifact, contentId: null }));
  const shown = message.pictures.flatMap((picture) => {
    const id = contentId(picture, message.run.id);
    // What no section had room for would arrive as a file that nobody can place.
    if (!body.html.includes(`"cid:${id}"`)) return [];
    const artifact = {
      filename: picture.name,
      contentType: "image/png",
      file: picture.file,
      rows: null,
      sections: [],
    };
    return [{ artifact, contentId: id }];
  });
  return [...attached, ...shown];
}

/** As nodemailer takes them: streams, not paths, since the message may name no file for it to open (disableFileAccess). */
export function attachmentsOf(
  files: readonly MailFile[],
  handles: readonly FileHandle[],
): NonNullable<SendMailOptions["attachments"]> {
  return files.map(({ artifact: { filename, contentType }, contentId: cid }, index) => ({
    filename,
    contentType,
    content: handles[index]?.createReadStream(),
    // With it nodemailer puts the picture beside the HTML, as multipart/related (RFC 2387).
    ...(cid === null ? {} : { cid, contentDisposition: "inline" as const }),
  }));
}

/** Bytes of the files on the wire: base64 in lines of 76 with CRLF, and the headers of each as 500 bytes. */
export function encodedFileBytes(files: readonly MailFile[]): number {
  return files.reduce((sum, { artifact }) => {
    const base64 = 4 * Math.ceil(artifact.file.bytes / 3);
    return sum + base64 + 2 * Math.ceil(base64 / 76) + 500;
  }, 0);
}
