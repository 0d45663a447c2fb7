import { write } from "../../core/rules/numbers/number-style.ts";
import type { ChartData } from "../chart/data.ts";
import { partsOf, type Slice } from "../chart/pie-parts.ts";
import { paletteOf, WIDTH } from "../chart/style.ts";
import { sharedStyle, shortValue } from "./amounts.ts";
import type { Body } from "./frame.ts";
import { box, HALF_CAP, LINE, lines, n, text } from "./svg.ts";
import { fitted, type Ruler } from "./words.ts";

const OUTER = 78;
const INNER = 44;
const SWATCH = 12;
const LEGEND_LEFT = 2 * OUTER + 28;
const WORDS_LEFT = LEGEND_LEFT + SWATCH + 8;
const WORDS_WIDTH = WIDTH - WORDS_LEFT;
/** Half of what is between two slices, in CSS pixels. */
const HALF_GAP = 0.9;

/** A ring with its parts named next to it: name, value and share. */
export function pie(data: ChartData, ruler: Ruler): Body {
  const parts = partsOf(data);
  const palette = paletteOf(data.accent);
  const whole = parts.reduce((sum, { value }) => sum + value, 0);
  const names = fitted(
    parts.map(({ label }) => label),
    { width: WORDS_WIDTH, isBold: true, isDouble: true },
    ruler,
  );
  const shares = sharesOf(parts, data, ruler);
  const heights = names.map((rows) => (rows.length + 1) * LINE + 8);
  const high = heights.reduce((sum, height) => sum + height, 0) - 8;
  const height = Math.max(2 * OUTER, high);
  let y = (height - high) / 2;
  let turn = 0;
  const drawn = parts.map((part, index) => {
    const colour = palette[index % palette.length] ?? "";
    const next = turn + part.value / whole;
    const arc = parts.length === 1 ? ring(height / 2, colour) : slice(height / 2, turn, next, colour);
    turn = next;
    const x = WORDS_LEFT;
    const rows = names[index] ?? [];
    const middle = y + LINE / 2;
    const key = box(LEGEND_LEFT, middle - SWATCH / 2, SWATCH, SWATCH, `rx="2.5" fill="${colour}"`);
    const name = lines({ x, y: middle + HALF_CAP, isBold: true }, rows);
    const amount = text({ x, y: middle + HALF_CAP + rows.length * LINE, words: shares[index] ?? "" });
    y += heights[index] ?? 0;
    return `${arc}${key}${name}${amount}`;
  });
  return { svg: drawn.join(""), height: height + 4 };
}

function ring(middle: number, colour: string): string {
  const radius = (OUTER + INNER) / 2;
  return `<circle cx="${OUTER}" cy="${n(middle)}" r="${radius}" fill="none" stroke="${colour}" stroke-width="${OUTER - INNER}"/>`;
}

/** From one turn to another, of which a whole one is 1, clockwise from the top. */
function slice(middle: number, from: number, to: number, colour: string): string {
  const point = (radius: number, turn: number, side: number) => {
    const edge = Math.asin(HALF_GAP / radius) * side;
    const angle = turn * 2 * Math.PI + edge;
    return `${n(OUTER + radius * Math.sin(angle))} ${n(middle - radius * Math.cos(angle))}`;
  };
  const thin = (to - from) * 2 * Math.PI * INNER < 3 * HALF_GAP;
  const [one, other] = thin ? [0, 0] : [1, -1];
  const isLarge = to - from > 0.5 ? 1 : 0;
  return `<path d="M${point(OUTER, from, one)}A${OUTER} ${OUTER} 0 ${isLarge} 1 ${point(OUTER, to, other)}L${point(INNER, to, other)}A${INNER} ${INNER} 0 ${isLarge} 0 ${point(INNER, from, one)}Z" fill="${colour}"/>`;
}

/** "1,637 · 34.1%" of each part, in the numbers of its column. */
function sharesOf(parts: readonly Slice[], { series }: Pick<ChartData, "series">, ruler: Ruler): string[] {
  const whole = parts.reduce((sum, { value }) => sum + value, 0);
  const style = sharedStyle(series, whole);
  const shares = parts.map(({ value }) => value / whole);
  const isWhole = shares.every((share) => Math.abs(share * 100 - Math.round(share * 100)) < 1e-9);
  const decimals = isWhole ? 0 : 1;
  const percent = {
    prefix: "",
    suffix: "%",
    factor: 100,
    decimalsMin: decimals,
    decimalsMax: decimals,
    isGrouped: true,
    ...(style.separators !== undefined && { separators: style.separators }),
  };
  const least = 10 ** -decimals / 100;
  return shares.map((share, index) => {
    const words = share > 0 && share < least / 2 ? `<${write(least, percent)}` : write(share, percent);
    const { value = 0, rendered = "" } = parts[index] ?? {};
    // As exact as there is room for: a short value, or the share alone.
    const said = [rendered, shortValue(value, rendered, style)].map((amount) => `${amount} · ${words}`);
    return said.find((line) => ruler(line) <= WORDS_WIDTH) ?? words;
  });
}
