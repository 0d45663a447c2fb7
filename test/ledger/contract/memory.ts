import { randomBytes } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { RunClaim } from "../../../src/core/model/entry.ts";
import {
  METRICS_MAX,
  NAME_LENGTH_MAX,
  POINTS_MAX,
  type Point,
  type Remembered,
  type RememberedData,
} from "../../../src/core/model/memory.ts";
import { ended, type OpenStore, plan, type Scene, sent, T, useScene, waits } from "./scene.ts";

const ALWAYS = T(999_999);

const keep = (data: string, name = "rows", comparedWith: string | null = null): RememberedData => ({
  name,
  data,
  comparedWith,
});

const told = (metric: string, points: readonly Point[]) => ({ metric, points, isImport: false });
const imported = (metric: string, points: readonly Point[]) => ({ metric, points, isImport: true });

/** A run that keeps these and of which something is sent. */
async function tells(scene: Scene, kept: readonly Remembered[], part: Partial<RunClaim> = {}, by = "a") {
  const run = await scene.running(part);
  const fence = { id: run.id, attempt: 1 };
  expect(await (by === "a" ? scene.ledger : scene.peer).remember(fence, kept, T(2))).toBe(true);
  await scene.ledger.planDeliveries(fence, [plan(`${run.id}-x`, "x")], 1, T(2));
  await scene.make(`${run.id}-x`);
  return run;
}

const deliveredRun = (scene: Scene, seconds: number, data = `of ${seconds}`) =>
  tells(scene, [keep(data)], { dueAt: T(seconds) });

/** What every ledger owes the run that comes after. */
export function memoryContract(open: OpenStore): void {
  const scene = useScene(open);

  describe("what a run remembers", () => {
    test("is recalled by the next one, once something of it was sent", async () => {
      const { ledger, peer, running, make } = scene();
      const { id } = await running({ dueAt: T(0) });
      const fence = { id, attempt: 1 };
      await ledger.remember(fence, [keep("[1]")], T(2));
      const recalled = () => peer.recall("weekly", "rows", T(60));
      expect(await recalled()).toBeNull();
      await ledger.planDeliveries(fence, [plan("d1"), plan("d2")], 1, T(2));
      await make("d1", ended("refused"));
      expect(await recalled()).toBeNull();
      await make("d2");
      expect(await ledger.run(id)).toMatchObject({ state: "partly_failed" });
      expect(await recalled()).toEqual({ runId: id, dueAt: T(0), data: "[1]", comparedWith: null });
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
      await ledger.remember({ id: failed.id, attempt: 1 }, [keep("failed")], T(1));
      await ledger.endRun(
        { id: failed.id, attempt: 1 },
        { state: "failed", reason: "404", advice: null },
        T(2),
      );
      const trial = await running({ dueAt: T(60), kind: "trial", burst: "manual 1" });
      const fence = { id: trial.id, attempt: 1 };
      expect(await ledger.remember(fence, [keep("trial")], T(1))).toBe(true);
      await ledger.planDeliveries(fence, [plan("t1")], 1, T(2));
      await make("t1");
      expect(await ledger.recall("weekly", "rows", ALWAYS)).toBeNull();
    });

    test.each([
      ["tick", true],
      ["by_hand", true],
      ["trial", false],
      ["repeat", false],
    ] as const)(
      "by one of kind %s, whatever its burst key, is for the next one: %s",
      async (kind, isForNext) => {
        const { ledger } = scene();
        const kept = [keep("1"), told("count", [{ on: "2026-11-16", value: 1 }])];
        const { id } = await tells(scene(), kept, { kind, burst: "row 1" });
        expect(await ledger.kept(id, "rows")).toMatchObject({ data: "1" });
        expect((await ledger.recall("weekly", "rows", ALWAYS)) !== null).toBe(isForNext);
        expect(await ledger.points("weekly", "count", 9)).toHaveLength(isForNext ? 1 : 0);
      },
    );

    test("by the latest two repeats is kept for themselves, whatever became of them", async () => {
      const { ledger } = scene();
      await deliveredRun(scene(), 0);
      const repeats = [];
      for (let count = 1; count <= 5; count += 1)
        repeats.push(
          await tells(scene(), [keep(`${count}`)], {
            kind: "repeat",
            burst: `manual ${count}`,
            dueAt: T(count),
          }),
        );
      const kept = await Promise.all(repeats.map(({ id }) => ledger.kept(id, "rows")));
      // The last one had not ended when the others were forgotten.
      expect(kept.map((one) => one?.data ?? null)).toEqual([null, null, "3", "4", "5"]);
      expect(await ledger.recall("weekly", "rows", ALWAYS)).toMatchObject({ data: "of 0" });
    });

    test("is that of its last attempt alone, and a worker that lost the run adds nothing", async () => {
      const { ledger, peer, running, make } = scene();
      const { id } = await running();
      const first = { id, attempt: 1 };
      const second = { id, attempt: 2 };
      await ledger.remember(first, [keep("first"), keep("first", "gone")], T(2));
      await ledger.handBackRun(first, T(3));
      expect(await ledger.remember(first, [keep("too late")], T(4))).toBe(false);
      await ledger.takeRun(id, "b", T(5));
      expect(await ledger.remember(first, [keep("much too late")], T(6))).toBe(false);
      await peer.remember(second, [keep("second")], T(6));
      await peer.remember(second, [keep("7", "kpi")], T(6));
      await peer.remember(second, [keep("8", "kpi")], T(6));
      await peer.planDeliveries(second, [plan("d1")], 1, T(7));
      await make("d1", sent(), "b");
      expect(await ledger.recall("weekly", "rows", ALWAYS)).toMatchObject({ data: "second" });
      expect(await ledger.recall("weekly", "kpi", ALWAYS)).toMatchObject({ data: "8" });
      expect(await ledger.recall("weekly", "gone", ALWAYS)).toBeNull();
      expect(await ledger.remember(second, [], T(9))).toBe(false);
      expect(await ledger.remember({ id: "no such id", attempt: 1 }, [], T(9))).toBe(false);
    });

    test("is recalled as soon as some of the recipients have it, whatever becomes of the others and of the run", async () => {
      const { ledger, make, delivering, running } = scene();
      const asOf = async (seconds: number) => (await ledger.recall("weekly", "rows", T(seconds)))?.data;
      const under = async (seconds: number) => {
        const { id } = await running({ dueAt: T(seconds) });
        await ledger.remember({ id, attempt: 1 }, [keep(`of ${seconds}`)], T(2));
        const plans = [plan(`${id}-x`, "x"), plan(`${id}-y`, "y")];
        await ledger.planDeliveries({ id, attempt: 1 }, plans, 1, T(2));
        return id;
      };
      const waiting = await under(0);
      await make(`${waiting}-x`);
      expect(await asOf(1)).toBe("of 0");
      await make(`${waiting}-y`, waits());
      expect(await ledger.run(waiting)).toMatchObject({ state: "delivering" });

      const partly = await under(60);
      const served = { remaining: ["b@example.com"], externalId: "<1>", refused: [] };
      await make(`${partly}-x`, waits({ served }));
      expect(await asOf(61)).toBe("of 60");
      await make(`${partly}-y`, waits());

      const skipped = await under(120);
      await make(`${skipped}-x`, ended("unknown"));
      await make(`${skipped}-y`, ended("refused"));
      await ledger.reopenRun(skipped, "from_start", null, T(200));
      await ledger.takeRun(skipped, "a", T(201));
      const skip = { state: "skipped", reason: "It has no rows.", advice: null } as const;
      await ledger.endRun({ id: skipped, attempt: 2 }, skip, T(202));
      expect(await ledger.run(skipped)).toMatchObject({ state: "partly_failed" });
      expect(await asOf(121)).toBe("of 120");
      expect((await delivering(["z"], { dueAt: T(180) })).ids).toHaveLength(1);
      expect(await asOf(181)).toBe("of 120");
    });

    test("says what it was compared with, and is there for the run itself whatever became of it", async () => {
      const { ledger, peer, running } = scene();
      const first = await deliveredRun(scene(), 0);
      const { id } = await running({ dueAt: T(60) });
      await ledger.remember({ id, attempt: 1 }, [keep("[2]", "rows", first.id)], T(2));
      const own = { runId: id, dueAt: T(60), data: "[2]", comparedWith: first.id };
      expect(await peer.kept(id, "rows")).toEqual(own);
      expect(await peer.kept(id, "other")).toBeNull();
      expect(await peer.kept(own.comparedWith, "rows")).toMatchObject({ data: "of 0" });
    });

    test("is kept of the ten latest that were sent, so that one caught up between them has its own to look back at", async () => {
      const { ledger } = scene();
      for (let count = 0; count <= 12; count += 1) await deliveredRun(scene(), count * 60);
      const asOf = async (count: number) => (await ledger.recall("weekly", "rows", T(count * 60)))?.data;
      // The last one found eleven others, and left ten of them.
      expect(await asOf(2)).toBeUndefined();
      expect(await asOf(3)).toBe("of 120");
      await deliveredRun(scene(), 210);
      expect(await ledger.recall("weekly", "rows", T(240))).toMatchObject({ data: "of 210" });
      expect(await ledger.recall("weekly", "rows", T(999))).toMatchObject({ data: "of 720" });
    });

    test("of several megabytes is kept of fewer", async () => {
      const { ledger } = scene();
      const large = () => randomBytes(4_200_000).toString("base64");
      for (let count = 0; count < 4; count += 1) await deliveredRun(scene(), count * 60, large());
      const kept = await Promise.all(
        Array.from({ length: 4 }, async (_, count) => ledger.recall("weekly", "rows", T(count * 60 + 1))),
      );
      // Two take more room than is given to all, and are kept all the same; the last one found them when it was written.
      expect(kept.map((recalled) => recalled !== null)).toEqual([false, true, true, true]);
    });

    test("is kept of every run that has not ended, however many there are", async () => {
      const { ledger, running, make } = scene();
      const ids: string[] = [];
      for (let count = 0; count < 5; count += 1) {
        const { id } = await running({ dueAt: T(count * 60) });
        await ledger.remember({ id, attempt: 1 }, [keep(`${count}`)], T(2));
        await ledger.planDeliveries({ id, attempt: 1 }, [plan(`d${count}`)], 1, T(2));
        await make(`d${count}`, waits());
        ids.push(id);
      }
      const kept = await Promise.all(ids.map((id) => ledger.kept(id, "rows")));
      expect(kept.map((one) => one?.data)).toEqual(["0", "1", "2", "3", "4"]);
    });

    test("outlives those that run meanwhile, and what failed until a person has it sent", async () => {
      const { ledger, running, make } = scene();
      const slow = await running({ dueAt: T(10) });
      const fence = { id: slow.id, attempt: 1 };
      await ledger.remember(fence, [keep("slow")], T(2));
      await ledger.planDeliveries(fence, [plan("slow-x", "x")], 1, T(2));
      await make("slow-x", waits({ nextAt: T(3) }));
      for (const seconds of [60, 120, 180]) await deliveredRun(scene(), seconds);
      await make("slow-x", ended("refused"));
      for (const seconds of [240, 300]) await deliveredRun(scene(), seconds);
      await ledger.reopenRun(slow.id, "failed_only", null, T(400));
      await make("slow-x");
      expect(await ledger.recall("weekly", "rows", T(60))).toMatchObject({ runId: slow.id, data: "slow" });
    });

    test("of runs that fail again and again takes as little room as of a few", async () => {
      const { ledger, running, make } = scene();
      for (let count = 0; count < 8; count += 1) {
        const { id } = await running({ dueAt: T(count * 60) });
        await ledger.remember({ id, attempt: 1 }, [keep(`${count}`)], T(2));
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
    const { ledger, peer, running, make } = scene();
    const { id } = await running();
    await ledger.handBackRun({ id, attempt: 1 }, T(3));
    await ledger.takeRun(id, "b", T(5));
    const writes = Array.from({ length: 12 }, (_, count) => {
      const attempt = count % 3 === 0 ? 1 : 2;
      const kept = ["a", "b", "c"].map((name) => keep(`attempt ${attempt}`, name));
      return (count % 2 === 0 ? ledger : peer).remember({ id, attempt }, kept, T(6));
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
      const { ledger } = scene();
      const first = [
        { on: "2026-11-09", value: 2 },
        { on: "2026-11-16", value: 3 },
      ];
      const other = told("other", [{ on: "2026-11-30", value: 9 }]);
      await tells(scene(), [told("count", first), other, told("empty", [])], { dueAt: T(0) });
      await tells(scene(), [told("count", [{ on: "2026-11-02", value: 1 }])], { dueAt: T(60) }, "b");
      await tells(scene(), [told("count", [{ on: "2026-11-30", value: 9 }])], { report: "daily" });
      expect(await ledger.points("weekly", "count", 10)).toEqual([
        { on: "2026-11-02", value: 1 },
        { on: "2026-11-09", value: 2 },
        { on: "2026-11-16", value: 3 },
      ]);
      expect((await ledger.points("weekly", "count", 2)).map(({ value }) => value)).toEqual([2, 3]);
      expect(await ledger.points("weekly", "no such id", 2)).toEqual([]);
    });

    test("count once something of their run was sent, and never of what is tried out or repeated", async () => {
      const { ledger, running, make } = scene();
      const standing = () => ledger.points("weekly", "count", 10);
      const points = [{ on: "2026-11-09", value: 2 }];
      await tells(scene(), [told("count", points), imported("count", points)], {
        kind: "repeat",
        burst: "manual 1",
      });
      const { id } = await running();
      const fence = { id, attempt: 1 };
      await ledger.remember(fence, [told("count", points)], T(2));
      await ledger.planDeliveries(fence, [plan("d1"), plan("d2")], 1, T(2));
      await make("d1", ended("refused"));
      expect(await standing()).toEqual([]);
      await make("d2");
      expect(await standing()).toEqual(points);
      await ledger.resendDelivery("d2", null, T(5));
      await make("d2");
      expect(await standing()).toEqual(points);
    });

    test("count where their run was cancelled after it may have been delivered", async () => {
      const { ledger, running, make, state } = scene();
      const { id } = await running();
      const points = [{ on: "2026-11-09", value: 2 }];
      await ledger.remember({ id, attempt: 1 }, [told("count", points)], T(2));
      await ledger.planDeliveries({ id, attempt: 1 }, [plan("d1")], 1, T(2));
      await make("d1", waits({ end: "unknown", isUncertain: true }));
      expect(await ledger.points("weekly", "count", 10)).toEqual([]);
      await ledger.cancelRun(id, "no", T(5));
      expect(await state(id)).toBe("partly_failed");
      expect(await ledger.points("weekly", "count", 10)).toEqual(points);
    });

    test("of a run are left alone by another that remembers its own", async () => {
      const { ledger, running, make } = scene();
      const points = [{ on: "2026-11-09", value: 2 }];
      const first = await running();
      await ledger.handBackRun({ id: first.id, attempt: 1 }, T(2));
      await ledger.takeRun(first.id, "a", T(2));
      const fence = { id: first.id, attempt: 2 };
      await ledger.remember(fence, [told("count", points), keep("first")], T(2));
      await ledger.remember(fence, [told("other", points)], T(2));
      const second = await running({ report: "daily" });
      await ledger.remember({ id: second.id, attempt: 1 }, [told("count", points)], T(2));
      await ledger.planDeliveries(fence, [plan("d1")], 1, T(3));
      await make("d1");
      expect(await ledger.points("weekly", "count", 10)).toEqual(points);
      expect(await ledger.points("weekly", "other", 10)).toEqual(points);
      expect(await ledger.kept(first.id, "rows")).toMatchObject({ data: "first" });
    });

    test("of an attempt that was lost are replaced by those of the next, be they none", async () => {
      const { ledger, running, make } = scene();
      const { id } = await running();
      await ledger.remember({ id, attempt: 1 }, [told("count", [{ on: "1", value: 1 }])], T(2));
      await ledger.handBackRun({ id, attempt: 1 }, T(3));
      await ledger.takeRun(id, "a", T(4));
      await ledger.remember({ id, attempt: 2 }, [], T(5));
      await ledger.planDeliveries({ id, attempt: 2 }, [plan("d1")], 1, T(6));
      await make("d1");
      expect(await ledger.points("weekly", "count", 10)).toEqual([]);
    });

    test("have for each date the value of the latest tick, also where an older one is sent after it", async () => {
      const { ledger } = scene();
      const day9 = (value: number) => [told("count", [{ on: "2026-11-09", value }])];
      await tells(scene(), day9(2), { dueAt: T(60) });
      await tells(scene(), [told("count", [...day9(5)[0]!.points, ...day9(7)[0]!.points])], {
        dueAt: T(120),
      });
      await tells(scene(), day9(1), { dueAt: T(0) });
      expect(await ledger.points("weekly", "count", 10)).toEqual([{ on: "2026-11-09", value: 7 }]);
    });

    test("that are imported count at once, are noted, and replace nothing that a run wrote", async () => {
      const { ledger, peer, running, make } = scene();
      await tells(scene(), [told("count", [{ on: "2026-11-09", value: 2 }])], { dueAt: T(0) });
      expect(await ledger.isImported("weekly", "count")).toBe(false);
      const { id } = await running({ dueAt: T(60) });
      const past = [
        { on: "2026-11-02", value: 100 },
        { on: "2026-11-09", value: 100 },
        { on: "2026-11-16", value: 100 },
      ];
      const own = told("count", [{ on: "2026-11-16", value: 3 }]);
      await ledger.remember({ id, attempt: 1 }, [imported("count", past), own], T(61));
      expect(await peer.isImported("weekly", "count")).toBe(true);
      expect(await peer.isImported("weekly", "other")).toBe(false);
      expect(await peer.isImported("daily", "count")).toBe(false);
      const values = async () => (await ledger.points("weekly", "count", 10)).map(({ value }) => value);
      expect(await values()).toEqual([100, 2, 100]);
      await ledger.planDeliveries({ id, attempt: 1 }, [plan("d1")], 1, T(62));
      await make("d1");
      expect(await values()).toEqual([100, 2, 3]);
    });

    test("come back as they were, and what is not a number or not a date is left out", async () => {
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
      const given = [...unsound, ...all, { on: "2".repeat(5000), value: 1 }];
      await tells(scene(), [told("sum", given), imported("imported", given)]);
      expect(await ledger.points("weekly", "sum", 100)).toEqual(all);
      expect(await ledger.points("weekly", "imported", 100)).toEqual(all);
    });

    test("take names as long as names may be", async () => {
      const { ledger } = scene();
      const long = "\u{1f600}".repeat(NAME_LENGTH_MAX / 2);
      await tells(scene(), [told(long, [{ on: day(1), value: 1 }]), keep("[]", long)]);
      expect(await ledger.points("weekly", long, 1)).toHaveLength(1);
      expect(await ledger.recall("weekly", long, ALWAYS)).toMatchObject({ data: "[]" });
    });

    test("are bounded: the oldest go", async () => {
      const { ledger } = scene();
      const many = Array.from({ length: POINTS_MAX + 10 }, (_, count) => ({ on: day(count), value: count }));
      await tells(scene(), [told("count", many)], { dueAt: T(0) });
      await tells(scene(), [told("count", [{ on: day(5000), value: 5000 }])], { dueAt: T(60) });
      const standing = await ledger.points("weekly", "count", 5000);
      expect(standing).toHaveLength(POINTS_MAX);
      expect(standing[0]).toEqual({ on: day(11), value: 11 });
      expect(standing.at(-1)).toEqual({ on: day(5000), value: 5000 });
    });

    test("beyond the limit go of their own metric and report alone", async () => {
      const { ledger } = scene();
      const old = [{ on: day(0), value: 1 }];
      await tells(scene(), [told("other", old)], { dueAt: T(0) });
      await tells(scene(), [told("count", old)], { report: "daily", dueAt: T(0) });
      const many = Array.from({ length: POINTS_MAX }, (_, count) => ({ on: day(count + 1), value: count }));
      await tells(scene(), [told("count", old)], { dueAt: T(60) });
      await tells(scene(), [told("count", many)], { dueAt: T(120) });
      expect((await ledger.points("weekly", "count", 9_999)).at(0)).toEqual(many[0]);
      expect(await ledger.points("weekly", "other", 9)).toEqual(old);
      expect(await ledger.points("daily", "count", 9)).toEqual(old);
    });

    test("of metrics that no run writes any longer go, once there are too many of them", async () => {
      const { ledger } = scene();
      const some = (prefix: string, count: number) =>
        Array.from({ length: count }, (_, index) => told(`${prefix}${index}`, [{ on: "1", value: 1 }]));
      await tells(scene(), [...some("old", 60), imported("old0", [{ on: "0", value: 0 }])], { dueAt: T(0) });
      await tells(scene(), some("new", 60), { dueAt: T(60) });
      const standing = async (prefix: string) => {
        const all = some(prefix, 60).map(({ metric }) => ledger.points("weekly", metric, 1));
        return (await Promise.all(all)).filter(({ length }) => length > 0).length;
      };
      expect(await standing("new")).toBe(60);
      expect(await standing("old")).toBe(METRICS_MAX - 60);
      await tells(scene(), some("newest", METRICS_MAX), { dueAt: T(120) });
      expect(await ledger.isImported("weekly", "old0")).toBe(false);
      expect(await standing("old")).toBe(0);
    });

    test("of runs that are sent at once are all there", async () => {
      const { ledger, peer, running } = scene();
      const ids: string[] = [];
      for (let count = 0; count < 20; count += 1) {
        const { id } = await running({ dueAt: T(count * 60) });
        const points = [count, 100 - count].map((on) => ({ on: day(on), value: count }));
        await ledger.remember({ id, attempt: 1 }, [told("count", points), told("b", points)], T(2));
        await ledger.planDeliveries({ id, attempt: 1 }, [plan(`d${count}`)], 1, T(2));
        await ledger.takeDelivery(`d${count}`, "a", T(3));
        await ledger.settleDelivery({ id: `d${count}`, attempt: 1 }, waits({ nextAt: T(4) }), T(3));
        ids.push(`d${count}`);
      }
      for (const id of ids) await ledger.takeDelivery(id, "a", T(5));
      await Promise.all(
        ids.map((id, count) =>
          (count % 2 === 0 ? ledger : peer).settleDelivery({ id, attempt: 2 }, sent(), T(6)),
        ),
      );
      for (const metric of ["count", "b"])
        expect(await ledger.points("weekly", metric, 100)).toHaveLength(40);
    });

    test("stay when runs are pruned, and go with the last trace of their report", async () => {
      const { ledger } = scene();
      await tells(scene(), [told("count", [{ on: day(1), value: 1 }]), imported("count", [])]);
      const kept = { report: "weekly", cron: "0 * * * *", timezone: "UTC", nextAt: T(600) };
      await ledger.plan([kept], T(0));
      await ledger.prune(T(100), 10);
      expect(await ledger.runs({ limit: 1 })).toEqual([]);
      expect(await ledger.points("weekly", "count", 10)).toHaveLength(1);
      expect(await ledger.isImported("weekly", "count")).toBe(true);
      await ledger.plan([{ ...kept, nextAt: null }], T(0));
      await ledger.prune(T(100), 10);
      expect(await ledger.isImported("weekly", "count")).toBe(false);
      expect(await ledger.points("weekly", "count", 10)).toEqual([]);
    });

    test("of a report that has no plan go with its last run", async () => {
      const { ledger } = scene();
      await deliveredRun(scene(), 0);
      await tells(scene(), [told("count", [{ on: day(1), value: 1 }])], { dueAt: T(60) });
      await ledger.prune(T(100), 1);
      expect(await ledger.points("weekly", "count", 10)).toHaveLength(1);
      await ledger.prune(T(100), 1);
      expect(await ledger.points("weekly", "count", 10)).toEqual([]);
    });
  });
}
