import { rm } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import { NAME_LENGTH_MAX, type Remembered } from "../../../src/core/model/memory.ts";
import type { Outcome } from "../../../src/core/model/outcome.ts";
import type { Report, SectionPlan, ShowPlan } from "../../../src/core/model/report.ts";
import type { Kpi } from "../../../src/core/model/show.ts";
import type { Table } from "../../../src/core/model/table.ts";
import type { SourceRequest } from "../../../src/core/ports/adapter.ts";
import type { Ledger } from "../../../src/core/ports/ledger.ts";
import { identified, nameOf } from "../../../src/worker/run/past.ts";
import { amount, CARRIER, COUNT, table, WEEK, words } from "../../draw/samples.ts";
import { CLAIM, type Given, openPipeline, pigeon, present, REPORT, SENT, well } from "../open-pipeline.ts";

const KPI: ShowPlan & { kind: "kpi" } = {
  kind: "kpi",
  field: "flights.count",
  compare: "previous",
  partial: "hide",
  history: null,
};
const CHANGES: ShowPlan = { kind: "changes", key: ["flights.carrier"] };
const HISTORY = { source: { kind: "past", options: {} }, date: "flights.date_week", value: "flights.count" };
const REFUSED: Outcome = { kind: "refused", reason: "no", advice: "x" };
const BOB = { destination: { kind: "pigeon", options: { to: "Bob" } }, attach: [] };

const total = (value: number) => table([COUNT], [[amount(value)]]);
const carriers = (rows: Record<string, number>) =>
  table(
    [CARRIER, COUNT],
    Object.entries(rows).map(([carrier, value]) => [words(carrier), amount(value)]),
  );
const weeks = (rows: readonly (readonly [string, string, number])[]) =>
  table(
    [WEEK, CARRIER, COUNT],
    rows.map(([week, carrier, value]) => [words(week), words(carrier), amount(value)]),
  );
const showing = (show: ShowPlan, more: Partial<SectionPlan> = {}): SectionPlan => ({
  ...present(REPORT.sections[0] ?? null),
  show,
  ...more,
});

/** A report of one section, whose table and words the test changes between its ticks. */
async function openPast(show: ShowPlan, table: Table, given: Given = {}) {
  const state = {
    report: { ...REPORT, sections: [showing(show)] } as Report,
    table,
    history: table,
    asked: 0,
    fails: false,
    fly: async (): Promise<Outcome> => SENT,
    byLimit: null as ((limit: number | null) => Table) | null,
  };
  const { destination, carried } = pigeon(() => state.fly());
  const source = {
    ...well(),
    async run(
      options: unknown,
      request: SourceRequest,
      context: Parameters<ReturnType<typeof well>["run"]>[2],
    ) {
      const isHistory = context.prefix.includes("history");
      if (isHistory) state.asked += 1;
      if (state.fails) throw new ReportError("It does not compile.", { code: "database" });
      const result = await well().run(options, request, context);
      return {
        ...result,
        // After all dates here.
        ranAt: new Date("2026-12-31T00:00:00Z"),
        table: isHistory ? state.history : (state.byLimit?.(request.limit) ?? state.table),
      };
    },
  };
  const house = await openPipeline({ destination, source, report: () => state.report, ...given });
  const { ledger, clock } = house;
  const claim = (day: string, burst = "") =>
    ledger.claimRun({
      ...CLAIM,
      id: `run-${day}${burst}`,
      dueAt: new Date(`${day}T13:00:00Z`),
      kind: burst === "" ? "tick" : "repeat",
      burst,
      at: clock.now(),
    });
  const shows = () => carried.flatMap(({ message }) => message.sections[0]?.data?.show ?? []);
  return {
    ...house,
    state,
    carried,
    claim,
    async tick(day: string, burst = "") {
      await claim(day, burst);
      await house.settle();
      return present(await ledger.run(`run-${day}${burst}`));
    },
    lastKpi: (): Kpi =>
      present(
        shows()
          .flatMap((show) => (show.kind === "kpi" ? [show.kpi] : []))
          .at(-1) ?? null,
      ),
    /** The days of the ticks that each message was compared with. */
    since: () =>
      shows().flatMap((show) => (show.kind === "changes" ? [show.changes.since?.slice(0, 10) ?? null] : [])),
    lastNotices: () => carried.at(-1)?.message.sections[0]?.notices,
    /** All that was made for its run on another machine, or has been tidied away. */
    forgetFiles: () => rm(join(house.folder, "spool"), { recursive: true }),
  };
}

describe("a tick", () => {
  test("is not made before an older one is out: caught up at once, each is compared with the one before", async () => {
    const past = await openPast(CHANGES, carriers({ AA: 1 }));
    for (const day of ["2026-11-02", "2026-11-09", "2026-11-16"]) await past.claim(day);
    await past.carry("run", "run-2026-11-02");
    await past.carry("run", "run-2026-11-09");
    expect(await past.ledger.run("run-2026-11-09")).toMatchObject({ state: "planned" });
    await past.settle();
    expect(past.since()).toEqual([null, "2026-11-02", "2026-11-09"]);
  });

  test("does not wait for a delivery that is to be tried again, nor does another report wait", async () => {
    const past = await openPast(CHANGES, carriers({ AA: 1 }));
    past.state.fly = async () => ({ kind: "again", reason: "451 later" });
    await past.tick("2026-11-02");
    past.state.fly = async () => SENT;
    expect(await past.tick("2026-11-09")).toMatchObject({ state: "delivered" });
    expect(past.since()).toEqual([null, null]);
  });

  test("of which one recipient has something is what the next is compared with", async () => {
    const past = await openPast(CHANGES, carriers({ AA: 1 }));
    past.state.report = { ...past.state.report, deliver: [...REPORT.deliver, BOB] };
    const outcomes: Outcome[] = [SENT, { kind: "again", reason: "451 later" }];
    past.state.fly = async () => outcomes.shift() ?? SENT;
    expect(await past.tick("2026-11-02")).toMatchObject({ state: "delivering" });
    await past.tick("2026-11-09");
    expect(past.since().slice(-2)).toEqual(["2026-11-02", "2026-11-02"]);
  });

  test("of long ago that is retried finds the one before it", async () => {
    const past = await openPast(CHANGES, carriers({ AA: 1 }));
    await past.tick("2026-10-19");
    past.state.fails = true;
    await past.tick("2026-10-26");
    past.state.fails = false;
    for (const day of ["2026-11-02", "2026-11-09", "2026-11-16"]) await past.tick(day);
    await past.ledger.reopenRun("run-2026-10-26", "from_start", null, past.clock.now());
    await past.settle();
    expect(past.since().at(-1)).toBe("2026-10-19");
  });

  test("of which something was sent stays so where it is retried and has no rows any more", async () => {
    const past = await openPast(CHANGES, carriers({ AA: 1 }));
    past.state.report = { ...past.state.report, sendIf: "has_results", deliver: [...REPORT.deliver, BOB] };
    const outcomes: Outcome[] = [SENT];
    past.state.fly = async () => outcomes.shift() ?? REFUSED;
    expect(await past.tick("2026-11-02")).toMatchObject({ state: "partly_failed" });
    past.state.table = carriers({});
    await past.ledger.reopenRun("run-2026-11-02", "from_start", null, past.clock.now());
    await past.settle();
    expect(await past.ledger.run("run-2026-11-02")).toMatchObject({ state: "partly_failed" });
    const recalled = await past.ledger.recall("weekly", nameIn(past.state.report), new Date(8e15));
    expect(recalled).toMatchObject({ runId: "run-2026-11-02" });
  });
});

const nameIn = (report: Report) => nameOf(identified(report), 0);

describe("a message that is made once more", () => {
  test("is compared with what it was compared with, whatever was sent since", async () => {
    const past = await openPast(CHANGES, carriers({ AA: 1 }));
    past.state.fly = async () => ({ kind: "again", reason: "451 later" });
    await past.tick("2026-11-09");
    past.state.fly = async () => SENT;
    await past.tick("2026-11-16");
    const [late] = await past.ledger.deliveries("run-2026-11-09");
    past.clock.set(present(late?.nextAt ?? null));
    await past.settle();
    await past.forgetFiles();
    for (const { id } of await past.ledger.deliveries("run-2026-11-16"))
      await past.ledger.resendDelivery(id, null, past.clock.now());
    await past.settle();
    expect(past.carried.at(-1)?.message.run.dueAt).toContain("2026-11-16");
    expect(past.since().at(-1)).toBeNull();
  });

  test("shows a figure with the past that it had, and adds nothing to it", async () => {
    const past = await openPast(KPI, total(100));
    await past.tick("2026-11-02");
    past.state.table = total(110);
    await past.tick("2026-11-09");
    past.state.table = total(120);
    await past.tick("2026-11-16");
    const told = past.lastKpi();
    await past.forgetFiles();
    past.state.table = total(999);
    for (const day of ["2026-11-16", "2026-11-09"]) {
      const [delivery] = await past.ledger.deliveries(`run-${day}`);
      await past.ledger.resendDelivery(present(delivery ?? null).id, null, past.clock.now());
      await past.settle();
      expect(past.lastKpi().change).toMatchObject({ from: day === "2026-11-16" ? "110" : "100" });
    }
    past.state.table = total(130);
    await past.tick("2026-11-23");
    expect(past.lastKpi().points.map(({ value }) => value)).toEqual([
      ...told.points.map(({ value }) => value),
      130,
    ]);
  });

  test("does not show in a figure's past what was sent of an older tick since", async () => {
    const past = await openPast(KPI, total(100));
    past.state.fly = async () => ({ kind: "again", reason: "451 later" });
    await past.tick("2026-11-09");
    past.state.fly = async () => SENT;
    past.state.table = total(120);
    await past.tick("2026-11-16");
    const [late] = await past.ledger.deliveries("run-2026-11-09");
    past.clock.set(present(late?.nextAt ?? null));
    await past.settle();
    await past.forgetFiles();
    const [delivery] = await past.ledger.deliveries("run-2026-11-16");
    await past.ledger.resendDelivery(present(delivery ?? null).id, null, past.clock.now());
    await past.settle();
    expect(past.lastKpi()).toMatchObject({ value: "120", change: null, points: [{ value: 120 }] });
  });

  test("is compared by its figure with the same run again", async () => {
    const past = await openPast({ ...KPI, compare: "run" }, total(100));
    await past.tick("2026-11-02");
    past.state.fly = async () => ({ kind: "again", reason: "451 later" });
    await past.tick("2026-11-09");
    past.state.fly = async () => SENT;
    await past.tick("2026-11-16");
    expect(past.lastKpi().change).toMatchObject({ against: "in the last report, 2 Nov 2026" });
    const [late] = await past.ledger.deliveries("run-2026-11-09");
    past.clock.set(present(late?.nextAt ?? null));
    await past.settle();
    await past.forgetFiles();
    const [delivery] = await past.ledger.deliveries("run-2026-11-16");
    await past.ledger.resendDelivery(present(delivery ?? null).id, null, past.clock.now());
    await past.settle();
    expect(past.lastKpi().change).toMatchObject({ against: "in the last report, 2 Nov 2026" });
  });
});

describe("the past of a figure", () => {
  const values = (kpi: Kpi) => kpi.points.map(({ value }) => value);

  test("has nothing of runs that no recipient got, nor of those repeated by hand", async () => {
    const past = await openPast(KPI, total(100));
    await past.tick("2026-11-02");
    past.state.fly = async () => REFUSED;
    past.state.table = total(5);
    expect(await past.tick("2026-11-09")).toMatchObject({ state: "failed" });
    past.state.fly = async () => SENT;
    past.state.table = total(7);
    await past.tick("2026-11-02", "manual 1");
    past.state.table = total(110);
    await past.tick("2026-11-16");
    expect(values(past.lastKpi())).toEqual([100, 110]);
    expect(past.lastKpi().change).toMatchObject({ from: "100" });
  });

  test("is that of its own carrier", async () => {
    const past = await openPast(
      KPI,
      weeks([
        ["2026-11-02", "WN", 95],
        ["2026-11-02", "AA", 80],
      ]),
    );
    await past.tick("2026-11-09");
    past.state.table = weeks([
      ["2026-11-09", "AA", 100],
      ["2026-11-09", "WN", 90],
    ]);
    await past.tick("2026-11-16");
    expect(past.lastKpi()).toMatchObject({ of: "week from 9 November, AA", change: null });
    expect(values(past.lastKpi())).toEqual([100]);
    past.state.table = weeks([["2026-11-16", "WN", 97]]);
    await past.tick("2026-11-23");
    expect(past.lastKpi()).toMatchObject({ of: "week from 16 November, WN", change: { from: "95" } });
  });

  test("is compared with the last report only where that was of the same carrier", async () => {
    const past = await openPast({ ...KPI, compare: "run" }, carriers({ WN: 95 }));
    await past.tick("2026-11-09");
    past.state.table = carriers({ AA: 100 });
    await past.tick("2026-11-16");
    expect(past.lastKpi()).toMatchObject({ change: null, withoutChange: "the last report was of WN" });
  });

  test("is its own where another figure of the same field is taken out", async () => {
    const past = await openPast(KPI, total(0));
    const figure = (carrier: string, limit: number) =>
      showing(KPI, { limit, filters: { "flights.carrier": carrier } });
    past.state.byLimit = (limit) => total(limit === 1 ? 1000 : 10);
    past.state.report = { ...REPORT, sections: [figure("AA", 1), figure("WN", 2)] };
    await past.tick("2026-11-09");
    past.state.report = { ...REPORT, sections: [figure("WN", 2)] };
    await past.tick("2026-11-16");
    expect(past.lastKpi().change).toMatchObject({ direction: "level", from: "10" });
  });

  test("goes on where a template fills in other dates, and starts over with another query", async () => {
    const past = await openPast(KPI, total(10));
    const filtered = (date: string): Report => ({
      ...REPORT,
      sections: [showing(KPI, { filters: { "flights.date": date } })],
    });
    past.state.report = filtered("{{ run.due_at | looker_week }}");
    await past.tick("2026-11-02");
    await past.tick("2026-11-09");
    expect(values(past.lastKpi())).toEqual([10, 10]);
    past.state.report = filtered("{{ run.due_at | looker_day }}");
    await past.tick("2026-11-16");
    expect(values(past.lastKpi())).toEqual([10]);
  });

  test("is imported also where `history:` is written later, once, and next to what was kept", async () => {
    const week = (on: string, value: number) => table([WEEK, COUNT], [[words(on), amount(value)]]);
    const past = await openPast(KPI, week("2026-11-02", 3));
    await past.tick("2026-11-09");
    past.state.report = { ...REPORT, sections: [showing({ ...KPI, history: HISTORY })] };
    past.state.history = table(
      [WEEK, COUNT],
      ["2026-10-26", "2026-11-02", "2026-11-09"].map((on) => [words(on), amount(1)]),
    );
    past.state.table = week("2026-11-09", 4);
    await past.tick("2026-11-16");
    expect(values(past.lastKpi())).toEqual([1, 3, 4]);
    past.state.table = week("2026-11-16", 5);
    await past.tick("2026-11-23");
    expect(values(past.lastKpi())).toEqual([1, 3, 4, 5]);
    expect(past.state.asked).toBe(1);
  });
});

test.each([
  ["a figure", { ...KPI, compare: "run" } as const],
  ["a table", CHANGES],
])("what was left of %s and cannot be read is said, and the report goes on", async (_, show) => {
  const unread = { runId: "x", dueAt: new Date(0), data: "{not json", comparedWith: null };
  const failing = (ledger: Ledger): Ledger => ({ ...ledger, recall: async () => unread });
  const past = await openPast(show, carriers({ AA: 1 }), { failing });
  expect(await past.tick("2026-11-16")).toMatchObject({ state: "delivered" });
  expect(past.lastNotices()).toEqual([expect.stringContaining("could not be read")]);
});

test("what a killed attempt left goes, where the next one leaves nothing", async () => {
  const past = await openPast({ ...KPI, compare: "run" }, total(100));
  const { ledger, clock } = past;
  await past.claim("2026-11-16");
  await ledger.signIn("dead", "service", clock.now());
  const run = present(await ledger.takeRun("run-2026-11-16", "dead", clock.now()));
  const name = nameIn(past.state.report);
  const left: Remembered[] = [
    { name, data: '{"value":100,"rendered":"100","series":{}}', comparedWith: null },
  ];
  await ledger.remember({ id: run.id, attempt: run.attempts }, left, clock.now());
  // The file was changed meanwhile.
  past.state.report = REPORT;
  clock.advance(20_000);
  await ledger.beat("me", clock.now());
  await ledger.sweep({ silentMs: 15_000, onlyService: null }, clock.now());
  await past.settle();
  expect(await ledger.run(run.id)).toMatchObject({ state: "delivered" });
  expect(await ledger.recall("weekly", name, new Date(8e15))).toBeNull();
});

test("names are bounded, however many fields they are made of, and tell them all apart", () => {
  const fields = Array.from({ length: 80 }, (_, count) => `flights.${"x".repeat(40)}${count}`);
  const of = (key: readonly string[]) => nameOf({ sections: [showing({ kind: "changes", key })] }, 0);
  expect(of(fields).length).toBeLessThan(NAME_LENGTH_MAX);
  expect(of(fields)).not.toBe(of(fields.slice(1)));
  expect(of(fields)).not.toBe(of(fields.slice(0, -1)));
  const ordered = (options: object) =>
    nameOf({ sections: [showing(CHANGES, { source: { kind: "query", options } })] }, 0);
  expect(ordered({ model: "faa", filters: { a: "1", b: "2" } })).toBe(
    ordered({ filters: { b: "2", a: "1" }, model: "faa" }),
  );
});

test("a section without a past next to one that has one is passed over, and does not change its name", () => {
  const changes = showing({ kind: "changes", key: ["flights.carrier"] });
  const plain = showing({ kind: "none" });
  expect(nameOf({ sections: [plain, changes] }, 1)).toBe(nameOf({ sections: [changes] }, 0));
  expect(nameOf({ sections: [changes, plain, changes] }, 2)).toBe(`${nameOf({ sections: [changes] }, 0)} 2`);
});
