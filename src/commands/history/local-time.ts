const DAY_MS = 24 * 60 * 60 * 1000;
/** Within so many days a weekday's name is not ambiguous. */
const WEEKDAY_DAYS_MAX = 6;

/** A moment as a person says it, in a zone (undefined: this machine's): "08:05" today, "Mon 08:05" in the days around, else "2026-11-30 08:05". */
export function shortTime(date: Date, now: Date, zone: string | undefined): string {
  const [day, time] = exactTime(date, zone).slice(0, "2026-11-16 08:00".length).split(" ");
  if (exactTime(now, zone).startsWith(`${day} `)) return `${time}`;
  if (Math.abs(date.getTime() - now.getTime()) > WEEKDAY_DAYS_MAX * DAY_MS) return `${day} ${time}`;
  return `${new Intl.DateTimeFormat("en-US", { timeZone: zone, weekday: "short" }).format(date)} ${time}`;
}

/** "2026-11-16 08:00:03". */
export function exactTime(date: Date, zone: string | undefined): string {
  // Sweden writes dates as ISO 8601 does.
  const format = new Intl.DateTimeFormat("sv-SE", {
    timeZone: zone,
    dateStyle: "short",
    timeStyle: "medium",
  });
  return format.format(date);
}
