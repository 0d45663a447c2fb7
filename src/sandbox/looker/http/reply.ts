import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";

/** What a route answers. The server sends it, and a fault may change it on the way. */
export type Reply =
  | { kind: "json"; status: number; value: unknown; headers?: Record<string, string> }
  | { kind: "text"; status: number; contentType: string; body: string; headers?: Record<string, string> }
  | { kind: "chunks"; status: 200; contentType: string; chunks: Iterable<string> }
  | { kind: "bytes"; status: 200; contentType: string; body: Buffer; headers?: Record<string, string> }
  | { kind: "empty"; status: number; headers?: Record<string, string> };

export function json(value: unknown, status = 200): Reply {
  return { kind: "json", status, value };
}

export function page(html: string, status = 200): Reply {
  return { kind: "text", status, contentType: "text/html;charset=utf-8", body: html };
}

export function chunked(contentType: string, chunks: Iterable<string>): Reply {
  return { kind: "chunks", status: 200, contentType, chunks };
}

export function bytes(contentType: string, body: Buffer): Reply {
  return { kind: "bytes", status: 200, contentType, body };
}

export function empty(status: number, headers: Record<string, string> = {}): Reply {
  return { kind: "empty", status, headers };
}

/** Long results are pulled from their iterable only as fast as the client reads. */
export async function send(reply: Reply, response: ServerResponse): Promise<void> {
  writeHead(reply, response);
  if (reply.kind !== "chunks") {
    response.end(body(reply));
    return;
  }
  // One chunk at a time: what a slow reader has not taken is not made yet.
  await pipeline(Readable.from(reply.chunks, { highWaterMark: 1 }), response);
}

/** Sends the first bytes of the body and hangs up in the middle of it. */
export async function sendAndHangUp(reply: Reply, response: ServerResponse, bytesMax: number): Promise<void> {
  response.removeHeader("content-length");
  writeHead(reply, response, false);
  const bytes = firstBytes(reply.kind === "chunks" ? reply.chunks : [body(reply)], bytesMax);
  await new Promise<void>((resolve) => response.write(bytes, () => resolve()));
  response.socket?.destroy();
}

function writeHead(reply: Reply, response: ServerResponse, withLength = true): void {
  response.statusCode = reply.status;
  response.setHeader("cache-control", "no-store");
  if (reply.kind !== "chunks") {
    for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  }
  if (reply.kind === "empty") {
    if (reply.status !== 204) response.setHeader("content-length", 0);
    return;
  }
  response.setHeader(
    "content-type",
    reply.kind === "json" ? "application/json;charset=utf-8" : reply.contentType,
  );
  if (reply.kind === "chunks") return;
  if (withLength) response.setHeader("content-length", Buffer.byteLength(body(reply)));
}

function body(reply: Exclude<Reply, { kind: "chunks" }>): string | Buffer {
  if (reply.kind === "empty") return "";
  if (reply.kind === "bytes") return reply.body;
  return reply.kind === "json" ? JSON.stringify(reply.value) : reply.body;
}

function firstBytes(chunks: Iterable<string | Buffer>, bytesMax: number): Buffer {
  const taken: Buffer[] = [];
  let length = 0;
  for (const chunk of chunks) {
    const bytes = Buffer.from(chunk).subarray(0, bytesMax - length);
    taken.push(bytes);
    length += bytes.length;
    if (length >= bytesMax) break;
  }
  return Buffer.concat(taken);
}
