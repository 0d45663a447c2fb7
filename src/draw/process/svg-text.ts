// Beyond what XML 1.0 allows in a document (2.2), marks that would turn the words after them round.
const UNFIT = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+/gu;
const ENTITY = /&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi;

/** An SVG without what no XML parser takes: data may hold null bytes and halves of letters. */
export function svgText(svg: string): string {
  return svg
    .toWellFormed()
    .replace(UNFIT, " ")
    .replace(ENTITY, (entity, hex?: string, decimal?: string) => {
      const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return codePoint < 32 || codePoint > 0x10ffff ? " " : entity;
    });
}

/** All that stands in an SVG as text, in its escaped form: entities are ASCII, which every font has. */
export function wordsOf(svg: string): string {
  return svg.replace(/<[^>]*>/g, " ");
}
