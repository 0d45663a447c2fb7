import type { Separators } from "../rules/numbers/separators.ts";

/** How a language writes numbers and lists. */
interface NumberHabits {
  /** BCP 47, for `Intl`. */
  readonly tag: string;
  readonly separators: Separators;
  /** What follows the digits of a percentage: "%", with the space before it. */
  readonly percent: string;
  /** From bytes to terabytes. */
  readonly sizes: readonly string[];
  /** `gap`: around the units of a time. */
  readonly times: { readonly gap: string; readonly h: string; readonly min: string; readonly s: string };
  readonly comma: string;
  readonly and: string;
  readonly or: string;
  /** The end of a list that is cut: "12 more". */
  more(number: string): string;
}

export interface NumberPhrases {
  /** Of numbers that Looker names no others for. */
  readonly separators: Separators;
  /** 12431 -> "12,431" */
  count(number: number): string;
  /** "2.5" -> "2.5%": of digits that are written already. */
  percent(digits: string): string;
  /** Decimal units, as mail providers and disks count: 18_000_000 -> "18 MB". */
  bytes(number: number): string;
  /** 950 -> "0.9 s"; 83_000 -> "1 min 23 s"; 4_000_000 -> "1 h 6 min". */
  duration(ms: number): string;
  /** "ana@example.com", "ana, ben and cy", "ana, ben, cy and 12 more". */
  listed(names: readonly string[], max?: number): string;
  /** "a", "a or b", "a, b or c". */
  either(words: readonly string[]): string;
}

export function numberPhrases(habits: NumberHabits): NumberPhrases {
  const { tag, separators, percent, times, comma } = habits;
  const { gap } = times;
  const format = new Intl.NumberFormat(tag);
  const count = (number: number) => format.format(number);
  const joined = (words: readonly string[], last: string) =>
    words.length < 2 ? words.join("") : `${words.slice(0, -1).join(comma)}${last}${words.at(-1)}`;
  return {
    separators,
    count,
    percent: (digits) => `${digits}${percent}`,
    bytes(number) {
      let value = number;
      let unit = 0;
      while (value >= 999.5 && unit < habits.sizes.length - 1) {
        value /= 1000;
        unit += 1;
      }
      const digits = value.toFixed(unit === 0 || value >= 99.5 ? 0 : 1).replace(/\.0$/, "");
      return `${digits.replace(".", separators.decimal)} ${habits.sizes[unit]}`;
    },
    duration(ms) {
      const seconds = ms / 1000;
      if (seconds < 59.95) return `${seconds.toFixed(1).replace(".", separators.decimal)}${gap}${times.s}`;
      const whole = Math.round(seconds);
      const [minutes, hours] = [Math.floor(whole / 60), Math.floor(whole / 3600)];
      if (whole < 3600) return [minutes, times.min, whole % 60, times.s].join(gap);
      return [hours, times.h, minutes % 60, times.min].join(gap);
    },
    listed(names, max = 5) {
      const shown = names.length > max ? names.slice(0, max - 1) : names;
      const more = names.length - shown.length;
      return joined(more > 0 ? [...shown, habits.more(count(more))] : shown, habits.and);
    },
    either: (words) => joined(words, habits.or),
  };
}
