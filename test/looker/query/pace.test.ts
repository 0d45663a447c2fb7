import { expect, test } from "vitest";
import { pollWaits } from "../../../src/looker/query/pace.ts";

/** When polls come, in milliseconds from the task's creation, up to the first at or after `endMs`. */
function polls(lastMs: number | null, othersMs: number | null, endMs: number): number[] {
  const nextWait = pollWaits({ lastMs, othersMs }, () => 0.5);
  const at: number[] = [];
  let elapsedMs = 0;
  while (elapsedMs < endMs) {
    elapsedMs += nextWait(elapsedMs);
    at.push(Math.round(elapsedMs));
  }
  return at;
}

test.each([500, 2_000, 30_000, 100_000])(
  "a query of %i ms that takes as long as last time is seen to end at once",
  (ms) => {
    const seen = polls(ms, null, ms).at(-1) ?? 0;
    expect(seen).toBeGreaterThanOrEqual(ms);
    expect(seen).toBeLessThan(ms * 1.06 + 20);
  },
);

test.each([
  [2_000, 1],
  [30_000, 1],
  [60_000, 2],
  [600_000, 4],
  [3_600_000, 12],
])("a query of %i ms that takes as long as last time costs %i polls", (ms, count) => {
  expect(polls(ms, null, ms)).toHaveLength(count);
});

test("one that takes longer than last time is polled in close order at first, then ever more seldom", () => {
  const at = polls(2_000, null, 300_000);
  const steps = at.slice(1).map((ms, index) => ms - (at[index] ?? 0));
  expect(steps[0]).toBeLessThan(150);
  expect(steps.at(-1)).toBe(15_000);
  expect(steps).toEqual(steps.toSorted((a, b) => a - b));
  expect(at.length).toBeLessThan(35);
});

test("without anything to go by, few polls: one for a query of a moment, two within a second", () => {
  expect(polls(null, null, 150)).toEqual([300]);
  expect(polls(null, null, 800)).toEqual([300, 800]);
});

test("what others took lately is waited for where that is not long, and what this one took goes before it", () => {
  expect(polls(null, 2_000, 2_000)).toHaveLength(1);
  expect(polls(null, 60_000, 150)).toEqual([300]);
  expect(polls(1_000, 2_000, 1_000).at(-1)).toBeLessThan(1_100);
});

test("a result from the cache last time says nothing of today: it is not a reason to poll in close order", () => {
  expect(polls(8, null, 1_500)).toEqual(polls(null, null, 1_500));
});

test("a query that has been under way for long when it is found is polled in short steps", () => {
  const nextWait = pollWaits({ lastMs: 2_000, othersMs: null }, () => 0.5);
  expect(nextWait(40_000)).toBe(100);
});
