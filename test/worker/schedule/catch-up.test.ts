import { expect, test } from "vitest";
import type { Plan, TickRun } from "../../../src/core/model/plan.ts";
import type { CatchUp } from "../../../src/core/model/report.ts";
import { decideTicks } from "../../../src/worker/schedule/catch-up.ts";
import { calculatorAt } from "../../../src/worker/schedule/tick-calculator.ts";

const HOURLY = "0 * * * *";

function decide(
  catchUp: CatchUp,
  nextAt: string,
  now: string,
  other: Partial<Plan> = {},
): readonly TickRun[] {
  const plan: Plan = {
    report: "delays",
    cron: HOURLY,
    timezone: "UTC",
    nextAt: new Date(nextAt),
    pausedAt: null,
    pauseReason: null,
    ...other,
  };
  const calculator = calculatorAt(new Date(now));
  let ids = 0;
  return decideTicks({
    plan,
    catchUp,
    due: calculator.due(plan, new Date(nextAt)),
    now: calculator.now,
    expectAt: (tick) => calculator.expectAt(tick, "09:30", "UTC"),
    newId: () => {
      ids += 1;
      return `id-${ids}`;
    },
  });
}

/** "08:00 catch_up run", "07:00 catch_up missed". */
function shown(runs: readonly TickRun[]): string[] {
  return runs.map(
    ({ dueAt, trigger, end }) => `${dueAt.toISOString().slice(11, 16)} ${trigger} ${end?.state ?? "run"}`,
  );
}

test.each<CatchUp>(["latest", "all", "none"])(
  "a tick claimed a minute late is on time (catch_up: %s)",
  (catchUp) => {
    expect(shown(decide(catchUp, "2026-11-16T08:00:00Z", "2026-11-16T08:00:00.004Z"))).toEqual([
      "08:00 schedule run",
    ]);
    expect(shown(decide(catchUp, "2026-11-16T08:00:00Z", "2026-11-16T08:01:00Z"))).toEqual([
      "08:00 schedule run",
    ]);
  },
);

test("latest: the last missed tick is run, the others say that it was run instead", () => {
  const runs = decide("latest", "2026-11-16T06:00:00Z", "2026-11-16T08:01:01Z");
  expect(shown(runs)).toEqual(["06:00 catch_up missed", "07:00 catch_up missed", "08:00 catch_up run"]);
  expect(runs[0]!.end!.reason).toBe(
    "The worker was not running when it was due (or could not write its ledger, or the clock jumped); a later tick was run instead (catch_up: latest).",
  );
});

test("latest: a tick that is on time overtakes all that were missed", () => {
  expect(shown(decide("latest", "2026-11-16T06:00:00Z", "2026-11-16T08:00:20Z"))).toEqual([
    "06:00 catch_up missed",
    "07:00 catch_up missed",
    "08:00 schedule run",
  ]);
});

test("none: missed ticks become rows that say so, and a tick on time is run", () => {
  const runs = decide("none", "2026-11-16T07:00:00Z", "2026-11-16T08:00:20Z");
  expect(shown(runs)).toEqual(["07:00 catch_up missed", "08:00 schedule run"]);
  expect(runs[0]!.end!.reason).toContain("the report is not caught up (catch_up: none)");
});

test("all: the latest 25 missed ticks are run, oldest first, and the one that is on time after them", () => {
  const runs = decide("all", "2026-11-15T04:00:00Z", "2026-11-16T08:00:20Z");
  expect(runs.slice(0, 3).map((run) => run.end?.state)).toEqual(["missed", "missed", "missed"]);
  expect(runs[0]!.end!.reason).toContain("only the latest 25 missed ticks were run (catch_up: all)");
  const toRun = runs.filter((run) => run.end === null);
  expect(toRun.map((run) => run.dueAt.toISOString())).toEqual(
    Array.from({ length: 26 }, (_, hour) => new Date(Date.UTC(2026, 10, 15, 7 + hour)).toISOString()),
  );
  expect(toRun.map((run) => run.trigger)).toEqual([...Array<string>(25).fill("catch_up"), "schedule"]);
  expect(runs).toHaveLength(29);
  expect(new Set(runs.map((run) => run.id)).size).toBe(29);
});

test("missed ticks beyond 25 rows are summed up in the oldest of them", () => {
  const runs = decide("none", "2026-11-10T00:00:00Z", "2026-11-16T08:30:00Z");
  expect(runs).toHaveLength(25);
  expect(runs[0]!.dueAt).toEqual(new Date("2026-11-15T08:00:00Z"));
  expect(runs[0]!.end!.reason).toContain(
    "The same goes for 128 ticks before it since Tue 2026-11-10 00:00 UTC.",
  );
  expect(runs.slice(1).some((run) => run.end!.reason.includes("The same goes"))).toBe(false);
});

test("a clock that stood at 1970 is looked back from only so far", () => {
  const minutely = decide("latest", "1970-01-01T00:01:00Z", "2026-11-16T08:30:30Z", { cron: "* * * * *" });
  expect(minutely).toHaveLength(25 + 1);
  expect(minutely[0]!.end!.reason).toContain(
    "more than 1,026 ticks before it since Thu 1970-01-01 00:01 UTC.",
  );
  const yearly = decide("none", "1970-01-01T00:00:00Z", "2026-11-16T08:30:30Z", { cron: "0 0 1 1 *" });
  expect(yearly).toHaveLength(5);
  expect(yearly[0]!.end!.reason).toContain("all ticks before it since Thu 1970-01-01 00:00 UTC.");
});

test("a paused report's ticks are skipped, with the words of who paused it", () => {
  const runs = decide("latest", "2026-11-16T07:00:00Z", "2026-11-16T08:00:20Z", {
    pausedAt: new Date("2026-11-15T12:00:00Z"),
    pauseReason: "the warehouse moves",
  });
  expect(shown(runs)).toEqual(["07:00 catch_up skipped", "08:00 schedule skipped"]);
  expect(runs[0]!.end!.reason).toBe(
    "The report was paused on Sun 2026-11-15 12:00 UTC: the warehouse moves.",
  );
});

test("what is run has a time by which it is expected, also when that is past; other rows have none", () => {
  const runs = decide("latest", "2026-11-16T07:00:00Z", "2026-11-16T12:30:00Z");
  expect(runs.map((run) => run.expectAt?.toISOString() ?? null)).toEqual([
    ...Array<null>(5).fill(null),
    "2026-11-17T09:30:00.000Z",
  ]);
  const old = decide("all", "2026-11-16T08:00:00Z", "2026-11-16T12:30:00Z");
  expect(old[0]!.expectAt).toEqual(new Date("2026-11-16T09:30:00Z"));
});

test("a promise that no tick bears out leaves no row", () => {
  expect(decide("all", "2026-11-16T08:10:00Z", "2026-11-16T08:30:00Z")).toEqual([]);
});
