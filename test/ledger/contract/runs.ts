import { describe, expect, test } from "vitest";
import { DUE, ended, type OpenStore, plan, sent, T, useScene, waits } from "./scene.ts";

/** What every ledger owes the life of a run. */
export function runsContract(open: OpenStore): void {
  const scene = useScene(open);

  describe("a claim", () => {
    test("of one key succeeds once, however many ask", async () => {
      const { ledger, peer, claim } = scene();
      const claims = Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? ledger : peer).claimRun(claim()),
      );
      expect((await Promise.all(claims)).filter((run) => run !== null)).toHaveLength(1);
      expect(await ledger.runs({ limit: 10 })).toHaveLength(1);
    });

    test("of another tick, report or burst key is another run", async () => {
      const { ledger, planned } = scene();
      for (const part of [{}, { dueAt: T(60) }, { report: "other" }, { burst: "row-2" }]) await planned(part);
      expect((await ledger.runs({ report: "weekly", limit: 10 })).map((run) => run.burst)).toContain("row-2");
      expect(await ledger.findRun({ report: "other", dueAt: DUE, burst: "" })).toMatchObject({
        state: "planned",
      });
      expect(await ledger.findRun({ report: "other", dueAt: T(60), burst: "" })).toBeNull();
    });

    test("keeps what it was made with, and is announced", async () => {
      const { planned, announced } = scene();
      const part = { trigger: "manual", reservedFor: "cli", kind: "trial", expectAt: T(99) } as const;
      const run = await planned(part);
      expect(run).toMatchObject({ ...part, state: "planned", attempts: 0, tries: 0, claimedAt: T(1) });
      expect(announced.map(({ kind }) => kind)).toEqual(["run", "late"]);
    });
  });

  describe("taking a run", () => {
    test("succeeds once, and begins an attempt", async () => {
      const { ledger, peer, planned } = scene();
      const { id } = await planned();
      const takes = ["a", "b", "c", "d"].map((owner, index) =>
        (index % 2 === 0 ? ledger : peer).takeRun(id, owner, T(2)),
      );
      const taken = (await Promise.all(takes)).filter((run) => run !== null);
      expect(taken).toHaveLength(1);
      expect(taken[0]).toMatchObject({ state: "running", attempts: 1, startedAt: T(2) });
      expect(await ledger.runAttempts(id)).toEqual([
        {
          attempt: 1,
          owner: taken[0]?.owner,
          startedAt: T(2),
          committedAt: null,
          endedAt: null,
          end: null,
          reason: null,
        },
      ]);
    });

    test("that waits works when its time has come", async () => {
      const { ledger, running } = scene();
      const { id } = await running();
      const postponed = { nextAt: T(60), reason: "503", advice: null, end: "again" } as const;
      await ledger.postponeRun({ id, attempt: 1 }, postponed, T(2));
      expect(await ledger.takeRun(id, "b", T(59))).toBeNull();
      expect(await ledger.takeRun(id, "b", T(60))).toMatchObject({ attempts: 2, reason: null, nextAt: null });
    });

    test("that is reserved works for its command alone", async () => {
      const { ledger, planned } = scene();
      const { id } = await planned({ reservedFor: "cli" });
      expect(await ledger.takeRun(id, "service", T(2))).toBeNull();
      expect(await ledger.takeRun(id, "cli", T(2))).toMatchObject({ state: "running" });
    });

    test("that is not there or has ended does not work", async () => {
      const { ledger, delivering } = scene();
      const { run } = await delivering([]);
      expect(run.state).toBe("delivered");
      expect(await ledger.takeRun(run.id, "a", T(2))).toBeNull();
      expect(await ledger.takeRun("no such id", "a", T(2))).toBeNull();
    });

    test.each([
      ["tick", false],
      ["by_hand", false],
      ["trial", true],
      ["repeat", true],
    ] as const)("of kind %s, whatever its burst key, goes without waiting: %s", async (kind, isAtOnce) => {
      const { ledger, planned, work } = scene();
      const older = await planned({ kind, burst: "row 1" });
      const newer = await planned({ kind: "tick", dueAt: T(60), burst: "row 1" });
      const own = await planned({ kind, dueAt: T(90), burst: "row 2" });
      expect(own).toMatchObject({ kind, burst: "row 2" });
      expect(await work("a", "service", 100)).toEqual([
        `run ${older.id}`,
        ...(isAtOnce ? [`run ${newer.id}`, `run ${own.id}`] : []),
      ]);
      expect((await ledger.takeRun(own.id, "a", T(100))) !== null).toBe(isAtOnce);
      expect((await ledger.takeRun(newer.id, "a", T(100))) !== null).toBe(isAtOnce);
    });

    test("waits for an older tick of the report that is planned or running, and for nothing else", async () => {
      const { ledger, planned, work } = scene();
      const older = await planned();
      const newer = await planned({ dueAt: T(60) });
      const trial = await planned({ dueAt: T(61), kind: "trial", burst: "trial" });
      const other = await planned({ dueAt: T(60), report: "other" });
      expect(await work("a", "service", 70)).toEqual([
        `run ${older.id}`,
        `run ${other.id}`,
        `run ${trial.id}`,
      ]);
      expect(await ledger.takeRun(newer.id, "a", T(70))).toBeNull();
      expect(await ledger.takeRun(trial.id, "a", T(70))).not.toBeNull();
      await ledger.takeRun(older.id, "a", T(70));
      expect(await ledger.takeRun(newer.id, "a", T(70))).toBeNull();
      const postponed = { nextAt: T(600), reason: "503", advice: null, end: "again" } as const;
      await ledger.postponeRun({ id: older.id, attempt: 1 }, postponed, T(71));
      expect(await ledger.takeRun(newer.id, "a", T(71))).toMatchObject({ state: "running" });
    });

    test("neither waits for an older tick nor holds a newer one up where it is reserved for a command", async () => {
      const { ledger, planned, work } = scene();
      const older = await planned();
      const reserved = await planned({ dueAt: T(60), reservedFor: "cli" });
      const newer = await planned({ dueAt: T(120) });
      expect(await work("cli", "command", 130)).toEqual([`run ${reserved.id}`]);
      expect(await ledger.takeRun(reserved.id, "cli", T(130))).toMatchObject({ state: "running" });
      expect(await ledger.takeRun(newer.id, "a", T(130))).toBeNull();
      await ledger.takeRun(older.id, "a", T(130));
      await ledger.planDeliveries({ id: older.id, attempt: 1 }, [], 1, T(131));
      expect(await work("a", "service", 131)).toEqual([`run ${newer.id}`]);
      expect(await ledger.takeRun(newer.id, "a", T(131))).toMatchObject({ state: "running" });
    });

    test("does not wait for an older tick that someone cancelled while it was running", async () => {
      const { ledger, running, planned } = scene();
      const older = await running();
      const newer = await planned({ dueAt: T(60) });
      await ledger.cancelRun(older.id, "hangs", T(70));
      expect(await ledger.takeRun(newer.id, "b", T(70))).not.toBeNull();
    });
  });

  describe("an attempt at a run", () => {
    const postponed = { nextAt: T(60), reason: "503", advice: "Wait.", end: "again" } as const;

    test("that plans deliveries writes them before anything is sent", async () => {
      const { ledger, running, announced } = scene();
      const { id } = await running();
      const made = await ledger.planDeliveries({ id, attempt: 1 }, [plan("d1"), plan("d2")], 12, T(2));
      expect(made).toMatchObject([
        { id: "d1", state: "pending", purpose: "report", target: "d1", attempts: 0, plannedAt: T(2) },
        { id: "d2", state: "pending" },
      ]);
      expect(await ledger.run(id)).toMatchObject({ state: "delivering", rows: 12, owner: null, attempts: 1 });
      expect(await ledger.runAttempts(id)).toMatchObject([{ end: "done", endedAt: T(2) }]);
      expect(announced.slice(1)).toEqual([
        { kind: "delivery", id: "d1", at: T(2) },
        { kind: "delivery", id: "d2", at: T(2) },
      ]);
    });

    test("with two entries that are the same makes two deliveries, told apart by a number", async () => {
      const { ledger, running } = scene();
      const { id } = await running();
      const made = await ledger.planDeliveries(
        { id, attempt: 1 },
        [plan("d1", "x"), plan("d2", "x")],
        1,
        T(2),
      );
      expect(made?.map(({ id: own, target }) => [own, target])).toEqual([
        ["d1", "x"],
        ["d2", "x (2)"],
      ]);
    });

    test("that failed is tried again later, and counts", async () => {
      const { ledger, running, work, announced } = scene();
      const { id } = await running();
      const run = await ledger.postponeRun({ id, attempt: 1 }, postponed, T(5));
      expect(run).toMatchObject({
        state: "waiting",
        owner: null,
        tries: 1,
        triesSince: T(1),
        nextAt: T(60),
        reason: "503",
        advice: "Wait.",
      });
      expect(await ledger.runAttempts(id)).toMatchObject([{ end: "again", reason: "503", endedAt: T(5) }]);
      expect(announced.at(-1)).toEqual({ kind: "run", id, at: T(60) });
      expect(await work("a", "service", 59)).toEqual([]);
      expect(await work("a", "service", 60)).toEqual([`run ${id}`]);
      await ledger.takeRun(id, "b", T(60));
      expect(await ledger.postponeRun({ id, attempt: 2 }, postponed, T(61))).toMatchObject({
        tries: 2,
        triesSince: T(1),
      });
    });

    test("that was held back or handed back costs no try", async () => {
      const { ledger, running, announced } = scene();
      const { id } = await running();
      const held = await ledger.postponeRun({ id, attempt: 1 }, { ...postponed, end: "held" }, T(2));
      expect(held).toMatchObject({ state: "waiting", tries: 0, triesSince: null });
      await ledger.takeRun(id, "a", T(60));
      const back = await ledger.handBackRun({ id, attempt: 2 }, T(61));
      expect(back).toMatchObject({ state: "planned", owner: null, tries: 0, attempts: 2 });
      expect((await ledger.runAttempts(id)).map(({ end }) => end)).toEqual(["held", "handed_back"]);
      expect(announced.at(-1)).toMatchObject({ kind: "run", id });
      expect(await ledger.takeRun(id, "b", T(62))).toMatchObject({ attempts: 3, owner: "b" });
    });

    test.each([
      ["skipped", "done"],
      ["failed", "refused"],
      ["cancelled", "cancelled"],
      ["interrupted", "cancelled"],
    ] as const)("can end the run as %s", async (state, end) => {
      const { ledger, running, work } = scene();
      const { id } = await running();
      const ended = await ledger.endRun({ id, attempt: 1 }, { state, reason: "why", advice: "Do." }, T(5));
      expect(ended).toMatchObject({ state, reason: "why", advice: "Do.", endedAt: T(5), owner: null });
      expect(await ledger.runAttempts(id)).toMatchObject([{ end, reason: "why" }]);
      expect(await work()).toEqual(state === "failed" ? [`failed ${id}`] : []);
    });

    test("writes nothing once a later one has begun, or the run has ended", async () => {
      const { ledger, running } = scene();
      const { id } = await running();
      await ledger.handBackRun({ id, attempt: 1 }, T(2));
      await ledger.takeRun(id, "b", T(3));
      const everything = async (attempt: number) => [
        await ledger.planDeliveries({ id, attempt }, [plan("d1")], 1, T(4)),
        await ledger.postponeRun({ id, attempt }, postponed, T(4)),
        await ledger.handBackRun({ id, attempt }, T(4)),
        await ledger.endRun({ id, attempt }, { state: "failed", reason: "", advice: null }, T(4)),
      ];
      const before = await ledger.run(id);
      expect(await everything(1)).toEqual([null, null, null, null]);
      expect(await everything(3)).toEqual([null, null, null, null]);
      expect(await ledger.run(id)).toEqual(before);
      await ledger.endRun({ id, attempt: 2 }, { state: "skipped", reason: "no rows", advice: null }, T(5));
      expect(await everything(2)).toEqual([null, null, null, null]);
      expect(await ledger.run(id)).toMatchObject({ state: "skipped", reason: "no rows", endedAt: T(5) });
      expect(await ledger.deliveries(id)).toEqual([]);
    });
  });

  describe("a section", () => {
    test("keeps its query task, and the next run learns how long it took", async () => {
      const { ledger, running } = scene();
      const { id } = await running();
      expect(await ledger.lastTookMs("weekly", 0)).toBeNull();
      await ledger.recordTask(id, 0, "Delays", "a1b2");
      expect(await ledger.sections(id)).toMatchObject([{ taskId: "a1b2", rows: null, tookMs: null }]);
      const record = { section: 0, title: "Delays", taskId: null, rows: 50, tookMs: 1234, warnings: ["cut"] };
      await ledger.recordSection(id, record);
      expect(await ledger.sections(id)).toEqual([{ ...record, taskId: "a1b2" }]);
      expect(await ledger.lastTookMs("weekly", 0)).toBe(1234);
      expect(await ledger.lastTookMs("weekly", 1)).toBeNull();
      expect(await ledger.lastTookMs("other", 0)).toBeNull();
    });

    test("is expected to take as long as at the latest tick that has it", async () => {
      const { ledger, running } = scene();
      const record = (tookMs: number) => ({
        ...{ section: 0, title: "Delays", taskId: null, rows: 50, tookMs, warnings: [] },
      });
      const newer = await running({ dueAt: T(60) });
      await ledger.recordSection(newer.id, record(222));
      const older = await running({ dueAt: DUE });
      await ledger.recordSection(older.id, record(111));
      expect(await ledger.lastTookMs("weekly", 0)).toBe(222);
    });
  });

  describe("cancelling", () => {
    test("ends a run that nobody has in hand", async () => {
      const { ledger, planned, work } = scene();
      const { id } = await planned();
      expect(await ledger.cancelRun(id, "not today", T(5))).toMatchObject({
        state: "cancelled",
        reason: "not today",
        endedAt: T(5),
        cancelAskedAt: T(5),
      });
      expect(await work()).toEqual([]);
      expect(await ledger.takeRun(id, "a", T(6))).toBeNull();
      expect(await ledger.cancelRun(id, "again", T(6))).toBeNull();
      expect(await ledger.cancelRun("no such id", "", T(6))).toBeNull();
    });

    test("ends one that waits", async () => {
      const { ledger, running } = scene();
      const { id } = await running();
      const postponed = { nextAt: T(60), reason: "503", advice: "Wait.", end: "again" } as const;
      await ledger.postponeRun({ id, attempt: 1 }, postponed, T(2));
      expect(await ledger.cancelRun(id, "no", T(3))).toMatchObject({
        state: "cancelled",
        nextAt: null,
        advice: null,
      });
    });

    test("ends its notices too, and of one that failed by itself nothing is said to be cancelled", async () => {
      const { ledger, running, delivering, make } = scene();
      const late = await running({ expectAt: T(2) });
      await ledger.planNotices(late.id, "late", [plan("n1")], T(3));
      await ledger.handBackRun({ id: late.id, attempt: 1 }, T(4));
      await ledger.cancelRun(late.id, "no", T(5));
      expect(await ledger.delivery("n1")).toMatchObject({ state: "cancelled", reason: "no" });
      const { run, ids } = await delivering(["x"], { report: "other" });
      await make(ids[0]!, ended("refused"));
      expect(await ledger.run(run.id)).toMatchObject({ state: "failed", reason: null });
    });

    test("is not asked of a worker that sends the notice of a run that has ended", async () => {
      const { ledger, running } = scene();
      const { id } = await running();
      await ledger.cancelRun(id, "too late", T(2));
      expect(await ledger.cancelsAsked("a")).toEqual([id]);
      await ledger.endRun({ id, attempt: 1 }, { state: "failed", reason: "404", advice: null }, T(3));
      await ledger.planNotices(id, "failed", [plan("n1")], T(4));
      expect(await ledger.takeDelivery("n1", "a", T(5))).not.toBeNull();
      expect(await ledger.cancelsAsked("a")).toEqual([]);
    });

    test("is asked of the worker that has it in hand, which ends it with the person's words", async () => {
      const { ledger, running } = scene();
      const { id } = await running();
      expect(await ledger.cancelRun(id, "too slow", T(5))).toMatchObject({
        state: "running",
        cancelAskedAt: T(5),
      });
      expect(await ledger.cancelsAsked("a")).toEqual([id]);
      expect(await ledger.cancelsAsked("b")).toEqual([]);
      const how = { state: "cancelled", reason: "It was cancelled.", advice: null } as const;
      expect(await ledger.endRun({ id, attempt: 1 }, how, T(6))).toMatchObject({
        state: "cancelled",
        reason: "too slow",
      });
      expect(await ledger.cancelsAsked("a")).toEqual([]);
    });

    test.each(["postponed", "handed back", "planned", "lost"])(
      "of a run that is %s before its worker knows of it ends it all the same",
      async (how) => {
        const { ledger, running, work, deliveryStates } = scene();
        const { id } = await running();
        await ledger.cancelRun(id, "no", T(5));
        const fence = { id, attempt: 1 };
        const postponed = { nextAt: T(60), reason: "503", advice: null, end: "again" } as const;
        if (how === "postponed") await ledger.postponeRun(fence, postponed, T(6));
        if (how === "handed back") await ledger.handBackRun(fence, T(6));
        if (how === "planned") expect(await ledger.planDeliveries(fence, [plan("d")], 1, T(6))).toEqual([]);
        if (how === "lost") await ledger.sweep({ silentMs: 15_000, onlyService: null }, T(6));
        expect(await ledger.run(id)).toMatchObject({ state: "cancelled", reason: "no", endedAt: T(6) });
        expect(await deliveryStates(id)).toEqual(how === "planned" ? ["cancelled"] : []);
        expect(await work()).toEqual([]);
      },
    );

    test("a run that delivers ends it with what was sent; what was not is cancelled", async () => {
      const { ledger, delivering, make, deliveryStates } = scene();
      const { run, ids } = await delivering(["x", "y", "z"]);
      await make(ids[0]!);
      await make(ids[1]!, waits());
      expect(await ledger.cancelRun(run.id, "enough", T(5))).toMatchObject({
        state: "partly_failed",
        reason: "enough",
      });
      expect(await deliveryStates(run.id)).toEqual(["sent", "cancelled", "cancelled"]);
      expect((await ledger.deliveries(run.id))[2]).toMatchObject({ reason: "enough", settledAt: T(5) });
    });

    test("a run that delivers waits for what is being sent, and begins no other", async () => {
      const { ledger, delivering, deliveryStates, work } = scene();
      const { run, ids } = await delivering(["x", "y"]);
      await ledger.takeDelivery(ids[0]!, "a", T(3));
      expect(await ledger.cancelRun(run.id, "enough", T(5))).toMatchObject({ state: "delivering" });
      expect(await ledger.cancelsAsked("a")).toEqual([run.id]);
      expect(await ledger.cancelsAsked("b")).toEqual([]);
      expect(await work()).toEqual([]);
      expect(await ledger.takeDelivery(ids[1]!, "a", T(5))).toBeNull();
      const settled = await ledger.settleDelivery({ id: ids[0]!, attempt: 1 }, waits(), T(6));
      expect(settled?.ended).toMatchObject({ state: "cancelled", reason: "enough" });
      expect(settled?.delivery).toMatchObject({ state: "cancelled" });
      expect(await deliveryStates(run.id)).toEqual(["cancelled", "cancelled"]);
    });

    test("does not say of what may have arrived that it was cancelled, nor of what some have", async () => {
      const { ledger, delivering, make } = scene();
      const { run, ids } = await delivering(["x", "y"]);
      await make(ids[0]!, waits({ end: "unknown", isUncertain: true, reason: "Lost after the dot." }));
      const served = { externalId: "<7@x>", remaining: ["b@x"], refused: [] };
      await make(ids[1]!, waits({ served }));
      await ledger.cancelRun(run.id, "enough", T(5));
      expect(await ledger.deliveries(run.id)).toMatchObject([
        { state: "unknown", reason: "Lost after the dot. enough" },
        {
          state: "sent",
          externalId: "<7@x>",
          refused: [{ recipient: "b@x", reason: "enough", permanent: false }],
        },
      ]);
      expect(await ledger.run(run.id)).toMatchObject({ state: "partly_failed" });
    });
  });

  describe("reopening", () => {
    test("takes up the failed deliveries alone, with new tries", async () => {
      const { ledger, delivering, make, announced } = scene();
      const { run, ids } = await delivering(["x", "y", "z", "u"]);
      await make(ids[0]!);
      await make(ids[1]!, waits({ nextAt: T(3) }));
      await make(ids[1]!, ended("gave_up"));
      await make(ids[2]!, ended("refused"));
      await make(ids[3]!, ended("unknown"));
      announced.length = 0;
      const reopened = await ledger.reopenRun(run.id, "failed_only", null, T(100));
      expect(reopened).toMatchObject({ state: "delivering", endedAt: null, reason: null });
      const deliveries = await ledger.deliveries(run.id);
      expect(deliveries.map(({ state }) => state)).toEqual(["sent", "pending", "pending", "unknown"]);
      expect(deliveries[1]).toMatchObject({
        tries: 0,
        triesSince: null,
        attempts: 2,
        reason: null,
        advice: null,
      });
      expect(announced.map(({ id }) => id)).toEqual([ids[1], ids[2]]);
      await make(ids[1]!);
      await make(ids[2]!);
      expect(await ledger.run(run.id)).toMatchObject({ state: "partly_failed" });
    });

    test("does not serve again who was served", async () => {
      const { ledger, delivering, make } = scene();
      const { run, ids } = await delivering(["x"]);
      await make(
        ids[0]!,
        waits({ nextAt: T(3), served: { externalId: "<7>", remaining: ["b@x"], refused: [] } }),
      );
      await make(ids[0]!, ended("refused"));
      await ledger.reopenRun(run.id, "failed_only", null, T(100));
      expect(await ledger.delivery(ids[0]!)).toMatchObject({
        state: "pending",
        remaining: ["b@x"],
        externalId: "<7>",
      });
    });

    test("from the start asks Looker again before the failed deliveries are made", async () => {
      const { ledger, delivering, make, work, deliveryStates } = scene();
      const { run, ids } = await delivering(["x", "y"]);
      await make(ids[0]!);
      await make(ids[1]!, ended("refused"));
      expect(await ledger.reopenRun(run.id, "from_start", null, T(100))).toMatchObject({
        state: "planned",
        tries: 0,
      });
      expect(await work("a", "service", 100)).toEqual([`run ${run.id}`]);
      expect(await ledger.takeDelivery(ids[1]!, "a", T(100))).toBeNull();
      expect(await ledger.takeRun(run.id, "a", T(101))).toMatchObject({ attempts: 2, startedAt: T(1) });
      const open = await ledger.planDeliveries(
        { id: run.id, attempt: 2 },
        [plan("n1", "x"), plan("n2", "y"), plan("n3", "z")],
        9,
        T(102),
      );
      expect(open?.map(({ id }) => id)).toEqual([ids[1], "n3"]);
      expect(await deliveryStates(run.id)).toEqual(["sent", "pending", "pending"]);
    });

    test("begins the budget for trying again, and counts how often it was done from the start", async () => {
      const { ledger, running } = scene();
      const { id } = await running();
      const failed = { state: "failed", reason: "404", advice: null } as const;
      const held = { nextAt: T(960), reason: "503", advice: null, end: "held" } as const;
      const again = { ...held, nextAt: T(970), end: "again" } as const;
      expect(await ledger.run(id)).toMatchObject({ reopenings: 0, triesSince: null });
      await ledger.endRun({ id, attempt: 1 }, failed, T(2));
      const reopened = await ledger.reopenRun(id, "from_start", null, T(900));
      expect(reopened).toMatchObject({ reopenings: 1, tries: 0, triesSince: T(900), startedAt: T(1) });
      await ledger.takeRun(id, "a", T(950));
      expect(await ledger.postponeRun({ id, attempt: 2 }, held, T(951))).toMatchObject({
        tries: 0,
        triesSince: T(900),
      });
      await ledger.takeRun(id, "a", T(960));
      expect(await ledger.postponeRun({ id, attempt: 3 }, again, T(961))).toMatchObject({
        tries: 1,
        triesSince: T(900),
      });
      await ledger.takeRun(id, "a", T(970));
      await ledger.planDeliveries({ id, attempt: 4 }, [plan("d1")], 1, T(971));
      await ledger.takeDelivery("d1", "a", T(972));
      await ledger.settleDelivery({ id: "d1", attempt: 1 }, ended("refused"), T(973));
      expect(await ledger.reopenRun(id, "failed_only", null, T(1000))).toMatchObject({ reopenings: 1 });
      await ledger.takeDelivery("d1", "a", T(1001));
      await ledger.settleDelivery({ id: "d1", attempt: 2 }, ended("refused"), T(1002));
      expect(await ledger.reopenRun(id, "from_start", null, T(1100))).toMatchObject({
        reopenings: 2,
        triesSince: T(1100),
      });
    });

    test("from the start, with an address that was corrected in the file, forgets the delivery to the old one", async () => {
      const { ledger, delivering, make, announced } = scene();
      const { run, ids } = await delivering(["right", "wrong"]);
      await make(ids[0]!);
      await make(ids[1]!, ended("refused"));
      await ledger.reopenRun(run.id, "from_start", null, T(100));
      await ledger.takeRun(run.id, "a", T(101));
      announced.length = 0;
      const plans = [plan("n1", "right"), plan("n2", "mended")];
      const open = await ledger.planDeliveries({ id: run.id, attempt: 2 }, plans, 9, T(102));
      expect(open?.map(({ id }) => id)).toEqual(["n2"]);
      expect(announced.map(({ id }) => id)).toEqual(["n2"]);
      expect(await ledger.deliveryAttempts(ids[1]!)).toEqual([]);
      await make("n2");
      expect(await ledger.run(run.id)).toMatchObject({ state: "delivered" });
      expect((await ledger.deliveries(run.id)).map(({ target }) => target)).toEqual(["right", "mended"]);
    });

    test("from the start keeps what someone may have received, though its address is no longer in the file", async () => {
      const { ledger, delivering, make } = scene();
      const targets = ["served in part", "asked for again", "failed", "kept"];
      const { run, ids } = await delivering(targets);
      const served = { externalId: "<7>", remaining: ["b@x"], refused: [] };
      await make(ids[0]!, waits({ nextAt: T(3), served }));
      await make(ids[0]!, ended("refused"));
      await make(ids[1]!, ended("unknown"));
      await make(ids[2]!, ended("refused"));
      await make(ids[3]!, ended("refused"));
      await ledger.reopenRun(run.id, "from_start", null, T(100));
      await ledger.resendDelivery(ids[1]!, null, T(100));
      await ledger.takeRun(run.id, "a", T(101));
      const open = await ledger.planDeliveries({ id: run.id, attempt: 2 }, [plan("n", "kept")], 9, T(102));
      expect(open?.map(({ id }) => id)).toEqual([ids[0], ids[1], ids[3]]);
      // The time to try them begins when the files are there.
      expect(open?.map(({ plannedAt }) => plannedAt)).toEqual([T(102), T(102), T(102)]);
    });

    test("from the start of a run that fails again leaves no delivery open, and remembers what was sent", async () => {
      const { ledger, delivering, make, deliveryStates } = scene();
      const { run, ids } = await delivering(["x", "y"]);
      await make(ids[0]!);
      await make(ids[1]!, ended("refused"));
      await ledger.reopenRun(run.id, "from_start", null, T(100));
      await ledger.takeRun(run.id, "a", T(101));
      const how = { state: "failed", reason: "404", advice: null } as const;
      expect(await ledger.endRun({ id: run.id, attempt: 2 }, how, T(102))).toMatchObject({
        state: "partly_failed",
        reason: "404",
      });
      expect(await deliveryStates(run.id)).toEqual(["sent", "cancelled"]);
    });

    test("is for what has ended and has something left to do", async () => {
      const { ledger, planned, running, delivering, make } = scene();
      const both = async (id: string) => [
        await ledger.reopenRun(id, "failed_only", null, T(100)),
        await ledger.reopenRun(id, "from_start", null, T(100)),
      ];
      expect(await both((await planned({ report: "r1" })).id)).toEqual([null, null]);
      expect(await both((await running({ report: "r2" })).id)).toEqual([null, null]);
      const { run, ids } = await delivering(["x", "y"], { report: "r3" });
      await make(ids[0]!);
      expect(await both(run.id)).toEqual([null, null]);
      await make(ids[1]!, ended("unknown"));
      expect(await both(run.id)).toEqual([null, null]);
      expect(await both("no such id")).toEqual([null, null]);
      const skipped = await running({ report: "r4" });
      const how = { state: "skipped", reason: "no rows", advice: null } as const;
      await ledger.endRun({ id: skipped.id, attempt: 1 }, how, T(5));
      expect(await both(skipped.id)).toMatchObject([null, { state: "planned" }]);
    });

    test("is not for trials, whose command alone knew what was asked", async () => {
      const { ledger, running } = scene();
      const { id } = await running({ kind: "trial", burst: "trial" });
      await ledger.endRun({ id, attempt: 1 }, { state: "failed", reason: "404", advice: null }, T(5));
      expect(await ledger.reopenRun(id, "from_start", null, T(100))).toBeNull();
    });

    test("reserves it all for the command that asks", async () => {
      const { ledger, delivering, make, work } = scene();
      const { run, ids } = await delivering(["x"]);
      await make(ids[0]!, ended("refused"));
      await ledger.planNotices(run.id, "failed", [], T(5));
      expect(await ledger.reopenRun(run.id, "failed_only", "cli", T(100))).toMatchObject({
        reservedFor: "cli",
      });
      expect(await work("a", "service", 100)).toEqual([]);
      expect(await work("cli", "command", 100)).toEqual([`delivery ${ids[0]}`]);
      expect(await ledger.takeDelivery(ids[0]!, "a", T(100))).toBeNull();
      expect(await ledger.takeDelivery(ids[0]!, "cli", T(100))).not.toBeNull();
      await ledger.settleDelivery({ id: ids[0]!, attempt: 2 }, sent(), T(101));
      expect(await ledger.run(run.id)).toMatchObject({ state: "delivered" });
    });

    test("of a cancelled run forgets that it was cancelled", async () => {
      const { ledger, delivering, make } = scene();
      const { run, ids } = await delivering(["x"]);
      await ledger.cancelRun(run.id, "no", T(5));
      expect(await ledger.reopenRun(run.id, "failed_only", null, T(100))).toMatchObject({
        state: "delivering",
        cancelAskedAt: null,
      });
      await make(ids[0]!);
      expect(await ledger.run(run.id)).toMatchObject({ state: "delivered", reason: null });
    });
  });
}
