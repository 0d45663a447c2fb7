import { describe, expect, test } from "vitest";
import { type Cell, detail, flights, rows, sum, text } from "./flights.ts";

const reference = (name: string) => `\${${name}}`;
const byOrigin = [...Map.groupBy(flights, ({ origin }) => origin)].sort(([left], [right]) =>
  left < right ? -1 : 1,
);

describe("table calculations", () => {
  const entries = [
    {
      table_calculation: "per_route",
      label: "Per Route",
      expression: `${reference("flights.count")} / ${reference("flights.route_count")}`,
      value_format: "0.00",
    },
    {
      table_calculation: "doubled",
      label: "Doubled",
      expression: `${reference("per_route")} * 2`,
      value_format_name: "decimal_1",
    },
  ];
  const query = {
    fields: ["flights.origin", "flights.count", "flights.route_count", "per_route", "doubled"],
    dynamic_fields: JSON.stringify(entries),
    sorts: ["flights.origin"],
  };

  test("are computed from the row, one on another", () => {
    rows(query).forEach((row, index) => {
      const group = byOrigin[index]![1];
      const perRoute = group.length / new Set(group.map(({ destination }) => destination)).size;
      expect(row.per_route).toBe(perRoute);
      expect(row.doubled).toBe(perRoute * 2);
    });
  });

  test("are described apart from measures, are formatted, and have totals of the totals", () => {
    const result = detail({ ...query, total: true, limit: "1" });
    expect(result.fields.measures.map(({ name }) => name)).toEqual(["flights.count", "flights.route_count"]);
    expect(result.fields.table_calculations).toMatchObject([
      { name: "per_route", label: "Per Route", value_format: "0.00", is_numeric: true },
      { name: "doubled", label: "Doubled", value_format: "#,##0.0" },
    ]);
    const routes = new Set(flights.map(({ origin, destination }) => `${origin}-${destination}`)).size;
    const total = result.totals_data.per_route as unknown as { value: number; html: string };
    expect(total).toMatchObject({ value: 20000 / routes, links: [{ url: "" }] });
    expect(total).not.toHaveProperty("rendered");
    expect(total.html).toContain(`>${(20000 / routes).toFixed(2)}<`);
  });

  test("can be sorted by", () => {
    const found = rows({ ...query, sorts: ["per_route desc"] }).map((row) => row.per_route as number);
    expect(found).toEqual([...found].sort((left, right) => right - left));
    expect(found[0]).toBeGreaterThan(found.at(-1)!);
  });

  test("are part of every column of a pivot, its total too, when they use a measure", () => {
    const result = detail<Record<string, Cell & Record<string, Cell>>>({
      fields: ["flights.date_year", "flights.is_delayed", "flights.count", "half", "next_year"],
      pivots: ["flights.is_delayed"],
      row_total: "right",
      dynamic_fields: JSON.stringify([
        { table_calculation: "half", label: "Half", expression: `${reference("flights.count")} / 2` },
        {
          table_calculation: "next_year",
          label: "Next Year",
          expression: `${reference("flights.date_year")} + 1`,
        },
      ]),
    });
    const late = flights.filter(({ delay }) => delay > 15).length;
    const half = result.data[0]!.half!;
    expect([half.No!.value, half.Yes!.value, half.$$$_row_total_$$$!.value]).toEqual([
      (20000 - late) / 2,
      late / 2,
      10000,
    ]);
    expect(result.data[0]!.next_year!.value).toBe(2027);
  });

  test.each([
    ["sum(1)", 'Invalid expression in table calculation "c": sum(1)'],
    [
      reference("flights.max_delay"),
      'Table calculation "c" uses "flights.max_delay", which is not in the query.',
    ],
  ])("%s is refused", (expression, message) => {
    const dynamic_fields = JSON.stringify([{ table_calculation: "c", label: "C", expression }]);
    expect(() => text({ fields: ["flights.count", "c"], dynamic_fields })).toThrow(message);
  });
});

describe("custom measures", () => {
  test("aggregate a dimension", () => {
    const found = rows({
      fields: ["flights.origin", "miles", "places", "mean", "longest", "shortest"],
      sorts: ["flights.origin"],
      dynamic_fields: JSON.stringify([
        { measure: "miles", based_on: "flights.distance", type: "sum", label: "Miles" },
        { measure: "places", based_on: "flights.destination", type: "count_distinct", label: "Places" },
        { measure: "mean", based_on: "flights.distance", type: "average", label: "Mean" },
        { measure: "longest", based_on: "flights.distance", type: "max", label: "Longest" },
        { measure: "shortest", based_on: "flights.distance", type: "min", label: "Shortest" },
      ]),
    });
    found.forEach((row, index) => {
      const group = byOrigin[index]![1];
      const miles = group.map(({ distance }) => distance);
      expect([row.miles, row.places, row.longest, row.shortest]).toEqual([
        sum(miles),
        new Set(group.map(({ destination }) => destination)).size,
        Math.max(...miles),
        Math.min(...miles),
      ]);
      expect(row.mean).toBeCloseTo(sum(miles) / miles.length, 9);
    });
  });

  test("can be another measure over some of the rows", () => {
    const dynamic_fields = JSON.stringify([
      {
        measure: "long_flights",
        based_on: "flights.count",
        label: "Long Flights",
        filters: { "flights.distance": ">2000" },
        value_format: "000000",
      },
    ]);
    const result = detail({ fields: ["flights.count", "long_flights"], dynamic_fields });
    const expected = flights.filter(({ distance }) => distance > 2000).length;
    expect(result.data[0]!.long_flights).toEqual({
      value: expected,
      rendered: String(expected).padStart(6, "0"),
    });
    expect(result.fields.measures[1]).toMatchObject({ name: "long_flights", label: "Long Flights" });
  });

  test.each([
    [
      { measure: "m", based_on: "flights.carrier", type: "sum" },
      'Unknown field "flights.carrier" in custom field "m".',
    ],
    [
      { measure: "m", based_on: "flights.delay", type: "mode" },
      'Custom measure "m" has the unknown type "mode".',
    ],
    [
      { measure: "m", based_on: "flights.delayed_rate", filters: { "flights.delay": ">1" } },
      'cannot filter "flights.delayed_rate"',
    ],
  ])("%j is refused", (entry, message) => {
    expect(() => text({ fields: ["m"], dynamic_fields: JSON.stringify([entry]) })).toThrow(message);
  });
});

test("a custom dimension computes with number fields", () => {
  const dynamic_fields = JSON.stringify([
    {
      dimension: "hours",
      label: "Hours",
      expression: `${reference("flights.distance")} / 500`,
      value_format: "0.0",
    },
  ]);
  const found = rows({ fields: ["flights.id", "hours"], sorts: ["flights.id"], limit: "50", dynamic_fields });
  expect(found.map((row) => row.hours)).toEqual(flights.slice(0, 50).map(({ distance }) => distance / 500));
});
