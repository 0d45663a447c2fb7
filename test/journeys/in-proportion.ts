import { expect, test } from "vitest";

/** What each parser of texts that others write is fed with, again and again: what its patterns may begin with, and never find the end of. */
const UNITS: readonly string[] = [
  ..." \t\n\r\"'`<>()[]{}=+-*/\\|_~#@!%&,.:;?$^aAx019é",
  "\r\n",
  " \n",
  "\n\n",
  "- ",
  "> ",
  "a ",
  "a@",
  "a@b.",
  "@a,",
  '"\\',
  "<a",
  "<title",
  "<script",
  "<!--",
  "</",
  "{{",
  "{%",
  "${",
  "${A:-",
  "{a: ",
  "[a, ",
  "![",
  "](",
  "*a",
  "_a ",
  "``` ",
  "1,",
  "0.",
  "#,",
  "[$",
  "1. ",
  "://",
  "a://",
  "a://a:",
  "token",
  "token:",
  "api_key ",
  "xoxb-",
  "field ",
  "unknown field ",
  " – ",
  "T ",
  "e\u0301",
  "\u200b",
  "\u00a0",
  "😀",
  "' ",
  "('",
  "&#",
  "&lt",
  "&amp;",
  "%3",
  "%%",
  "\\u",
  "=?",
  "limit ",
  "line 1 ",
  "450 4.",
  "0/",
  "/looks/1",
  "/dashboards/a",
  "&qid=0",
  "/x/a",
  "-01",
  "2026-",
  "1e",
  "s.0",
  ":a:",
  "\u202e",
  "\ud83d",
  "\u0000",
  "\u2028",
  "日",
  "ا",
];

/** The least time of a few, in milliseconds of this process: what else the machine does does not count. */
function cost(work: () => unknown, times: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let time = 0; time < times; time += 1) {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

/**
 * What can be measured at all on a busy machine. What is quadratic and takes less for 10 kB than a fifth of it takes less than a second for
 * 1 MB: no one waits for it.
 */
const FLOOR_MS = 1;
/** On top of what is in proportion. What is read again from each character takes a hundred times as long for ten times as much. */
const SLACK = 8;

/** Small texts may be quicker for each character, once: what is quadratic takes ten times as much again beyond the middle size. */
const MIDDLE_SLACK = 2.5;

/** Looks linear at a tenth of the largest size: no more than this beyond what is in proportion. */
const LINEAR = 1.5;
/** How many of those that look linear are tried at the largest size nevertheless: the costliest. */
const COSTLIEST = 10;

/** Of each next size as a multiple of the smallest. */
type Steps = readonly [middle: number, largest: number];

interface Tried {
  readonly text: (size: number) => string;
  /** The smallest size. */
  readonly size: number;
  /** Milliseconds of the smallest size, but no less than can be measured. */
  readonly smallMs: () => number;
  /** Milliseconds of the middle size. */
  readonly ms: number;
}

/**
 * What is worse than linear is found at the middle size, before it takes minutes for the largest, or is beginning to be seen there: the
 * largest is for what is not clear by then.
 */
function slowOn(
  parse: (text: string) => unknown,
  units: readonly string[],
  smallest: (text: Tried["text"]) => number,
  [middle, largest]: Steps,
): string[] {
  const texts = units.flatMap((unit) => [
    (size: number) => unit.repeat(Math.ceil(size / unit.length)),
    (size: number) => `x${unit.repeat(Math.ceil(size / unit.length))}x\u0001`,
  ]);
  const tried = texts.map((text): Tried => {
    const size = smallest(text);
    return {
      text,
      size,
      smallMs: small(() => parse(text(size))),
      ms: cost(() => parse(text(size * middle)), 1),
    };
  });
  const isInProportionToMiddle = ({ ms: middleMs }: Tried, ms: number, step: number) =>
    step > middle && ms <= middleMs * (step / middle) * MIDDLE_SLACK;
  const isBeyond = ({ smallMs }: Tried, ms: number, allowed: number) =>
    // Most are within what even the least that can be measured would allow: theirs is not measured.
    ms > FLOOR_MS * allowed && ms > smallMs() * allowed;
  const worse = (one: Tried, step: number, ms: number): string[] => {
    const { text, size, smallMs } = one;
    if (!isBeyond(one, ms, step * SLACK) || isInProportionToMiddle(one, ms, step)) return [];
    // Tried again before it is believed: a collection of garbage may have come in between.
    if (cost(() => parse(text(size * step)), 4) <= smallMs() * step * SLACK) return [];
    return [
      `${JSON.stringify(text(8))}: ${smallMs()} ms for ${size} characters, ${ms} ms for ${size * step}`,
    ];
  };
  const found = tried.flatMap((one) => worse(one, middle, one.ms));
  if (found.length > 0) return found;
  const ordered = tried.toSorted((one, other) => other.ms / other.size - one.ms / one.size);
  const unclear = ordered.filter((one, index) => index < COSTLIEST || isBeyond(one, one.ms, middle * LINEAR));
  return unclear.flatMap((one) =>
    worse(
      one,
      largest,
      cost(() => parse(one.text(one.size * largest)), 1),
    ),
  );
}

/** Measured when it is first asked for. */
function small(work: () => unknown): () => number {
  let ms: number | null = null;
  return () => {
    ms ??= Math.max(FLOOR_MS, cost(work, 3));
    return ms;
  };
}

export type Parsers = Readonly<Record<string, (text: string) => unknown>>;

/** Large enough for the quick ones, and small enough for those that take as long for less. */
const SMALLEST_MIN = 1_000;
const SMALLEST_MAX = 10_000;

/** The size that takes about as long as can be measured. */
function measurable(parse: (text: string) => unknown, text: Tried["text"]): number {
  const ms = cost(() => parse(text(SMALLEST_MIN)), 4);
  const size = Math.round((SMALLEST_MIN * FLOOR_MS) / Math.max(ms, 0.001));
  return Math.min(SMALLEST_MAX, Math.max(SMALLEST_MIN, size));
}

/**
 * Each parser is fed with 10 kB and 100 kB of each unit, and with 1 MB of the worst; a slow one with as much less as it takes longer. What
 * it throws is as good as what it returns.
 */
export function inProportion(parsers: Parsers): void {
  test.each(Object.entries(parsers))(
    "%s takes a time in proportion to its length, up to 1 MB",
    (_, parser) => {
      const parse = leniently(parser);
      expect(slowOn(parse, UNITS, (text) => measurable(parse, text), [10, 100])).toEqual([]);
    },
  );
}

/** For other people's code that takes long for each character: with less of it. */
export function inProportionToLittle(parsers: Parsers, units: readonly string[]): void {
  test.each(Object.entries(parsers))("%s takes a time in proportion to its length", (_, parse) => {
    expect(slowOn(leniently(parse), units, () => 1_000, [10, 30])).toEqual([]);
  });
}

function leniently(parse: (text: string) => unknown): (text: string) => unknown {
  return (text) => {
    try {
      return parse(text);
    } catch {
      return null;
    }
  };
}
