import { Resvg } from "@resvg/resvg-js";
import { ReportError } from "../../core/error.ts";
import { FONT } from "../chart/style.ts";
import type { Fonts } from "./fonts.ts";
import { palettePng } from "./palette-png.ts";

/** In CSS pixels: what a mail can show, and what fits in memory. */
const SIDE_MAX = 4_000;

export interface Drawn {
  readonly png: Uint8Array;
  readonly width: number;
  readonly height: number;
  /** Some of the letters that are drawn as boxes, since no font has them. */
  readonly missing: readonly string[];
}

const MISSING_MAX = 8;

/** An SVG as PNG, `density` of whose pixels make a CSS pixel. Throws ReportError `config` for one that is too large. */
export function rasterised(svg: string, density: number, fonts: Fonts): Drawn {
  const size = new Resvg(svg, { font: { loadSystemFonts: false } });
  const { width, height } = size;
  if (!(width > 0 && height > 0 && width <= SIDE_MAX && height <= SIDE_MAX)) {
    throw new ReportError(`The chart would be ${Math.round(width)} x ${Math.round(height)} pixels.`, {
      code: "config",
      advice: `Give its spec a width and height of at most ${SIDE_MAX}, all its facets together.`,
    });
  }
  const words = wordsOf(svg);
  const drawing = new Resvg(svg, {
    fitTo: { mode: "zoom", value: density },
    font: {
      fontFiles: [...fonts.filesFor(words)],
      loadSystemFonts: false,
      defaultFontFamily: FONT,
      sansSerifFamily: FONT,
      serifFamily: FONT,
      monospaceFamily: FONT,
    },
  });
  const missing = fonts.missing(words).slice(0, MISSING_MAX);
  const image = drawing.render();
  // In this order: asPng divides the pixels by their alpha in place.
  const png = palettePng(image) ?? image.asPng();
  return { png, width: Math.round(width), height: Math.round(height), missing };
}

/** All text of an SVG, in its escaped form: entities are ASCII, which every font has. */
function wordsOf(svg: string): string {
  return svg.replace(/<[^<>]*>/g, " ");
}

// What XML 1.0 does not allow in a document (2.2), and marks that would reverse the text after them.
const UNFIT = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]+/gu;
const ENTITY = /&#(?:x([0-9a-f]{1,6})|(\d{1,7}));/gi;

/** An SVG without what no XML parser accepts: data may contain null bytes and lone surrogates. */
export function svgText(svg: string): string {
  return svg
    .toWellFormed()
    .replace(UNFIT, " ")
    .replace(ENTITY, (entity, hex?: string, decimal?: string) => {
      const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      return codePoint < 32 || codePoint > 0x10ffff ? " " : entity;
    });
}
