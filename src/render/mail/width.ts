import type { Table } from "../../core/model/table.ts";
import { isFigures } from "../words/shown.ts";
import { CARD_TEXT_WIDTH, PHONE_TEXT_WIDTH } from "./style.ts";

/** How large the cells are: smaller with more columns; a single row of a few numbers is shown as large figures. */
export interface Typography {
  readonly isFigures: boolean;
  /** The table's class: what the style blocks set larger in a larger window. */
  readonly kind: "d f" | "d" | "d t" | "d w";
  /** On a phone; pixels, as all below. */
  readonly fontPx: number;
  /** Where the style blocks are dropped. */
  readonly padding: number;
  /** The least of a column of names on a phone. */
  readonly wordsWidth: number;
}

/** Up to as many columns are set in the usual size on a phone. */
const COLUMNS_USUAL = 4;
/** Up to as many are tight on a phone alone. */
const COLUMNS_TIGHT = 7;

export function typographyOf(table: Table, isDrawn: boolean): Typography {
  const columns = table.columns.length;
  if (!isDrawn && isFigures(table))
    return { isFigures: true, kind: "d f", fontPx: 13, padding: 4, wordsWidth: 130 };
  if (columns <= COLUMNS_USUAL)
    return { isFigures: false, kind: "d", fontPx: 13, padding: 7, wordsWidth: 130 };
  if (columns <= COLUMNS_TIGHT)
    return { isFigures: false, kind: "d t", fontPx: 12, padding: 5, wordsWidth: 76 };
  return { isFigures: false, kind: "d w", fontPx: 12, padding: 5, wordsWidth: 130 };
}

/** The narrowest place in which a table has no room: a card of full width, or a phone alone; null where it fits both. */
export type Narrow = "card" | "phone" | null;

/** Letters and the padding at one side of a cell, as the style blocks set them. */
interface Size {
  readonly fontPx: number;
  readonly sidePx: number;
}

const ON_CARD: Readonly<Record<Typography["kind"], Size>> = {
  "d f": { fontPx: 30, sidePx: 20 },
  d: { fontPx: 14, sidePx: 8 },
  "d t": { fontPx: 14, sidePx: 8 },
  "d w": { fontPx: 13, sidePx: 6 },
};
const ON_PHONE: Readonly<Record<Typography["kind"], Size>> = {
  "d f": { fontPx: 30, sidePx: 20 },
  d: { fontPx: 13, sidePx: 4 },
  "d t": { fontPx: 12, sidePx: 3 },
  "d w": { fontPx: 12, sidePx: 4 },
};

/** Where a table is too wide, by an estimate. */
export function tooWideFor(table: Table, { kind, wordsWidth }: Typography): Narrow {
  if (leastWidth(table, ON_CARD[kind], 0) > CARD_TEXT_WIDTH) return "card";
  return leastWidth(table, ON_PHONE[kind], wordsWidth) > PHONE_TEXT_WIDTH ? "phone" : null;
}

/** The worst of several tables. */
export function worstOf(tables: readonly { readonly tooWideFor: Narrow }[]): Narrow {
  const all = tables.map((table) => table.tooWideFor);
  return all.find((one) => one === "card") ?? all.find((one) => one === "phone") ?? null;
}

/** Pixels that the columns need if words wrap at each space and numbers do not, with letters a little over half as wide as high. */
function leastWidth(table: Table, { fontPx, sidePx }: Size, wordsWidth: number): number {
  const padding = 2 * sidePx * table.columns.length - 2 * sidePx;
  return table.columns.reduce((width, column, index) => {
    const cells = table.rows.slice(0, ROWS_MEASURED).map((row) => row[index]?.rendered.slice(0, 300) ?? "");
    const words = [column.label.slice(0, 300), ...(column.isNumeric ? [] : cells)].flatMap((text) =>
      text.split(/\s+/),
    );
    const pieces = column.isNumeric ? [...words, ...cells] : words;
    const letters = Math.max(...pieces.map((piece) => Math.min(piece.length, 40)));
    return width + Math.max(letters * fontPx * LETTER, hasLongWords(table, index) ? wordsWidth : 0);
  }, padding);
}

const ROWS_MEASURED = 10;
const LETTER = 0.55;

/** A column of names, which would otherwise be squeezed to one word a line although the table scrolls. */
export function hasLongWords(table: Table, index: number): boolean {
  if (table.columns[index]?.isNumeric !== false) return false;
  return table.rows.slice(0, 50).some((row) => (row[index]?.rendered.length ?? 0) > 18);
}
