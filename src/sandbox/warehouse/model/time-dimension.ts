import type { Field, TimeFrame, ViewName } from "./field.ts";

interface Frame {
  suffix: string;
  variant: string;
  interval: TimeFrame["interval"];
  numeric?: boolean;
  filterKind?: "string" | "number";
  sql: (column: string) => string;
  sortSql?: (column: string) => string;
}

// Looker keeps a quarter as its first month and shows 2026-Q3; weeks are kept as their Monday.
const FRAMES: readonly Frame[] = [
  { suffix: "time", variant: "Time", interval: "second", sql: (column) => column },
  { suffix: "date", variant: "Date", interval: "day", sql: (column) => `DATE(${column})` },
  {
    suffix: "week",
    variant: "Week",
    interval: "week",
    sql: (column) => `DATE(${column}, 'weekday 0', '-6 days')`,
  },
  { suffix: "month", variant: "Month", interval: "month", sql: (column) => `STRFTIME('%Y-%m', ${column})` },
  {
    suffix: "quarter",
    variant: "Quarter",
    interval: "quarter",
    sql: (column) =>
      `STRFTIME('%Y-', ${column}) || PRINTF('%02d', (CAST(STRFTIME('%m', ${column}) AS INTEGER) - 1) / 3 * 3 + 1)`,
  },
  {
    suffix: "year",
    variant: "Year",
    interval: "year",
    numeric: true,
    sql: (column) => `CAST(STRFTIME('%Y', ${column}) AS INTEGER)`,
  },
  {
    suffix: "day_of_week",
    variant: "Day of Week",
    interval: null,
    filterKind: "string",
    sql: (column) =>
      `CASE STRFTIME('%w', ${column}) WHEN '1' THEN 'Monday' WHEN '2' THEN 'Tuesday' WHEN '3' THEN 'Wednesday' ` +
      `WHEN '4' THEN 'Thursday' WHEN '5' THEN 'Friday' WHEN '6' THEN 'Saturday' WHEN '0' THEN 'Sunday' END`,
    sortSql: (column) => `(STRFTIME('%w', ${column}) + 6) % 7`,
  },
  {
    suffix: "hour_of_day",
    variant: "Hour of Day",
    interval: null,
    numeric: true,
    filterKind: "number",
    sql: (column) => `CAST(STRFTIME('%H', ${column}) AS INTEGER)`,
  },
];

/**
 * The dimensions of a LookML `dimension_group` of type time over a text column `YYYY-MM-DD HH:MM:SS`, in UTC:
 * `date` gives date_time, date_date, date_week, date_month, date_quarter, date_year, date_day_of_week, date_hour_of_day.
 */
export function timeDimensions(
  view: ViewName,
  group: string,
  groupLabel: string,
  column: string,
  description: string,
): Field[] {
  return FRAMES.map((frame) => {
    const sql = frame.sql(column);
    return {
      name: `${view.name}.${group}_${frame.suffix}`,
      view: view.name,
      viewLabel: view.label,
      labelShort: `${groupLabel} ${frame.variant}`,
      description,
      category: "dimension" as const,
      type: `date_${frame.suffix}`,
      filterKind: frame.filterKind ?? "date",
      isNumeric: frame.numeric ?? false,
      sql,
      filterSql: frame.filterKind === undefined ? column : sql,
      sortSql: frame.sortSql?.(column) ?? sql,
      aggregate: null,
      // Years and hours are numbers that must never get a thousands separator.
      valueFormat: frame.numeric ? "0" : null,
      valueFormatName: null,
      timeFrame: {
        group,
        groupLabel: `${groupLabel} Date`,
        variant: frame.variant,
        interval: frame.interval,
      },
      primaryKey: false,
      links: [],
      drillFields: [],
      html: null,
      tags: [],
    };
  });
}
