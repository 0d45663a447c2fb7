import { Temporal } from "temporal-polyfill";
import { ReportError } from "../core/error.ts";

/**
 * The tick of a run, or its day, in templates. It prints itself; the `date` filter and those of periods read it. A template cannot
 * access its properties.
 */
export class Moment {
  readonly #at: Temporal.ZonedDateTime;
  readonly #isDay: boolean;

  private constructor(at: Temporal.ZonedDateTime, isDay: boolean) {
    this.#at = at;
    this.#isDay = isDay;
  }

  static ofTick(dueAt: Date, timezone: string): Moment {
    const instant = Temporal.Instant.fromEpochMilliseconds(dueAt.getTime());
    return new Moment(instant.toZonedDateTimeISO(timezone), false);
  }

  /** Noon, which is the same day in every zone. */
  static ofDay(day: Temporal.PlainDate): Moment {
    return new Moment(day.toZonedDateTime({ timeZone: "UTC", plainTime: "12:00" }), true);
  }

  /** What the date filters accept: a moment, a date or a date and time (ISO 8601), or seconds since 1970. Throws ReportError `config`. */
  static from(value: unknown, timezone: string): Moment {
    if (value instanceof Moment) return value;
    const text = String(value ?? "").trim();
    try {
      if (/^-?\d{1,12}$/.test(text)) return Moment.ofTick(new Date(Number(text) * 1000), timezone);
      if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Moment.ofDay(Temporal.PlainDate.from(text));
      if (/(Z|[+-]\d{2}:?\d{2})$/i.test(text))
        return Moment.ofTick(new Date(Temporal.Instant.from(text).epochMilliseconds), timezone);
      const local = Temporal.PlainDateTime.from(text).toZonedDateTime(timezone);
      return new Moment(local, false);
    } catch (cause) {
      const isNow = text === "now" || text === "today";
      throw new ReportError(`"${text}" is not a date here`, {
        code: "config",
        advice: isNow
          ? "A run speaks of its tick, however late it is: write run.due_at or run.date."
          : "Write run.due_at, run.date, or a date as 2026-11-16.",
        cause,
      });
    }
  }

  get day(): Temporal.PlainDate {
    return this.#at.toPlainDate();
  }

  /** Whether it has no time of day. */
  get isDay(): boolean {
    return this.#isDay;
  }

  /** For a day, its noon in UTC. */
  get at(): Temporal.ZonedDateTime {
    return this.#at;
  }

  toString(): string {
    if (this.#isDay) return this.day.toString();
    return this.#at.toString({ smallestUnit: "second", timeZoneName: "never" });
  }

  toJSON(): string {
    return this.toString();
  }
}
