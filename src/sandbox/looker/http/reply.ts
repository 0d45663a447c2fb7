/** What a route answers. The server sends it, and a fault may spoil it on the way. */
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
