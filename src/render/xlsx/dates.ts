/** A date as Excel keeps it: days since 1899-12-30, and the format that shows it as Looker does. */
export interface SerialDate {
  readonly serial: number;
  readonly format: string;
}

const DAY_MS = 86_400_000;
const EPOCH_MS = Date.UTC(1899, 11, 30);
// Excel takes 1900 for a leap year: before that day its serials are off by one from everybody else's.
const FIRST = Date.UTC(1900, 2, 1);
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

const WRITTEN = /^(\d{4})-(\d\d)(?:-(\d\d)(?:[ T](\d\d)(?::(\d\d)(?::(\d\d)(\.\d{1,9})?)?)?(?:Z| UTC)?)?)?$/;

/**
 * Reads a date as Looker writes it raw: "2026-11-16", "2026-11", "2026-11-16 13", "2026-11-16 13:05:41". Null for what is none, or
 * one that Excel has no number for. The time is kept as it is written: a spreadsheet knows no time zones.
 */
export function serialDate(text: string): SerialDate | null {
  const [match, year, month, day, hour, minute, second, fraction] = WRITTEN.exec(text) ?? [];
  if (match === undefined) return null;
  const seconds = Number(second ?? 0);
  const ms = Date.UTC(
    Number(year),
    Number(month) - 1,
    Number(day ?? 1),
    Number(hour ?? 0),
    Number(minute ?? 0),
    seconds,
    // Cut, not rounded: the last instant of a day is still in it.
    Number(`${(fraction ?? ".").slice(1)}000`.slice(0, 3)),
  );
  // Date.UTC carries 30 February over into March, and takes the years 0 to 99 for 1900 to 1999.
  const isReal =
    new Date(ms).toISOString().startsWith(`${year}-${month}${day === undefined ? "" : `-${day}`}`) &&
    Number(hour ?? 0) < 24 &&
    Number(minute ?? 0) < 60 &&
    seconds < 60;
  if (!isReal || ms < FIRST || ms > LAST) return null;
  return { serial: (ms - EPOCH_MS) / DAY_MS, format: formatFor(day, hour, minute, second) };
}

function formatFor(day?: string, hour?: string, minute?: string, second?: string): string {
  if (day === undefined) return "yyyy\\-mm";
  if (hour === undefined) return "yyyy\\-mm\\-dd";
  if (minute === undefined) return "yyyy\\-mm\\-dd\\ hh";
  return second === undefined ? "yyyy\\-mm\\-dd\\ hh:mm" : "yyyy\\-mm\\-dd\\ hh:mm:ss";
}
