import { plainLine } from "../core/rules/plain-text.ts";

/** Rows of text as aligned columns, two spaces apart; the last column is left as long as it is. */
export function columns(written: readonly (readonly string[])[]): string {
  const rows = written.map((row) => row.map(plainLine));
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] ?? 0, cell.length);
    });
  }
  return rows
    .map((row) =>
      row
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .map((line) => `${line}\n`)
    .join("");
}

/** Columns of a line where the output is not a terminal. */
const WIDTH_DEFAULT = 100;
const WIDTH_MIN = 60;

/** Columns of a line on this output. A terminal that does not know its width says 0. */
export function widthOf({ columns }: { readonly columns?: number | undefined }): number {
  return Math.max(columns || WIDTH_DEFAULT, WIDTH_MIN);
}

/** `text` broken between words into lines of at most `width` columns, all but the first indented. Longer words (ids) are left whole. */
export function wrapped(first: string, text: string, indent: number, width: number): string {
  const lines: string[] = [];
  let line = first;
  let isBegun = false;
  for (const word of plainLine(text)
    .split(/\s+/)
    .filter((one) => one !== "")) {
    if (isBegun && line.length + 1 + word.length > width) {
      lines.push(line);
      line = " ".repeat(indent);
      isBegun = false;
    }
    line += isBegun ? ` ${word}` : word;
    isBegun = true;
  }
  return [...lines, line].map((one) => `${one.trimEnd()}\n`).join("");
}
