import { createTask, parse } from "node-cron";

/** A crontab as it is asked day by day: node-cron reads the fields, and says what L, W and # mean. */
export interface Crontab {
  /** Minutes after midnight, ascending. */
  readonly minutes: readonly number[];
  /** Bit h is set where hour h follows `*` or a step and is not named by itself: such hours go by elapsed time. */
  readonly hoursByElapsedTime: number;
  readonly months: ReadonlySet<number>;
  readonly dayOfMonth: DayField;
  readonly dayOfWeek: DayField;
}

interface DayField {
  /** It begins with `*` (or is `?`), and so restricts nothing of its own where the other field does. */
  readonly isOpen: boolean;
  /** `number` is the day of the month or of the week, `midnight` the same day as a moment in UTC. */
  readonly has: (number: number, midnight: Date) => boolean;
}

const DAY_MS = 24 * 3_600_000;
const EVERY_HOUR = 2 ** 24 - 1;

export function parseCrontab(cron: string): Crontab {
  const [, hour = "*", day = "*", month = "*", weekday = "*"] = cron.split(" ");
  const fields = parse(cron);
  const minutes = fields.hour.flatMap((hour) => fields.minute.map((minute) => hour * 60 + minute));
  return {
    minutes: [...new Set(minutes)].sort((a, b) => a - b),
    hoursByElapsedTime: hoursByElapsedTime(hour),
    months: new Set(fields.month),
    dayOfMonth: dayField(day, fields.dayOfMonth, `0 0 ${day} ${month} *`),
    dayOfWeek: dayField(weekday, fields.dayOfWeek, `0 0 * ${month} ${weekday}`),
  };
}

/** Days are counted from 1970-01-01, as local dates: what a calendar shows, without a zone. */
export function fallsOn({ months, dayOfMonth, dayOfWeek }: Crontab, day: number): boolean {
  const midnight = new Date(day * DAY_MS);
  if (!months.has(midnight.getUTCMonth() + 1)) return false;
  const isDay = dayOfMonth.has(midnight.getUTCDate(), midnight);
  if (!isDay && (dayOfMonth.isOpen || dayOfWeek.isOpen)) return false;
  const isWeekday = dayOfWeek.has(midnight.getUTCDay(), midnight);
  // As Vixie cron: where both fields name days, one of them is enough.
  return dayOfMonth.isOpen || dayOfWeek.isOpen ? isWeekday : isDay || isWeekday;
}

export function goesByElapsedTime({ hoursByElapsedTime }: Crontab, minute: number): boolean {
  return ((hoursByElapsedTime >> Math.floor(minute / 60)) & 1) === 1;
}

function hoursByElapsedTime(field: string): number {
  let open = 0;
  let named = 0;
  for (const item of field.split(",")) {
    const hours = parse(`0 ${item} * * *`).hour.reduce((bits, hour) => bits | (1 << hour), 0);
    if (/[*/]/.test(item) || hours === EVERY_HOUR) open |= hours;
    else named |= hours;
  }
  return open & ~named;
}

function dayField(field: string, values: readonly (number | string)[], alone: string): DayField {
  const isOpen = field.startsWith("*") || field === "?";
  const numbers = new Set(values.filter((value) => typeof value === "number"));
  if (numbers.size === new Set(values).size) return { isOpen, has: (number) => numbers.has(number) };
  const task = createTask(alone, () => undefined, { timezone: "UTC" });
  return { isOpen, has: (_number, midnight) => task.match(midnight) };
}
