import type { Emphasis } from "../../core/model/show.ts";
import type { Cell, Column } from "../../core/model/table.ts";
import { standsOut } from "../../core/rules/presentation/emphasis.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { bodyText, safeHref } from "../words/cell-text.ts";
import { escaped, isolated, type Markup, markup } from "../words/markup.ts";
import { MARKED, MARKED_INK } from "./style.ts";

/*
 * The cells of the digest's tables. There are thousands of them, so they are built as strings, with each text escaped where it
 * enters: a template for each cell takes three times as long.
 */

/** What is the same for all cells of a column. */
export interface CellSetting {
  readonly isNumeric: boolean;
  /** Set large, as a single figure. */
  readonly isFigure: boolean;
  readonly isRowTotal: boolean;
  /** When to highlight a cell. */
  readonly marks: readonly Emphasis[];
}

export function cellSettings(
  columns: readonly Column[],
  isFigures: boolean,
  emphasis: readonly Emphasis[],
): readonly CellSetting[] {
  return columns.map((column, index) => ({
    isNumeric: column.isNumeric,
    isFigure: isFigures,
    isRowTotal: column.pivot?.isRowTotal === true,
    marks: emphasis.filter((one) => one.column === index),
  }));
}

/** In every marked cell, so that it is not marked by colour alone. */
export const MARK = "●";

// Dates must not break at their hyphens.
const UNBROKEN = /^(\d{4}-\d{2}(-\d{2})?([ T]\d{2}:\d{2}(:\d{2})?)?|\S{1,12})$/;
const LONG_WORD = /\S{40}/;
/** Needs no escaping or cutting: most cells. */
const PLAIN = /^[ -~]{0,300}$/;

/** `own`: what to show in place of the cell's text. */
export function bodyCell(cell: Cell | undefined, setting: CellSetting, own: Markup | null): string {
  const rendered = cell?.rendered ?? "";
  const isPlain = PLAIN.test(rendered);
  const text = isPlain ? rendered : bodyText(rendered);
  let attributes = setting.isNumeric && !setting.isFigure ? ' align="right"' : "";
  // What is drawn says itself where it may break.
  if (own === null && ((setting.isNumeric && text.length <= 40) || UNBROKEN.test(text)))
    attributes += " nowrap";
  const shown = own === null ? linked(text, isPlain, cell?.href) : own.toString();
  if (cell !== undefined && setting.marks.some((mark) => standsOut(mark, cell)))
    return `<td class="hi"${attributes} bgcolor="${MARKED}" style="font-weight:600"><b style="color:${MARKED_INK}">${MARK}</b>&nbsp;${shown}</td>`;
  return `<td${attributes}${styleOf(text, setting)}>${shown}</td>`;
}

function linked(text: string, isPlain: boolean, address: string | undefined): string {
  const href = address === undefined ? null : safeHref(address);
  if (href === null) return isPlain ? escaped(text) : isolated(text).toString();
  return `<a href="${escaped(href)}">${isolated(text === "" ? "–" : text)}</a>`;
}

function styleOf(text: string, { isFigure, isRowTotal }: CellSetting): string {
  if (isFigure) return ' style="font-size:30px;line-height:36px;font-weight:600;padding-right:36px"';
  if (text.length >= 40 && LONG_WORD.test(text))
    return ' style="min-width:180px;overflow-wrap:anywhere;white-space:pre-line"';
  if (isRowTotal) return ' style="font-weight:600"';
  return text.includes("\n") ? ' style="white-space:pre-line"' : "";
}

// Dates and weeks, which must not break at their hyphens.
const ISO_DATE = /\d{4}-(?:\d{2}(?:-\d{2})?|[WQ]\d{1,2})(?!\d)/;
const patterns = new Map<RegExp, RegExp>();

/** Those, and the days of a language, which must not be parted from their month. */
function dateIn({ dates: { unbroken } }: Phrases): RegExp {
  const known = patterns.get(unbroken) ?? new RegExp(`(?<!\\d)(${ISO_DATE.source}|${unbroken.source})`);
  patterns.set(unbroken, known);
  return known;
}

/** Text in which no date is broken. */
export function datesWhole(words: string, phrases: Phrases): Markup {
  const pieces = words.split(dateIn(phrases));
  if (pieces.length === 1) return isolated(words);
  return markup`${pieces.map((piece, index) =>
    index % 2 === 1 ? markup`<span style="white-space:nowrap">${piece}</span>` : isolated(piece),
  )}`;
}
