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
    const ticks = dateTicks(ats, axis, only, most).map(({ at, rows }) => {
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

/** From one place of words to the next; `alone`: of the only one. */
export function stepOf({ axis, xOf }: Pick<Across, "axis" | "xOf">, alone: number): number {
  const [first, second] = axis.places;
  return first === undefined || second === undefined ? alone : xOf(second.at) - xOf(first.at);
}

const SLANT = 38;
const SLANTED_WIDTH_MAX = 200;

/** Words along an axis that has to be upright: slanted where they have no room, and only some of very many. */
export function linedWordLabels(across: Across, step: number): PlaceLabels {
  const { axis, bottom, ruler, xOf } = across;
  const labels = axis.places.map(({ label }) => label);
  const rows = whole(labels, Math.max(step - 8, 0), ruler);
  if (rows !== null && areInside(rows, across)) return wordLabels(rows, across);
  const every = Math.max(1, Math.ceil((LETTERS * 1.5) / step));
  const shown = axis.places.filter((_, index) => (labels.length - 1 - index) % every === 0);
  const turn = (SLANT * Math.PI) / 180;
  // None reaches beyond the picture's left edge, its upper corner included: where one would, all are cut.
  const room = (at: number) => (xOf(at) + 3 - LETTERS * Math.sin(turn)) / Math.cos(turn);
  const width = shown.reduce(
    (least, { at, label }) => (ruler(label) > room(at) ? Math.min(least, room(at)) : least),
    SLANTED_WIDTH_MAX,
  );
  const short = fitted(
    shown.map(({ label }) => label),
    { width, isDouble: false },
    ruler,
  ).map(([words = ""]) => words);
  const svg = shown.map(({ at }, index) => {
    const words = short[index] ?? "";
    // What tells it from another takes more room than there is.
    if (ruler(words) > room(at)) return "";
    return text({ x: xOf(at) + 4, y: bottom + LETTERS + 2, words, anchor: "end", angle: -SLANT });
  });
  const longest = widest(short, ruler);
  return {
    svg: svg.join(""),
    height: Math.sin(turn) * longest + LETTERS + 12,
    at: shown.map(({ at }) => xOf(at)),
  };
}

/** Whether words that stand upright keep within the picture. */
function areInside(rows: readonly (readonly string[])[], { axis, ruler, xOf }: Across): boolean {
  return rows.every((words, index) => {
    const half = widest(words, ruler) / 2;
    const x = xOf(axis.places[index]?.at ?? 0);
    return x - half >= 0 && x + half <= WIDTH;
  });
}

/** What the words of a first place need to the left, where they have to be slanted. */
export function leftOf(axis: Axis, right: number, ruler: Ruler): number {
  if (axis.kind !== "word") return 0;
  const labels = axis.places.map(({ label }) => label);
  const step = (right - 40) / Math.max(1, labels.length - 1);
  return whole(labels, step - 8, ruler) === null ? slantedReach(labels, step, ruler) : 0;
}

function slantedReach(labels: readonly string[], step: number, ruler: Ruler): number {
  const reaches = labels.map(
    (label, index) =>
      Math.min(SLANTED_WIDTH_MAX, ruler(label)) * Math.cos((SLANT * Math.PI) / 180) - index * step,
  );
  return Math.min(WIDTH / 4, Math.max(0, ...reaches.slice(0, FIRST_LABELS)));
}

/** Those after them have the room of so many places. */
const FIRST_LABELS = 20;

/** Figures along an axis of numbers, and below them, at the right end, what they are. */
export function numberLabels({ axis, bottom, ruler, xOf }: Across, title: string): PlaceLabels {
  const { ticks } = placeAxis(axis);
  const y = bottom + LABEL_DROP;
  const svg = freeLabels(ticks, { xOf, ruler }).map(({ x, label }) =>
    text({ x, y, words: label, anchor: "middle" }),
  );
  const [words = ""] = fitted([title], { width: WIDTH, isDouble: false }, ruler)[0] ?? [];
  const name = text({ x: WIDTH, y: y + LINE, words, anchor: "end" });
  return {
    svg: `${svg.join("")}${name}`,
    height: LABEL_DROP + LINE + 6,
    at: ticks.map(({ value }) => xOf(value)),
  };
}

interface PlacedLabel {
  readonly x: number;
  readonly label: string;
}

/** Figures along an axis, without those that would touch the one before. */
export function freeLabels(
  ticks: readonly { readonly value: number; readonly label: string }[],
  { xOf, ruler }: Pick<Across, "xOf" | "ruler">,
): readonly PlacedLabel[] {
  let taken = Number.NEGATIVE_INFINITY;
  return ticks.flatMap(({ value, label }) => {
    const width = ruler(label);
    const x = within(xOf(value), width);
    if (x - width / 2 < taken + LABELS_APART) return [];
    taken = x + width / 2;
    return [{ x, label }];
  });
}

const LABELS_APART = 6;

/** Where an axis begins and ends: one of numbers at round ones. */
export function endsOf(axis: Axis): readonly [first: number, last: number] {
  if (axis.kind !== "number") return [axis.places[0]?.at ?? 0, axis.places.at(-1)?.at ?? 0];
  const { least, most } = placeAxis(axis);
  return [least, most];
}
