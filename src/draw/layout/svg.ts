import { LETTERS, TEXT } from "../chart/style.ts";

/** Elements of an SVG, as text. Numbers are CSS pixels, from the upper left corner. */

export interface Words {
  /** Of the text's baseline. */
  readonly x: number;
  readonly y: number;
  readonly words: string;
  readonly anchor?: "start" | "middle" | "end";
  readonly isBold?: boolean;
  readonly fill?: string;
  /** Degrees, clockwise around its anchor. */
  readonly angle?: number;
}

export function text({ x, y, words, anchor = "start", isBold = false, fill = TEXT, angle }: Words): string {
  const turned = angle === undefined ? "" : ` transform="rotate(${angle} ${n(x)} ${n(y)})"`;
  return `<text x="${n(x)}" y="${n(y)}" text-anchor="${anchor}"${isBold ? ' font-weight="600"' : ""} fill="${fill}"${turned}>${escaped(words)}</text>`;
}

/** Lines of text below each other; y of the first one's baseline. */
export function lines(of: Omit<Words, "words">, rows: readonly string[]): string {
  return rows.map((words, index) => text({ ...of, y: of.y + index * LINE, words })).join("");
}

export function line(x1: number, y1: number, x2: number, y2: number, more: string): string {
  return `<path d="M${n(x1)} ${n(y1)}L${n(x2)} ${n(y2)}" fill="none" ${more}/>`;
}

export function box(x: number, y: number, width: number, height: number, more: string): string {
  return `<rect x="${n(x)}" y="${n(y)}" width="${n(Math.max(0, width))}" height="${n(Math.max(0, height))}" ${more}/>`;
}

/** From the height of the middle of a line of text to its baseline. */
export const HALF_CAP = LETTERS * 0.36;

/** From one line of a text to the next. */
export const LINE = LETTERS * 1.27;

/** A number as SVG has it, to a hundredth of a pixel. */
export function n(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function escaped(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
