import type { ChartData } from "../chart/data.ts";
import { colourOf, HEIGHT, WIDTH } from "../chart/style.ts";
import { amountAxis } from "./amounts.ts";
import { amountGrid, axisWidth, type Body, footOf, heightOf, INSET, type Plot, tick } from "./frame.ts";
import { dateLabels, endsOf, leftOf, linedWordLabels, numberLabels, stepOf } from "./place-labels.ts";
import { n } from "./svg.ts";
import type { Ruler } from "./words.ts";

const TOP = 10;

/** Points of two amounts; both axes are named. */
export function scatter(data: ChartData, ruler: Ruler): Body {
  const { axis, series } = data;
  const amounts = amountAxis(data, { zero: false, isStacked: false });
  const left = Math.max(axisWidth(amounts, ruler), leftOf(axis, WIDTH - 2, ruler));
  const plot: Plot = { left, right: WIDTH - 2, top: TOP, bottom: TOP + HEIGHT };
  const bottom = plot.bottom + footOf(amounts);
  const [low, high] = endsOf(axis);
  const span = plot.right - left - 2 * INSET;
  const xOf = (at: number) =>
    low === high ? left + INSET + span / 2 : left + INSET + ((at - low) / (high - low)) * span;
  const across = { axis, bottom, ruler, xOf };
  const below =
    axis.kind === "number"
      ? numberLabels(across, data.xLabel)
      : axis.kind === "date"
        ? dateLabels(across, false)
        : linedWordLabels(across, stepOf(across, span));
  // Those that share a colour are below the others.
  const order = series.map((_, index) => index).sort((a, b) => rank(data, a) - rank(data, b));
  const points = order.flatMap((index) => {
    const look = `r="4" fill="${colourOf(index, data)}" fill-opacity="0.7"`;
    return (series[index]?.points ?? []).flatMap(({ place, value }) =>
      value === null
        ? []
        : [
            `<circle cx="${n(xOf(axis.places[place]?.at ?? 0))}" cy="${n(heightOf(value, amounts, plot))}" ${look}/>`,
          ],
    );
  });
  const ticks = below.at.map((x) => tick(x, bottom - (amounts.isCut ? 3 : 0)));
  return {
    svg: `${amountGrid(amounts, plot)}${ticks.join("")}${below.svg}${points.join("")}`,
    height: bottom + below.height,
  };
}

function rank({ series }: ChartData, index: number): number {
  return series[index]?.isRest === true ? 0 : 1;
}
