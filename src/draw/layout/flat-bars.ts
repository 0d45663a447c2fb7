import type { ChartData } from "../chart/data.ts";
import { colourOf, WIDTH } from "../chart/style.ts";
import { amountAxis, reachOf, sharedStyle, shortValue } from "./amounts.ts";
import { filled } from "./columns.ts";
import { BASELINE, type Body, GRID, LABEL_DROP } from "./frame.ts";
import { freeLabels } from "./place-labels.ts";
import { box, HALF_CAP, LINE, line, lines, text } from "./svg.ts";
import { fitted, type Ruler, widest, wrapped } from "./words.ts";

/** Names up to this wide are left of their bars; all are above them if one is wider. */
const NAMES_WIDTH_MAX = WIDTH * 0.38;
const GAP = 10;
const BAR = 18;
const GROUPED_BAR = 13;
const APART = 9;
const TOP = 4;

/** Bars that lie flat, under one another, with their names whole and their values at their ends. */
export function flatBars(data: ChartData, ruler: Ruler): Body {
  const { axis, series } = data;
  const labels = axis.places.map(({ label }) => label);
  const beside = labels.map((label) => wrapped(label, NAMES_WIDTH_MAX, ruler));
  const isBeside = beside.every((rows) => rows !== null);
  const names = isBeside
    ? beside.map((rows) => rows ?? [])
    : fitted(labels, { width: WIDTH, isDouble: true }, ruler);
  const isGrouped = series.length > 1 && !data.isAdditive;
  const nameWidth = isBeside ? names.reduce((most, rows) => Math.max(most, widest(rows, ruler)), 0) : 0;
  const across = isBeside ? { left: nameWidth + GAP, right: WIDTH } : { left: 0, right: WIDTH };
  const bars =
    isGrouped || series.length === 1 ? spread(data, across, ruler, isBeside) : piled(data, across, ruler);
  const high = isGrouped ? series.length * (GROUPED_BAR + 1) : BAR;
  let y = TOP;
  const rows = names.map((rowsOf, place) => {
    const nameHigh = rowsOf.length * LINE;
    const top = isBeside ? y + Math.max(0, (nameHigh - high) / 2) : y + nameHigh + 2;
    const nameTop = isBeside ? y + Math.max(0, (high - nameHigh) / 2) : y;
    y = Math.max(top + high, nameTop + nameHigh) + APART;
    return `${lines({ x: 0, y: nameTop + LINE / 2 + HALF_CAP }, rowsOf)}${bars.of(place, top)}`;
  });
  const foot = bars.foot(TOP, y - APART + 2);
  return { svg: `${foot.svg}${rows.join("")}`, height: y - APART + foot.height + 4 };
}

interface Across {
  readonly left: number;
  readonly right: number;
}

interface Bars {
  of(place: number, top: number): string;
  /** The line of zero, or an axis with its figures. */
  foot(top: number, bottom: number): Body;
}

/** One bar for each series, with its value behind it. */
function spread(data: ChartData, { left, right }: Across, ruler: Ruler, isBeside: boolean): Bars {
  const { axis, series } = data;
  const words = series.map(({ points }) => {
    const own = points.map(({ place, value, rendered }) => ({
      place,
      value,
      words: value === null ? "" : shortValue(value, rendered, sharedStyle(series, Math.abs(value))),
    }));
    return new Map(own.map((one) => [one.place, one]));
  });
  const all = words.flatMap((of) => [...of.values()]);
  const room = (isBelow: boolean) =>
    all.reduce(
      (most, one) =>
        Math.max(most, (one.value ?? 0) < 0 === isBelow && one.value !== null ? ruler(one.words, true) : 0),
      0,
    );
  const { least, most } = reachOf(series);
  const [low, high] = [Math.min(0, least), Math.max(0, most)];
  const from = left + (low < 0 ? room(true) + 8 : 0);
  const to = right - (high > 0 || low === 0 ? room(false) + 8 : 0);
  const xOf = (value: number) => (low === high ? from : from + ((value - low) / (high - low)) * (to - from));
  const thick = series.length > 1 ? GROUPED_BAR : BAR;
  return {
    of: (place, top) =>
      words
        .map((of, index) => {
          const one = of.get(place);
          if (one?.value == null) return "";
          const [start, end] = [xOf(Math.min(0, one.value)), xOf(Math.max(0, one.value))];
          const y = top + index * (thick + 1);
          const isPartial = axis.places[place]?.isPartial === true;
          const bar = box(
            start,
            y,
            Math.max(end - start, one.value === 0 ? 0 : 1),
            thick,
            filled(colourOf(index, data), isPartial),
          );
          const isBelow = one.value < 0;
          const value = text({
            x: isBelow ? start - 6 : end + 6,
            y: y + thick / 2 + HALF_CAP,
            words: one.words,
            anchor: isBelow ? "end" : "start",
            isBold: true,
          });
          return `${bar}${value}`;
        })
        .join(""),
    // It would run through names above bars.
    foot: (top, bottom) => ({
      svg: isBeside || low < 0 ? line(xOf(0), top - 2, xOf(0), bottom, BASELINE) : "",
      height: 0,
    }),
  };
}

/** The parts of a whole behind one another, over an axis. */
function piled(data: ChartData, { left, right }: Across, ruler: Ruler): Bars {
  const { axis, series } = data;
  const scale = amountAxis(data, { zero: true, isStacked: true, ticksMax: 4 });
  const end = right - ruler(scale.ticks.at(-1)?.label ?? "") / 2;
  const start = scale.least < 0 ? left + ruler(scale.ticks[0]?.label ?? "") / 2 : left;
  const xOf = (value: number) => start + ((value - scale.least) / (scale.most - scale.least)) * (end - start);
  const values = series.map(({ points }) => new Map(points.map(({ place, value }) => [place, value])));
  return {
    of(place, top) {
      let [above, below] = [0, 0];
      return values
        .map((of, index) => {
          const value = of.get(place) ?? 0;
          if (value === 0) return "";
          const from = value < 0 ? below : above;
          if (value < 0) below += value;
          else above += value;
          const [one, other] = [xOf(Math.min(from, from + value)), xOf(Math.max(from, from + value))];
          const gap = from === 0 ? 0 : 1.5;
          const isPartial = axis.places[place]?.isPartial === true;
          return box(
            one + (value < 0 ? 0 : gap),
            top,
            Math.max(other - one - gap, 0.75),
            BAR,
            filled(colourOf(index, data), isPartial),
          );
        })
        .join("");
    },
    foot(top, bottom) {
      const rules = scale.ticks.map(({ value }) =>
        line(xOf(value), top - 2, xOf(value), bottom, value === 0 ? BASELINE : GRID),
      );
      const figures = freeLabels(scale.ticks, { xOf, ruler }).map(({ x, label }) =>
        text({ x, y: bottom + LABEL_DROP - 2, words: label, anchor: "middle" }),
      );
      return { svg: [...rules, ...figures].join(""), height: LABEL_DROP + 2 };
    },
  };
}
