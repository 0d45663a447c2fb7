import { createHash } from "node:crypto";

/** As many bits as a key has: nobody finds an address by trying. */
export const TOKEN_BYTES = 32;
const TOKEN = /^[\w-]{43}$/;

/** The part of an address that only its recipients know, in base64url (RFC 4648, section 5). */
export function newToken(randomBytes: (bytes: number) => Uint8Array): string {
  return Buffer.from(randomBytes(TOKEN_BYTES)).toString("base64url");
}

/** What is kept of it: whoever reads the ledger, or a backup of it, can open nothing. */
export function hashOf(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}
