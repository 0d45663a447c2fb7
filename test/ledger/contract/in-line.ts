import { describe, expect, test } from "vitest";
import type { Settlement } from "../../../src/core/model/entry.ts";
import { type OpenStore, plan, sent, T, useScene, waits } from "./scene.ts";

/** What every ledger owes the runs of a report that wait for their turn. */
export function inLineContract(open: OpenStore): void {
  const scene = useScene(open);
  const postponed = { nextAt: T(600), reason: "503", advice: null, end: "again" } as const;
  const ended = (state: "skipped" | "failed") => ({ state, reason: "why", advice: null });

  const GOES_OUT = new Set([
    "is delivered",
    "has a delivery that is to be tried again",
    "has no delivery left to make",
    "is asked to be cancelled while it is sent",
    "is sent by a worker that dies",
  ]);

  /** Has one delivery sent, and then, with nobody told before, what `how` says of the other. */
  const goesOut = async (how: string, id: string) => {
    const { ledger, announced, silence } = scene();
    await ledger.signIn("dies", "service", T(0));
    const plans = how === "has no delivery left to make" ? [] : [plan("d1"), plan("d2")];
    await ledger.planDeliveries({ id, attempt: 1 }, plans, 1, T(130));
    if (plans.length === 0) return;
    const next = (await ledger.runs({ report: "weekly", limit: 9 })).find(({ dueAt }) => +dueAt === +T(60));
    const isItsTurn = async () =>
      (await ledger.work("b", "service", T(130), 100)).some((one) => one.id === next?.id);
    await scene().make("d1");
    await ledger.takeDelivery("d2", "dies", T(130));
    expect(await ledger.takeRun(next!.id, "b", T(130))).toBeNull();
    expect(await isItsTurn()).toBe(false);
    expect(announced.filter(({ kind }) => kind === "run")).toEqual([]);
    const settle = (settled: Settlement) => ledger.settleDelivery({ id: "d2", attempt: 1 }, settled, T(130));
    if (how === "is delivered") await settle(sent());
    if (how === "has a delivery that is to be tried again") await settle(waits({ nextAt: T(600) }));
    if (how === "is asked to be cancelled while it is sent") await ledger.cancelRun(id, "no", T(130));
    if (how === "is sent by a worker that dies") {
      await silence("dies");
      await ledger.sweep({ silentMs: 30_000, onlyService: null }, T(10));
    }
    expect(await isItsTurn()).toBe(true);
  };

  /** An older run in hand, with two behind it, and some that have nothing to do with it. */
  const inLine = async () => {
    const { ledger, running, planned, announced } = scene();
    await ledger.signIn("a", "service", T(0));
    await ledger.signIn("cli", "command", T(0));
    const older = await running();
    await planned({ dueAt: T(40), reservedFor: "cli" });
    await planned({ dueAt: T(50), kind: "repeat", burst: "again" });
    await planned({ dueAt: T(50), report: "other" });
    const next = await planned({ dueAt: T(60) });
    const last = await planned({ dueAt: T(120) });
    announced.length = 0;
    return { older, next, last, fence: { id: older.id, attempt: 1 } };
  };

  describe("the run that waits behind an older one is announced when the older one", () => {
    test.each([
      "is delivered",
      "has a delivery that is to be tried again",
      "has no delivery left to make",
      "is asked to be cancelled while it is sent",
      "is sent by a worker that dies",
      "is put off",
      "is skipped",
      "fails",
      "is cancelled",
      "is asked to be cancelled",
    ])("%s", async (how) => {
      const { ledger, announced } = scene();
      const { older, next, fence } = await inLine();
      if (GOES_OUT.has(how)) await goesOut(how, older.id);
      if (how === "is put off") await ledger.postponeRun(fence, postponed, T(130));
      if (how === "is skipped") await ledger.endRun(fence, ended("skipped"), T(130));
      if (how === "fails") await ledger.endRun(fence, ended("failed"), T(130));
      if (how === "is asked to be cancelled") await ledger.cancelRun(older.id, "hangs", T(130));
      if (how === "is cancelled") {
        await ledger.handBackRun(fence, T(129));
        expect(announced.map(({ id }) => id)).toEqual([older.id]);
        await ledger.cancelRun(older.id, "no", T(130));
      }
      const others = announced.filter(({ kind, id }) => kind === "run" && id !== older.id);
      expect(others).toEqual([{ kind: "run", id: next.id, at: T(1) }]);
      expect(await ledger.takeRun(next.id, "b", T(130))).not.toBeNull();
    });

    test("rests, since its workers die of it", async () => {
      const { ledger, announced } = scene();
      const { older, next } = await inLine();
      for (let losses = 1; losses <= 4; losses += 1) {
        if (losses > 1) expect(await ledger.takeRun(older.id, "dead", T(130))).not.toBeNull();
        announced.length = 0;
        await ledger.sweep({ silentMs: 3_600_000, onlyService: "none of them" }, T(130));
        expect(announced.some(({ id }) => id === next.id)).toBe(losses === 4);
      }
    });
  });

  test("a run whose next try is due goes behind an older one that came in meanwhile", async () => {
    const { ledger, running, planned, work } = scene();
    const newer = await running({ dueAt: T(60) });
    await ledger.postponeRun({ id: newer.id, attempt: 1 }, { ...postponed, nextAt: T(140) }, T(131));
    const older = await planned();
    expect(await work("a", "service", 150)).toEqual([`run ${older.id}`]);
    expect(await ledger.takeRun(newer.id, "a", T(150))).toBeNull();
    await ledger.cancelRun(older.id, "no", T(151));
    expect(await work("a", "service", 150)).toEqual([`run ${newer.id}`]);
  });

  test("of runs behind an older one, one that is to be tried again has its turn once it is due", async () => {
    const { ledger, announced, running } = scene();
    const { older, next, last } = await inLine();
    await ledger.cancelRun(older.id, "hangs", T(5));
    await ledger.takeRun(next.id, "b", T(130));
    await ledger.postponeRun({ id: next.id, attempt: 1 }, { ...postponed, nextAt: T(140) }, T(131));
    const late = async (seconds: number) => {
      const { id } = await running({ dueAt: T(-seconds) });
      announced.length = 0;
      await ledger.endRun({ id, attempt: 1 }, ended("skipped"), T(seconds));
      return announced;
    };
    expect(await late(139)).toEqual([{ kind: "run", id: last.id, at: T(1) }]);
    expect(await late(140)).toEqual([{ kind: "run", id: next.id, at: T(140) }]);
  });
}
