import { expect, test } from "vitest";
import { humanLabel } from "../../../src/core/rules/wording/human-label.ts";

test.each([
  ["flights.avg_delay_minutes", "Avg Delay Minutes", "Average delay", "min"],
  ["flights.avg_delay_minutes", "Flights Avg Delay Minutes", "Average delay", "min"],
  ["flights.count", "Count", "Flights", null],
  ["order_items.count", "Count", "Order items", null],
  ["person.count", "Count", "Person count", null],
  ["flights.delayed_rate", "Delayed Rate", "Delayed rate", null],
  ["flights.days", "Days", "Days", null],
  // Its author wrote it.
  ["flights.rev", "Revenue in DACH", "Revenue in DACH", null],
  ["delay_2", "Delay, 2nd leg", "Delay, 2nd leg", null],
])("%s, labelled %s, is %s", (name, label, human, unit) => {
  expect(humanLabel({ name, label })).toEqual({ label: human, unit });
});
