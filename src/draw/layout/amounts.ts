import { type ClockStyle, leastOf } from "../../core/rules/numbers/clock-style.ts";
import { type NumberStyle, WHOLE, write } from "../../core/rules/numbers/number-style.ts";
import { styleOf } from "../../core/rules/numbers/value-format.ts";
import { type Axis, oneLine } from "../chart/axis.ts";
import type { ChartData, DataSeries } from "../chart/data.ts";

/** The axis of amounts. */
export interface AmountAxis {
  /** Its ends, which are ticks. */
  readonly least: number;
  readonly most: number;
  readonly ticks: readonly { readonly value: number; readonly label: string }[];
  /** It does not begin at zero. */
  readonly isCut: boolean;
}

export interface Reach {
  readonly least: number;
  readonly most: number;
}

export interface AmountOrder {
  /** Whether the axis has to reach zero. */
  readonly zero: boolean;
  /** Whether the series lie on one another. */
  readonly isStacked: boolean;
  readonly ticksMax?: number;
}

const SCALES = [
  { from: 1e12, by: 1e-12, unit: "T" },
  { from: 1e9, by: 1e-9, unit: "B" },
  { from: 1e6, by: 1e-6, unit: "M" },
  { from: 1e4, by: 1e-3, unit: "k" },
] as const;

/** Ticks at round amounts, written shorter than in a table: "$20k", "4%", "1:30:00". No two are called alike. */
export function amountAxis(data: ChartData, { zero, isStacked, ticksMax = 5 }: AmountOrder): AmountAxis {
  const { series, axis } = data;
  const found = isStacked ? stackedReach(series, axis.places.length) : reachOf(series);
  const reach = zero ? withZero(found) : found;
  const most = Math.max(Math.abs(reach.least), Math.abs(reach.most));
  const style = sharedStyle(series, most);
  const isWhole = series.every(({ points }) => points.every(({ value }) => Number.isInteger(value ?? 0)));
  return ticksOf(reach, style, isWhole && style.factor === 1, ticksMax);
}

/** The axis of numbers that the places of a chart are, as their labels write them. */
export function placeAxis({ places }: Axis): AmountAxis {
  const [least, most] = [places[0]?.at ?? 0, places.at(-1)?.at ?? 0];
  const cells = places.slice(0, 50).map(({ at, label }) => ({ value: at, rendered: label }));
  const style = styleOf({ valueFormat: null }, cells) ?? WHOLE;
  const isWhole = style.factor === 1 && places.every(({ at }) => Number.isInteger(at));
  const isGrouped = style.isGrouped || !places.some(({ at }) => Math.abs(at) >= 1000);
  return ticksOf({ least, most }, style.factor < 1 ? WHOLE : { ...style, isGrouped }, isWhole, 6);
}

function ticksOf(reach: Reach, style: AxisStyle, isWhole: boolean, ticksMax: number): AmountAxis {
  const step =
    style.clock !== undefined
      ? clockStep(reach, style.clock, ticksMax)
      : roundStep(reach, style.factor, isWhole, ticksMax);
  // Of a day, as clocks are: a tenth of one is no round time.
  const unit = style.clock === undefined ? 1 : DAY_SECONDS;
  const first = Math.floor((reach.least * unit) / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil((reach.most * unit) / step - 1e-9));
  const values = Array.from({ length: last - first + 1 }, (_, index) =>
    rounded(((first + index) * step) / unit),
  );
  const most = Math.max(Math.abs(reach.least), Math.abs(reach.most));
  const written = writer(style, most, step);
  return {
    least: values[0] ?? 0,
    most: values.at(-1) ?? 1,
    ticks: values.map((value) => ({ value, label: written(value) })),
    isCut: first > 0 || last < 0,
  };
}

/** Without what is left over of tenths; a whole number has none. */
function rounded(value: number): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(14));
}

function withZero({ least, most }: Reach): Reach {
  return { least: Math.min(0, least), most: Math.max(0, most) };
}

/** 1, 2, 2.5 or 5 times a power of ten. */
function roundStep({ least, most }: Reach, factor: number, isWhole: boolean, ticksMax: number): number {
  const span = (isOneValue({ least, most }) ? Math.abs(most) : most - least) * factor || 1;
  const rough = span / (ticksMax - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  for (const times of [1, 2, 2.5, 5, 10, 20, 50]) {
    const step = Number((times * power).toPrecision(3));
    const count = Math.ceil((most * factor) / step - 1e-9) - Math.floor((least * factor) / step + 1e-9) + 1;
    if (count <= ticksMax && (!isWhole || Number.isInteger(step))) return step / factor;
  }
  return Math.max(isWhole ? 1 : 0, 100 * power) / factor;
}

const STEPS_SECONDS = [1, 2, 5, 10, 15, 30]
  .flatMap((step) => [step, step * 60])
  .concat([1, 2, 3, 4, 6, 12, 24, 48, 120, 240, 600, 1200, 2400, 6000].map((hours) => hours * 3600))
  .sort((a, b) => a - b);
const DAY_SECONDS = 86_400;

/** In seconds; none that the clock does not show: "0:00" twice in a row says nothing. */
function clockStep({ least, most }: Reach, clock: ClockStyle, ticksMax: number): number {
  const span = (most - least) * DAY_SECONDS;
  const longest = STEPS_SECONDS.at(-1) ?? 1;
  // Of lengths beyond all reason a double holds no smaller steps.
  const finest = Math.max(leastOf(clock), Math.max(-least, most) * DAY_SECONDS * 1e-10);
  const fits = (seconds: number) =>
    seconds >= finest &&
    Math.ceil((most * DAY_SECONDS) / seconds - 1e-9) - Math.floor((least * DAY_SECONDS) / seconds + 1e-9) <
      ticksMax;
  return (
    STEPS_SECONDS.find(fits) ??
    Math.max(1, Math.ceil(span / longest / (ticksMax - 1)), Math.ceil(finest / longest)) * longest
  );
}

type AxisStyle = Pick<NumberStyle, "prefix" | "suffix" | "factor" | "separators" | "clock"> & {
  readonly isGrouped?: boolean;
};

function writer(style: AxisStyle, most: number, step: number): (value: number) => string {
  if (style.clock !== undefined) {
    const full = { ...WHOLE, ...style };
    return (value) => signed(write(value, full));
  }
  const shorter = SCALES.find(({ from }) => style.factor === 1 && most >= from);
  // Not where it takes more letters: 1,000,000,000,000,000 and one more.
  const scale = shorter !== undefined && step * shorter.by >= 1e-4 ? shorter : undefined;
  const by = style.factor * (scale?.by ?? 1);
  const decimals = decimalsOf(step * by);
  const full = (isZero: boolean): NumberStyle => ({
    ...style,
    factor: by,
    suffix: `${isZero ? "" : (scale?.unit ?? "")}${style.suffix}`,
    decimalsMin: isZero ? 0 : decimals,
    decimalsMax: decimals,
    isGrouped: style.isGrouped ?? true,
  });
  return (value) => signed(write(value, full(value === 0)));
}

function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 12; decimals += 1) {
    if (Math.abs(step * 10 ** decimals - Math.round(step * 10 ** decimals)) < 1e-6) return decimals;
  }
  return 12;
}

/** With a minus, which is as wide as a digit. */
export function signed(words: string): string {
  return words.replace(/^(\D*)-(?=\D*\d)/, "$1−");
}

const LETTERS_MAX = 8;

/** The value of a point at its place in the picture: as it is rendered, or "2.07B" where that is long. */
export function shortValue(value: number, rendered: string, style: AxisStyle): string {
  const letters = [...rendered].length;
  const magnitude = Math.abs(value);
  const scale = SCALES.find(({ from }) => magnitude >= from);
  if (letters <= LETTERS_MAX || scale === undefined || style.factor !== 1 || style.clock !== undefined)
    return signed(rendered);
  const digits = Math.floor(Math.log10(magnitude * scale.by)) + 1;
  const decimals = Math.max(0, 3 - digits);
  const short = { ...style, factor: scale.by, suffix: `${scale.unit}${style.suffix}`, isGrouped: true };
  const words = write(value, { ...short, decimalsMin: 0, decimalsMax: decimals });
  return words.length < rendered.length ? signed(words) : signed(rendered);
}

// Not Math.min(...): there may be more values than a call takes arguments.
export function reachOf(series: readonly DataSeries[]): Reach {
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

/** Whether a line's axis does best to begin at zero: what changes little would be flat on one. */
export function isNearZero(series: readonly DataSeries[]): boolean {
  const { least, most } = reachOf(series);
  // A single value has no range.
  if (isOneValue({ least, most })) return true;
  return least >= 0 ? least < most * 0.5 : most <= 0 && most > least * 0.5;
}

/** 0.3 and the sum of 0.1 and 0.2 are one value: between them are no ticks that could be told apart. */
function isOneValue({ least, most }: Reach): boolean {
  const areWhole = Number.isInteger(least) && Number.isInteger(most);
  return most - least <= (areWhole ? 0 : Math.max(Math.abs(least), Math.abs(most)) * 1e-11);
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
export function sharedStyle(series: readonly DataSeries[], most: number): AxisStyle {
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
      JSON.stringify(clock) === JSON.stringify(first.clock),
  );
  if (first === undefined || !agree) return WHOLE;
  const { separators, prefix, suffix, factor, clock } = first;
  const marks = separators === undefined ? {} : { separators };
  if (clock !== undefined) return { prefix, suffix, factor, clock };
  // Rendered as "12K": the axis shortens by its own rule.
  if (factor < 1) return { prefix, suffix: "", factor: 1, ...marks };
  return { prefix: oneLine(prefix, 6), suffix: spaced(suffix), factor, ...marks };
}

/** A unit keeps its distance: "1,4M €". */
function spaced(suffix: string): string {
  const words = oneLine(suffix, 10);
  return /^\s/u.test(suffix) && words !== "" ? ` ${words}` : words;
}
