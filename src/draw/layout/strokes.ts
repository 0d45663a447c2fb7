import type { ChartData } from "../chart/data.ts";
import { line, n } from "./svg.ts";

/** A value of a series at its place in the picture. */
export interface LinePoint {
  readonly x: number;
  readonly y: number;
  /** Where an area begins, from below. */
  readonly foot: number;
  readonly value: number;
  readonly rendered: string;
  readonly isPartial: boolean;
}

export interface Look {
  readonly colour: string;
  readonly mark: ChartData["mark"];
  readonly isStacked: boolean;
  readonly isSingle: boolean;
}

/** A line; the way to a period that is not over is dashed. */
export function drawnSeries(spots: readonly (LinePoint | null)[], look: Look): string {
  const { colour, mark, isStacked, isSingle } = look;
  const stroke = `stroke="${colour}" stroke-width="${isSingle ? 2.5 : 2.25}" stroke-linejoin="round" stroke-linecap="round"`;
  return runsOf(spots)
    .map((run) => {
      const firm = run.filter(({ isPartial }) => !isPartial);
      const open = run.slice(Math.max(0, firm.length - 1));
      const area = mark === "area" ? areaOf(run, colour, isStacked ? 0.32 : 0.16) : "";
      const [alone] = run;
      if (run.length === 1 && alone !== undefined) {
        return `${area}${dot(alone, colour, 3.5)}`;
      }
      const whole = firm.length > 1 ? `<path d="${pathOf(firm)}" fill="none" ${stroke}/>` : "";
      const dashed =
        firm.length < run.length && open.length > 1
          ? `<path d="${pathOf(shortened(open))}" fill="none" stroke-dasharray="1.5 5" ${stroke}/>`
          : "";
      const end = run.at(-1);
      return `${area}${whole}${dashed}${end?.isPartial === true ? dot(end, colour, 3.5) : ""}`;
    })
    .join("");
}

/** So that the line does not reach into the ring at its end. */
function shortened(run: readonly LinePoint[]): LinePoint[] {
  const [before, last] = [run.at(-2), run.at(-1)];
  if (before === undefined || last === undefined) return [...run];
  const length = Math.hypot(last.x - before.x, last.y - before.y);
  const share = length > 12 ? 5 / length : 0;
  return [
    ...run.slice(0, -1),
    { ...last, x: last.x + (before.x - last.x) * share, y: last.y + (before.y - last.y) * share },
  ];
}

function runsOf(spots: readonly (LinePoint | null)[]): LinePoint[][] {
  const runs: LinePoint[][] = [[]];
  for (const spot of spots) {
    if (spot === null) runs.push([]);
    else runs.at(-1)?.push(spot);
  }
  return runs.filter(({ length }) => length > 0);
}

function pathOf(run: readonly { readonly x: number; readonly y: number }[]): string {
  return run.map(({ x, y }, index) => `${index === 0 ? "M" : "L"}${n(x)} ${n(y)}`).join("");
}

function areaOf(run: readonly LinePoint[], colour: string, opacity: number): string {
  const feet = [...run].reverse().map(({ x, foot }) => ({ x, y: foot }));
  if (run.length === 1) {
    const [{ x, y, foot }] = run as [LinePoint];
    return line(x, y, x, foot, `stroke="${colour}" stroke-opacity="${opacity}" stroke-width="4"`);
  }
  return `<path d="${pathOf([...run, ...feet])}Z" fill="${colour}" fill-opacity="${opacity}"/>`;
}

/** A ring where its period is not over. */
export function dot({ x, y, isPartial }: LinePoint, colour: string, radius: number): string {
  return isPartial
    ? `<circle cx="${n(x)}" cy="${n(y)}" r="${radius}" fill="none" stroke="${colour}" stroke-width="2"/>`
    : `<circle cx="${n(x)}" cy="${n(y)}" r="${radius + 0.5}" fill="${colour}"/>`;
}
