/** Widths of the characters from space to tilde in thousandths of the size: Helvetica's, as Adobe's metrics file has them. */
const widths = [
  278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
  556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
  500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
  556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
  278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/** In pixels, about: Inter, which pictures are lettered in, runs a little wider than Helvetica. */
export function textWidth(text: string, size: number): number {
  let thousandths = 0;
  for (const character of text) thousandths += widths[(character.codePointAt(0) ?? 0) - 32] ?? 600;
  return (thousandths * size) / 1000;
}

/** Without control characters, and at most as wide as there is room. */
export function fitted(text: string, size: number, roomWidth: number): string {
  const clean = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}]+/gu, " ")
    .slice(0, 500);
  const room = roomWidth / 1.08;
  if (textWidth(clean, size) <= room) return clean;
  let kept = "";
  for (const character of clean) {
    if (textWidth(`${kept}${character}…`, size) > room) break;
    kept += character;
  }
  return kept === "" ? "" : `${kept.trimEnd()}…`;
}

/** Broken between words; at most so many lines. */
export function wrapped(text: string, size: number, roomWidth: number, linesMax: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/).filter((one) => one !== "")) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (line !== "" && textWidth(longer, size) > roomWidth / 1.08) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  if (line !== "") lines.push(line);
  return lines.slice(0, linesMax).map((one) => fitted(one, size, roomWidth));
}
