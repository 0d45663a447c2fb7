import { readFile } from "node:fs/promises";
import { ReportError } from "../../core/error.ts";
import { shortageOf } from "../../core/shortage.ts";
import { type FontMetrics, readFont } from "./font-file.ts";

export interface Fonts {
  readonly files: readonly string[];
  /** Of a text on one line, in the unit of `size`. */
  width(words: string, size: number, isBold: boolean): number;
  /** Characters that none of the fonts has, each once. */
  missing(words: string): readonly string[];
}

/** A character that no font has is drawn as a box about this wide. */
const BOX_WIDTH = 0.7;

/** Spaces, controls, and combining marks. */
const UNSEEN = /[\p{Z}\p{C}\p{M}]/u;

/**
 * Inter (SIL Open Font License 1.1: Latin, Cyrillic, Greek), regular and bold, and the files of the `fonts:` setting for other letters.
 * Throws ReportError `config` for a file that is not a TrueType or OpenType font.
 */
export async function openFonts(inter: readonly string[], more: readonly string[]): Promise<Fonts> {
  const files = [...inter, ...more];
  const [regular, bold, ...others] = await Promise.all(files.map(readFontFile));
  const faces = [regular, bold, ...others];
  return {
    files,
    missing: (words) =>
      [...new Set(words)].filter(
        (letter) =>
          !UNSEEN.test(letter) && faces.every((face) => (face?.advance(codeOf(letter)) ?? null) === null),
      ),
    width(words, size, isBold) {
      const own = isBold ? bold : regular;
      const width = widthIn([own, ...others], words);
      // A line with a letter that only another font has may be drawn in that font as a whole.
      const isMixed = others.length > 0 && [...words].some((letter) => own?.advance(codeOf(letter)) === null);
      return (isMixed ? Math.max(width, widthIn([...others, own], words)) : width) * size;
    },
  };
}

function widthIn(faces: readonly (FontMetrics | undefined)[], words: string): number {
  let width = 0;
  for (const letter of words) {
    const face = faces.find((one) => (one?.advance(codeOf(letter)) ?? null) !== null);
    width += face?.advance(codeOf(letter)) ?? BOX_WIDTH;
  }
  return width;
}

function codeOf(letter: string): number {
  return letter.codePointAt(0) ?? 0;
}

async function readFontFile(path: string): Promise<FontMetrics> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (shortageOf(cause) !== null) throw cause;
    throw new ReportError(`The font ${path} cannot be read: ${cause.code ?? cause.message}.`, {
      code: "config",
      advice: "Correct its path under `fonts:`, which counts from the folder of reports.yaml.",
      cause,
    });
  });
  const font = readFont(bytes);
  if (font !== null) return font;
  throw new ReportError(`${path} is not a TrueType or OpenType font.`, {
    code: "config",
    advice: "Give a .ttf or .otf file under `fonts:`; a woff or woff2 has to be converted.",
  });
}
