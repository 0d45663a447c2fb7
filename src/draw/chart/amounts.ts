import type { ClockStyle } from "../../core/rules/numbers/clock-style.ts";
import { type NumberStyle, WHOLE, write } from "../../core/rules/numbers/number-style.ts";
import { ENGLISH, isEnglish, type Separators } from "../../core/rules/numbers/separators.ts";
import { styleOf } from "../../core/rules/numbers/value-format.ts";
import { oneLine } from "./axis.ts";
import type { ChartData, DataSeries } from "./data.ts";
import { lookup, type SpecPart } from "./parts.ts";
import { MUTED } from "./style.ts";

/** How the axis of amounts is labelled, and how far it goes. */
export interface Amounts {
  readonly axis: SpecPart;
  readonly scale: SpecPart;
}

export interface AmountsOrder {
  /** Whether the axis begins at zero. */
  readonly zero: boolean;
  /** Whether the series lie on one another. */
  readonly isStacked: boolean;
}

const SCALES = [
  { from: 1e9, by: 1e-9, unit: "B" },
  { from: 1e6, by: 1e-6, unit: "M" },
  { from: 1e4, by: 1e-3, unit: "k" },
] as const;

/** The figures along the axis, shorter than in a table: "$20k", "4%", "1:30:00". */
export function amounts({ series, axis }: ChartData, { zero, isStacked }: AmountsOrder): Amounts {
  const reach = isStacked ? stackedReach(series, axis.places.length) : reachOf(series);
  const most = Math.max(Math.abs(reach.least), Math.abs(reach.most));
  const style = sharedStyle(series, most);
  if (style.clock !== undefined) return clockAmounts(reach, style, zero);
  return { axis: numberAxis(style, most, reach.most - reach.least), scale: { zero, nice: true } };
}

type AxisStyle = Pick<NumberStyle, "prefix" | "suffix" | "factor" | "separators" | "clock">;

function numberAxis(style: AxisStyle, most: number, span: number): SpecPart {
  const { prefix, suffix, factor, separators = ENGLISH } = style;
  const shorter = SCALES.find(({ from }) => factor === 1 && most >= from);
  // Not where all ticks would be called alike: 1,000,000,000,000,000 and one more.
  const scale = shorter !== undefined && (span === 0 || span * shorter.by >= 1e-4) ? shorter : undefined;
  const number = separatedBy(`format(abs(datum.value) * ${factor * (scale?.by ?? 1)}, ',.6~f')`, separators);
  const words = (unit: string) => JSON.stringify(`${unit}${suffix}`);
  const zeroWords = `${JSON.stringify(prefix)} + '0' + ${words("")}`;
  const other = `(datum.value < 0 ? '−' : '') + ${JSON.stringify(prefix)} + ${number} + ${words(scale?.unit ?? "")}`;
  return { labelExpr: `datum.value === 0 ? ${zeroWords} : ${other}`, tickCount: 5, labelColor: MUTED };
}

/** Vega writes numbers in English. A comma is set aside while the points are replaced. */
function separatedBy(number: string, separators: Separators): string {
  if (isEnglish(separators)) return number;
  const [group, decimal] = [separators.group, separators.decimal].map((mark) => JSON.stringify(mark));
  const aside = JSON.stringify("~");
  return `replace(replace(replace(${number}, regexp(',', 'g'), ${aside}), '.', ${decimal}), regexp('~', 'g'), ${group})`;
}

const STEPS_SECONDS = [1, 2, 5, 10, 15, 30]
  .flatMap((step) => [step, step * 60])
  .concat([1, 2, 3, 4, 6, 12, 24, 48, 120, 240, 600, 1200, 2400, 6000].map((hours) => hours * 3600))
  .sort((a, b) => a - b);
const DAY_SECONDS = 86_400;
const TICKS_MAX = 6;

/** At round minutes and hours: a tenth of a day is no round time. */
function clockAmounts({ least, most }: Reach, style: AxisStyle, zero: boolean): Amounts {
  const [from, to] = [zero ? Math.min(0, least) : least, zero ? Math.max(0, most) : most];
  const span = (to - from) * DAY_SECONDS;
  const longest = STEPS_SECONDS.at(-1) ?? 1;
  const step =
    STEPS_SECONDS.find((seconds) => span / seconds <= TICKS_MAX - 1) ??
    Math.ceil(span / longest / (TICKS_MAX - 1)) * longest;
  const days = (steps: number) => (steps * step) / DAY_SECONDS;
  const first = Math.floor((from * DAY_SECONDS) / step);
  const last = Math.max(first + 1, Math.ceil((to * DAY_SECONDS) / step));
  const values = Array.from({ length: last - first + 1 }, (_, index) => days(first + index));
  const words = values.map((value) => write(value, { ...WHOLE, ...style }).replace("-", "−"));
  const index = `round(datum.value * ${DAY_SECONDS / step}) - (${first})`;
  return {
    axis: { values, labelExpr: lookup(words).replace("datum.value", index), labelColor: MUTED },
    scale: { domain: [days(first), days(last)], nice: false, zero },
  };
}

interface Reach {
  readonly least: number;
  readonly most: number;
}

// Not Math.min(...): there may be more values than a call takes arguments.
function reachOf(series: readonly DataSeries[]): Reach {
  const reach = { least: Number.POSITIVE_INFINITY, most: Number.NEGATIVE_INFINITY };
  for (const { points } of series) {
    for (const { value } of points) {
      if (value === null) continue;
      reach.least = Math.min(reach.least, value);
      reach.most = Math.max(reach.most, value);
    }
  }
  return reach.least > reach.most ? { least: 0, most: 0 } : reach;
}

/** What is above zero and what is below lie on one another apart. */
function stackedReach(series: readonly DataSeries[], places: number): Reach {
  const above = new Array<number>(places).fill(0);
  const below = new Array<number>(places).fill(0);
  for (const { points } of series) {
    for (const { place, value } of points) {
      const side = (value ?? 0) < 0 ? below : above;
      side[place] = (side[place] ?? 0) + (value ?? 0);
    }
  }
  return {
    least: below.reduce((one, other) => Math.min(one, other), 0),
    most: above.reduce((one, other) => Math.max(one, other), 0),
  };
}

/** What comes before and after the numbers, if all series agree on it. */
function sharedStyle(series: readonly DataSeries[], most: number): AxisStyle {
  const styles = series.map(({ column, points }) => {
    const cells = points.slice(0, 50).map(({ value, rendered }) => ({ value, rendered }));
    return styleOf(column, cells, most) ?? WHOLE;
  });
  const [first] = styles;
  const agree = styles.every(
    ({ prefix, suffix, factor, clock }) =>
      prefix === first?.prefix &&
      suffix === first.suffix &&
      factor === first.factor &&
      isSameClock(clock, first.clock),
  );
  if (first === undefined || !agree) return WHOLE;
  const { separators = ENGLISH, prefix, suffix, factor, clock } = first;
  if (clock !== undefined) return { prefix, suffix, factor, clock };
  // Rendered as "12K": the axis shortens by its own rule.
  if (factor < 1) return { prefix, suffix: "", factor: 1, separators };
  return { prefix: oneLine(prefix, 6), suffix: spaced(suffix), factor, separators };
}

/** A unit keeps its distance: "1,4M €". */
function spaced(suffix: string): string {
  const words = oneLine(suffix, 10);
  return /^\s/u.test(suffix) && words !== "" ? ` ${words}` : words;
}

function isSameClock(one: ClockStyle | undefined, other: ClockStyle | undefined): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
