/** On everything that stands behind an address that cannot be guessed: it is for one recipient, and its address is told to nobody. */
export const GUARDED = {
  "cache-control": "private, no-store",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "x-robots-tag": "noindex, nofollow, noarchive",
  "x-frame-options": "DENY",
  "cross-origin-resource-policy": "same-origin",
  "content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
} as const;
