import type { IncomingMessage } from "node:http";

export const bodyBytesMax = 4_000_000;

/** Null where the body is larger than 4 MB. */
export async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    // Read to its end, though not kept: who is cut off while writing never sees the answer.
    if (length <= bodyBytesMax) chunks.push(bytes);
  }
  return length > bodyBytesMax ? null : Buffer.concat(chunks).toString("utf8");
}
