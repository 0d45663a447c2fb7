import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { attachmentNamed, GUARDED } from "./headers.ts";
import type { OpenFile } from "./spool-file.ts";

/** A client that takes nothing for this long has gone; one that is slow may take hours. */
const STALLED_MS_MAX = 5 * 60_000;

export interface FileName {
  readonly filename: string;
  readonly contentType: string;
}

/** The file, or the part of it that was asked for (RFC 9110, section 14), as fast as the other side reads. Closes it. */
export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: OpenFile,
  { filename, contentType }: FileName,
): Promise<void> {
  const { handle, bytes, etag } = file;
  try {
    const headers = {
      ...GUARDED,
      "content-type": contentType,
      "content-disposition": attachmentNamed(filename),
      "accept-ranges": "bytes",
      etag,
    };
    const range = rangeOf(request, file);
    if (range === "none") {
      response.writeHead(416, { ...GUARDED, "content-range": `bytes */${bytes}`, "content-length": 0 });
      response.end();
      return;
    }
    const length = range === null ? bytes : range.last - range.first + 1;
    response.writeHead(range === null ? 200 : 206, {
      ...headers,
      "content-length": length,
      ...(range !== null && { "content-range": `bytes ${range.first}-${range.last}/${bytes}` }),
    });
    if (request.method === "HEAD" || length === 0) {
      response.end();
      return;
    }
    response.setTimeout(STALLED_MS_MAX, () => response.destroy());
    const part = range === null ? { start: 0, end: bytes - 1 } : { start: range.first, end: range.last };
    await pipeline(handle.createReadStream({ ...part, autoClose: false }), response);
  } catch (thrown) {
    if (!hasLeft(thrown)) throw thrown;
  } finally {
    await handle.close();
  }
}

const LEFT: ReadonlySet<string> = new Set(["ERR_STREAM_PREMATURE_CLOSE", "ECONNRESET", "EPIPE"]);

/** A recipient who ends a download, or resumes it elsewhere, is not a fault of ours. */
function hasLeft(thrown: unknown): boolean {
  return thrown instanceof Error && "code" in thrown && LEFT.has(String(thrown.code));
}

/** A part is of use only where the file is still the one that the other parts are of (RFC 9110, section 13.1.5). */
function rangeOf({ method, headers }: IncomingMessage, { bytes, etag }: OpenFile) {
  const condition = headers["if-range"];
  const isSame = condition === undefined || condition === etag;
  return method === "GET" && isSame ? rangeAsked(headers.range, bytes) : null;
}

/** Positions of the first and the last byte, both included. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** One range with a digit on at least one side of its dash, RFC 9110, section 14.1.2. */
const SINGLE = /^bytes=[ \t]*(\d{0,16})-(\d{0,16})[ \t]*$/i;

/**
 * What a Range header asks of a file of so many bytes: one range; "none" that could be satisfied (416); null where it asks for
 * the whole, for several ranges at once, or for nothing that can be read, which RFC 9110 lets a server answer with the whole.
 */
export function rangeAsked(header: string | undefined, bytes: number): ByteRange | "none" | null {
  const [, from = "", to = ""] = SINGLE.exec(header ?? "") ?? [];
  if (from === "") {
    if (to === "") return null;
    const length = Math.min(Number(to), bytes);
    return length === 0 ? "none" : { first: bytes - length, last: bytes - 1 };
  }
  const first = Number(from);
  if (to !== "" && Number(to) < first) return null;
  if (first >= bytes) return "none";
  return { first, last: to === "" ? bytes - 1 : Math.min(Number(to), bytes - 1) };
}
