import { quarterOf } from "../../rules/dates/date-value.ts";
import {
  type CalendarDay,
  clockTime,
  type DateWords,
  type PeriodShape,
  type SpokenDate,
  sharedBy,
} from "../dates.ts";
import type { DatePhrases } from "../en/dates.ts";

const MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(
  " ",
);
const SHORT_MONTHS = "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.".split(" ");

export const dates: DatePhrases = {
  tag: "de-DE",
  plain: (written) => written,
  unbroken: /\d{1,2}\. (?:Jan|Feb|März|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)(?:[a-z]{0,6})[.,;:]?/,

  point: ({ year, month, day, time }) =>
    `${day === null ? "" : `${day}. `}${monthName(month)} ${year}${time === null ? "" : `, ${time}`}`,
  axisDay: ({ day, month }) => `${day}. ${shortMonth(month)}`,
  axisMonth: shortMonth,
  axisQuarter: (quarter) => `Q${quarter}`,
  axisYear: (year) => `${year}`,

  word({ at, grain, iso }: SpokenDate, year: number): DateWords {
    const ofYear = at.year === year ? "" : ` ${at.year}`;
    const day = `${at.day}. ${monthName(at.month)}${ofYear}`;
    switch (grain) {
      case "time":
        return { name: `${day}, ${clockTime(at)}`, when: `am ${day} um ${clockTime(at)}` };
      case "day":
        return { name: day, when: `am ${day}` };
      case "week":
        return { name: `Woche ab ${day}`, when: `in der Woche ab ${day}` };
      case "month":
        return inThe(`${monthName(at.month)}${ofYear}`);
      case "quarter":
        return inThe(`${quarterOf(at)}. Quartal ${at.year}`);
      case "fiscal_quarter":
        return {
          name: `${quarterOf(at)}. Quartal GJ ${at.year}`,
          when: `im ${quarterOf(at)}. Quartal des Geschäftsjahrs ${at.year}`,
        };
      case "fiscal_year":
        return inThe(`Geschäftsjahr ${at.year}`);
      case "year":
        return { name: iso, when: `im Jahr ${iso}` };
    }
  },

  period(shape: PeriodShape): string {
    if (shape.kind === "years") return range(`${shape.from}`, `${shape.to}`);
    const { from, to } = shape;
    const day = (date: CalendarDay) => (shape.kind === "months" ? "" : `${date.day}. `);
    const end = `${day(to)}${monthName(to.month)} ${to.year}`;
    switch (sharedBy(shape)) {
      case "none":
        return range(`${day(from)}${monthName(from.month)} ${from.year}`, end);
      case "year":
        return range(`${day(from)}${monthName(from.month)}`, end);
      case "month":
        return shape.kind === "months" ? end : range(`${from.day}.`, end);
      case "day":
        return end;
    }
  },

  shortDay: ({ year, month, day }) => `${day}. ${shortMonth(month)} ${year}`,
  soFar: (days) => (days === null ? "bisher" : `bisher (${days.done} von ${days.all} Tagen)`),
  atTime: (day, time) => `${day}, ${time}`,
  moment: (day, time) => (day === null ? `um ${time}` : `am ${day} um ${time}`),
  dayTime: (day, time) => `${day}, ${time}`,
  until: (moment) => `bis ${moment}`,
};

function monthName(month: number): string {
  return MONTHS[month - 1] ?? String(month);
}

function shortMonth(month: number): string {
  return SHORT_MONTHS[month - 1] ?? String(month);
}

function inThe(name: string): DateWords {
  return { name, when: `im ${name}` };
}

function range(from: string, to: string): string {
  return from === to ? to : `${from} bis ${to}`;
}
