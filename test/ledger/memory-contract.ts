import { describe, expect, test } from "vitest";
import { POINTS_MAX } from "../../src/core/memory.ts";
import { ended, type OpenStore, plan, type Scene, sent, T, useScene } from "./scene.ts";

const ALWAYS = T(999_999);

/** A run that keeps something and of which something is sent. */
async function deliveredRun(scene: Scene, seconds: number, data = `of ${seconds}`, name = "rows") {
  const run = await scene.running({ dueAt: T(seconds) });
  const fence = { id: run.id, attempt: 1 };
  expect(await scene.ledger.remember(fence, [{ name, data }], T(2))).toBe(true);
  await scene.ledger.planDeliveries(fence, [plan(`${run.id}-x`, "x")], 1, T(2));
  await scene.make(`${run.id}-x`);
  return run;
}

/** What every ledger owes the run that comes after. */
export function memoryContract(open: OpenStore): void {
  const scene = useScene(open);

  describe("what a run remembers", () => {
    test("is recalled by the next one, once something of it was sent", async () => {
      const { ledger, beside, running, make } = scene();
      const { id } = await running({ dueAt: T(0) });
      const fence = { id, attempt: 1 };
      await ledger.remember(fence, [{ name: "rows", data: "[1]" }], T(2));
      const recalled = () => beside.recall("weekly", "rows", T(60));
      expect(await recalled()).toBeNull();
      await ledger.planDeliveries(fence, [plan("d1"), plan("d2")], 1, T(2));
      await make("d1", ended("refused"));
      expect(await recalled()).toBeNull();
      await make("d2");
      expect(await ledger.run(id)).toMatchObject({ state: "partly_failed" });
      expect(await recalled()).toEqual({ runId: id, dueAt: T(0), data: "[1]" });
    });

    test("is not recalled by a run of the same tick or an older one, another report, another name", async () => {
      const { ledger } = scene();
      await deliveredRun(scene(), 60);
      expect(await ledger.recall("weekly", "rows", T(60))).toBeNull();
      expect(await ledger.recall("weekly", "rows", T(0))).toBeNull();
      expect(await ledger.recall("daily", "rows", ALWAYS)).toBeNull();
      expect(await ledger.recall("weekly", "other", ALWAYS)).toBeNull();
      expect(await ledger.recall("weekly", "rows", T(61))).toMatchObject({ data: "of 60" });
    });

    test("is nothing that failed, was skipped or tried out", async () => {
      const { ledger, running, make } = scene();
      const failed = await running({ dueAt: T(0) });
      await ledger.remember({ id: failed.id, attempt: 1 }, [{ name: "rows", data: "failed" }], T(1));
      await ledger.endRun(
        { id: failed.id, attempt: 1 },
        { state: "failed", reason: "404", advice: null },
        T(2),
      );
      const trial = await running({ dueAt: T(60), burst: "manual 1", isTrial: true });
      const fence = { id: trial.id, attempt: 1 };
      expect(await ledger.remember(fence, [{ name: "rows", data: "trial" }], T(1))).toBe(true);
      await ledger.planDeliveries(fence, [plan("t1")], 1, T(2));
      await make("t1");
      expect(await ledger.recall("weekly", "rows", ALWAYS)).toBeNull();
    });

    test("is that of its last attempt alone, and a worker that lost the run adds nothing", async () => {
      const { ledger, beside, running, make } = scene();
      const { id } = await running();
      const first = { id, attempt: 1 };
      const second = { id, attempt: 2 };
      await ledger.remember(
        first,
        [
          { name: "rows", data: "first" },
          { name: "gone", data: "first" },
        ],
        T(2),
      );
      await ledger.handBackRun(first, T(3));
      expect(await ledger.remember(first, [{ name: "rows", data: "too late" }], T(4))).toBe(false);
      await ledger.takeRun(id, "b", T(5));
      expect(await ledger.remember(first, [{ name: "rows", data: "much too late" }], T(6))).toBe(false);
      await beside.remember(second, [{ name: "rows", data: "second" }], T(6));
      await beside.remember(second, [{ name: "kpi", data: "7" }], T(6));
      await beside.remember(second, [{ name: "kpi", data: "8" }], T(6));
      await beside.planDeliveries(second, [plan("d1")], 1, T(7));
      await make("d1", sent(), "b");
      expect(await ledger.recall("weekly", "rows", ALWAYS)).toMatchObject({ data: "second" });
      expect(await ledger.recall("weekly", "kpi", ALWAYS)).toMatchObject({ data: "8" });
      expect(await ledger.recall("weekly", "gone", ALWAYS)).toBeNull();
      expect(await ledger.remember(second, [], T(9))).toBe(false);
      expect(await ledger.remember({ id: "nobody knows it", attempt: 1 }, [], T(9))).toBe(false);
    });

    test("stands for the two latest that were sent, so that a tick caught up between them has its own to look back at", async () => {
      const { ledger, running } = scene();
      for (const seconds of [0, 60, 120, 180]) await deliveredRun(scene(), seconds);
      const asOf = (seconds: number) => ledger.recall("weekly", "rows", T(seconds));
      expect(await asOf(999)).toMatchObject({ data: "of 180" });
      // That of 60 was still there when 180 wrote: it is the next one's to delete.
      expect(await asOf(180)).toMatchObject({ data: "of 120" });
      const next = await running({ dueAt: T(240) });
      await ledger.remember({ id: next.id, attempt: 1 }, [{ name: "rows", data: "of 240" }], T(5));
      expect(await asOf(120)).toBeNull();
      expect(await asOf(180)).toMatchObject({ data: "of 120" });
      const caughtUp = await running({ dueAt: T(150), report: "weekly", burst: "" });
      expect(await asOf(150)).toMatchObject({ data: "of 120" });
      await ledger.remember({ id: caughtUp.id, attempt: 1 }, [{ name: "rows", data: "of 150" }], T(5));
      expect(await asOf(150)).toMatchObject({ data: "of 120" });
    });

    test("outlives those that run meanwhile, and what failed until a person has it sent", async () => {
      const { ledger, running, make } = scene();
      const slow = await running({ dueAt: T(10) });
      const fence = { id: slow.id, attempt: 1 };
      await ledger.remember(fence, [{ name: "rows", data: "slow" }], T(2));
      await ledger.planDeliveries(fence, [plan("slow-x", "x")], 1, T(2));
      for (const seconds of [60, 120, 180]) await deliveredRun(scene(), seconds);
      await make("slow-x", ended("refused"));
      for (const seconds of [240, 300]) await deliveredRun(scene(), seconds);
      await ledger.reopenRun(slow.id, "failed_only", null, T(400));
      await make("slow-x");
      expect(await ledger.recall("weekly", "rows", T(60))).toMatchObject({ runId: slow.id, data: "slow" });
    });

    test("of runs that fail again and again takes no more room than of a few", async () => {
      const { ledger, running, make } = scene();
      for (let count = 0; count < 8; count += 1) {
        const { id } = await running({ dueAt: T(count * 60) });
        await ledger.remember({ id, attempt: 1 }, [{ name: "rows", data: `${count}` }], T(2));
        await ledger.planDeliveries({ id, attempt: 1 }, [plan(`d${count}`, "x")], 1, T(2));
        await make(`d${count}`, ended("refused"));
      }
      for (let count = 0; count < 8; count += 1) {
        const run = await ledger.findRun({ report: "weekly", dueAt: T(count * 60), burst: "" });
        await ledger.reopenRun(run!.id, "failed_only", null, T(900));
        await make(`d${count}`);
      }
      const standing = await Promise.all(
        Array.from({ length: 8 }, (_, count) => ledger.recall("weekly", "rows", T(count * 60 + 1))),
      );
      expect(standing.map((recalled) => recalled?.data ?? null)).toEqual([
        ...[null, null, null, null, null],
        ...["5", "6", "7"],
      ]);
    });

    test("comes back byte by byte, be it 4 MB or what no text column takes", async () => {
      const { ledger } = scene();
      const cells = ["\0 \ud83d\ude00 \u202e מספר \r\n", "<script>", "=HYPERLINK()", "x".repeat(40_000)];
      const large = JSON.stringify(
        Array.from({ length: 10_000 }, (_, row) => [...Array(12).keys()].map((column) => row * column)),
      );
      for (const data of [JSON.stringify(cells), large, ""]) {
        await deliveredRun(scene(), data.length, data);
        expect((await ledger.recall("weekly", "rows", T(data.length + 1)))?.data === data).toBe(true);
      }
    });

    test("goes with its run", async () => {
      const { ledger } = scene();
      await deliveredRun(scene(), 0);
      await ledger.prune(T(100), 10);
      expect(await ledger.recall("weekly", "rows", ALWAYS)).toBeNull();
    });
  });

  test("a worker that lost the run and the one that has it may remember at the same time: that of the latter counts", async () => {
    const { ledger, beside, running, make } = scene();
    const { id } = await running();
    await ledger.handBackRun({ id, attempt: 1 }, T(3));
    await ledger.takeRun(id, "b", T(5));
    const writes = Array.from({ length: 12 }, (_, count) => {
      const attempt = count % 3 === 0 ? 1 : 2;
      const kept = ["a", "b", "c"].map((name) => ({ name, data: `attempt ${attempt}` }));
      return (count % 2 === 0 ? ledger : beside).remember({ id, attempt }, kept, T(6));
    });
    const kept = await Promise.all(writes);
    expect(kept).toEqual(kept.map((_, count) => count % 3 !== 0));
    await ledger.planDeliveries({ id, attempt: 2 }, [plan("d1")], 1, T(7));
    await make("d1", sent(), "b");
    for (const name of ["a", "b", "c"])
      expect(await ledger.recall("weekly", name, ALWAYS)).toMatchObject({ data: "attempt 2" });
  });

  describe("a metric's points", () => {
    const day = (count: number) => new Date(Date.UTC(2020, 0, 1 + count)).toISOString().slice(0, 10);

    test("are listed oldest first, the latest so many, whatever order they came in", async () => {
      const { ledger, beside } = scene();
      await ledger.addPoints("weekly", "count", [
        { on: "2026-11-09", value: 2 },
        { on: "2026-11-16", value: 3 },
      ]);
      await beside.addPoints("weekly", "count", [{ on: "2026-11-02", value: 1 }]);
      await beside.addPoints("weekly", "other", [{ on: "2026-11-30", value: 9 }]);
      await beside.addPoints("daily", "count", [{ on: "2026-11-30", value: 9 }]);
      await beside.addPoints("weekly", "count", []);
      expect(await ledger.points("weekly", "count", 10)).toEqual([
        { on: "2026-11-02", value: 1 },
        { on: "2026-11-09", value: 2 },
        { on: "2026-11-16", value: 3 },
      ]);
      expect((await ledger.points("weekly", "count", 2)).map(({ value }) => value)).toEqual([2, 3]);
      expect(await ledger.points("weekly", "nobody knows it", 2)).toEqual([]);
    });

    test("have the newest value of a date, also of one that is given twice", async () => {
      const { ledger } = scene();
      await ledger.addPoints("weekly", "count", [{ on: "2026-11-09", value: 2 }]);
      await ledger.addPoints("weekly", "count", [
        { on: "2026-11-09", value: 5 },
        { on: "2026-11-09", value: 7 },
      ]);
      expect(await ledger.points("weekly", "count", 10)).toEqual([{ on: "2026-11-09", value: 7 }]);
    });

    test("come back as they were, and what is no number or no date is left out", async () => {
      const { ledger } = scene();
      const values = [
        0,
        -1.5,
        1 / 3,
        0.1 + 0.2,
        1e300,
        5e-324,
        9_007_199_254_740_992,
        215_917_895_044_274_940,
      ];
      const unsound = [Number.NaN, Number.POSITIVE_INFINITY].map((value, index) => ({
        on: `2030-0${index + 1}`,
        value,
      }));
      const all = values.map((value, index) => ({ on: day(index), value }));
      await ledger.addPoints("weekly", "sum", [...unsound, ...all, { on: "2".repeat(5000), value: 1 }]);
      expect(await ledger.points("weekly", "sum", 100)).toEqual(all);
    });

    test("are bounded: the oldest go", async () => {
      const { ledger } = scene();
      const many = Array.from({ length: POINTS_MAX + 10 }, (_, count) => ({ on: day(count), value: count }));
      await ledger.addPoints("weekly", "count", many);
      await ledger.addPoints("weekly", "count", [{ on: day(5000), value: 5000 }]);
      const standing = await ledger.points("weekly", "count", 5000);
      expect(standing).toHaveLength(POINTS_MAX);
      expect(standing[0]).toEqual({ on: day(11), value: 11 });
      expect(standing.at(-1)).toEqual({ on: day(5000), value: 5000 });
    });

    test("of two workers at once are all there", async () => {
      const { ledger, beside } = scene();
      await Promise.all(
        Array.from({ length: 20 }, (_, count) =>
          (count % 2 === 0 ? ledger : beside).addPoints("weekly", "count", [
            { on: day(count), value: count },
            { on: day(100 - count), value: count },
          ]),
        ),
      );
      expect(await ledger.points("weekly", "count", 100)).toHaveLength(40);
    });

    test("stay when runs are pruned, and go with the last trace of their report", async () => {
      const { ledger } = scene();
      await deliveredRun(scene(), 0);
      await ledger.addPoints("weekly", "count", [{ on: day(1), value: 1 }]);
      const kept = { report: "weekly", cron: "0 * * * *", timezone: "UTC", nextAt: T(600) };
      await ledger.plan([kept], T(0));
      await ledger.prune(T(100), 10);
      expect(await ledger.runs({ limit: 1 })).toEqual([]);
      expect(await ledger.points("weekly", "count", 10)).toHaveLength(1);
      await ledger.plan([{ ...kept, nextAt: null }], T(0));
      await ledger.prune(T(100), 10);
      expect(await ledger.points("weekly", "count", 10)).toEqual([]);
    });

    test("of a report that no plan tells of go with its last run", async () => {
      const { ledger } = scene();
      await deliveredRun(scene(), 0);
      await deliveredRun(scene(), 60);
      await ledger.addPoints("weekly", "count", [{ on: day(1), value: 1 }]);
      await ledger.prune(T(100), 1);
      expect(await ledger.points("weekly", "count", 10)).toHaveLength(1);
      await ledger.prune(T(100), 1);
      expect(await ledger.points("weekly", "count", 10)).toEqual([]);
    });
  });
}
