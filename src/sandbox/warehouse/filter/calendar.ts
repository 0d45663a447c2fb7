export type Unit = "second" | "minute" | "hour" | "day" | "week" | "month" | "quarter" | "year";

const FIXED_MS = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
} as const;

/** The start of the unit that `time` lies in, in UTC. Weeks start on Monday. */
export function floor(time: Date, unit: Unit): Date {
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
export function add(time: Date, count: number, unit: Unit): Date {
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
