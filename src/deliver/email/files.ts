import type { FileHandle } from "node:fs/promises";
import type { SendMailOptions } from "nodemailer";
import type { Artifact } from "../../core/model/artifact.ts";
import type { MailBody } from "../../core/model/digest.ts";
import type { Message } from "../../core/model/message.ts";
import { contentId, pictureType } from "../../core/model/picture.ts";

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
    // What no section had room for would arrive as a file out of nowhere.
    if (!body.html.includes(`"cid:${id}"`)) return [];
    const artifact = {
      filename: picture.name,
      contentType: pictureType(picture),
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
    // With it nodemailer puts the picture next to the HTML, as multipart/related (RFC 2387).
    ...(cid === null ? {} : { cid, contentDisposition: "inline" as const }),
  }));
}

/** Headers of the message and of its bodies. */
const HEADERS_BYTES = 2_000;
const FILE_HEADERS_BYTES = 500;

/** Bytes of a message on the wire, within a few per cent: bodies as nodemailer will encode them, files exactly. */
export function encodedBytes(body: MailBody, files: readonly MailFile[]): number {
  return encodedFileBytes(files) + encodedTextBytes(body.html) + encodedTextBytes(body.text) + HEADERS_BYTES;
}

function encodedFileBytes(files: readonly MailFile[]): number {
  return files.reduce((sum, { artifact }) => {
    return sum + base64Bytes(artifact.file.bytes) + FILE_HEADERS_BYTES;
  }, 0);
}

/** Lines that are longer are folded, which takes an encoding. */
const LINE_CHARS_MAX = 76;
/** nodemailer folds quoted-printable at a space, so that a line of 76 holds 50 or more; "=", CR and LF each time. */
const FOLDED_CHARS = 50;
const FOLD_BYTES = 3;

/** As it is where it is ASCII in short lines; base64 where it has more other characters than letters; else quoted-printable. */
function encodedTextBytes(text: string): number {
  const lines = text.split("\n");
  const breaks = lines.length - 1;
  let others = 0;
  let letters = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code >= 0x80 || (code < 0x20 && code !== 0x09 && code !== 0x0a && code !== 0x0d)) others += 1;
    else if ((code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a)) letters += 1;
  }
  const bytes = Buffer.byteLength(text);
  if (others === 0 && lines.every((line) => line.length <= LINE_CHARS_MAX)) return bytes + breaks;
  if (others >= letters) return base64Bytes(bytes + breaks);
  return lines.reduce((sum, line) => sum + quotedBytes(line) + 2, 0);
}

/** In lines of 76 with CRLF. */
function base64Bytes(bytes: number): number {
  const encoded = 4 * Math.ceil(bytes / 3);
  return encoded + 2 * Math.ceil(encoded / LINE_CHARS_MAX);
}

/** RFC 2045, 6.7: "=" and two digits for every byte that is not printable ASCII, and for "=" itself. */
function quotedBytes(line: string): number {
  const bytes = Buffer.byteLength(line);
  // A pair of surrogates is two characters and four bytes.
  let plain = 0;
  for (let at = 0; at < line.length; at += 1) {
    const code = line.charCodeAt(at);
    if ((code >= 0x20 && code <= 0x7e && code !== 0x3d) || code === 0x09) plain += 1;
  }
  const encoded = plain + 3 * (bytes - plain);
  // One that is nearly full is folded as well, since nodemailer counts from where it folded last.
  return encoded + FOLD_BYTES * Math.floor(encoded / FOLDED_CHARS);
}
