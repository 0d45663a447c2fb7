import { Readable } from "node:stream";

/** A file for the browser to save: streamed, and never shown as a page. */
export function download(content: Readable, filename: string, contentType: string, bytes?: number): Response {
  return streamed(content, {
    "content-type": /^[\w.+-]+\/[\w.+-]+$/.test(contentType) ? contentType : "application/octet-stream",
    "content-disposition": disposition(filename),
    "content-security-policy": "default-src 'none'; sandbox",
    ...(bytes === undefined ? {} : { "content-length": String(bytes) }),
  });
}

export function streamed(content: Readable, headers: Record<string, string>): Response {
  // The two declarations of the web's ReadableStream, Node's and undici's, are one at run time.
  return new Response(Readable.toWeb(content) as ReadableStream<Uint8Array>, { headers });
}

/** RFC 6266: a plain name for old programs, the whole name in UTF-8. */
function disposition(filename: string): string {
  const plain = filename.replace(/[^\w.() +-]/g, "_");
  const whole = encodeURIComponent(filename).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  return `attachment; filename="${plain}"; filename*=UTF-8''${whole}`;
}
