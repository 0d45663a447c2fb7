import { raw } from "hono/html";
import { lineText } from "../words/cell-text.ts";
import { isolated, type Markup, markup } from "../words/markup.ts";
import { CARD_TEXT_WIDTH, DIM, HAIR, INK, PHONE_TEXT_WIDTH } from "./style.ts";

/** A longer value, its unit included, has a row of its own. */
export const COLUMN_CHARS_MAX = 9;
const GAP_PX = 15;
/** Of a bold letter, as a share of its height. */
const LETTER_WIDTH = 0.58;

/** One figure in pieces, each of which is a cell. */
export interface Card {
  readonly label: Markup;
  /** Its value, or that it has none. */
  readonly figure: string;
  /** What follows the value; null: nothing. */
  readonly unit: string | null;
  readonly chip: Markup | null;
  readonly was: Markup | null;
  readonly line: Markup | null;
}

type Figure = Pick<Card, "figure" | "unit">;

export function lengthOf({ figure, unit }: Figure): number {
  return figure.length + (unit === null ? 0 : unit.length + 1);
}

/** The figure is the report: nothing is as large. */
export function single([card]: readonly Card[]): Markup {
  if (card === undefined) return markup``;
  const { label, chip, was, line } = card;
  const px = sizeFor(card, PHONE_TEXT_WIDTH, 44);
  const isRoomy = sizeFor(card, CARD_TEXT_WIDTH, 52) === 52 && px === 44;
  return markup`<h2 class="ink" style="margin:0;font-size:15px;line-height:22px;font-weight:600;color:${INK}">${label}</h2>
<p class="ink${isRoomy ? " one" : ""}" style="margin:2px 0 6px;font-size:${px}px;line-height:${Math.round(px * 1.2)}px;font-weight:700;letter-spacing:-0.5px;font-variant-numeric:tabular-nums;color:${INK}">${value(card)}</p>
<p class="dim" style="margin:0;font-size:14px;line-height:22px;color:${DIM}">${chip}${chip === null || was === null ? null : " "}${was}</p>
${
  line === null
    ? null
    : markup`<div style="padding-top:10px">${line}</div>
`
}`;
}

export function inColumns(cards: readonly Card[], caption: string): Markup {
  const width = (total: number) => (total - (cards.length - 1) * GAP_PX) / cards.length;
  const sizes = cards.map((card) => sizeFor(card, width(PHONE_TEXT_WIDTH), 26));
  const padding = cards.map((_, index) => {
    // All columns are equally wide inside their padding.
    const [left, right] = [
      (GAP_PX * index) / cards.length,
      (GAP_PX * (cards.length - 1 - index)) / cards.length,
    ];
    return `0 ${right}px 0 ${left}px`;
  });
  const row = (cells: readonly (Markup | null)[], style: string, valign: string) =>
    cells.every((cell) => cell === null)
      ? null
      : markup`<tr valign="${valign}">${cells.map((cell, index) => markup`<td class="dim" style="padding:${padding[index] ?? "0"};${style};color:${DIM}">${cell}</td>`)}</tr>
`;
  return markup`${open(caption)}<thead><tr valign="top">${cards.map(
    ({ label }, index) =>
      markup`<th scope="col" width="${Math.round(100 / cards.length)}%" align="left" style="padding:${padding[index] ?? "0"}"><div class="bar ink" style="padding:8px 0 2px;border-top:2px solid ${INK};font-size:13px;line-height:18px;font-weight:600;color:${INK}">${label}</div></th>`,
  )}</tr></thead><tbody><tr valign="baseline">${cards.map((card, index) => {
    const px = sizes[index] ?? 26;
    // It is shown larger where there is room for it.
    const isRoomy = sizeFor(card, width(CARD_TEXT_WIDTH), 32) === 32;
    return markup`<td class="ink${isRoomy ? " kv" : ""}" style="padding:${padding[index] ?? "0"};font-size:${px}px;line-height:32px;font-weight:700;letter-spacing:-0.5px;white-space:nowrap;color:${INK}">${value(card)}</td>`;
  })}</tr>
${row(
  cards.map(({ chip }) => chip),
  "padding-top:6px",
  "top",
)}${row(
  cards.map(({ was }) => was),
  "padding-top:2px;font-size:13px;line-height:18px",
  "top",
)}${row(
  cards.map(({ line }) => line),
  "padding-top:8px",
  "top",
)}</tbody></table>
`;
}

/** A row each: name, line, value, change; a value too long for that goes below its name. */
export function inRows(cards: readonly Card[], caption: string): Markup {
  const rows = cards.map((card, index) => {
    const rule = index === 0 ? "" : `;border-top:1px solid ${HAIR}`;
    return lengthOf(card) > COLUMN_CHARS_MAX ? longRow(card, rule) : row(card, rule);
  });
  return markup`${open(caption)}<tbody>${rows}</tbody></table>
`;
}

function row(card: Card, rule: string): Markup {
  const { label, chip, was, line } = card;
  const cell = `padding:10px 0${rule}`;
  const px = sizeFor(card, 104, 22);
  return markup`<tr valign="middle"><th class="ink hair" scope="row" align="left" style="${cell};padding-right:8px;font-size:14px;line-height:20px;font-weight:600;color:${INK}">${label}</th><td class="spark hair" width="130" style="display:none;mso-hide:all;${cell};padding-right:12px">${line}</td><td class="ink hair" align="right" style="${cell};padding-right:12px;font-size:${px}px;${FIGURE}">${value(card)}</td>${changeCell(chip, was, "dim hair", cell)}</tr>
`;
}

function longRow(card: Card, rule: string): Markup {
  const { label, chip, was, line } = card;
  const px = sizeFor(card, PHONE_TEXT_WIDTH, 24);
  return markup`<tr><th class="ink hair" scope="row" colspan="4" align="left" style="padding:10px 0 0${rule};font-size:14px;line-height:20px;font-weight:600;color:${INK}">${label}</th></tr><tr><td class="dim" colspan="4" style="padding:0 0 12px;font-size:13px;line-height:20px;color:${DIM}"><div class="ink" style="font-size:${px}px;${FIGURE}">${value(card)}</div>${chip}${chip === null || was === null ? null : " "}${was}${line === null ? null : markup`<div style="padding-top:6px">${line}</div>`}</td></tr>
`;
}

const FIGURE = `line-height:28px;font-weight:700;letter-spacing:-0.3px;white-space:nowrap;color:${INK}`;
const CHANGE_PX = 116;

function changeCell(chip: Markup | null, was: Markup | null, name: string, style: string): Markup {
  const parted = chip === null || was === null ? null : raw("<br>");
  return markup`<td class="${name}" width="${CHANGE_PX}" style="${style};font-size:13px;line-height:18px;color:${DIM}">${chip}${parted}${was}</td>`;
}

function open(caption: string): Markup {
  return markup`<table class="k" width="100%" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse;font-variant-numeric:tabular-nums"><caption style="font-size:0;line-height:0;max-height:0;overflow:hidden;mso-hide:all">${caption}</caption>`;
}

const UNIT_PX = 15;

function value({ figure, unit }: Figure): Markup {
  return unit === null
    ? isolated(figure)
    : markup`${isolated(figure)}<span style="font-size:${UNIT_PX}px;letter-spacing:0">&nbsp;${isolated(lineText(unit, 40))}</span>`;
}

/** As large as its own column allows: a long one shrinks itself alone. */
function sizeFor({ figure, unit }: Figure, widthPx: number, most: number): number {
  const unitPx = unit === null ? 0 : (unit.length + 1) * UNIT_PX * LETTER_WIDTH;
  const room = Math.max(40, widthPx - unitPx);
  return Math.min(most, Math.max(14, Math.floor(room / (LETTER_WIDTH * Math.max(1, figure.length)))));
}
