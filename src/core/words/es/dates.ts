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

const MONTHS =
  "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre".split(" ");
const SHORT_MONTHS = "ene feb mar abr may jun jul ago sept oct nov dic".split(" ");

export const dates: DatePhrases = {
  tag: "es-ES",
  plain: (written) => written,
  unbroken: /\d{1,2} (?:de )?(?:ene|feb|mar|abr|may|jun|jul|ago|sep|oct|nov|dic)(?:[a-z]{0,7})[.,;:]?/,

  point: ({ year, month, day, time }) =>
    `${day === null ? "" : `${day} de `}${monthName(month)} de ${year}${time === null ? "" : `, ${time}`}`,
  axisDay: ({ day, month }) => `${day} ${shortMonth(month)}`,
  axisMonth: shortMonth,
  axisQuarter: (quarter) => `T${quarter}`,
  axisYear: (year) => `${year}`,

  word({ at, grain, iso }: SpokenDate, year: number): DateWords {
    const ofYear = at.year === year ? "" : ` de ${at.year}`;
    const day = `${at.day} de ${monthName(at.month)}${ofYear}`;
    switch (grain) {
      case "time":
        return { name: `${day}, ${clockTime(at)}`, when: `el ${day} a las ${clockTime(at)}` };
      case "day":
        return { name: day, when: `el ${day}` };
      case "week":
        return { name: `semana del ${day}`, when: `en la semana del ${day}` };
      case "month":
        return { name: `${monthName(at.month)}${ofYear}`, when: `en ${monthName(at.month)}${ofYear}` };
      case "quarter":
        return { name: `T${quarterOf(at)} de ${at.year}`, when: `en el T${quarterOf(at)} de ${at.year}` };
      case "fiscal_quarter":
        return {
          name: `T${quarterOf(at)} del ejercicio ${at.year}`,
          when: `en el T${quarterOf(at)} del ejercicio ${at.year}`,
        };
      case "fiscal_year":
        return { name: `ejercicio ${at.year}`, when: `en el ejercicio ${at.year}` };
      case "year":
        return { name: iso, when: `en ${iso}` };
    }
  },

  period(shape: PeriodShape): string {
    if (shape.kind === "years")
      return shape.from === shape.to ? `${shape.to}` : `de ${shape.from} a ${shape.to}`;
    const { from, to } = shape;
    const areMonths = shape.kind === "months";
    const day = (date: CalendarDay) => (areMonths ? "" : `${date.day} de `);
    const end = `${day(to)}${monthName(to.month)} de ${to.year}`;
    const span = (start: string) => (areMonths ? `de ${start} a ${end}` : `del ${start} al ${end}`);
    switch (sharedBy(shape)) {
      case "none":
        return span(`${day(from)}${monthName(from.month)} de ${from.year}`);
      case "year":
        return span(`${day(from)}${monthName(from.month)}`);
      case "month":
        return areMonths ? end : span(`${from.day}`);
      case "day":
        return end;
    }
  },

  shortDay: ({ year, month, day }) => `${day} ${shortMonth(month)} ${year}`,
  soFar: (days) => (days === null ? "hasta ahora" : `hasta ahora (${days.done} de ${days.all} días)`),
  atTime: (day, time) => `${day}, ${time}`,
  moment: (day, time) => (day === null ? `a las ${time}` : `el ${day} a las ${time}`),
  dayTime: (day, time) => `el ${day} a las ${time}`,
  until: (moment) => `hasta el ${moment}`,
};

function monthName(month: number): string {
  return MONTHS[month - 1] ?? String(month);
}

function shortMonth(month: number): string {
  return SHORT_MONTHS[month - 1] ?? String(month);
}
