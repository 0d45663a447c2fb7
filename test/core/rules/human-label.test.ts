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
  ["trips.total_distance_km", "Total Distance Km", "Total distance", "km"],
  // What ends in a unit and is not measured in it.
  ["users.active_last_30_days", "Active Last 30 Days", "Active last 30 days", null],
  ["flights.delayed_over_15_minutes", "Delayed Over 15 Minutes", "Delayed over 15 minutes", null],
  ["goods.price_per_kg", "Price per Kg", "Price per kg", null],
  ["trips.num_hours", "Num Hours", "Number of hours", null],
  // Its author wrote it.
  ["flights.rev", "Revenue in DACH", "Revenue in DACH", null],
  ["delay_2", "Delay, 2nd leg", "Delay, 2nd leg", null],
])("%s, labelled %s, is %s", (name, label, human, unit) => {
  expect(humanLabel({ name, label })).toEqual({ label: human, unit });
});
