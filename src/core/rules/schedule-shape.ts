/** A crontab as people say it. Times are "07:00", in the zone that the crontab is read in. */
export type ScheduleShape =
  | { readonly kind: "daily" | "weekdays"; readonly times: readonly string[] }
  /** 0 is Sunday. */
  | { readonly kind: "weekly"; readonly days: readonly number[]; readonly times: readonly string[] }
  /** Days of the month, or the last one. */
  | {
      readonly kind: "monthly";
      readonly days: readonly (number | "last")[];
      readonly times: readonly string[];
    };

const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
/** More of either are a list that no one reads. */
const TIMES_MAX = 3;
const DAYS_MAX = 3;

/** Null for one that takes more than a few words ("0 8 1-7 * mon"): better none than wrong ones. */
export function scheduleShape(cron: string): ScheduleShape | null {
  const [minute = "", hour = "", day = "", month = "", weekday = "", ...rest] = cron.trim().split(/\s+/);
  if (rest.length > 0 || month !== "*") return null;
  const times = timesOf(minute, hour);
  if (times === null) return null;
  const everyDay = day === "*" || day === "?";
  const everyWeekday = weekday === "*" || weekday === "?";
  if (everyDay && everyWeekday) return { kind: "daily", times };
  if (everyDay) return weekly(weekday, times);
  if (!everyWeekday) return null;
  if (/^l$/i.test(day)) return { kind: "monthly", days: ["last"], times };
  const days = numbers(day, 31);
  return days === null || days.length > DAYS_MAX || days.includes(0)
    ? null
    : { kind: "monthly", days, times };
}

function weekly(field: string, times: readonly string[]): ScheduleShape | null {
  const digits = field.toLowerCase().replace(/[a-z]{3}/g, (name) => {
    const index = WEEKDAYS.indexOf(name);
    return index < 0 ? name : String(index);
  });
  const named = numbers(digits, 7);
  if (named === null) return null;
  const days = [...new Set(named.map((each) => each % 7))].sort((a, b) => a - b);
  if (days.length === 7) return { kind: "daily", times };
  if (days.join() === "1,2,3,4,5") return { kind: "weekdays", times };
  return days.length > DAYS_MAX ? null : { kind: "weekly", days, times };
}

function timesOf(minute: string, hour: string): readonly string[] | null {
  const minutes = numbers(minute, 59);
  const hours = numbers(hour, 23);
  if (minutes === null || hours === null || minutes.length * hours.length > TIMES_MAX) return null;
  return hours.flatMap((h) => minutes.map((m) => `${two(h)}:${two(m)}`));
}

function two(number: number): string {
  return String(number).padStart(2, "0");
}

/** "1-5", "1,3", "7": ascending, each once. Null for anything else. */
function numbers(field: string, most: number): number[] | null {
  const found = new Set<number>();
  for (const item of field.split(",")) {
    const [, from = "", to = from] = /^(\d{1,2})(?:-(\d{1,2}))?$/.exec(item) ?? [];
    if (from === "" || Number(to) > most || Number(from) > Number(to)) return null;
    for (let each = Number(from); each <= Number(to); each += 1) found.add(each);
  }
  return [...found].sort((a, b) => a - b);
}
