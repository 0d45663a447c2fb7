import { expect, test } from "vitest";
import type { Kpi } from "../../../src/core/model/show.ts";
import { leadText } from "../../../src/render/words/lead.ts";
import { message, notice, number, routes, section, table } from "../sample.ts";

function figure(title: string, kpi: Partial<Kpi>) {
  const bare = { label: title, of: null, withoutChange: null, sparkline: null, points: [] };
  return section(title, routes(1), {
    show: { kind: "kpi", kpi: { value: "7", change: null, ...bare, ...kpi } },
  });
}

const change = (direction: "up" | "down" | "level", brief: string) =>
  ({ direction, absolute: brief, percent: brief, from: "1", against: "before", brief }) as const;

const FLIGHTS = figure("Flights", {
  value: "1,637",
  change: change("up", "2.5%"),
  record: { side: "highest", count: 12, unit: "week" },
});

test("the lead says how the first three figures moved, and their records", () => {
  const sections = [
    FLIGHTS,
    figure("Average delay", { value: "4.7", unit: "min", change: change("down", "34%") }),
    figure("SLA breaches", { value: "12", change: change("level", "0") }),
    figure("A fourth", { value: "9", change: change("up", "1") }),
  ];
  expect(leadText(message(sections))).toBe(
    "Flights up 2.5% to 1,637, the highest in twelve weeks; average delay down 34% to 4.7\u00a0min; SLA breaches unchanged at 12.",
  );
});

test("a part of a week is said to be one", () => {
  const sections = [FLIGHTS, figure("Bookings", { value: "462", isPartial: true })];
  expect(leadText(message(sections))).toMatch(/; bookings so far at 462\.$/);
});

test.each([
  ["the report wants none", message([FLIGHTS], { hasLead: false })],
  ["no figure has moved", message([figure("Flights", {}), figure("Delays", {})])],
  ["a figure has no value", message([figure("Flights", { value: "", change: change("up", "1") })])],
  ["there is no figure", message([section("A", table([], [[number(1)]]))])],
  ["it is a notice", notice()],
])("there is no lead where %s", (_, of) => {
  expect(leadText(of)).toBe("");
});
