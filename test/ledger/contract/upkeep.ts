import { describe, expect, test } from "vitest";
import { DUE, ended, type OpenStore, plan, T, useScene, waits } from "./scene.ts";

/** What every ledger owes those who look at it, and its disk. */
export function upkeepContract(open: OpenStore): void {
  const scene = useScene(open);

  describe("the list of work", () => {
    test("has the oldest first, of all kinds, up to the limit", async () => {
      const { ledger, planned, running, delivering, make } = scene();
      const failed = await delivering(["x"], { report: "failed", dueAt: T(-100) });
      await make(failed.ids[0]!, ended("refused"));
      const delivering2 = await delivering(["y"], { report: "delivering", dueAt: T(-100) });
      const newer = await planned({ report: "newer", dueAt: T(0.5) });
      const older = await planned({ report: "older", dueAt: T(-50), expectAt: T(8) });
      const waiting = await running({ report: "waiting", dueAt: T(-70) });
      const postponed = { nextAt: T(6), reason: "", advice: null, end: "again" } as const;
      await ledger.postponeRun({ id: waiting.id, attempt: 1 }, postponed, T(3));
      const all = [
        { kind: "run", id: older.id, at: T(-50) },
        { kind: "run", id: newer.id, at: T(0.5) },
        { kind: "delivery", id: delivering2.ids[0], at: T(2) },
        { kind: "failed", id: failed.run.id, at: T(4) },
        { kind: "run", id: waiting.id, at: T(6) },
        { kind: "late", id: older.id, at: T(8) },
      ];
      expect(await ledger.work("a", "service", T(10), 100)).toEqual(all);
      expect(await ledger.work("a", "service", T(10), 4)).toEqual(all.slice(0, 4));
      expect(await ledger.work("cli", "command", T(10), 100)).toEqual([]);
    });

    test("has what was planned even after the clock was put back", async () => {
      const { planned, work, delivering } = scene();
      const { id } = await planned();
      const { ids } = await delivering(["x"], { report: "other" });
      expect(await work("a", "service", -3600)).toEqual([`run ${id}`, `delivery ${ids[0]}`]);
    });
  });

  describe("hastening", () => {
    test("makes what waits for these connections due, and nothing else", async () => {
      const { ledger, running, delivering, make, work } = scene();
      const { id } = await running({ report: "waiting" });
      const postponed = { nextAt: T(3600), reason: "", advice: null, end: "again" } as const;
      await ledger.postponeRun({ id, attempt: 1 }, postponed, T(3));
      const mail = await delivering(["x"], { report: "mail" });
      await make(mail.ids[0]!, waits({ nextAt: T(3600) }));
      expect(await work()).toEqual([]);
      await ledger.hasten({ runs: false, deliveries: ["slack"] }, T(5));
      expect(await work()).toEqual([]);
      await ledger.hasten({ runs: false, deliveries: ["slack", "email"] }, T(5));
      expect(await work()).toEqual([`delivery ${mail.ids[0]}`]);
      await ledger.hasten({ runs: true, deliveries: [] }, T(5));
      expect((await work()).sort()).toEqual([`delivery ${mail.ids[0]}`, `run ${id}`]);
      expect(await ledger.takeRun(id, "a", T(5))).toMatchObject({ attempts: 2 });
    });
  });

  describe("what waits for longer than anything does, since the clock was put back, is due:", () => {
    const DAY = 24 * 3600;

    test("runs", async () => {
      const { ledger, running, work } = scene();
      const { id } = await running();
      const postponed = { nextAt: T(9 * DAY), reason: "", advice: null, end: "again" } as const;
      await ledger.postponeRun({ id, attempt: 1 }, postponed, T(9 * DAY - 60));
      expect(await work("a", "service", 3 * DAY)).toEqual([]);
      expect(await ledger.takeRun(id, "a", T(3 * DAY))).toBeNull();
      expect(await work("a", "service", 10)).toEqual([`run ${id}`]);
      expect(await ledger.takeRun(id, "a", T(10))).not.toBeNull();
    });

    test("deliveries", async () => {
      const { ledger, delivering, make, work } = scene();
      const { ids } = await delivering(["x"]);
      await make(ids[0]!, waits({ nextAt: T(9 * DAY) }));
      expect(await work("a", "service", 3 * DAY)).toEqual([]);
      expect(await ledger.takeDelivery(ids[0]!, "a", T(3 * DAY))).toBeNull();
      expect(await work("a", "service", 10)).toEqual([`delivery ${ids[0]}`]);
      expect(await ledger.takeDelivery(ids[0]!, "a", T(10))).not.toBeNull();
    });
  });

  test("the state of a circuit is kept, and written over", async () => {
    const { ledger, peer } = scene();
    expect(await ledger.circuits()).toEqual([]);
    const circuit = { name: "slack", failures: 5, since: T(0), openUntil: T(30), reason: "503" };
    await ledger.saveCircuit({ ...circuit, failures: 4, openUntil: null });
    await ledger.saveCircuit(circuit);
    const well = { name: "looker", failures: 0, since: null, openUntil: null, reason: null };
    await ledger.saveCircuit(well);
    expect(await peer.circuits()).toEqual([well, circuit]);
  });

  test("what gets through to a server: when it last took a message, and what other workers have under way", async () => {
    const { ledger, peer, delivering } = scene();
    expect(await ledger.traffic("email a", "email", "a")).toEqual({ servedAt: null, others: "none" });
    await ledger.servedBy("email a", T(1));
    await ledger.servedBy("email a", T(2));
    const { ids } = await delivering(["x"]);
    await ledger.takeDelivery(ids[0]!, "a", T(3));
    expect(await peer.traffic("email a", "email", "a")).toEqual({ servedAt: T(2), others: "none" });
    expect(await peer.traffic("email b", "email", "b")).toEqual({ servedAt: null, others: "begun" });
    expect(await peer.traffic("email b", "slack", "b")).toEqual({ servedAt: null, others: "none" });
    await ledger.commitDelivery({ id: ids[0]!, attempt: 1 }, T(4));
    expect(await peer.traffic("email b", "email", "b")).toEqual({ servedAt: null, others: "committed" });
  });

  test("a server that is back wakes the runs and deliveries that wait for it, and those alone", async () => {
    const { ledger, peer, running, delivering, make, work, announced } = scene();
    const run = await running({ report: "held" });
    const other = await running({ report: "other" });
    const postponed = { nextAt: T(300), reason: "", advice: null, end: "held" } as const;
    await ledger.postponeRun({ id: run.id, attempt: 1 }, { ...postponed, waitsFor: "looker" }, T(3));
    await ledger.postponeRun({ id: other.id, attempt: 1 }, postponed, T(3));
    const { ids } = await delivering(["x", "y", "z"]);
    await make(ids[0]!, waits({ nextAt: T(300), waitsFor: "email a" }));
    await make(ids[1]!, waits({ nextAt: T(300), waitsFor: "email b" }));
    await make(ids[2]!, waits({ nextAt: T(300) }));
    expect(await work("a", "service", 20)).toEqual([]);
    await ledger.saveCircuit({ name: "email a", failures: 5, since: T(0), openUntil: T(30), reason: "503" });
    announced.length = 0;
    await ledger.closeCircuit("email a", T(10));
    expect(announced).toEqual([{ kind: "delivery", id: ids[0], at: T(10) }]);
    await ledger.closeCircuit("looker", T(11));
    expect(await work("a", "service", 20)).toEqual([`delivery ${ids[0]}`, `run ${run.id}`]);
    expect(await peer.circuits()).toMatchObject([
      { name: "email a", failures: 0, openUntil: null },
      { name: "looker", failures: 0 },
    ]);
    await ledger.closeCircuit("email a", T(12));
    expect(announced).toHaveLength(2);
  });

  test("what was taken since, and waits for the time alone, is not woken", async () => {
    const { ledger, delivering, make, work } = scene();
    const { ids } = await delivering(["x"]);
    await make(ids[0]!, waits({ nextAt: T(4), waitsFor: "email a" }));
    await ledger.takeDelivery(ids[0]!, "a", T(5));
    await ledger.settleDelivery({ id: ids[0]!, attempt: 2 }, waits({ nextAt: T(300) }), T(6));
    await ledger.closeCircuit("email a", T(10));
    expect(await work("a", "service", 20)).toEqual([]);
  });

  describe("pruning", () => {
    const history = async (count: number) => {
      const { delivering, make, ledger } = scene();
      for (let index = 0; index < count; index += 1) {
        const { run, ids } = await delivering(["x"], { dueAt: T(index * 60), report: "old" });
        await ledger.recordSection(run.id, {
          section: 0,
          title: "S",
          taskId: "t",
          rows: 1,
          tookMs: 5,
          warnings: [],
        });
        await make(ids[0]!);
      }
    };

    test("deletes what ended before, with all that belongs to it, so many at a time", async () => {
      const { ledger } = scene();
      await history(5);
      expect(await ledger.prune(T(4), 3)).toBe(0);
      expect(await ledger.prune(T(100), 3)).toBe(3);
      expect((await ledger.runs({ limit: 10 })).map(({ dueAt }) => dueAt)).toEqual([T(240), T(180)]);
      expect(await ledger.prune(T(100), 3)).toBe(2);
      expect(await ledger.prune(T(100), 3)).toBe(0);
      for (const read of [ledger.deliveries, ledger.sections, ledger.runAttempts])
        expect(await read("run1")).toEqual([]);
      expect(await ledger.deliveryAttempts("run1-x")).toEqual([]);
      await ledger.compact();
    });

    test("keeps what is under way, and what is still to be told", async () => {
      const { ledger, planned, running, delivering, make } = scene();
      await planned({ report: "r1" });
      await running({ report: "r2" });
      await delivering(["x"], { report: "r3" });
      const untold = await delivering(["y"], { report: "r4" });
      await make(untold.ids[0]!, ended("refused"));
      const telling = await delivering(["z"], { report: "r5" });
      await make(telling.ids[0]!, ended("refused"));
      await ledger.planNotices(telling.run.id, "failed", [plan("n1")], T(5));
      expect(await ledger.prune(T(9999), 100)).toBe(0);
      await make("n1");
      expect(await ledger.prune(T(9999), 100)).toBe(1);
      expect(await ledger.runs({ limit: 10 })).toHaveLength(4);
    });

    test("forgets removed reports with the last of their runs, unless they are paused", async () => {
      const { ledger } = scene();
      await history(1);
      const gone = { cron: "0 * * * *", timezone: "UTC", nextAt: null };
      const plans = [
        { report: "old", ...gone },
        { report: "paused", ...gone },
        { report: "kept", ...gone, nextAt: DUE },
      ];
      await ledger.plan(plans, T(0));
      await ledger.pause("paused", null, T(0));
      await ledger.prune(T(0), 10);
      expect((await ledger.plans()).map(({ report }) => report)).toEqual(["kept", "old", "paused"]);
      await ledger.prune(T(100), 10);
      expect((await ledger.plans()).map(({ report }) => report)).toEqual(["kept", "paused"]);
    });
  });

  test("runs are listed newest first, by due date and then by claim", async () => {
    const { ledger, planned } = scene();
    for (const [dueAt, at] of [
      [1, 9],
      [3, 5],
      [2, 7],
      [2, 6],
    ] as const)
      await planned({ dueAt: T(dueAt), at: T(at), burst: `${at}` });
    await planned({ report: "other", dueAt: T(4) });
    const listed = await ledger.runs({ report: "weekly", limit: 3 });
    expect(listed.map(({ burst }) => burst)).toEqual(["5", "7", "6"]);
    expect((await ledger.runs({ limit: 1 })).map(({ report }) => report)).toEqual(["other"]);
    expect(await ledger.run("no such id")).toBeNull();
    expect(await ledger.delivery("no such id")).toBeNull();
  });
}
