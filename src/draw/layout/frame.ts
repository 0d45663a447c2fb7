import { LETTERS, TEXT, WIDTH } from "../chart/style.ts";
import type { AmountAxis } from "./amounts.ts";
import { HALF_CAP, line, n, text } from "./svg.ts";
import { type Ruler, widest } from "./words.ts";

/** The part of the picture in which values are drawn. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A chart without what is above and below all charts. */
export interface Body {
  readonly svg: string;
  readonly height: number;
}

export const GRID = `stroke="${TEXT}" stroke-opacity="0.22"`;
const BASE = `stroke="${TEXT}" stroke-opacity="0.85"`;

/** How far the first and last place are from the ends of an axis. */
export const INSET = 10;

/** Between the figures along an axis and the plot. */
const GAP = 8;

export function axisWidth({ ticks }: AmountAxis, ruler: Ruler): number {
  return (
    widest(
      ticks.map(({ label }) => label),
      ruler,
    ) + GAP
  );
}

export function heightOf(value: number, { least, most }: AmountAxis, { top, bottom }: Plot): number {
  return bottom - ((value - least) / (most - least)) * (bottom - top);
}

/** Lines across the plot with their amounts; the one of zero is dark. An axis that does not begin at zero is marked as broken. */
export function amountGrid(axis: AmountAxis, plot: Plot): string {
  const rows = axis.ticks.map(({ value, label }) => {
    const y = heightOf(value, axis, plot);
    const words = text({ x: plot.left - GAP, y: y + HALF_CAP, words: label, anchor: "end" });
    return `${line(plot.left, y, plot.right, y, value === 0 ? BASE : GRID)}${words}`;
  });
  return `${rows.join("")}${axis.isCut ? brokenAxis(plot) : ""}`;
}

/** The foot of an axis that leaves out what is below: a line in zigzag under the plot. */
function brokenAxis({ left, right, bottom }: Plot): string {
  const y = bottom + ZIGZAG;
  const teeth = ZIGZAG_TEETH.map(([x, rise]) => `L${n(left + x)} ${n(y + rise)}`).join("");
  return `<path d="M${n(left)} ${n(y)}${teeth}L${n(right)} ${n(y)}" fill="none" stroke-linejoin="round" ${BASE}/>`;
}

const ZIGZAG = 7;
const ZIGZAG_TEETH = [
  [6, 0],
  [9, -4],
  [14, 4],
  [17, 0],
] as const;

/** How much lower the labels below a plot are, so that they do not touch a broken axis. */
export function footOf(axis: AmountAxis): number {
  return axis.isCut ? ZIGZAG + 3 : 0;
}

/** A tick below the plot. */
export function tick(x: number, y: number): string {
  return line(x, y, x, y + 4, BASE);
}

export const BASELINE = BASE;

/** The middle of a label so that it stays within the picture. */
export function within(x: number, width: number, right = WIDTH): number {
  return Math.min(Math.max(x, width / 2), right - width / 2);
}

/** From the foot of a plot to the baseline of the labels below it. */
export const LABEL_DROP = LETTERS + 6;
