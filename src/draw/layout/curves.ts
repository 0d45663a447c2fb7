import type { ChartData } from "../chart/data.ts";
import { stacked, withGaps } from "../chart/gaps.ts";
import { colourOf, HEIGHT, WIDTH } from "../chart/style.ts";
import { type AmountAxis, amountAxis, isNearZero } from "./amounts.ts";
import { endsOf, lastAndExtremes, names } from "./end-words.ts";
import { amountGrid, axisWidth, type Body, footOf, heightOf, INSET, type Plot, tick } from "./frame.ts";
import {
  endsOf as axisEnds,
  dateLabels,
  leftOf,
  linedWordLabels,
  numberLabels,
  type PlaceLabels,
  stepOf,
} from "./place-labels.ts";
import { drawnSeries, type LinePoint } from "./strokes.ts";
import type { Ruler } from "./words.ts";

const TOP = 16;

/** Lines and areas, each named where it ends. */
export function curves(whole: ChartData, ruler: Ruler): Body {
  const isStacked = whole.mark === "area" && whole.series.length > 1 && whole.isAdditive;
  const data = isStacked ? stacked(whole) : withGaps(whole);
  const isSingle = data.series.length === 1;
  const axis = amountAxis(data, { zero: whole.mark === "area" || isNearZero(data.series), isStacked });
  const ends = endsOf(data, ruler);
  const right = WIDTH - (isSingle ? 0 : ends.width + 12);
  const left = Math.max(axisWidth(axis, ruler), leftOf(data.axis, right, ruler));
  const plot: Plot = { left, right, top: TOP, bottom: TOP + HEIGHT };
  const room = isSingle && data.axis.places.length > 1 ? ends.width + 12 : INSET;
  const xOf = placer(data, { ...plot, left: left + INSET, right: right - room });
  const bottom = plot.bottom + footOf(axis);
  const below = labelsBelow(data, { xOf, bottom, ruler, width: right - left - 2 * INSET });
  const runs = spotsOf(data, { axis, plot, xOf, isStacked });
  const drawn = runs.map((spots, index) =>
    drawnSeries(spots, {
      colour: colourOf(index, data),
      mark: whole.mark,
      isStacked,
      isSingle,
    }),
  );
  const marks = isSingle
    ? lastAndExtremes(runs[0] ?? [], data, { plot, ruler })
    : names(runs, data, { plot, ends: ends.rows, isStacked });
  const ticks = below.at.map((x) => tick(x, bottom - (axis.isCut ? 3 : 0)));
  return {
    svg: [amountGrid(axis, plot), ...ticks, below.svg, ...drawn, marks].join(""),
    height: bottom + below.height,
  };
}

function placer({ axis }: ChartData, { left, right }: Plot): (at: number) => number {
  const [first, last] = axisEnds(axis);
  if (first === last) return () => (left + right) / 2;
  return (at) => left + ((at - first) / (last - first)) * (right - left);
}

interface Below {
  readonly bottom: number;
  readonly ruler: Ruler;
  readonly width: number;
  xOf(at: number): number;
}

function labelsBelow({ axis, xLabel }: ChartData, below: Below): PlaceLabels {
  const across = { axis, ...below };
  if (axis.kind === "date") return dateLabels(across, false);
  if (axis.kind === "number") return numberLabels(across, xLabel);
  return linedWordLabels(across, stepOf(across, below.width));
}

interface SpotsOrder {
  readonly axis: AmountAxis;
  readonly plot: Plot;
  readonly isStacked: boolean;
  xOf(at: number): number;
}

/** Null where a line breaks. */
function spotsOf(data: ChartData, { axis, plot, xOf, isStacked }: SpotsOrder): (LinePoint | null)[][] {
  const above = new Array<number>(data.axis.places.length).fill(0);
  const below = new Array<number>(data.axis.places.length).fill(0);
  const zero = Math.min(Math.max(0, axis.least), axis.most);
  return data.series.map(({ points }) =>
    points.map(({ place, value, rendered }) => {
      if (value === null) return null;
      const sums = value < 0 ? below : above;
      const foot = isStacked ? (sums[place] ?? 0) : zero;
      const top = isStacked ? foot + value : value;
      if (isStacked) sums[place] = top;
      const { at = 0, isPartial = false } = data.axis.places[place] ?? {};
      return {
        x: xOf(at),
        y: heightOf(top, axis, plot),
        foot: heightOf(foot, axis, plot),
        value,
        rendered,
        isPartial,
      };
    }),
  );
}
