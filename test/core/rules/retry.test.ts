import { expect, test } from "vitest";
import { type Budget, holdUntil, nextTry } from "../../../src/core/rules/retry.ts";

const START = new Date("2026-11-16T13:00:00Z");
const MINUTE = 60_000;
const POLICY = { triesMax: 6, overMs: 120 * MINUTE };
const budget = (part: Partial<Budget> = {}): Budget => ({
  policy: POLICY,
  since: START,
  nextTick: null,
  ...part,
});
const never = () => 0;

/** Minutes after the first try at which each further one comes, until it is given up. */
function course(given: Budget, random: () => number = never): { minutes: number[]; why: string } {
  const minutes: number[] = [];
  let now = given.since;
  for (let tries = 1; ; tries += 1) {
    const decision = nextTry(given, { tries, now, afterMs: null }, random);
    if (decision.kind === "give_up") return { minutes, why: decision.why };
    now = decision.at;
    minutes.push(Math.round((now.getTime() - given.since.getTime()) / MINUTE));
  }
}

test("six tries over two hours come soon after a hiccup, and far apart in an outage", () => {
  expect(course(budget())).toEqual({ minutes: [1, 4, 13, 40, 120], why: "it was tried 6 times" });
});

test("what failed together does not come back together", () => {
  const first = (random: number) => nextTry(budget(), { tries: 1, now: START, afterMs: null }, () => random);
  expect(first(0.9)).not.toEqual(first(0.1));
  expect(course(budget(), () => 1).minutes.at(-1)).toBe(108);
});

test("the next tick overtakes what is not delivered by then", () => {
  const nextTick = new Date(START.getTime() + 30 * MINUTE);
  expect(course(budget({ nextTick }))).toEqual({
    minutes: [1, 4, 13],
    why: "the report is due again before the next try",
  });
});

test("a server that asks for patience is not asked before", () => {
  const decision = nextTry(budget(), { tries: 1, now: START, afterMs: 50 * MINUTE }, never);
  expect(decision).toEqual({ kind: "again", at: new Date(START.getTime() + 50 * MINUTE) });
});

test("a server that asks for more patience than the report has is not waited for", () => {
  const decision = nextTry(budget(), { tries: 1, now: START, afterMs: 180 * MINUTE }, never);
  expect(decision).toEqual({ kind: "give_up", why: "the time for trying again is used up" });
});

test("a report that wants one try gets one", () => {
  const once = { triesMax: 1, overMs: 0 };
  expect(course(budget({ policy: once }))).toEqual({ minutes: [], why: "it was tried once" });
});

test("two tries take the whole time between them", () => {
  expect(course(budget({ policy: { triesMax: 2, overMs: 10 * MINUTE } })).minutes).toEqual([10]);
});

test("what is held back waits as long as its budget allows, and costs no try", () => {
  const at = new Date(START.getTime() + 60 * MINUTE);
  expect(holdUntil(budget(), at)).toEqual({ kind: "again", at });
  expect(holdUntil(budget({ nextTick: at }), at).kind).toBe("give_up");
  const lastChance = START.getTime() + 125 * MINUTE;
  expect(holdUntil(budget(), new Date(lastChance)).kind).toBe("again");
  expect(holdUntil(budget(), new Date(lastChance + 1)).kind).toBe("give_up");
});

test("many tries do not come all at once: the first wait is half a minute, or all are alike", () => {
  const first = ({ triesMax, overMs }: Budget["policy"]) => {
    const decision = nextTry(
      budget({ policy: { triesMax, overMs } }),
      { tries: 1, now: START, afterMs: null },
      never,
    );
    return decision.kind === "again" ? (decision.at.getTime() - START.getTime()) / 1000 : null;
  };
  expect(first({ triesMax: 20, overMs: 120 * MINUTE })).toBeGreaterThanOrEqual(30);
  expect(first({ triesMax: 40, overMs: 2 * MINUTE })).toBeCloseTo(120 / 39, 0);
  expect(course(budget({ policy: { triesMax: 20, overMs: 120 * MINUTE } })).minutes.at(-1)).toBe(120);
});

test("what was never tried may be tried now, also where one try is all there is", () => {
  const once = budget({ policy: { triesMax: 1, overMs: 0 } });
  expect(nextTry(once, { tries: 0, now: START, afterMs: null }, never)).toEqual({ kind: "again", at: START });
});

test("a last try that comes a little after the report's time, since the tries themselves took some, is still made", () => {
  const last = (lateMs: number) => {
    const now = new Date(START.getTime() + 40 * MINUTE + lateMs);
    return nextTry(budget(), { tries: 5, now, afterMs: null }, never);
  };
  expect(last(4 * MINUTE)).toMatchObject({ kind: "again" });
  expect(last(6 * MINUTE)).toEqual({ kind: "give_up", why: "the time for trying again is used up" });
});

test("a try within the overtime is overtaken by a tick that comes before it", () => {
  const nextTick = new Date(START.getTime() + 122 * MINUTE);
  const last = (minutes: number) =>
    holdUntil(budget({ nextTick }), new Date(START.getTime() + minutes * MINUTE));
  expect(last(121)).toMatchObject({ kind: "again" });
  expect(last(123)).toEqual({ kind: "give_up", why: "the report is due again before the next try" });
});

test.each([1e303, Number.POSITIVE_INFINITY, 1e15])(
  "a server that asks for %d ms is not believed",
  (afterMs) => {
    const asked = (given: Budget) => nextTry(given, { tries: 1, now: START, afterMs }, never);
    const patient = budget({ policy: { triesMax: 6, overMs: 48 * 60 * MINUTE } });
    expect(asked(patient)).toEqual({ kind: "again", at: new Date(START.getTime() + 24 * 60 * MINUTE) });
    expect(asked(budget())).toEqual({ kind: "give_up", why: "the time for trying again is used up" });
  },
);

test("a wait that is no number counts as none, and a time that is no date ends the tries in words", () => {
  const { kind } = nextTry(budget(), { tries: 1, now: START, afterMs: Number.NaN }, never);
  expect(kind).toBe("again");
  expect(holdUntil(budget(), new Date(Number.NaN))).toEqual({
    kind: "give_up",
    why: "the time of the next try is not a date",
  });
});
