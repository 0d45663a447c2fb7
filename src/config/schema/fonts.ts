import { z } from "zod";
import type { Problem } from "../../core/model/problem.ts";
import { word } from "./word.ts";

const FONTS_MAX = 20;

export const fonts = z
  .array(word(parseFont))
  .min(1)
  .max(FONTS_MAX)
  .meta({
    description:
      "Font files for charts, TTF or OTF, relative to this file: tried for what the bundled Inter (Latin, Cyrillic, Greek) has no letter for.",
    examples: [["./fonts/NotoSansJP.ttf"]],
  });

function parseFont(path: string): string | Problem {
  if (/\.(ttf|otf)$/i.test(path)) return path;
  return {
    message: `"${path}" is no TTF or OTF file`,
    advice:
      "Name a file that ends with .ttf or .otf: in other forms (woff, woff2) its letters would be missing in pictures.",
  };
}
