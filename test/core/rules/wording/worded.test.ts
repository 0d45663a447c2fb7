import { expect, test } from "vitest";
import type { Wording } from "../../../../src/core/model/wording.ts";
import { wordedKpi, wordedTable } from "../../../../src/core/rules/wording/worded.ts";
import { ENGLISH } from "../../../../src/core/words/en/index.ts";
import { column, rowTotal, table } from "../../../render/sample.ts";

const none = { own: null, byField: {} };
const wording = (more: Partial<Wording>): Wording => ({
  labels: {},
  unit: none,
  noun: none,
  better: none,
  ...more,
});
const labels = (of: ReturnType<typeof table>) => of.columns.map(({ label }) => label);

test("columns are called as the report calls them, with their units, under their pivot values too", () => {
  const of = table(
    [column("Origin"), column("Delay", true, ["Oct"]), column("Delay", true, ["Nov"]), rowTotal("Delay")],
    [],
  );
  const own = wording({ labels: { "flights.delay": "Late" }, unit: { own: "min", byField: {} } });
  expect(labels(wordedTable(of, own, true))).toEqual([
    "Origin",
    "Late, min – Oct",
    "Late, min – Nov",
    "Late, min",
  ]);
  expect(wordedTable(of, undefined, true)).toBe(of);
});

test("one unit is of one measure; of several each has its own; and what a section calls alike is told apart", () => {
  const two = table([column("Flights", true), column("Delay", true)], []);
  expect(labels(wordedTable(two, wording({ unit: { own: "min", byField: {} } }), true))).toEqual([
    "Flights",
    "Delay",
  ]);
  const byField = { own: null, byField: { "flights.delay": "min" } };
  expect(labels(wordedTable(two, wording({ unit: byField }), true))).toEqual(["Flights", "Delay, min"]);
  const same = wording({ labels: { "flights.flights": "N", "flights.delay": "N" } });
  expect(labels(wordedTable(two, same, true))).toEqual(["N (flights.flights)", "N (flights.delay)"]);
});

test("what a section says of itself counts before what the file says of its field", () => {
  const own = wording({
    unit: { own: "s", byField: { "flights.delay": "min" } },
    better: { own: "up", byField: { "flights.delay": "down" } },
  });
  expect(wordedKpi({ label: "Delay", value: "7" }, "flights.delay", own, ENGLISH.figures)).toMatchObject({
    unit: "s",
    better: "up",
  });
  expect(labels(wordedTable(table([column("Delay", true)], []), own, true))).toEqual(["Delay, s"]);
});

test("a figure keeps the label that the report writes, even Looker's own", () => {
  const own = wording({ labels: { "flights.count": "Count" } });
  expect(wordedKpi({ label: "Count", value: "7" }, "flights.count", own, ENGLISH.figures).label).toBe(
    "Count",
  );
  expect(wordedKpi({ label: "Count", value: "7" }, "flights.count", wording({}), ENGLISH.figures).label).toBe(
    "Flights",
  );
});

test.each([
  ["4.7", "min"],
  ["1.2M", "min"],
  ["-1 234,5", "min"],
  ["4.7 min", undefined],
  ["$4.70", undefined],
  ["18.3%", undefined],
  ["", undefined],
])("the figure %s is followed by the unit %s", (value, unit) => {
  const made = wordedKpi(
    { label: "Avg Delay Minutes", value },
    "flights.avg_delay_minutes",
    undefined,
    ENGLISH.figures,
  );
  expect(made).toMatchObject({ label: "Average delay" });
  expect(made.unit).toBe(unit);
});
