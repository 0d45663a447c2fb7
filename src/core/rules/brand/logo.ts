import { pngHead } from "../../model/picture.ts";

/*
 * Which pictures a mail can show as a logo. Every mail program shows PNG, JPEG and GIF; Outlook for Windows shows no WebP, and Gmail and
 * Outlook no SVG (caniemail.com).
 */

export const LOGO_BYTES_MAX = 150_000;
/** Of the file, in pixels, two of which make a CSS pixel. */
const SIDE_MAX = 2_000;
const HEIGHT_MIN = 32;
/** In CSS pixels. */
const SHOWN_MAX = { width: 240, height: 64 } as const;

export interface Logo {
  readonly type: "png" | "jpg" | "gif";
  /** In CSS pixels, as it is shown. */
  readonly width: number;
  readonly height: number;
}

/** What a file is as a logo, or why it is none: the end of a sentence that begins with its path. */
export function logoOf(bytes: Uint8Array): Logo | string {
  if (bytes.length > LOGO_BYTES_MAX) return tooLarge(bytes.length);
  const found = pngSize(bytes) ?? gifSize(bytes) ?? jpegSize(bytes);
  if (found === null) return "is not a PNG, JPEG or GIF picture, the three that every mail program shows";
  const { width, height } = found;
  if (width > SIDE_MAX || height > SIDE_MAX)
    return `has ${width} x ${height} pixels: at most ${SIDE_MAX} on each side`;
  if (height < HEIGHT_MIN) return `is ${height} pixels high: at least ${HEIGHT_MIN}`;
  const scale = Math.min(0.5, SHOWN_MAX.width / width, SHOWN_MAX.height / height);
  return {
    type: found.type,
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  };
}

/** Of a file that is larger than a logo may be: the end of a sentence that begins with its path. */
export function tooLarge(bytes: number): string {
  return `has ${Math.ceil(bytes / 1_000)} kB, and every message carries it: at most ${LOGO_BYTES_MAX / 1_000} kB`;
}

function pngSize(bytes: Uint8Array): Logo | null {
  const head = pngHead(bytes);
  return typeof head === "string" ? null : { type: "png", ...head };
}

/** Logical screen of "GIF87a" and "GIF89a" (https://www.w3.org/Graphics/GIF/spec-gif89a.txt, 18). */
function gifSize(bytes: Uint8Array): Logo | null {
  const data = viewOf(bytes);
  const signature = String.fromCharCode(...bytes.subarray(0, 6));
  if (bytes.length < 10 || (signature !== "GIF87a" && signature !== "GIF89a")) return null;
  return { type: "gif", width: data.getUint16(6, true), height: data.getUint16(8, true) };
}

/** The frame header of a JPEG, found by walking its segments (ITU-T T.81, B.1 and B.2.2). */
function jpegSize(bytes: Uint8Array): Logo | null {
  if (bytes[0] !== 0xff || bytes[1] !== 0xd8) return null;
  const data = viewOf(bytes);
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0;
    // Fill bytes before a marker.
    if (marker === 0xff) {
      at += 1;
      continue;
    }
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { type: "jpg", width: data.getUint16(at + 7), height: data.getUint16(at + 5) };
    at += 2 + data.getUint16(at + 2);
  }
  return null;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
