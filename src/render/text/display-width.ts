const segmenter = new Intl.Segmenter("en");

const PLAIN = /^[\x20-\x7e]*$/;

// East Asian Wide and Fullwidth (Unicode Standard Annex 11), by script and block, and emoji shown as pictures.
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6]|\ufe0f/u;

const UNSEEN = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]+$/u;

/** Columns that `text` takes in a fixed-width font: two for CJK and emoji, none for marks that are not seen. */
export function displayWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const { segment } of segmenter.segment(text)) width += segmentWidth(segment);
  return width;
}

/** The longest start of `text` that fits `widthMax` columns; where something is lost it ends in "…". */
export function clipWidth(text: string, widthMax: number): string {
  if (displayWidth(text) <= widthMax) return text;
  let kept = "";
  let width = 0;
  for (const { segment } of segmenter.segment(text)) {
    width += segmentWidth(segment);
    if (width > widthMax - 1) break;
    kept += segment;
  }
  return `${kept}…`;
}

export function padWidth(text: string, width: number, align: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, width - displayWidth(text)));
  return align === "right" ? space + text : text + space;
}

function segmentWidth(segment: string): number {
  if (UNSEEN.test(segment)) return 0;
  return WIDE.test(segment) ? 2 : 1;
}
