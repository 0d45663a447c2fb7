import type { Problem } from "../model/problem.ts";

const UNITS: Readonly<Record<string, number>> = {
  B: 1,
  KB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KIB: 2 ** 10,
  MIB: 2 ** 20,
  GIB: 2 ** 30,
  TIB: 2 ** 40,
};

/** What a size may be, as a person writes it. */
export interface SizeLimits {
  readonly least: string;
  readonly most: string;
}

/** Reads "18MB", "25 MB", "500kB", "1.5 MiB" as bytes; null for anything else. Units without an i are decimal, as disks count. */
export function readSize(text: string): number | null {
  const [, number, unit] = /^\s*(\d{1,12}(?:\.\d{1,6})?)\s*([a-z]{1,3})\s*$/i.exec(text) ?? [];
  const factor = unit === undefined ? undefined : UNITS[unit.toUpperCase()];
  return factor === undefined ? null : Math.floor(Number(number) * factor);
}

/** "2GB" in bytes, or what is wrong with it. */
export function parseSize(text: string, { least, most }: SizeLimits): number | Problem {
  const written = text.trim();
  const bytes = readSize(written);
  if (bytes === null) return notASize(written);
  if (bytes < (readSize(least) ?? 0))
    return { message: `"${written}" is too small`, advice: `Write at least ${least}.` };
  if (bytes > (readSize(most) ?? Number.POSITIVE_INFINITY))
    return { message: `"${written}" is too large`, advice: `Write at most ${most}.` };
  return bytes;
}

/** The longest that someone may mean megabytes by. */
const DIGITS_MAX = 4;

function notASize(text: string): Problem {
  if (!/^\d{1,12}$/.test(text))
    return { message: `"${text}" is not a size`, advice: "Write a number and its unit, as in 500MB or 2GB." };
  const choice =
    text.length <= DIGITS_MAX
      ? `${text}MB for megabytes or ${text}GB for gigabytes`
      : `${text}B for bytes, or a larger unit, as in 2GB`;
  return { message: `"${text}" has no unit`, advice: `Write ${choice}.` };
}
