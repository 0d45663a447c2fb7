import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import type { Report } from "../../../src/core/model/report.ts";
import type { Run } from "../../../src/core/model/run.ts";
import type { Clock } from "../../../src/core/ports/clock.ts";
import type { Ledger } from "../../../src/core/ports/ledger.ts";
import { openSqliteLedger } from "../../../src/ledger/sqlite/sqlite.ts";
import { startTimetable, type Timetable } from "../../../src/worker/schedule/timetable.ts";

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A wall clock that can be set, and seconds that pass only when the test says so. */
class FakeClock implements Clock {
  #now: number;
  #sleeper: (() => void) | null = null;
  #fellAsleep: () => void = () => undefined;

  constructor(now: string) {
    this.#now = Date.parse(now);
  }

  now(): Date {
    return new Date(this.#now);
  }

  sleep(_ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
      this.#sleeper = resolve;
      this.#fellAsleep();
    });
  }

  /** A person sets it, or NTP does. */
  set(to: string): void {
    this.#now = Date.parse(to);
  }

  /** Seconds in which the guard wakes and sees to what is due; the wall clock goes on by `wallMs` in each. */
  async pass(seconds = 1, wallMs = SECOND_MS): Promise<void> {
    for (let second = 0; second < seconds; second += 1) {
      this.#now += wallMs;
      const asleepAgain = new Promise<void>((resolve) => {
        this.#fellAsleep = resolve;
      });
      this.#sleeper?.();
      await asleepAgain;
    }
  }
}

function report(name: string, cron: string, other: Partial<Report> & { timezone?: string } = {}): Report {
  const { timezone = "UTC", ...rest } = other;
  return {
    name,
    title: name,
    owner: null,
    description: null,
    link: "looker",
    schedule: { cron, timezone },
    timeoutMs: 60_000,
    timeoutFrom: "tries",
    resultBytesMax: 2e9,
    sendIf: "always",
    sections: [],
    deliver: [],
    catchUp: "latest",
    retry: { triesMax: 6, overMs: 2 * HOUR_MS },
    onUnknown: "hold",
    onFailure: [],
    expectBy: null,
    ...rest,
  };
}

const DAILY = report("daily", "0 8 * * *");
const HOURLY = report("hourly", "0 * * * *");

let folder: string;
let ledger: Ledger;
let ids = 0;
let claimed: Run[] = [];
let transactions = 0;
let troubles: unknown[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "lookpost-timetable-"));
  ledger = await openSqliteLedger(folder);
  claimed = [];
  transactions = 0;
  troubles = [];
});

afterEach(async () => {
  await ledger.close();
  rmSync(folder, { recursive: true, force: true });
});

async function start(clock: Clock, reports: readonly Report[], over = ledger): Promise<Timetable> {
  const timetable = await startTimetable(
    {
      ledger: over,
      clock,
      newId: () => {
        ids += 1;
        return `run-${ids}`;
      },
      claimed: (runs) => {
        claimed.push(...runs);
        transactions += 1;
      },
      trouble: (thrown) => troubles.push(thrown),
    },
    reports,
  );
  onTestFinished(() => timetable.stop());
  return timetable;
}

/** All rows of a report, oldest first: "16T08:00 schedule planned". */
async function rows(name: string): Promise<string[]> {
  const runs = await ledger.runs({ report: name, limit: 100 });
  return runs
    .map(({ dueAt, trigger, state }) => `${dueAt.toISOString().slice(8, 16)} ${trigger} ${state}`)
    .reverse();
}

async function nextAt(name: string): Promise<string | null> {
  const plan = (await ledger.plans()).find((one) => one.report === name);
  return plan?.nextAt?.toISOString() ?? null;
}

test("a new report counts from now, and its tick is claimed once when it is due", async () => {
  const clock = new FakeClock("2026-11-16T07:59:58Z");
  const timetable = await start(clock, [{ ...DAILY, expectBy: "09:30" }]);
  expect(timetable.size).toBe(1);
  expect(await rows("daily")).toEqual([]);
  expect(await nextAt("daily")).toBe("2026-11-16T08:00:00.000Z");
  await clock.pass();
  expect(claimed).toEqual([]);
  await clock.pass(3);
  expect(await rows("daily")).toEqual(["16T08:00 schedule planned"]);
  expect(await nextAt("daily")).toBe("2026-11-17T08:00:00.000Z");
  expect(claimed).toMatchObject([
    {
      report: "daily",
      burst: "",
      expectAt: new Date("2026-11-16T09:30:00Z"),
      claimedAt: new Date("2026-11-16T08:00:00Z"),
    },
  ]);
  expect(timetable.lateMs()).toBe(0);
});

test("a boot finds what was missed: the latest tick is run, the others have a row that says why not", async () => {
  const clock = new FakeClock("2026-11-16T07:00:00Z");
  await (await start(clock, [DAILY])).stop();
  clock.set("2026-11-18T12:00:00Z");
  await start(clock, [DAILY]);
  expect(await rows("daily")).toEqual([
    "16T08:00 catch_up missed",
    "17T08:00 catch_up missed",
    "18T08:00 catch_up planned",
  ]);
  expect((await ledger.runs({ report: "daily", limit: 10 }))[1]!.reason).toContain(
    "a later tick was run instead",
  );
  expect(await nextAt("daily")).toBe("2026-11-19T08:00:00.000Z");
});

test("a boot within the minute after a tick is on time", async () => {
  const clock = new FakeClock("2026-11-16T07:00:00Z");
  const careless = { ...DAILY, catchUp: "none" } as const;
  await (await start(clock, [careless])).stop();
  clock.set("2026-11-16T08:00:45Z");
  await start(clock, [careless]);
  expect(await rows("daily")).toEqual(["16T08:00 schedule planned"]);
});

test("what a changed schedule promised before is caught up; the new one counts from now", async () => {
  const clock = new FakeClock("2026-11-16T07:00:00Z");
  await (await start(clock, [DAILY])).stop();
  clock.set("2026-11-17T12:30:00Z");
  const timetable = await start(clock, [report("daily", "0 18,21 * * *")]);
  expect(await rows("daily")).toEqual(["16T08:00 catch_up missed", "17T08:00 catch_up planned"]);
  expect(await nextAt("daily")).toBe("2026-11-17T18:00:00.000Z");

  // The zone is part of the schedule, and it may change while the service runs. 18:00 UTC is a tick in both.
  await timetable.update([report("daily", "0 18,21 * * *", { timezone: "Europe/Moscow" })]);
  expect(await nextAt("daily")).toBe("2026-11-17T15:00:00.000Z");
  await clock.pass(1, 2 * HOUR_MS);
  expect(await rows("daily")).toHaveLength(2);
  await clock.pass(1, HOUR_MS);
  expect((await rows("daily")).at(-1)).toBe("17T15:00 catch_up planned");
});

test("a report that is removed promises nothing; when it returns it counts from then", async () => {
  const clock = new FakeClock("2026-11-16T07:00:00Z");
  const timetable = await start(clock, [DAILY, HOURLY]);
  await timetable.update([HOURLY]);
  expect(timetable.size).toBe(1);
  expect(await nextAt("daily")).toBeNull();
  await clock.pass(1, 2 * DAY_MS);
  expect(await rows("daily")).toEqual([]);
  await timetable.update([DAILY, HOURLY]);
  expect(await rows("daily")).toEqual([]);
  expect(await nextAt("daily")).toBe("2026-11-18T08:00:00.000Z");
});

test("a report that was removed while ticks were missed is not caught up", async () => {
  const clock = new FakeClock("2026-11-16T07:00:00Z");
  await (await start(clock, [DAILY])).stop();
  clock.set("2026-11-18T12:00:00Z");
  await start(clock, [HOURLY]);
  expect(await rows("daily")).toEqual([]);
  expect(await nextAt("daily")).toBeNull();
});

test("a pause that a command writes while the service runs counts at the next tick, and so does its end", async () => {
  const clock = new FakeClock("2026-11-16T07:59:50Z");
  await start(clock, [HOURLY]);
  await ledger.pause("hourly", "the warehouse moves", clock.now());
  await clock.pass(12);
  await clock.pass(1, HOUR_MS);
  expect(await rows("hourly")).toEqual(["16T08:00 schedule skipped", "16T09:00 schedule skipped"]);
  expect(claimed[0]!.reason).toBe("The report was paused on Mon 2026-11-16 07:59 UTC: the warehouse moves.");
  await ledger.resume("hourly", new Date("2026-11-16T10:00:00Z"), clock.now());
  await clock.pass(1, HOUR_MS);
  expect((await rows("hourly")).at(-1)).toBe("16T10:00 schedule planned");
});

test("plans are read four times a minute while nothing is due, and not more often", async () => {
  const clock = new FakeClock("2026-11-16T07:00:00Z");
  let reads = 0;
  const counting: Ledger = {
    ...ledger,
    plans() {
      reads += 1;
      return ledger.plans();
    },
  };
  await start(clock, [DAILY], counting);
  reads = 0;
  await clock.pass(60);
  expect(reads).toBe(4);
});

test("a report that was paused and resumed before it was ever planned is like a new one", async () => {
  const clock = new FakeClock("2026-11-16T07:00:00Z");
  await ledger.pause("daily", null, clock.now());
  await ledger.resume("daily", new Date("2026-11-16T08:00:00Z"), clock.now());
  clock.set("2026-11-16T08:30:00Z");
  await start(clock, [DAILY]);
  expect(await rows("daily")).toEqual([]);
  expect(await nextAt("daily")).toBe("2026-11-17T08:00:00.000Z");
});

test("of two replicas one claims a tick, and both wait for the same next one", async () => {
  const sameLedger = await openSqliteLedger(folder);
  onTestFinished(() => sameLedger.close());
  const [clock, other] = [new FakeClock("2026-11-16T07:59:59Z"), new FakeClock("2026-11-16T07:59:58Z")];
  await start(clock, [DAILY, HOURLY]);
  const second = await start(other, [DAILY, HOURLY], sameLedger);
  await Promise.all([clock.pass(1), other.pass(2)]);
  expect(await rows("daily")).toEqual(["16T08:00 schedule planned"]);
  expect(await rows("hourly")).toEqual(["16T08:00 schedule planned"]);
  expect(claimed).toHaveLength(2);
  expect(second.lateMs()).toBe(0);
  // One of them is gone: the other claims the next one in time.
  await other.pass(1, HOUR_MS);
  expect((await rows("hourly")).at(-1)).toBe("16T09:00 schedule planned");
});

test("a replica that claimed a tick too late to write it takes the next one from the ledger at once", async () => {
  const sameLedger = await openSqliteLedger(folder);
  onTestFinished(() => sameLedger.close());
  const minutely = report("minutely", "* * * * *");
  const [clock, other] = [new FakeClock("2026-11-16T07:59:30Z"), new FakeClock("2026-11-16T07:59:30Z")];
  await start(clock, [minutely]);
  const second = await start(other, [minutely], sameLedger);
  other.set("2026-11-16T08:01:29Z");
  await Promise.all([clock.pass(1, 31 * SECOND_MS), other.pass(1)]);
  expect(await rows("minutely")).toEqual(["16T08:00 schedule planned"]);
  // The loser's own arithmetic would say 08:02.
  expect(second.lateMs()).toBe(30 * SECOND_MS);
  await other.pass(1);
  expect(await rows("minutely")).toEqual(["16T08:00 schedule planned", "16T08:01 schedule planned"]);
});

test("a promise that is not a tick any more, since the rules of the zone have changed, gives way to one that is", async () => {
  const clock = new FakeClock("2026-11-16T07:30:00Z");
  await ledger.plan(
    [{ report: "daily", ...DAILY.schedule, nextAt: new Date("2026-11-16T09:00:00Z") }],
    clock.now(),
  );
  await start(clock, [DAILY]);
  expect(await nextAt("daily")).toBe("2026-11-16T08:00:00.000Z");
});

test("a replica with an older file claims ticks by the schedule that the ledger has", async () => {
  const clock = new FakeClock("2026-11-16T07:00:00Z");
  await start(clock, [DAILY]);
  const newer = await start(new FakeClock("2026-11-16T07:00:00Z"), [report("daily", "30 7 * * *")]);
  await newer.stop();
  await clock.pass(20, 2 * MINUTE_MS);
  expect(await rows("daily")).toEqual(["16T07:30 schedule planned"]);
  expect(await nextAt("daily")).toBe("2026-11-17T07:30:00.000Z");
});

test("a suspended machine claims afterwards what it slept through", async () => {
  const clock = new FakeClock("2026-11-16T07:30:00Z");
  await start(clock, [{ ...HOURLY, catchUp: "all" }]);
  await clock.pass(1, 3 * HOUR_MS);
  expect(await rows("hourly")).toEqual([
    "16T08:00 catch_up planned",
    "16T09:00 catch_up planned",
    "16T10:00 catch_up planned",
  ]);
  expect(claimed.map((run) => run.dueAt.getUTCHours())).toEqual([8, 9, 10]);
});

test("a clock that is set back claims nothing twice", async () => {
  const clock = new FakeClock("2026-11-16T07:59:59Z");
  const timetable = await start(clock, [HOURLY]);
  await clock.pass(2);
  clock.set("2026-11-16T07:58:00Z");
  expect(timetable.lateMs()).toBe(0);
  await clock.pass(180);
  expect(await rows("hourly")).toEqual(["16T08:00 schedule planned"]);
  expect(await nextAt("hourly")).toBe("2026-11-16T09:00:00.000Z");
});

test("a clock that runs ahead and is set right again: ticks that were claimed meanwhile are not claimed again", async () => {
  const clock = new FakeClock("2026-11-16T07:30:00Z");
  await start(clock, [HOURLY]);
  clock.set("2026-11-16T10:30:00Z");
  await clock.pass();
  const ahead = ["16T08:00 catch_up missed", "16T09:00 catch_up missed", "16T10:00 catch_up planned"];
  expect(await rows("hourly")).toEqual(ahead);
  clock.set("2026-11-16T07:30:05Z");
  await clock.pass(60, 3 * MINUTE_MS);
  expect(await rows("hourly")).toEqual(ahead);
  await clock.pass(60, MINUTE_MS);
  expect(await rows("hourly")).toEqual([...ahead, "16T11:00 schedule planned"]);
});

test("a service that starts while its clock is set back keeps what was promised", async () => {
  const clock = new FakeClock("2026-11-16T07:59:59Z");
  const first = await start(clock, [DAILY]);
  await clock.pass(2);
  expect(await nextAt("daily")).toBe("2026-11-17T08:00:00.000Z");
  await first.stop();
  clock.set("2026-11-16T07:30:00Z");
  await start(clock, [DAILY]);
  expect(await nextAt("daily")).toBe("2026-11-17T08:00:00.000Z");
});

test("a clock that stays back is believed after ten minutes, or the report would be silent for as long as it was ahead", async () => {
  const clock = new FakeClock("2026-11-16T07:30:00Z");
  const daily = { ...DAILY, catchUp: "none" } as const;
  await start(clock, [daily]);
  clock.set("2027-11-16T07:30:00Z");
  await clock.pass();
  expect(await nextAt("daily")).toBe("2027-11-16T08:00:00.000Z");
  clock.set("2026-11-16T07:59:50Z");
  const before = await rows("daily");
  await clock.pass(590);
  expect(await nextAt("daily")).toBe("2027-11-16T08:00:00.000Z");
  // The log says once why nothing comes.
  expect(troubles).toMatchObject([
    {
      message: expect.stringMatching(
        /^The clock was set back, .* 1 report is not run meanwhile: daily waits for 2027-11-16 08:00Z, and by this clock \(2026-11-16 08:0\dZ\)/,
      ),
      advice: expect.stringContaining("believed ten minutes after the change"),
    },
  ]);
  await clock.pass(40);
  expect(troubles[1]).toMatchObject({
    message: expect.stringMatching(/^The clock has stayed back .* 1 report goes on by it: daily with/),
  });
  expect(troubles).toHaveLength(2);
  // The tick at 08:00 came while either clock could be the wrong one: it was missed, and is not lost without a word.
  expect(await rows("daily")).toEqual(["16T08:00 catch_up missed", ...before]);
  expect(await nextAt("daily")).toBe("2026-11-17T08:00:00.000Z");
});

test("a clock that is set back twice is believed ten minutes after the second time", async () => {
  const clock = new FakeClock("2026-11-16T07:30:00Z");
  await start(clock, [DAILY]);
  clock.set("2027-11-16T07:30:00Z");
  await clock.pass();
  clock.set("2026-11-16T09:00:00Z");
  await clock.pass(300);
  clock.set("2026-11-14T09:00:00Z");
  await clock.pass(640);
  expect(await nextAt("daily")).toBe("2026-11-15T08:00:00.000Z");
});

test("a machine without a clock of its own, which starts at 1970, is not held up when its clock is set", async () => {
  const clock = new FakeClock("1970-01-01T00:00:30Z");
  await start(clock, [report("minutely", "* * * * *", { timezone: "Europe/Berlin" })]);
  clock.set("2026-11-16T07:30:30Z");
  await clock.pass();
  const all = await rows("minutely");
  expect(all).toHaveLength(26);
  expect(all.at(-1)).toBe("16T07:30 schedule planned");
  expect(claimed[0]!.reason).toContain("more than 1,026 ticks before it since Thu 1970-01-01 01:01");
});

test.each([
  // 01:30 is there twice: at 05:30 and 06:30 UTC.
  ["30 1 * * *", "2026-11-01T05:29:59Z", ["01T05:30 schedule planned"], "2026-11-02T06:30:00.000Z"],
  // 02:30 is not there on the 8th: 03:00 EDT.
  ["30 2 * * *", "2026-03-08T06:00:00Z", ["08T07:00 schedule planned"], "2026-03-09T06:30:00.000Z"],
])(
  "%s in New York is claimed over the change of the clock as `next` says",
  async (cron, at, expected, next) => {
    const clock = new FakeClock(at);
    await start(clock, [report("nightly", cron, { timezone: "America/New_York" })]);
    await clock.pass(180, MINUTE_MS);
    expect(await rows("nightly")).toEqual(expected);
    expect(await nextAt("nightly")).toBe(next);
  },
);

test("what was promised when both days had to match stays promised, until the earlier ticks are noticed", async () => {
  const clock = new FakeClock("2026-11-16T09:00:00Z");
  const schedule = { cron: "0 8 1 * mon", timezone: "UTC" };
  const promised = new Date("2027-02-01T08:00:00Z");
  await ledger.plan([{ report: "both", ...schedule, nextAt: promised }], clock.now());
  await start(clock, [report("both", schedule.cron)]);
  expect(await nextAt("both")).toBe(promised.toISOString());
  await clock.pass(640);
  expect(await nextAt("both")).toBe("2026-11-23T08:00:00.000Z");
  expect(await rows("both")).toEqual([]);
});

test("a clock that is a few seconds behind another replica's is not worth a word", async () => {
  const clock = new FakeClock("2026-11-16T07:59:50Z");
  await start(clock, [HOURLY]);
  await clock.pass(15);
  clock.set("2026-11-16T07:59:50Z");
  await clock.pass(120);
  expect(troubles).toEqual([]);
});

test("a ledger that cannot be written is told of and tried again less and less often; nothing is lost", async () => {
  const clock = new FakeClock("2026-11-16T07:59:59Z");
  const timetable = await start(clock, [HOURLY]);
  const disk = new DatabaseSync(join(folder, "ledger.sqlite"));
  onTestFinished(() => disk.close());
  disk.exec("CREATE TRIGGER full BEFORE INSERT ON runs BEGIN SELECT RAISE(ABORT, 'no space'); END");
  await clock.pass(16);
  // At 0, 1, 3, 7 and 15 s.
  expect(troubles).toHaveLength(5);
  expect(troubles[0]).toMatchObject({ code: "local" });
  expect(timetable.lateMs()).toBe(15 * SECOND_MS);
  disk.exec("DROP TRIGGER full");
  await clock.pass(16);
  expect(await rows("hourly")).toEqual(["16T08:00 schedule planned"]);
  expect(timetable.lateMs()).toBe(0);
  await clock.pass(1, HOUR_MS);
  expect(await rows("hourly")).toHaveLength(2);
});

test("reports that cannot be planned leave those that are in force", async () => {
  const clock = new FakeClock("2026-11-16T07:59:59Z");
  const timetable = await start(clock, [HOURLY]);
  const disk = new DatabaseSync(join(folder, "ledger.sqlite"));
  onTestFinished(() => disk.close());
  disk.exec("CREATE TRIGGER full BEFORE INSERT ON plans BEGIN SELECT RAISE(ABORT, 'no space'); END");
  await expect(timetable.update([DAILY])).rejects.toMatchObject({ code: "local" });
  disk.exec("DROP TRIGGER full");
  expect(timetable.size).toBe(1);
  await clock.pass();
  expect(await rows("hourly")).toEqual(["16T08:00 schedule planned"]);
});

test("thousands of reports that are due in one minute are claimed in one pass, in several transactions", async () => {
  const clock = new FakeClock("2026-11-16T07:59:59Z");
  const reports = Array.from({ length: 2_500 }, (_, index) => report(`report-${index}`, "0 * * * *"));
  await start(clock, reports);
  await clock.pass();
  expect(transactions).toBe(3);
  expect(new Set(claimed.map((run) => run.report)).size).toBe(2_500);
  expect(claimed.every((run) => run.state === "planned")).toBe(true);
});

test("node-cron wakes at each tick, ahead of the guard, until the timetable is stopped", async () => {
  vi.useFakeTimers({ now: new Date("2026-11-16T07:58:30Z"), toFake: ["Date", "setTimeout", "clearTimeout"] });
  onTestFinished(() => void vi.useRealTimers());
  const HANGS = { timeout: 60_000 };
  // A guard that never wakes.
  const clock: Clock = {
    now: () => new Date(),
    sleep: (_ms, signal) =>
      new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason))),
  };
  const timetable = await start(clock, [report("minutely", "* * * * *")]);
  for (const minute of ["16T07:59", "16T08:00", "16T08:01"]) {
    await vi.advanceTimersByTimeAsync(minute === "16T07:59" ? 30 * SECOND_MS : MINUTE_MS);
    await vi.waitFor(
      async () => expect((await rows("minutely")).at(-1)).toBe(`${minute} schedule planned`),
      HANGS,
    );
  }
  // Late by more than node-cron tolerates.
  vi.setSystemTime(new Date("2026-11-16T08:01:20Z"));
  await vi.advanceTimersByTimeAsync(MINUTE_MS);
  await vi.waitFor(
    async () => expect((await rows("minutely")).at(-1)).toBe("16T08:02 schedule planned"),
    HANGS,
  );
  await timetable.stop();
  expect(vi.getTimerCount()).toBe(0);
});
