/** How a length of time is written: "0:45:00" of 0.03125 days. Hours, minutes and seconds, the largest first, with what stands between. */
export interface ClockStyle {
  readonly parts: readonly ClockPart[];
}

interface ClockPart {
  /** In seconds: 3600, 60 or 1. */
  readonly unit: number;
  /** Digits that there are at least. */
  readonly digits: number;
  /** Of a second, if this is the seconds. */
  readonly decimals: number;
  /** What follows it: ":", " min". */
  readonly after: string;
}

const DAY_SECONDS = 86_400;
const UNITS: Readonly<Record<string, number>> = { h: 3600, m: 60, s: 1 };
/** Quoted words, an escaped letter, a unit of elapsed time in brackets, letters of a unit, tenths and so on of a second, or a letter. */
const TOKEN = /"([^"]*)"|\\(.)|\[(h+|m+|s+)\]|(h+|m+|s+)|(\.0+)|(.)/gis;

/**
 * The length of time that a section of a value_format shows, as Excel writes it ("h:mm:ss", "[h]:mm", "mm:ss.0"); null for anything
 * else, a time of the day ("h:mm AM/PM") included. `m` on its own is a month.
 */
export function clockIn(section: string): ClockStyle | null {
  const parts: ClockPart[] = [];
  const tokens = [...section.matchAll(TOKEN)];
  for (const [, quoted, escaped, elapsed, letters, tenths, other] of tokens) {
    const last = parts.at(-1);
    const name = elapsed ?? letters;
    const next =
      name !== undefined
        ? partNamed(name, last)
        : last === undefined
          ? null
          : tenths !== undefined
            ? withTenths(last, tenths)
            : withWords(last, quoted ?? escaped, other);
    if (next === null) return null;
    if (name === undefined) parts.pop();
    parts.push(next);
  }
  const isElapsed = tokens.some(([, , , elapsed]) => elapsed !== undefined);
  return parts.length > 1 || (parts.length === 1 && isElapsed) ? { parts } : null;
}

/** Each is one smaller than the one before: hours and seconds alone are no length of time. */
function partNamed(name: string, last: ClockPart | undefined): ClockPart | null {
  const unit = UNITS[name.charAt(0).toLowerCase()] ?? 0;
  if (name.length > 2 || (last !== undefined && unit * 60 !== last.unit)) return null;
  return { unit, digits: name.length, decimals: 0, after: "" };
}

function withTenths(last: ClockPart, tenths: string): ClockPart | null {
  return last.unit === 1 && last.after === "" ? { ...last, decimals: tenths.length - 1 } : null;
}

function withWords(last: ClockPart, words: string | undefined, letter = ""): ClockPart | null {
  if (words === undefined && /[a-z0-9#?@%/]/i.test(letter)) return null;
  return { ...last, after: last.after + (words ?? letter) };
}

/**
 * A number of days as a length of time, without a sign. The largest unit counts on beyond what it has on a clock: 30 hours in "h:mm"
 * are "30:00", since what is written is a length, and no time of the day.
 */
export function writeClock(days: number, { parts }: ClockStyle): string {
  const least = leastOf({ parts });
  // Rounded once, in steps of the smallest unit shown: 59.7 seconds are "1:00", not "0:60".
  let steps = Math.round((Math.abs(days) * DAY_SECONDS) / least);
  return parts
    .map(({ unit, digits, decimals, after }) => {
      const size = Math.max(1, Math.round(unit / least));
      const isSmallest = decimals > 0 || unit === parts.at(-1)?.unit;
      const amount = isSmallest ? (steps * least) / unit : Math.floor(steps / size);
      steps -= isSmallest ? 0 : amount * size;
      const text = amount.toFixed(decimals);
      return text.padStart(digits + (decimals > 0 ? decimals + 1 : 0), "0") + after;
    })
    .join("");
}

/** As the clock shows it: in days, rounded to its smallest unit. */
export function roundedToClock(days: number, style: ClockStyle): number {
  const least = leastOf(style);
  return (Math.round((days * DAY_SECONDS) / least) * least) / DAY_SECONDS;
}

/** The smallest step that it shows, in seconds. */
export function leastOf({ parts }: ClockStyle): number {
  const last = parts.at(-1);
  return (last?.unit ?? 1) / 10 ** (last?.decimals ?? 0);
}
