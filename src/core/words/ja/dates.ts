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

export const dates: DatePhrases = {
  tag: "ja-JP",
  // "2026年11月16日月曜日" and "2026年11月16日(月)"
  plain: (written) => written.replace(/([日月火水木金土])曜日$/, "（$1）").replace(/\((.)\)$/, "（$1）"),
  unbroken: /(?:\d{4}年)?\d{1,2}月\d{1,2}日[、。：]?/,

  point: ({ year, month, day, time }) =>
    `${year}年${month}月${day === null ? "" : `${day}日`}${time === null ? "" : ` ${time}`}`,
  axisDay: ({ day, month }) => `${month}/${day}`,
  axisMonth: (month) => `${month}月`,
  axisQuarter: (quarter) => `Q${quarter}`,
  axisYear: (year) => `${year}`,

  word({ at, grain }: SpokenDate, year: number): DateWords {
    const ofYear = at.year === year ? "" : `${at.year}年`;
    const day = `${ofYear}${at.month}月${at.day}日`;
    switch (grain) {
      case "time":
        return named(`${day} ${clockTime(at)}`);
      case "day":
        return named(day);
      case "week":
        return named(`${day}の週`);
      case "month":
        return named(`${ofYear}${at.month}月`);
      case "quarter":
        return named(`${at.year}年第${quarterOf(at)}四半期`);
      case "fiscal_quarter":
        return named(`${at.year}年度第${quarterOf(at)}四半期`);
      case "fiscal_year":
        return named(`${at.year}年度`);
      case "year":
        return named(`${at.year}年`);
    }
  },

  period(shape: PeriodShape): string {
    if (shape.kind === "years")
      return shape.from === shape.to ? `${shape.to}年` : `${shape.from}年～${shape.to}年`;
    const { from, to } = shape;
    const areMonths = shape.kind === "months";
    const dayOf = ({ day }: CalendarDay) => (areMonths ? "" : `${day}日`);
    const start = `${from.year}年${from.month}月${dayOf(from)}`;
    switch (sharedBy(shape)) {
      case "none":
        return `${start}～${to.year}年${to.month}月${dayOf(to)}`;
      case "year":
        return `${start}～${to.month}月${dayOf(to)}`;
      case "month":
        return areMonths ? start : `${start}～${dayOf(to)}`;
      case "day":
        return start;
    }
  },

  shortDay: ({ year, month, day }) => `${year}年${month}月${day}日`,
  soFar: (days) => (days === null ? "集計途中" : `集計途中（${days.all}日中${days.done}日）`),
  atTime: at,
  moment: (day, time) => (day === null ? time : at(day, time)),
  dayTime: at,
  until: (moment) => `${moment}まで`,
};

/** A full-width bracket brings its own space. */
function at(day: string, time: string): string {
  return day.endsWith("）") ? `${day}${time}` : `${day} ${time}`;
}

/** A date is a noun wherever it is. */
function named(name: string): DateWords {
  return { name, when: name };
}
