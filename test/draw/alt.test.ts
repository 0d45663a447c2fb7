import { expect, test } from "vitest";
import type { ChartSeries } from "../../src/core/model/show.ts";
import { ENGLISH } from "../../src/core/words/en/index.ts";
import { altOf, chartSeries } from "../../src/draw/chart/alt.ts";
import { chartData } from "../../src/draw/chart/data.ts";
import { chartFigures } from "../../src/render/words/chart-words.ts";
import { amount, COUNT, column, fields, table } from "./samples.ts";

function told(type: string, values: readonly string[]) {
  const of = table(
    [column("o.on", "On", { type }), COUNT],
    values.map((value, index) => [{ value, rendered: value }, amount(10 + index)]),
  );
  const data = chartData(of, fields("line", "o.on", "flights.count"));
  const series: ChartSeries = chartSeries(data);
  return {
    alt: altOf(data),
    caption: chartFigures(series, of, ENGLISH)[0],
    labels: series.series[0]?.points.map(({ x }) => x),
  };
}

test.each([
  [
    "date_week",
    ["2025-12-29", "2026-01-05", "2026-01-12"],
    ", week from 29 December 2025 to week from 12 January",
  ],
  ["date_month", ["2025-12", "2026-01"], " from December 2025 to January"],
  ["date_quarter", ["2026-Q2", "2026-Q3"], " from Q2 2026 to Q3 2026"],
  ["date_fiscal_quarter", ["FY2026-Q2", "FY2026-Q3"], " from FY2026-Q2 to FY2026-Q3"],
  ["string", ["AA", "DL"], " from AA to DL"],
])("a chart by %s is described by its timeframe", (type, values, span) => {
  const { alt, labels } = told(type, values);
  expect(alt).toContain(`${values.length} points${span}; first 10`);
  expect(labels).toEqual(values);
});

test("so is its caption, and fiscal quarters are in the order of time whatever that of the rows is", () => {
  expect(told("date_week", ["2026-11-02", "2026-11-09"]).caption).toBe(
    "Flights: first 10 (week from 2 November), last 11 (week from 9 November), lowest 10 (week from 2 November), highest 11 (week from 9 November)",
  );
  expect(told("date_fiscal_quarter", ["FY2026-Q3", "FY2025-Q4", "FY2026-Q1"]).labels).toEqual([
    "FY2025-Q4",
    "FY2026-Q1",
    "FY2026-Q3",
  ]);
});
