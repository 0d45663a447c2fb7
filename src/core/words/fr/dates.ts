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

const MONTHS = "janvier février mars avril mai juin juillet août septembre octobre novembre décembre".split(
  " ",
);
const SHORT_MONTHS = "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.".split(" ");

export const dates: DatePhrases = {
  tag: "fr-FR",
  plain: (written) => written,
  unbroken: /(?:1er|\d{1,2}) (?:janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc)(?:[a-z]{0,6})[.,;:]?/,

  point: ({ year, month, day, time }) =>
    `${day === null ? "" : `${dayOf(day)} `}${monthName(month)} ${year}${time === null ? "" : ` à ${time}`}`,
  axisDay: ({ day, month }) => `${day} ${shortMonth(month)}`,
  axisMonth: shortMonth,
  axisQuarter: (quarter) => `T${quarter}`,
  axisYear: (year) => `${year}`,

  word({ at, grain, iso }: SpokenDate, year: number): DateWords {
    const ofYear = at.year === year ? "" : ` ${at.year}`;
    const day = `${dayOf(at.day)} ${monthName(at.month)}${ofYear}`;
    switch (grain) {
      case "time":
        return { name: `${day}, ${clockTime(at)}`, when: `le ${day} à ${clockTime(at)}` };
      case "day":
        return { name: day, when: `le ${day}` };
      case "week":
        return { name: `semaine du ${day}`, when: `la semaine du ${day}` };
      case "month":
        return { name: `${monthName(at.month)}${ofYear}`, when: `en ${monthName(at.month)}${ofYear}` };
      case "quarter":
        return { name: `T${quarterOf(at)} ${at.year}`, when: `au T${quarterOf(at)} ${at.year}` };
      case "fiscal_quarter":
        return {
          name: `T${quarterOf(at)} de l’exercice ${at.year}`,
          when: `au T${quarterOf(at)} de l’exercice ${at.year}`,
        };
      case "fiscal_year":
        return { name: `exercice ${at.year}`, when: `sur l’exercice ${at.year}` };
      case "year":
        return { name: iso, when: `en ${iso}` };
    }
  },

  period(shape: PeriodShape): string {
    if (shape.kind === "years")
      return shape.from === shape.to ? `${shape.to}` : `de ${shape.from} à ${shape.to}`;
    const { from, to } = shape;
    const areMonths = shape.kind === "months";
    const day = (date: CalendarDay) => (areMonths ? "" : `${dayOf(date.day)} `);
    const end = `${day(to)}${monthName(to.month)} ${to.year}`;
    const span = (start: string) => {
      if (!areMonths) return `du ${start} au ${end}`;
      return `${/^[ao]/.test(start) ? "d’" : "de "}${start} à ${end}`;
    };
    switch (sharedBy(shape)) {
      case "none":
        return span(`${day(from)}${monthName(from.month)} ${from.year}`);
      case "year":
        return span(`${day(from)}${monthName(from.month)}`);
      case "month":
        return areMonths ? end : span(dayOf(from.day));
      case "day":
        return end;
    }
  },

  shortDay: ({ year, month, day }) => `${dayOf(day)} ${shortMonth(month)} ${year}`,
  soFar: (days) => (days === null ? "en cours" : `en cours (${days.done} jours sur ${days.all})`),
  atTime: (day, time) => `${day} à ${time}`,
  moment: (day, time) => (day === null ? `à ${time}` : `le ${day} à ${time}`),
  dayTime: (day, time) => `le ${day} à ${time}`,
  until: (moment) => `jusqu’au ${moment}`,
};

/** The first of a month is an ordinal. */
function dayOf(day: number): string {
  return day === 1 ? "1er" : String(day);
}

function monthName(month: number): string {
  return MONTHS[month - 1] ?? String(month);
}

function shortMonth(month: number): string {
  return SHORT_MONTHS[month - 1] ?? String(month);
}
