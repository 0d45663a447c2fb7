/** What it takes to know how wide a text will be (OpenType 1.9: head, hhea, hmtx, cmap). */
export interface FontMetrics {
  /** The width of a character, relative to the font size; null if the font does not have it. */
  advance(codePoint: number): number | null;
}

const SIGNATURES = new Set([0x00010000, 0x4f54544f, 0x74727565]);

/** Reads a TrueType or OpenType font; null for anything else (a woff, a collection). */
export function readFont(bytes: Buffer): FontMetrics | null {
  try {
    if (!SIGNATURES.has(bytes.readUInt32BE(0))) return null;
    const tables = tablesOf(bytes);
    const [head, hhea, hmtx, cmap] = ["head", "hhea", "hmtx", "cmap"].map((tag) => tables.get(tag));
    if (head === undefined || hhea === undefined || hmtx === undefined || cmap === undefined) return null;
    const unitsPerEm = bytes.readUInt16BE(head + 18);
    const metricsCount = bytes.readUInt16BE(hhea + 34);
    const glyphOf = glyphFinder(bytes, cmap);
    if (unitsPerEm === 0 || metricsCount === 0 || glyphOf === null) return null;
    return {
      advance(codePoint) {
        const glyph = glyphOf(codePoint);
        if (glyph === 0) return null;
        return bytes.readUInt16BE(hmtx + 4 * Math.min(glyph, metricsCount - 1)) / unitsPerEm;
      },
    };
  } catch {
    // The file is truncated.
    return null;
  }
}

function tablesOf(bytes: Buffer): Map<string, number> {
  const count = bytes.readUInt16BE(4);
  return new Map(
    Array.from({ length: count }, (_, index) => {
      const at = 12 + 16 * index;
      return [bytes.toString("latin1", at, at + 4), bytes.readUInt32BE(at + 8)];
    }),
  );
}

/** Glyph 0 means that the font does not have the character. */
type GlyphOf = (codePoint: number) => number;

function glyphFinder(bytes: Buffer, cmap: number): GlyphOf | null {
  const count = bytes.readUInt16BE(cmap + 2);
  const offsets = Array.from(
    { length: count },
    (_, index) => cmap + bytes.readUInt32BE(cmap + 8 + 8 * index),
  );
  const whole = offsets.find((at) => bytes.readUInt16BE(at) === 12);
  if (whole !== undefined) return (codePoint) => inGroups(bytes, whole, codePoint);
  const basic = offsets.find((at) => bytes.readUInt16BE(at) === 4);
  return basic === undefined ? null : (codePoint) => inSegments(bytes, basic, codePoint);
}

/** cmap format 12: groups of characters in a row, in order. */
function inGroups(bytes: Buffer, at: number, codePoint: number): number {
  let [low, high] = [0, bytes.readUInt32BE(at + 12) - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const group = at + 16 + 12 * middle;
    const [start, end] = [bytes.readUInt32BE(group), bytes.readUInt32BE(group + 4)];
    if (codePoint < start) high = middle - 1;
    else if (codePoint > end) low = middle + 1;
    else return bytes.readUInt32BE(group + 8) + codePoint - start;
  }
  return 0;
}

/** cmap format 4: segments of the first 65,536 characters. */
function inSegments(bytes: Buffer, at: number, codePoint: number): number {
  const size = bytes.readUInt16BE(at + 6);
  for (let offset = 0; offset < size && codePoint <= 0xffff; offset += 2) {
    const end = bytes.readUInt16BE(at + 14 + offset);
    if (codePoint > end) continue;
    const start = bytes.readUInt16BE(at + 16 + size + offset);
    if (codePoint < start) return 0;
    const delta = bytes.readUInt16BE(at + 16 + 2 * size + offset);
    const rangeAt = at + 16 + 3 * size + offset;
    const range = bytes.readUInt16BE(rangeAt);
    if (range === 0) return (codePoint + delta) & 0xffff;
    const glyph = bytes.readUInt16BE(rangeAt + range + 2 * (codePoint - start));
    return glyph === 0 ? 0 : (glyph + delta) & 0xffff;
  }
  return 0;
}
