/**
 * The policy of an HTML part in its frame: no scripts, nothing from the network, no forms. Links open in a tab
 * of their own; the frame is of no origin, so that a message cannot reach the page around it.
 */
export const mailPolicy =
  "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; " +
  "frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox";

/** The HTML part of a message, with its links led to a new tab. */
export function mailDocument(content: string): string {
  const target = '<base target="_blank">';
  for (const place of [/<head[^>]*>/i, /<html[^>]*>/i, /<!doctype[^>]*>/i]) {
    if (place.test(content)) return content.replace(place, (found) => found + target);
  }
  return target + content;
}
