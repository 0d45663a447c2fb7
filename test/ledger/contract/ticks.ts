import { describe, expect, test } from "vitest";
import type { TickClaim, TickRun } from "../../../src/core/model/plan.ts";
import { DUE, type OpenStore, T, useScene } from "./scene.ts";

const HOURLY = { cron: "0 * * * *", timezone: "UTC" };
const NEXT = T(3600);

const tick = (report: string, part: Partial<TickRun> = {}): TickRun => ({
  id: `${report}-${(part.dueAt ?? DUE).getTime()}`,
  report,
  dueAt: DUE,
  burst: "",
  trigger: "schedule",
  expectAt: null,
  end: null,
  ...part,
});

const claim = (report: string, part: Partial<TickClaim> = {}): TickClaim => ({
  report,
  promised: DUE,
  nextAt: NEXT,
  runs: [tick(report)],
  ...part,
});

/** What every ledger owes the scheduler. */
export function ticksContract(open: OpenStore): void {
  const scene = useScene(open);

  const planFor = (...reports: string[]) =>
    scene().ledger.plan(
      reports.map((report) => ({ report, ...HOURLY, nextAt: DUE })),
      T(0),
    );

  describe("plans", () => {
    test("are written, changed, and taken out of use", async () => {
      const { ledger } = scene();
      await planFor("weekly", "daily");
      await ledger.plan(
        [{ report: "weekly", cron: "5 * * * *", timezone: "Asia/Tokyo", nextAt: null }],
        T(1),
      );
      expect(await ledger.plans()).toEqual([
        { report: "daily", ...HOURLY, nextAt: DUE, pausedAt: null, pauseReason: null },
        {
          report: "weekly",
          cron: "5 * * * *",
          timezone: "Asia/Tokyo",
          nextAt: null,
          pausedAt: null,
          pauseReason: null,
        },
      ]);
    });

    test("keep their pause when the schedule changes", async () => {
      const { ledger } = scene();
      expect(await ledger.pause("weekly", "holidays", T(1))).toBe(true);
      await planFor("weekly");
      expect(await ledger.plans()).toEqual([
        { report: "weekly", ...HOURLY, nextAt: DUE, pausedAt: T(1), pauseReason: "holidays" },
      ]);
    });

    test("are paused once and resumed once, from the next tick that is given", async () => {
      const { ledger } = scene();
      await planFor("weekly");
      expect(await ledger.resume("weekly", NEXT, T(1))).toBe(false);
      expect(await ledger.pause("weekly", null, T(1))).toBe(true);
      expect(await ledger.pause("weekly", "again", T(2))).toBe(false);
      expect((await ledger.plans())[0]).toMatchObject({ pausedAt: T(1), pauseReason: null, nextAt: DUE });
      expect(await ledger.resume("weekly", NEXT, T(3))).toBe(true);
      expect((await ledger.plans())[0]).toMatchObject({ pausedAt: null, nextAt: NEXT });
      expect(await ledger.resume("weekly", DUE, T(4))).toBe(false);
    });
  });

  describe("a tick", () => {
    test("becomes a run, and the next one is promised", async () => {
      const { ledger, announced } = scene();
      await planFor("weekly");
      const runs = await ledger.claimTicks(
        [claim("weekly", { runs: [tick("weekly", { expectAt: T(900) })] })],
        T(1),
      );
      expect(runs).toMatchObject([
        {
          report: "weekly",
          dueAt: DUE,
          state: "planned",
          trigger: "schedule",
          claimedAt: T(1),
          endedAt: null,
        },
      ]);
      expect((await ledger.plans())[0]?.nextAt).toEqual(NEXT);
      expect(announced).toEqual([
        { kind: "run", id: runs[0]?.id, at: DUE },
        { kind: "late", id: runs[0]?.id, at: T(900) },
      ]);
    });

    test("that is claimed a second time makes no run", async () => {
      const { ledger, peer } = scene();
      await planFor("weekly");
      await ledger.claimTicks([claim("weekly")], T(1));
      const again = claim("weekly", { nextAt: T(7200), runs: [tick("weekly", { id: "other" })] });
      expect(await peer.claimTicks([again], T(2))).toEqual([]);
      expect((await ledger.plans())[0]?.nextAt).toEqual(NEXT);
    });

    test("of a report that has no plan, or another next tick, is not taken", async () => {
      const { ledger } = scene();
      await ledger.plan([{ report: "weekly", ...HOURLY, nextAt: NEXT }], T(0));
      expect(await ledger.claimTicks([claim("weekly"), claim("unknown")], T(1))).toEqual([]);
      expect(await ledger.runs({ limit: 10 })).toEqual([]);
    });

    test("whose run exists already is left as it is, and those with it are written", async () => {
      const { ledger, planned } = scene();
      await planFor("weekly");
      const byHand = await planned({ kind: "by_hand", trigger: "manual" });
      const older = tick("weekly", { dueAt: T(-3600), trigger: "catch_up" });
      const runs = await ledger.claimTicks([claim("weekly", { runs: [older, tick("weekly")] })], T(1));
      expect(runs.map(({ id }) => id)).toEqual([older.id]);
      expect(await ledger.findRun({ report: "weekly", dueAt: DUE, burst: "" })).toMatchObject({
        id: byHand.id,
        kind: "by_hand",
        trigger: "manual",
      });
    });

    test("that is not to be run is a row that says why, and no work but to tell that it was missed", async () => {
      const { ledger, announced, work } = scene();
      await planFor("weekly");
      const row = tick("weekly");
      const missed = { state: "missed", reason: "No service was there." } as const;
      await ledger.claimTicks([claim("weekly", { nextAt: null, runs: [{ ...row, end: missed }] })], T(1));
      expect(await ledger.runs({ limit: 10 })).toMatchObject([{ ...missed, endedAt: T(1), owner: null }]);
      expect(await work()).toEqual([`missed ${row.id}`]);
      expect(announced).toEqual([{ kind: "missed", id: row.id, at: T(1) }]);
      expect((await ledger.plans())[0]?.nextAt).toBeNull();
    });

    test("is one run, however many replicas claim it at once", async () => {
      const { ledger, peer } = scene();
      const reports = Array.from({ length: 40 }, (_, index) => `report ${index}`);
      await planFor(...reports);
      const claimAs = (from: typeof ledger, by: string, names: readonly string[]) =>
        from.claimTicks(
          names.map((report) => claim(report, { runs: [tick(report, { id: `${by} ${report}` })] })),
          T(1),
        );
      const made = await Promise.all([
        claimAs(ledger, "a", reports),
        claimAs(peer, "b", reports.toReversed()),
        claimAs(ledger, "c", reports.slice(10)),
        claimAs(peer, "d", reports.slice(0, 30).toReversed()),
      ]);
      expect(
        made
          .flat()
          .map(({ report }) => report)
          .sort(),
      ).toEqual(reports.toSorted());
      expect(await ledger.runs({ limit: 100 })).toHaveLength(40);
    });

    test("of ten thousand reports is claimed in one go", async () => {
      const { ledger } = scene();
      const reports = Array.from({ length: 10_000 }, (_, index) => `report ${index}`);
      await planFor(...reports);
      const runs = await ledger.claimTicks(
        reports.map((report) => claim(report)),
        T(1),
      );
      expect(runs).toHaveLength(10_000);
      expect(await ledger.work("a", "service", T(1), 20_000)).toHaveLength(10_000);
      const plans = await ledger.plans();
      expect(plans.every(({ nextAt }) => nextAt?.getTime() === NEXT.getTime())).toBe(true);
    });
  });
}
