import type { MailBody } from "../../core/model/digest.ts";
import { encodedFileBytes, type MailFile } from "./files.ts";

/** Headers of the message and of its parts. */
const HEADERS_BYTES = 2_000;

/** Bytes of a message on the wire, within a few per cent: bodies as nodemailer will encode them, files exactly. */
export function encodedBytes(body: MailBody, files: readonly MailFile[]): number {
  return encodedFileBytes(files) + encodedTextBytes(body.html) + encodedTextBytes(body.text) + HEADERS_BYTES;
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
