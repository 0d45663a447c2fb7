import type { SparklineOrder } from "../core/model/picture.ts";
import { paletteOf, TEXT } from "./chart/style.ts";

export const SPARKLINE = { width: 160, height: 36, density: 3 } as const;

const MARGIN = 5;
const PAST = TEXT;

/** A line of values without axes or a background, its last step marked; the way to a value that is not whole yet is dashed. */
export function sparklineSvg({ values, isLastPartial, accent }: SparklineOrder): string {
  const [now = TEXT] = paletteOf(accent);
  const { width, height } = SPARKLINE;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const across = (width - 2 * MARGIN) / (values.length - 1);
  const points = values.map((value, index) => {
    const share = most === least ? 0.5 : (value - least) / (most - least);
    return { x: MARGIN + index * across, y: height - MARGIN - share * (height - 2 * MARGIN) };
  });
  const last = points.at(-1) ?? { x: 0, y: 0 };
  const look = (colour: string, more = "") =>
    `fill="none" stroke="${colour}" stroke-width="1.75" stroke-linejoin="round" stroke-linecap="round"${more}`;
  const dashes = isLastPartial ? ' stroke-dasharray="1.5 4"' : "";
  const dot = isLastPartial ? `fill="none" stroke="${now}" stroke-width="1.75"` : `fill="${now}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<path d="${pathOf(points.slice(0, -1))}" ${look(PAST)}/>
<path d="${pathOf(points.slice(-2))}" ${look(now, dashes)}/>
<circle cx="${last.x.toFixed(2)}" cy="${last.y.toFixed(2)}" r="3.2" ${dot}/>
</svg>`;
}

function pathOf(points: readonly { readonly x: number; readonly y: number }[]): string {
  return points
    .map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x.toFixed(2)} ${y.toFixed(2)}`)
    .join("");
}
