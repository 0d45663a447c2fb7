/** From `start` up to, but without, `end`; a missing side is open. */
export interface Period {
  start?: Date;
  end?: Date;
}

type Term = Period | "null" | "not null";

interface Rule {
  pattern: RegExp;
  read: (groups: readonly string[], now: Date) => Term | null;
}

const UNIT = "(second|minute|hour|day|week|month|quarter|year)s?";
const COUNT = `(\\d{1,4})\\s+(?:complete\\s+)?${UNIT}`;
const DATE = "(\\d{4}[-/]\\d{2}[-/]\\d{2}(?:(?: |T)\\d{2}:\\d{2}(?::\\d{2})?)?)";
const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const DAY = `(today|yesterday|tomorrow|${WEEKDAYS.join("|")})`;

/**
 * Looker's date filter expressions over a text column `YYYY-MM-DD HH:MM:SS`, in UTC, for example `7 days` (with today),
 * `7 days ago for 7 days`, `last week`, `2026/05`, `before 2026-05-01`, `A to B` (without B), `monday`, `NULL`, joined by
 * commas or OR. Returns null where it cannot be read.
 */
export function dateFilter(column: string, expression: string, now: Date): string | null {
  const conditions: string[] = [];
  for (const text of expression.split(/\s*,\s*|\s+OR\s+/i)) {
    const term = readTerm(text.trim(), now);
    if (term === null) return null;
    conditions.push(condition(column, term));
  }
  return conditions.length === 1 ? (conditions[0] ?? null) : `(${conditions.join(" OR ")})`;
}

function readTerm(text: string, now: Date): Term | null {
  for (const rule of RULES) {
    const match = rule.pattern.exec(text);
    if (match !== null)
      return rule.read(
        match.slice(1).map((group) => (group ?? "").toLowerCase()),
        now,
      );
  }
  return null;
}

const RULES: readonly Rule[] = [
  rule("null", () => "null"),
  rule("not null", () => "not null"),
  rule(DATE, ([date]) => instant(date)),
  rule(`${DATE} to ${DATE}`, ([from, to]) => between(instant(from), instant(to))),
  rule(`${DATE} for ${COUNT}`, ([date, count, unit]) => lasting(instant(date)?.start, count, unit)),
  rule(`before ${DATE}`, ([date]) => onSide("before", instant(date)?.start)),
  rule(`after ${DATE}`, ([date]) => onSide("after", instant(date)?.start)),
  rule("(?:FY)?(\\d{4})", ([year]) => lasting(month(year, "1"), "1", "year")),
  rule("(?:FY)?(\\d{4})[-/]q([1-4])", ([year, quarter]) =>
    lasting(month(year, `${Number(quarter) * 3 - 2}`), "1", "quarter"),
  ),
  rule("(\\d{4})[-/](0[1-9]|1[0-2])", ([year, name]) => lasting(month(year, name), "1", "month")),
  rule(`(\\d{4})[-/](0[1-9]|1[0-2]) for (\\d{1,4}) ${UNIT}`, ([year, name, count, unit]) =>
    lasting(month(year, name), count, unit),
  ),
  rule(DAY, ([day], now) => lasting(namedDay(day, now), "1", "day")),
  rule(`${DAY} for ${COUNT}`, ([day, count, unit], now) => lasting(namedDay(day, now), count, unit)),
  rule(`(before|after) ${DAY}`, ([side, day], now) => onSide(side, namedDay(day, now))),
  rule(`(this|last|next) ${UNIT}`, ([which, unit], now) => lasting(neighbour(which, unit, now), "1", unit)),
  rule(`(before|after) (this|last|next) ${UNIT}`, ([side, which, unit], now) =>
    onSide(side, neighbour(which, unit, now)),
  ),
  rule(`this ${UNIT} to ${UNIT}`, ([from, to], now) => ({
    start: floor(now, unitOf(from)),
    end: floor(now, unitOf(to)),
  })),
  // Seven days, and the last seven, are today and the six before; seven complete days end before today.
  rule(`(?:last )?(\\d{1,4}) ${UNIT}`, ([count, unit], now) =>
    lasting(shifted(now, 1 - Number(count), unit), count, unit),
  ),
  rule(`(\\d{1,4}) complete ${UNIT}`, ([count, unit], now) =>
    lasting(shifted(now, -Number(count), unit), count, unit),
  ),
  rule(`next (\\d{1,4}) ${UNIT}`, ([count, unit], now) => lasting(shifted(now, 1, unit), count, unit)),
  rule(`${COUNT} (ago|from now)`, ([count, unit, way], now) =>
    lasting(away(now, count, unit, way), "1", unit),
  ),
  rule(`${COUNT} (ago|from now) for ${COUNT}`, ([count, unit, way, lengthCount, lengthUnit], now) =>
    lasting(away(now, count, unit, way), lengthCount, lengthUnit),
  ),
  rule(`(before|after) ${COUNT}(?: (ago|from now))?`, ([side, count, unit, way], now) =>
    onSide(side, away(now, count, unit, way)),
  ),
];

function rule(pattern: string, read: Rule["read"]): Rule {
  return { pattern: new RegExp(`^${pattern.replaceAll(" ", "\\s+")}$`, "i"), read };
}

function condition(column: string, term: Term): string {
  if (term === "null") return `${column} IS NULL`;
  if (term === "not null") return `${column} IS NOT NULL`;
  const sides: string[] = [];
  if (term.start !== undefined) sides.push(`${column} >= '${sqlTime(term.start)}'`);
  if (term.end !== undefined) sides.push(`${column} < '${sqlTime(term.end)}'`);
  return `(${sides.join(" AND ")})`;
}

function sqlTime(time: Date): string {
  return time.toISOString().slice(0, 19).replace("T", " ");
}

/** A day, minute or second written out: as long as its last part. Null for a day that no calendar has. */
function instant(text: string | undefined): { start: Date; end: Date } | null {
  const [day = "", clock] = (text ?? "").replaceAll("/", "-").split(/\s+|t/);
  const full = clock === undefined ? "00:00:00" : clock.length === 5 ? `${clock}:00` : clock;
  const start = new Date(`${day}T${full}Z`);
  if (Number.isNaN(start.getTime()) || start.toISOString().slice(0, 10) !== day) return null;
  const unit: Unit = clock === undefined ? "day" : clock.length === 5 ? "minute" : "second";
  return { start, end: add(start, 1, unit) };
}

function month(year: string | undefined, name: string | undefined): Date {
  return new Date(Date.UTC(Number(year), Number(name) - 1));
}

function namedDay(name: string | undefined, now: Date): Date {
  const today = floor(now, "day");
  if (name === "yesterday") return add(today, -1, "day");
  if (name === "tomorrow") return add(today, 1, "day");
  const weekday = WEEKDAYS.indexOf(name ?? "");
  if (weekday < 0) return today;
  // A weekday is the latest one, today included.
  return add(today, -((((today.getUTCDay() + 6) % 7) - weekday + 7) % 7), "day");
}

function neighbour(which: string | undefined, unit: string | undefined, now: Date): Date {
  return shifted(now, which === "last" ? -1 : which === "next" ? 1 : 0, unit);
}

function away(now: Date, count: string | undefined, unit: string | undefined, way: string | undefined): Date {
  return shifted(now, way?.startsWith("from") ? Number(count) : -Number(count), unit);
}

function shifted(now: Date, count: number, unit: string | undefined): Date {
  return add(floor(now, unitOf(unit)), count, unitOf(unit));
}

function lasting(
  start: Date | undefined,
  count: string | undefined,
  unit: string | undefined,
): Period | null {
  return start === undefined ? null : { start, end: add(start, Number(count), unitOf(unit)) };
}

function onSide(side: string | undefined, edge: Date | undefined): Period | null {
  if (edge === undefined) return null;
  return side === "before" ? { end: edge } : { start: edge };
}

function between(from: Period | null, to: Period | null): Period | null {
  return from?.start === undefined || to?.start === undefined ? null : { start: from.start, end: to.start };
}

function unitOf(name: string | undefined): Unit {
  return (name ?? "day") as Unit;
}

type Unit = "second" | "minute" | "hour" | "day" | "week" | "month" | "quarter" | "year";

const FIXED_MS = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const;

/** The start of the unit that `time` lies in, in UTC. Weeks start on Monday. */
function floor(time: Date, unit: Unit): Date {
  const year = time.getUTCFullYear();
  const month = time.getUTCMonth();
  switch (unit) {
    case "year":
      return new Date(Date.UTC(year, 0));
    case "quarter":
      return new Date(Date.UTC(year, Math.floor(month / 3) * 3));
    case "month":
      return new Date(Date.UTC(year, month));
    case "week":
      return new Date(Date.UTC(year, month, time.getUTCDate() - ((time.getUTCDay() + 6) % 7)));
    default:
      return new Date(Math.floor(time.getTime() / FIXED_MS[unit]) * FIXED_MS[unit]);
  }
}

/** `time` moved by whole units; a day that the target month lacks becomes the month's last day. */
function add(time: Date, count: number, unit: Unit): Date {
  if (unit !== "month" && unit !== "quarter" && unit !== "year") {
    return new Date(time.getTime() + count * FIXED_MS[unit]);
  }
  const months = count * { month: 1, quarter: 3, year: 12 }[unit];
  const first = new Date(Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + months));
  const daysInMonth = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  const day = Math.min(time.getUTCDate(), daysInMonth);
  return new Date(
    first.getTime() + (day - 1) * FIXED_MS.day + (time.getTime() - floor(time, "day").getTime()),
  );
}
