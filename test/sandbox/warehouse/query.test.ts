import { describe, expect, test } from "vitest";
import { openWarehouse } from "../../../src/sandbox/warehouse/warehouse.ts";
import { detail, flights, OPTIONS, rows, stateOf, sum, text, warehouse } from "./flights.ts";

const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length;

describe("the data", () => {
  test("ends the day before now, and says by how many days it was moved", () => {
    const [{ "flights.date_date": last } = {}] = rows({ fields: ["flights.date_date"], limit: "1" });
    expect(last).toBe("2026-11-20");
    expect(warehouse.note).toBe(
      "FAA flights of January to March 2001, moved by 9365 days so that the last day is yesterday (2026-11-20)",
    );
  });

  test("is moved again for every day", () => {
    const newYear = openWarehouse({ now: () => new Date("2027-01-01T00:00:00Z") });
    const query = { model: "faa", view: "flights", fields: ["flights.date_time"], limit: "1" };
    const [chunk] = newYear.run(query, OPTIONS).bytes("csv");
    expect(chunk).toBe("Flights Departure Time\n2026-12-31 22:27:00\n");
    expect(newYear.note).toContain("the last day is yesterday (2026-12-31)");
    newYear.close();
  });

  test("holds every flight of the file once, with its minute", () => {
    const found = rows({
      fields: ["flights.id", "flights.date_time", "flights.origin", "flights.delay"],
      limit: "-1",
      sorts: ["flights.id"],
    });
    const expected = flights.map((flight, index) => ({
      "flights.id": index + 1,
      "flights.date_time": flight.time,
      "flights.origin": flight.origin,
      "flights.delay": flight.delay,
    }));
    expect(found).toEqual(expected);
  });

  test("has no name where the file says NA", () => {
    const [airport] = rows({
      view: "airports",
      fields: ["airports.code", "airports.state"],
      filters: { "airports.code": "MIB" },
    });
    expect(airport).toEqual({ "airports.code": "MIB", "airports.state": null });
  });
});

describe("measures by dimensions", () => {
  test("every measure agrees with the file, for every origin", () => {
    const measures = [
      "count",
      "delayed_count",
      "delayed_rate",
      "average_delay",
      "average_long_delay",
      "max_delay",
      "total_distance",
      "average_distance",
      "fuel_cost",
      "route_count",
    ];
    const found = rows({
      fields: ["flights.origin", ...measures.map((name) => `flights.${name}`)],
      sorts: ["flights.origin"],
    });
    const byOrigin = [...Map.groupBy(flights, (flight) => flight.origin)].sort(([a], [b]) =>
      a < b ? -1 : 1,
    );
    expect(found.map((row) => row["flights.origin"])).toEqual(byOrigin.map(([origin]) => origin));
    byOrigin.forEach(([, group], index) => {
      const late = group.filter((flight) => flight.delay > 15);
      const row = found[index]!;
      expect(row["flights.count"]).toBe(group.length);
      expect(row["flights.delayed_count"]).toBe(late.length);
      expect(row["flights.delayed_rate"]).toBeCloseTo(late.length / group.length, 12);
      expect(row["flights.average_delay"]).toBeCloseTo(mean(group.map(({ delay }) => delay)), 9);
      if (late.length === 0) expect(row["flights.average_long_delay"]).toBeNull();
      else expect(row["flights.average_long_delay"]).toBeCloseTo(mean(late.map(({ delay }) => delay)), 9);
      expect(row["flights.max_delay"]).toBe(Math.max(...group.map(({ delay }) => delay)));
      expect(row["flights.total_distance"]).toBe(sum(group.map(({ distance }) => distance)));
      expect(row["flights.fuel_cost"]).toBe(sum(group.map(({ distance }) => distance)) * 5.25);
      expect(row["flights.route_count"]).toBe(new Set(group.map(({ destination }) => destination)).size);
    });
    expect(found.some((row) => row["flights.average_long_delay"] === null)).toBe(true);
  });

  test("an airport's columns come from the airport of that side", () => {
    const found = rows({
      fields: ["origin.state", "destination.state", "flights.count"],
      filters: { "origin.state": "TX,AK" },
      limit: "-1",
    });
    const expected = Map.groupBy(
      flights.filter((flight) => ["TX", "AK"].includes(stateOf.get(flight.origin) ?? "")),
      (flight) => `${stateOf.get(flight.origin)}-${stateOf.get(flight.destination)}`,
    );
    const key = (row: Record<string, unknown>) => `${row["origin.state"]}-${row["destination.state"]}`;
    expect(new Map(found.map((row) => [key(row), row["flights.count"]]))).toEqual(
      new Map([...expected].map(([states, group]) => [states, group.length])),
    );
  });

  test("dimensions alone are grouped", () => {
    expect(rows({ fields: ["flights.is_delayed"] })).toEqual([
      { "flights.is_delayed": "No" },
      { "flights.is_delayed": "Yes" },
    ]);
  });

  test("measures alone are one row, even where there is nothing to count", () => {
    expect(
      rows({ model: "sandbox", view: "empty", fields: ["empty.count", "empty.average_amount"] }),
    ).toEqual([{ "empty.count": 0, "empty.average_amount": null }]);
    expect(rows({ model: "sandbox", view: "empty", fields: ["empty.name", "empty.count"] })).toEqual([]);
  });
});

describe("time frames", () => {
  const monday = (day: string) => {
    const date = new Date(`${day}T00:00:00Z`);
    date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() || 7) - 1));
    return date.toISOString().slice(0, 10);
  };
  const weekdays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
  test.each<[string, (flight: { day: string; time: string }) => string | number]>([
    ["date", ({ day }) => day],
    ["week", ({ day }) => monday(day)],
    ["month", ({ day }) => day.slice(0, 7)],
    [
      "quarter",
      ({ day }) =>
        `${day.slice(0, 5)}${["01", "04", "07", "10"][Math.floor((Number(day.slice(5, 7)) - 1) / 3)]}`,
    ],
    ["year", ({ day }) => Number(day.slice(0, 4))],
    ["day_of_week", ({ day }) => weekdays[new Date(`${day}T00:00:00Z`).getUTCDay()]!],
    ["hour_of_day", ({ time }) => Number(time.slice(11, 13))],
  ])("%s", (frame, expected) => {
    const field = `flights.date_${frame}`;
    const found = new Map(
      rows({ fields: [field, "flights.count"] }).map((row) => [String(row[field]), row["flights.count"]]),
    );
    const groups = Map.groupBy(flights, (flight) => String(expected(flight)));
    expect(found).toEqual(new Map([...groups].map(([value, group]) => [value, group.length])));
    expect(typeof rows({ fields: [field], limit: "1" })[0]![field]).toBe(typeof expected(flights[0]!));
  });

  test("a filter on any of them reaches the time itself", () => {
    const expected = flights.filter(({ day }) => day >= "2026-11-14" && day <= "2026-11-20").length;
    for (const frame of ["time", "date", "week", "month"]) {
      const filters = { [`flights.date_${frame}`]: "7 days ago for 7 days" };
      expect(rows({ fields: ["flights.count"], filters })).toEqual([{ "flights.count": expected }]);
    }
  });
});

describe("sorts", () => {
  test("are Looker's own where the query has none, and are listed in added_params", () => {
    const dates = detail({ fields: ["flights.date_date", "flights.origin", "flights.count"], limit: "3" });
    expect(dates.added_params).toEqual({ sorts: ["flights.date_date desc"] });
    expect(dates.data.map((row) => row["flights.date_date"]!.value)).toEqual([
      "2026-11-20",
      "2026-11-20",
      "2026-11-20",
    ]);
    const counts = detail({ fields: ["flights.origin", "flights.count"], limit: "1" });
    expect(counts.added_params).toEqual({ sorts: ["flights.count desc"] });
    const most = Math.max(
      ...[...Map.groupBy(flights, ({ origin }) => origin).values()].map((group) => group.length),
    );
    expect(counts.data[0]!["flights.count"]!.value).toBe(most);
    expect(detail({ fields: ["flights.origin"], limit: "1" }).added_params).toEqual({
      sorts: ["flights.origin"],
    });
  });

  test("follow the query in its order, and mark the fields", () => {
    const sorts = ["flights.is_delayed desc", "flights.count"];
    const found = detail({
      fields: ["flights.is_delayed", "flights.origin", "flights.count"],
      sorts,
      limit: "-1",
    });
    expect(found.added_params).toEqual({});
    const order = found.data.map(
      (row) => [row["flights.is_delayed"]!.value, row["flights.count"]!.value] as [string, number],
    );
    const sorted = [...order].sort(([late, count], [otherLate, otherCount]) =>
      late === otherLate ? count - otherCount : late > otherLate ? -1 : 1,
    );
    expect(order).toEqual(sorted);
    expect(found.fields.dimensions.map(({ sorted }) => sorted)).toEqual([
      { sort_index: 0, desc: true },
      undefined,
    ]);
    expect(found.fields.measures[0]!.sorted).toEqual({ sort_index: 1, desc: false });
  });

  test("put Monday before Tuesday and one tier of delay before the next", () => {
    const days = rows({ fields: ["flights.date_day_of_week"], sorts: ["flights.date_day_of_week"] });
    expect(days.map((row) => String(row["flights.date_day_of_week"]).slice(0, 2))).toEqual([
      "Mo",
      "Tu",
      "We",
      "Th",
      "Fr",
      "Sa",
      "Su",
    ]);
    const tiers = rows({
      fields: ["flights.delay_tier", "flights.count"],
      sorts: ["flights.delay_tier desc"],
    });
    expect(tiers.map((row) => row["flights.delay_tier"])).toEqual([
      "Over 1 h",
      "16 to 60 min",
      "Up to 15 min",
      "On time",
    ]);
  });

  test("may name a measure that is not selected, or none at all", () => {
    const [worst] = rows({ fields: ["flights.origin"], sorts: ["flights.max_delay desc"], limit: "1" });
    const latest = flights.reduce((left, right) => (right.delay > left.delay ? right : left));
    expect(worst).toEqual({ "flights.origin": latest.origin });
    expect(text({ fields: ["flights.origin"], sorts: ["__UNSORTED__"] }, "sql")).not.toContain("ORDER BY");
  });
});

describe("filters on measures", () => {
  test("keep or drop whole groups, and leave the totals alone", () => {
    const found = detail({
      fields: ["flights.origin", "flights.count"],
      filters: { "flights.count": "[100,500]" },
      total: true,
    });
    const middling = [...Map.groupBy(flights, ({ origin }) => origin).values()].filter(
      (group) => group.length >= 100 && group.length <= 500,
    );
    expect(found.data).toHaveLength(middling.length);
    expect(found.totals_data["flights.count"]!.value).toBe(20000);
  });
});

describe("limits", () => {
  const fields = ["flights.id"];
  test.each<[string | null, number | undefined, number]>([
    [null, undefined, 5000],
    ["", undefined, 5000],
    ["10", undefined, 10],
    ["0", undefined, 0],
    ["-1", undefined, 20000],
    ["10", 3, 3],
    ["10", -1, 20000],
    ["100000", undefined, 20000],
    ["7000000", undefined, 20000],
  ])("query limit %j and task limit %j give %d rows", (limit, taskLimit, expected) => {
    const options = taskLimit === undefined ? {} : { limit: taskLimit };
    expect(rows({ fields, limit }, options)).toHaveLength(expected);
  });

  test("tell when rows may have been cut", () => {
    expect(detail({ fields: ["flights.is_delayed"], limit: "2" }).truncated).toBe(true);
    expect(detail({ fields: ["flights.is_delayed"], limit: "3" }).truncated).toBeUndefined();
  });

  const calculation = JSON.stringify([{ table_calculation: "c", expression: "1", label: "C" }]);
  const measured = ["flights.origin", "flights.count"];
  test.each([
    [{ fields, limit: "abc" }, 'Invalid limit "abc"'],
    [{ fields, limit: "-2" }, 'Invalid limit "-2"'],
    [{ fields, limit: "1.5" }, 'Invalid limit "1.5"'],
    [
      { fields: measured, limit: "-1", dynamic_fields: calculation },
      "Unlimited results are not available for a query with table calculations",
    ],
    [
      { fields: measured, limit: "-1", total: true },
      "Unlimited results are not available for a query with totals",
    ],
    [
      {
        fields: [...measured, "flights.is_delayed"],
        pivots: ["flights.is_delayed"],
        limit: "-1",
        row_total: "right",
      },
      "for a query with row totals",
    ],
    [{ fields: measured, limit: "100001", total: true }, "has at most 100000 rows"],
    [{ fields, column_limit: "many" }, 'Invalid column limit "many"'],
  ])("%j is refused", (query, message) => {
    expect(() => text(query)).toThrow(message);
  });
});
