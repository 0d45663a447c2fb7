import type { Axis } from "../chart/axis.ts";
import { dateTicks } from "../chart/date-ticks.ts";
import { LETTERS, WIDTH } from "../chart/style.ts";
import { placeAxis } from "./amounts.ts";
import { LABEL_DROP, within } from "./frame.ts";
import { LINE, lines, text } from "./svg.ts";
import { fitted, type Ruler, widest, wrapped } from "./words.ts";

/** Labels below a plot. */
export interface PlaceLabels {
  readonly svg: string;
  /** From the foot of the plot. */
  readonly height: number;
  /** Where an axis has ticks. */
  readonly at: readonly number[];
}

interface Across {
  readonly axis: Axis;
  /** The foot of the plot. */
  readonly bottom: number;
  readonly ruler: Ruler;
  /** The horizontal middle of a place. */
  xOf(at: number): number;
}

const TICKS_MAX = 6;
const APART = 14;

/** As many dates as there is room for. `only`: dates of the data, since each is the place of a bar. */
export function dateLabels({ axis, bottom, ruler, xOf }: Across, only: boolean): PlaceLabels {
  const ats = axis.places.map(({ at }) => at);
  for (let most = TICKS_MAX; ; most -= 1) {
    const ticks = dateTicks(ats, axis.grain ?? "day", only, most).map(({ at, rows }) => {
      const width = widest(rows, ruler);
      return { rows, width, x: xOf(at), middle: within(xOf(at), width) };
    });
    const isApart = ticks.every(({ middle, width }, index) => {
      const before = ticks[index - 1];
      return before === undefined || middle - width / 2 > before.middle + before.width / 2 + APART;
    });
    if (!isApart && most > 1) continue;
    const y = bottom + LABEL_DROP;
    const svg = ticks.map(({ middle, rows }) => lines({ x: middle, y, anchor: "middle" }, rows));
    const more = ticks.some(({ rows }) => rows.length > 1) ? LINE : 0;
    return { svg: svg.join(""), height: LABEL_DROP + more + 6, at: ticks.map(({ x }) => x) };
  }
}

const NAMED_BY_THREE = new Set(
  "Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July August September October November December".split(
    " ",
  ),
);

/** Each label whole on one line or two, of days and months as usual in three letters; null where there is no room for that. */
export function whole(
  labels: readonly string[],
  width: number,
  ruler: Ruler,
): readonly (readonly string[])[] | null {
  const rows = labels.map((label) => wrapped(label, width, ruler));
  const isWhole = (all: readonly (readonly string[] | null)[]): all is readonly (readonly string[])[] =>
    !all.includes(null);
  if (isWhole(rows)) return rows;
  if (!labels.every((label) => NAMED_BY_THREE.has(label))) return null;
  const short = labels.map((label) => wrapped(label.slice(0, 3), width, ruler));
  return isWhole(short) ? short : null;
}

export function wordLabels(rows: readonly (readonly string[])[], { axis, bottom, xOf }: Across): PlaceLabels {
  const y = bottom + LABEL_DROP;
  const svg = rows.map((words, index) =>
    lines({ x: xOf(axis.places[index]?.at ?? 0), y, anchor: "middle" }, words),
  );
  const most = Math.max(1, ...rows.map(({ length }) => length));
  return { svg: svg.join(""), height: LABEL_DROP + (most - 1) * LINE + 6, at: [] };
}

const SLANT = 38;
const SLANTED_WIDTH_MAX = 200;

/** Words along an axis that has to be upright: slanted where they have no room, and only some of very many. */
export function linedWordLabels(across: Across, step: number): PlaceLabels {
  const { axis, bottom, ruler, xOf } = across;
  const labels = axis.places.map(({ label }) => label);
  const rows = whole(labels, Math.max(step - 8, 0), ruler);
  if (rows !== null) return wordLabels(rows, across);
  const every = Math.max(1, Math.ceil((LETTERS * 1.5) / step));
  const shown = axis.places.filter((_, index) => (labels.length - 1 - index) % every === 0);
  const short = fitted(
    shown.map(({ label }) => label),
    { width: SLANTED_WIDTH_MAX, isDouble: false },
    ruler,
  ).map(([words = ""]) => words);
  const turn = (SLANT * Math.PI) / 180;
  const svg = shown.map(({ at }, index) =>
    text({
      x: xOf(at) + 4,
      y: bottom + LETTERS + 2,
      words: short[index] ?? "",
      anchor: "end",
      angle: -SLANT,
    }),
  );
  const longest = widest(short, ruler);
  return {
    svg: svg.join(""),
    height: Math.sin(turn) * longest + LETTERS + 12,
    at: shown.map(({ at }) => xOf(at)),
  };
}

/** How far to the left slanted labels of a first place reach. */
export function slantedReach(labels: readonly string[], ruler: Ruler): number {
  const first = Math.min(SLANTED_WIDTH_MAX, ruler(labels[0] ?? ""));
  return Math.min(WIDTH / 4, first * Math.cos((SLANT * Math.PI) / 180));
}

/** Figures along an axis of numbers, and below them, at the right end, what they are. */
export function numberLabels({ axis, bottom, ruler, xOf }: Across, title: string): PlaceLabels {
  const { ticks } = placeAxis(axis);
  const y = bottom + LABEL_DROP;
  const svg = ticks.map(({ value, label }) =>
    text({ x: within(xOf(value), ruler(label)), y, words: label, anchor: "middle" }),
  );
  const [words = ""] = fitted([title], { width: WIDTH, isDouble: false }, ruler)[0] ?? [];
  const name = text({ x: WIDTH, y: y + LINE, words, anchor: "end" });
  return {
    svg: `${svg.join("")}${name}`,
    height: LABEL_DROP + LINE + 6,
    at: ticks.map(({ value }) => xOf(value)),
  };
}

/** Where an axis begins and ends: one of numbers at round ones. */
export function endsOf(axis: Axis): readonly [first: number, last: number] {
  if (axis.kind !== "number") return [axis.places[0]?.at ?? 0, axis.places.at(-1)?.at ?? 0];
  const { least, most } = placeAxis(axis);
  return [least, most];
}
