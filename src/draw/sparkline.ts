import type { SparklineOrder } from "../core/model/picture.ts";
import { PALETTE, PAPER } from "./chart/style.ts";

export const SPARKLINE = { width: 160, height: 36, density: 3 } as const;

const MARGIN = 5;

/** A line of values without axes, the last one marked; the way to one that is not whole yet is dashed. */
export function sparklineSvg({ values, isLastPartial }: SparklineOrder): string {
  const { width, height } = SPARKLINE;
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const across = (width - 2 * MARGIN) / (values.length - 1);
  const points = values.map((value, index) => {
    const share = most === least ? 0.5 : (value - least) / (most - least);
    return { x: MARGIN + index * across, y: height - MARGIN - share * (height - 2 * MARGIN) };
  });
  const path = pathOf(points);
  const last = points.at(-1) ?? { x: 0, y: 0 };
  const floor = (height - 1).toFixed(2);
  const colour = PALETTE[0];
  const stroke = `fill="none" stroke="${colour}" stroke-width="1.75" stroke-linejoin="round" stroke-linecap="round"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
<rect width="${width}" height="${height}" fill="${PAPER}"/>
<path d="${path}L${last.x.toFixed(2)} ${floor}L${MARGIN} ${floor}Z" fill="${colour}" opacity="0.1"/>
<path d="${isLastPartial ? pathOf(points.slice(0, -1)) : path}" ${stroke}/>${isLastPartial ? `\n<path d="${pathOf(points.slice(-2))}" stroke-dasharray="3 3" ${stroke}/>` : ""}
<circle cx="${last.x.toFixed(2)}" cy="${last.y.toFixed(2)}" r="3.2" fill="${colour}" stroke="${PAPER}" stroke-width="1.2"/>
</svg>`;
}

function pathOf(points: readonly { readonly x: number; readonly y: number }[]): string {
  return points
    .map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${x.toFixed(2)} ${y.toFixed(2)}`)
    .join("");
}
