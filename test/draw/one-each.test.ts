import { expect, test } from "vitest";
import { chartData } from "../../src/draw/chart/data.ts";
import { oneEach } from "../../src/draw/chart/one-each.ts";
import { amount, COUNT, DATE, DELAY, fields, REVENUE, svgOf, table, textsOf, words } from "./samples.ts";

const rows = (counts: readonly (number | null)[]) =>
  counts.map((count, index) => [words(index < 2 ? "2026-11-01" : "2026-11-02"), amount(count)]);

test("several rows of one place are one bar, as high as their sum", () => {
  const plan = fields("bar", "flights.date", "flights.count");
  const [series] = oneEach(chartData(table([DATE, COUNT], rows([3, 4, 5])), plan)).series;
  expect(series?.points).toEqual([
    { place: 0, value: 7, rendered: "7" },
    { place: 1, value: 5, rendered: "5" },
  ]);
  expect(textsOf(svgOf(plan, table([DATE, COUNT], rows([3, 4, 5]))))).toContain("7");
  const [money] = oneEach(
    chartData(
      table([DATE, REVENUE], rows([0.1, 0.2, null])),
      fields("line", "flights.date", "flights.revenue"),
    ),
  ).series;
  expect(money?.points).toMatchObject([{ value: 0.3, rendered: "$0.30" }, { value: null }]);
});

test("averages are not added up: such a chart is none", () => {
  const plan = fields("bar", "flights.date", "flights.average_delay");
  expect(() => oneEach(chartData(table([DATE, DELAY], rows([3, 4, 5])), plan))).toThrow(
    "There are several rows of one Date, and Average delay cannot be added up.",
  );
  // A row without a value is none.
  expect(oneEach(chartData(table([DATE, DELAY], rows([3, null, 5])), plan)).series[0]?.points).toHaveLength(
    2,
  );
});

test("a scatter plot has a point for each row", () => {
  const data = chartData(
    table([DATE, DELAY], rows([3, 4, 5])),
    fields("point", "flights.date", "flights.average_delay"),
  );
  expect(oneEach(data)).toBe(data);
});
