import { readFile } from "node:fs/promises";
import { ReportError } from "../../core/error.ts";
import { notWhole } from "../../core/installation.ts";
import { shortageOf } from "../../core/shortage.ts";
import { LETTERS } from "../chart/style.ts";
import type { Ruler } from "../layout/words.ts";
import { type FontMetrics, readFont } from "./font-file.ts";

export interface Fonts {
  /** Paths of the fonts that a text needs, Inter first. */
  filesFor(words: string): readonly string[];
  /** Of a text on one line, in the unit of `size`. */
  width(words: string, size: number, isBold: boolean): number;
  /** Characters that none of the fonts has, each once. */
  missing(words: string): readonly string[];
}

interface Face {
  readonly file: string;
  readonly metrics: FontMetrics;
}

/** A character that no font has is drawn as a box about this wide. */
const BOX_WIDTH = 0.7;

/** Spaces, controls, and combining marks. */
const UNSEEN = /[\p{Z}\p{C}\p{M}]/u;

/**
 * Inter (SIL Open Font License 1.1: Latin, Cyrillic, Greek), regular and bold; the files of the `fonts:` setting; and the fonts that come
 * along for other letters. `own`: paths of all but those of the setting. Throws ReportError `config` for a file of the setting that is not
 * a TrueType or OpenType font, and `local` for one of ours.
 */
export async function openFonts(own: readonly string[], more: readonly string[]): Promise<Fonts> {
  const [regular, bold, ...noto] = await Promise.all(own.map(readOwnFont));
  const named = await Promise.all(more.map(readNamedFont));
  const inter = [regular, bold].flatMap((face) => face ?? []);
  const others = [...named, ...noto];
  const faces = [...inter, ...others];
  const has = (face: Face | undefined, letter: string) =>
    face !== undefined && face.metrics.advance(codeOf(letter)) !== null;
  const seen = (words: string) => [...new Set(words)].filter((letter) => !UNSEEN.test(letter));
  return {
    filesFor(words) {
      const usual = [...inter, ...named];
      const wanting = seen(words).filter((letter) => !usual.some((face) => has(face, letter)));
      const needed = inOrder(noto, words).filter((face) => wanting.some((letter) => has(face, letter)));
      return [...usual, ...needed].map(({ file }) => file);
    },
    missing: (words) => seen(words).filter((letter) => !faces.some((face) => has(face, letter))),
    width(words, size, isBold) {
      const main = isBold ? bold : regular;
      const width = widthIn([main, ...others], words);
      // A line with a letter that only another font has may be drawn in that font as a whole.
      const isMixed = named.length > 0 && [...words].some((letter) => !has(main, letter));
      return (isMixed ? Math.max(width, widthIn([...others, main], words)) : width) * size;
    },
  };
}

const KANA = /[\p{sc=Hiragana}\p{sc=Katakana}]/u;

/** Chinese and Japanese share code points and not all shapes: text with kana is Japanese. */
function inOrder(faces: readonly Face[], words: string): readonly Face[] {
  if (!KANA.test(words)) return faces;
  const isJapanese = ({ metrics }: Face) =>
    metrics.advance(0x3042) !== null && metrics.advance(0x95a2) !== null;
  return [...faces].sort((a, b) => Number(isJapanese(b)) - Number(isJapanese(a)));
}

/** At the size of a chart's letters. */
export function rulerOf(fonts: Fonts): Ruler {
  return (words, isBold = false) => fonts.width(words, LETTERS, isBold);
}

function widthIn(faces: readonly (Face | undefined)[], words: string): number {
  let width = 0;
  for (const letter of words) {
    const face = faces.find((one) => (one?.metrics.advance(codeOf(letter)) ?? null) !== null);
    width += face?.metrics.advance(codeOf(letter)) ?? BOX_WIDTH;
  }
  return width;
}

function codeOf(letter: string): number {
  return letter.codePointAt(0) ?? 0;
}

async function readOwnFont(path: string): Promise<Face> {
  const bytes = await readFile(path).catch((cause) => {
    throw notWhole(cause);
  });
  const metrics = readFont(bytes);
  if (metrics !== null) return { file: path, metrics };
  throw notWhole(new Error(`${path} is not a TrueType or OpenType font`));
}

/** One of the `fonts:` setting. */
async function readNamedFont(path: string): Promise<Face> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    if (shortageOf(cause) !== null) throw cause;
    throw new ReportError(`The font ${path} cannot be read: ${cause.code ?? cause.message}.`, {
      code: "config",
      advice: "Correct its path under `fonts:`, which counts from the folder of reports.yaml.",
      cause,
    });
  });
  const metrics = readFont(bytes);
  if (metrics !== null) return { file: path, metrics };
  throw new ReportError(`${path} is not a TrueType or OpenType font.`, {
    code: "config",
    advice: "Give a .ttf or .otf file under `fonts:`; a woff or woff2 has to be converted.",
  });
}
