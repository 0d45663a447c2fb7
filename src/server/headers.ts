/** On every answer behind an address that cannot be guessed: it is for one recipient, and its address is passed on to no other site. */
export const GUARDED = {
  "cache-control": "private, no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-robots-tag": "noindex, nofollow, noarchive",
  "x-frame-options": "DENY",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
} as const;

/**
 * Content-Disposition for a file of any name (RFC 6266): a plain one for old clients, and the name itself percent-encoded
 * (RFC 8187). What would break out of the header, or lead out of a folder, is replaced in both.
 */
export function attachmentNamed(filename: string): string {
  const name = harmless(filename);
  const plain = name.replace(/[^\x20-\x7e]|["%\\]/g, "_");
  return `attachment; filename="${plain}"; filename*=UTF-8''${percentEncoded(name)}`;
}

/** The same name as the last part of an address. */
export function asPathPart(filename: string): string {
  return percentEncoded(harmless(filename));
}

const NAME_LENGTH_MAX = 150;

/** No separators, no control characters, nothing that turns the reading order round, and never "." or "..". */
function harmless(filename: string): string {
  const name = filename
    .toWellFormed()
    .replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069/\\]/gu, "_")
    .replace(/^\.+/, "_");
  if (name === "") return "file";
  if (name.length <= NAME_LENGTH_MAX) return name;
  const extension = /\.\w{1,8}(\.gz)?$/.exec(name)?.[0] ?? "";
  return name.slice(0, NAME_LENGTH_MAX - extension.length).toWellFormed() + extension;
}

/** Everything but the attr-chars of RFC 8187 that encodeURIComponent leaves as they are. */
function percentEncoded(text: string): string {
  return encodeURIComponent(text).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
}
