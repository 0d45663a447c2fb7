import { describe, expect, test } from "vitest";
import { DUE, ended, type OpenStore, plan, sent, T, useScene } from "./scene.ts";

const HOUR_S = 3_600;

/** What every ledger owes those who are told of a report: nothing twice, nothing never, and not the same again and again. */
export function noticesContract(open: OpenStore): void {
  const scene = useScene(open);

  /** The report's tick of that hour fails, and what is to be told of it is planned. */
  async function fails(hour: number, target = "ops") {
    const { ledger, delivering, make } = scene();
    const id = `tick${hour}`;
    const { ids } = await delivering(
      ["ana"].map((one) => `${one}${hour}`),
      { id, dueAt: T(hour * HOUR_S) },
    );
    await make(ids[0]!, ended("refused"));
    return ledger.planNotices(id, "failed", [plan(`notice${hour}`, target)], T(hour * HOUR_S));
  }

  describe("telling of a report that goes on failing", () => {
    test("two runs that are told of at once by two workers make one notice", async () => {
      const { ledger, peer, running } = scene();
      for (const hour of [0, 1]) {
        const id = `tick${hour}`;
        await running({ id, dueAt: T(hour * HOUR_S) });
        await ledger.endRun({ id, attempt: 1 }, { state: "failed", reason: "no", advice: null }, T(9));
      }
      const planned = await Promise.all(
        [ledger, peer].map((store, hour) =>
          store.planNotices(`tick${hour}`, "failed", [plan(`notice${hour}`, "ops")], T(9)),
        ),
      );
      expect(planned.flat()).toHaveLength(1);
    });

    test("a streak counts the runs since the last that was delivered", async () => {
      const { ledger, delivering, make, running } = scene();
      await fails(0);
      const { ids } = await delivering(["x"], { id: "well", dueAt: T(HOUR_S) });
      await make(ids[0]!, sent());
      for (const hour of [2, 3]) {
        await running({ id: `tick${hour}`, dueAt: T(hour * HOUR_S) });
        const end = { state: "failed", reason: "no", advice: null } as const;
        await ledger.endRun({ id: `tick${hour}`, attempt: 1 }, end, T(hour * HOUR_S));
      }
      const run = (await ledger.run("tick3"))!;
      expect(await ledger.streak(run, "failed")).toEqual({ runs: 2, since: T(2 * HOUR_S) });
      expect(await ledger.streak({ ...run, dueAt: DUE }, "failed")).toEqual({ runs: 1, since: DUE });
      expect(await ledger.streak(run, "late")).toEqual({ runs: 0, since: null });
    });

    test("the first run that is delivered announces that it works again, until that is planned", async () => {
      const { ledger, delivering, make, announced } = scene();
      await fails(0);
      const { ids } = await delivering(["x"], { id: "well", dueAt: T(HOUR_S) });
      await make(ids[0]!, sent());
      const expected = { kind: "recovered", id: "well" };
      expect(announced).toContainEqual(expect.objectContaining(expected));
      expect(await ledger.work("me", "service", T(HOUR_S), 9)).toContainEqual(
        expect.objectContaining(expected),
      );
      expect(await ledger.prune(T(99 * HOUR_S), 9)).toBe(0);
      await ledger.planNotices("well", "recovered", [plan("again", "ops")], T(HOUR_S));
      expect(await ledger.deliveries("well")).toMatchObject([
        { purpose: "report" },
        { purpose: "recovered" },
      ]);
      const left = await ledger.work("me", "service", T(HOUR_S), 9);
      expect(left.map(({ kind }) => kind)).not.toContain("recovered");
    });
  });

  describe("missed ticks", () => {
    test("are one piece of work for each report and outage, until they are told of", async () => {
      const { ledger, announced } = scene();
      const missed = (report: string, hour: number) => ({
        id: `${report}${hour}`,
        report,
        dueAt: T(hour * HOUR_S),
        burst: "",
        trigger: "catch_up" as const,
        expectAt: null,
        end: { state: "missed" as const, reason: "It was off." },
      });
      const reports = ["a", "b"];
      await ledger.plan(
        reports.map((report) => ({ report, cron: "0 * * * *", timezone: "UTC", nextAt: DUE })),
        DUE,
      );
      const claims = reports.map((report) => ({
        report,
        promised: DUE,
        nextAt: T(9 * HOUR_S),
        runs: [0, 1, 2].map((hour) => missed(report, hour)),
      }));
      await ledger.claimTicks(claims, T(3 * HOUR_S));
      const work = await ledger.work("me", "service", T(3 * HOUR_S), 9);
      expect(work.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual(["missed a2", "missed b2"]);
      expect(announced.filter(({ kind }) => kind === "missed")).toHaveLength(2);
      const run = (await ledger.run("a2"))!;
      expect((await ledger.missedWith(run)).map(({ id }) => id)).toEqual(["a0", "a1", "a2"]);
      await ledger.planNotices("a2", "missed", [plan("n1", "ops")], T(3 * HOUR_S));
      const left = await ledger.work("me", "service", T(3 * HOUR_S), 9);
      expect(left.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual(["delivery n1", "missed b2"]);
    });
  });

  describe("a reports.yaml that is broken", () => {
    const broken = (id: string, reason = "line 3: no such word", quietMs = 0) => ({ id, reason, quietMs });

    test("is told of once, however many workers see it, and again when it is whole", async () => {
      const { ledger, peer } = scene();
      expect(await ledger.fileWhole(T(0))).toBeNull();
      const seen = await Promise.all([
        ledger.fileBroken(broken("f1"), T(1)),
        peer.fileBroken(broken("f2"), T(2)),
      ]);
      const [run] = seen.filter((one) => one !== null);
      expect(seen.filter((one) => one !== null)).toHaveLength(1);
      const id = run!.id;
      expect(run).toMatchObject({ kind: "file", state: "failed", reason: "line 3: no such word" });
      expect(await ledger.work("me", "service", T(9), 9)).toMatchObject([{ kind: "failed", id }]);
      expect(await ledger.planNotices(id, "failed", [plan("n1", "ops")], T(3))).toHaveLength(1);
      expect(await ledger.planNotices(id, "failed", [plan("n2", "ops")], T(4))).toHaveLength(1);
      const whole = await Promise.all([ledger.fileWhole(T(5)), peer.fileWhole(T(5))]);
      expect(whole.filter((one) => one !== null)).toMatchObject([{ id, state: "delivered", endedAt: T(5) }]);
      await ledger.planNotices(id, "recovered", [plan("n3", "ops")], T(6));
      expect((await ledger.deliveries(id)).map(({ purpose }) => purpose)).toEqual(["failed", "recovered"]);
      expect(await ledger.fileBroken(broken("f3"), T(7))).toMatchObject({ id: "f3" });
    });

    test("that no one was told of needs no word that it is whole", async () => {
      const { ledger } = scene();
      await ledger.fileBroken(broken("f1"), T(1));
      await ledger.fileWhole(T(2));
      expect(await ledger.work("me", "service", T(9), 9)).toEqual([]);
    });

    test("is not told of again where another worker sees the same late", async () => {
      const { ledger } = scene();
      await ledger.fileBroken(broken("f1"), T(1));
      await ledger.fileWhole(T(2));
      expect(await ledger.fileBroken(broken("f2", undefined, 60_000), T(9))).toBeNull();
      expect(await ledger.fileBroken(broken("f3", "another", 60_000), T(10))).toMatchObject({ id: "f3" });
      await ledger.fileWhole(T(11));
      expect(await ledger.fileBroken(broken("f4", "another", 60_000), T(99))).toMatchObject({ id: "f4" });
    });

    test("is no run that could be made again, or that a report's are counted with", async () => {
      const { ledger } = scene();
      const run = (await ledger.fileBroken(broken("f1"), T(1)))!;
      expect(await ledger.reopenRun("f1", "from_start", null, T(2))).toBeNull();
      expect(await ledger.streak(run, "failed")).toEqual({ runs: 0, since: null });
    });
  });
}
