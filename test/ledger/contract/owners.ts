import { describe, expect, test } from "vitest";
import type { Work } from "../../../src/core/model/work.ts";
import { TASK_SHARED_MS } from "../../../src/core/ports/owners.ts";
import { DUE, ended, type OpenStore, plan, sent, T, useScene } from "./scene.ts";

const DEAD = { silentMs: 15_000, onlyService: null };

/** What every ledger owes the processes that share it. */
export function ownersContract(open: OpenStore): void {
  const scene = useScene(open);

  const signIn = async (...names: string[]) => {
    for (const name of names)
      await scene().ledger.signIn(name, /^cli/.test(name) ? "command" : "service", T(0));
  };

  /** Taken, and on its way. */
  const take = async (id: string, owner: string) => {
    const { ledger } = scene();
    await ledger.takeDelivery(id, owner, T(3));
    expect(await ledger.commitDelivery({ id, attempt: 1 }, T(3))).toBe(true);
  };

  describe("an owner", () => {
    test("lives as long as it beats, and is told when it was taken for dead", async () => {
      const { ledger, peer, silence } = scene();
      await signIn("a", "b");
      await silence("a");
      expect(await ledger.beat("a", T(1))).toBe(true);
      await peer.sweep(DEAD, T(2));
      expect(await ledger.beat("a", T(3))).toBe(true);
      await silence("a");
      await peer.sweep(DEAD, T(4));
      expect(await ledger.beat("a", T(5))).toBe(false);
      expect(await ledger.beat("b", T(5))).toBe(true);
      expect(await ledger.beat("never signed in", T(5))).toBe(false);
    });

    test("of which the service that beat last counts as a sign of life; a command does not", async () => {
      const { ledger, silence } = scene();
      expect(await ledger.lastServiceBeat()).toBeNull();
      await signIn("cli");
      expect(await ledger.lastServiceBeat()).toBeNull();
      await signIn("a", "b");
      const both = await ledger.lastServiceBeat();
      await silence("a");
      expect((await ledger.lastServiceBeat())?.getTime()).toBe(both?.getTime());
      await ledger.signOff("b", T(1));
      const older = await ledger.lastServiceBeat();
      expect(older?.getTime()).toBeLessThanOrEqual((both?.getTime() ?? 0) - 30_000);
      await ledger.signOff("a", T(1));
      expect(await ledger.lastServiceBeat()).toBeNull();
    });
  });

  describe("a sweep", () => {
    test("frees what a dead owner had in hand, and leaves a living one's", async () => {
      const { ledger, running, delivering, silence, announced } = scene();
      await signIn("dead", "alive", "a");
      const run = await running({ by: "dead" });
      const other = await running({ by: "alive", report: "other" });
      const { run: delivery, ids } = await delivering(["x", "y", "z"], { report: "third" });
      await take(ids[0]!, "dead");
      await ledger.takeDelivery(ids[1]!, "alive", T(3));
      await silence("dead");
      announced.length = 0;

      const touched = await ledger.sweep(DEAD, T(5));

      expect(touched.map(({ id }) => id).sort()).toEqual([run.id, delivery.id].sort());
      expect(await ledger.run(run.id)).toMatchObject({
        state: "planned",
        owner: null,
        tries: 0,
        attempts: 1,
      });
      expect(await ledger.runAttempts(run.id)).toMatchObject([{ owner: "dead", end: "lost", endedAt: T(5) }]);
      expect(await ledger.run(other.id)).toMatchObject({ state: "running", owner: "alive" });
      expect(await ledger.deliveries(delivery.id)).toMatchObject([
        { state: "waiting", isUncertain: true, uncertainSince: T(3), nextAt: T(5), owner: null, tries: 0 },
        { state: "sending", owner: "alive" },
        { state: "pending", isUncertain: false },
      ]);
      expect(announced.map(({ kind, id }) => `${kind} ${id}`).sort()).toEqual(
        [`delivery ${ids[0]}`, `run ${run.id}`].sort(),
      );
      expect(await ledger.sweep(DEAD, T(6))).toEqual([]);
      expect(await ledger.takeRun(run.id, "alive", T(6))).toMatchObject({ attempts: 2 });
    });

    test("lets a run rest that was lost time and again, and tells why", async () => {
      const { ledger, planned } = scene();
      const { id } = await planned();
      const lose = async (seconds: number) => {
        expect(await ledger.takeRun(id, "dead", T(seconds))).not.toBeNull();
        await ledger.sweep(DEAD, T(seconds));
        return ledger.run(id);
      };
      for (const seconds of [1, 2, 3])
        expect(await lose(seconds)).toMatchObject({ state: "planned", nextAt: null, reason: null });
      const rests = { state: "waiting", owner: null, tries: 0, triesSince: null };
      const reason = "The worker that had it died, 4 times in a row: it rests for a while.";
      expect(await lose(4)).toMatchObject({ ...rests, nextAt: T(9), reason });
      expect(await ledger.takeRun(id, "b", T(8))).toBeNull();
      expect(await lose(9)).toMatchObject({ ...rests, nextAt: T(19), reason: reason.replace("4", "5") });
      // An attempt that ends otherwise shows that it is not the run.
      const fence = { id, attempt: (await ledger.takeRun(id, "b", T(19)))!.attempts };
      await ledger.handBackRun(fence, T(20));
      expect(await lose(21)).toMatchObject({ state: "planned", nextAt: null });
    });

    test("lets a delivery rest alike, and keeps what is known of it", async () => {
      const { ledger, delivering, announced } = scene();
      const { ids } = await delivering(["x"]);
      const id = ids[0]!;
      for (const attempt of [1, 2, 3, 4]) {
        expect(await ledger.takeDelivery(id, "dead", T(attempt))).not.toBeNull();
        if (attempt === 2) await ledger.commitDelivery({ id, attempt }, T(2));
        await ledger.sweep(DEAD, T(attempt));
        expect(await ledger.delivery(id)).toMatchObject({
          state: "waiting",
          isUncertain: attempt >= 2,
          nextAt: attempt < 4 ? T(attempt) : T(9),
        });
      }
      const reason = "The worker that had it died, 4 times in a row: it rests for a while.";
      expect(await ledger.delivery(id)).toMatchObject({
        uncertainSince: T(2),
        tries: 0,
        reason: `${reason} It may have been delivered.`,
      });
      expect(announced.at(-1)).toEqual({ kind: "delivery", id, at: T(9) });
      expect(await ledger.takeDelivery(id, "b", T(8))).toBeNull();
      expect(await ledger.takeDelivery(id, "b", T(9))).not.toBeNull();
    });

    test("frees each thing once, however many sweep", async () => {
      const { ledger, peer, running, silence } = scene();
      await signIn("dead");
      for (let index = 0; index < 10; index += 1) await running({ report: `r${index}`, by: "dead" });
      await silence("dead");
      const swept = await Promise.all([ledger, peer, ledger, peer].map((one) => one.sweep(DEAD, T(5))));
      expect(swept.flat()).toHaveLength(10);
      expect(await ledger.work("a", "service", T(6), 100)).toHaveLength(10);
    });

    test("by the only service takes every other service for dead at once, and no command", async () => {
      const { ledger, running } = scene();
      await signIn("before", "now", "cli");
      const run = await running({ by: "before" });
      const ours = await running({ by: "now", report: "other" });
      const command = await running({ by: "cli", report: "third", reservedFor: "cli" });
      const touched = await ledger.sweep({ silentMs: 15_000, onlyService: "now" }, T(5));
      expect(touched.map(({ id }) => id)).toEqual([run.id]);
      expect(await ledger.beat("before", T(6))).toBe(false);
      expect(await ledger.beat("now", T(6))).toBe(true);
      expect(await ledger.run(ours.id)).toMatchObject({ state: "running" });
      expect(await ledger.run(command.id)).toMatchObject({ state: "running" });
    });

    describe("finds a dead owner by the one thing that it left:", () => {
      const end = { state: "failed", reason: "404", advice: null } as const;
      const leaves: Record<string, () => Promise<(() => Promise<unknown>) | undefined>> = {
        async "a run in hand"() {
          const { id } = await scene().running({ by: "cli" });
          return () => scene().ledger.takeRun(id, "a", T(9));
        },
        async "a run that it reserved"() {
          const { id } = await scene().planned({ reservedFor: "cli" });
          return () => scene().ledger.takeRun(id, "a", T(9));
        },
        async "a delivery in hand"() {
          const { ids } = await scene().delivering(["x"]);
          await scene().ledger.takeDelivery(ids[0]!, "cli", T(3));
          return () => scene().ledger.takeDelivery(ids[0]!, "a", T(9));
        },
        async "a notice that it reserved"() {
          const { ledger, running } = scene();
          const { id } = await running();
          await ledger.endRun({ id, attempt: 1 }, end, T(2));
          await ledger.planNotices(id, "failed", [plan("n1")], T(3));
          await scene().make("n1");
          await ledger.resendDelivery("n1", "cli", T(4));
          return () => ledger.takeDelivery("n1", "a", T(9));
        },
        async "a slot"() {
          await scene().ledger.takeSlot("looker", 1, "cli");
          return () => scene().ledger.takeSlot("looker", 1, "a");
        },
        async "the claim of a task"() {
          await scene().ledger.claimTask("key", "cli", T(3));
          return async () => {
            const claim = await scene().ledger.claimTask("key", "a", T(9));
            return claim.kind === "mine" ? claim : null;
          };
        },
      };

      test.each(Object.keys(leaves))("%s", async (left) => {
        const { ledger, silence } = scene();
        await signIn("a", "cli");
        const take = await leaves[left]?.();
        await silence("cli");
        await ledger.sweep(DEAD, T(9));
        expect(await take?.()).not.toBeNull();
        expect(await take?.()).toBeNull();
      });
    });

    test("announces what a dead command had reserved and not made, and nothing else of it", async () => {
      const { ledger, delivering, make, silence, announced } = scene();
      await signIn("a", "cli");
      const { run, ids } = await delivering(["x", "y"]);
      for (const id of ids) await make(id, ended("refused"));
      await ledger.reopenRun(run.id, "failed_only", "cli", T(4));
      await make(ids[0]!, sent(), "cli");
      announced.length = 0;
      await silence("cli");
      await ledger.sweep(DEAD, T(5));
      expect(announced).toEqual([{ kind: "delivery", id: ids[1], at: T(4) }]);
    });

    test("announces of a dead command's run that it is late or failed, where that is still to be noticed", async () => {
      const { ledger, planned, running, silence, announced } = scene();
      await signIn("a", "cli");
      const late = await planned({ reservedFor: "cli", expectAt: T(50) });
      const failed = await running({ reservedFor: "cli", by: "cli", report: "other", expectAt: T(50) });
      const end = { state: "failed", reason: "404", advice: null } as const;
      await ledger.endRun({ id: failed.id, attempt: 1 }, end, T(3));
      announced.length = 0;
      await silence("cli");
      await ledger.sweep(DEAD, T(5));
      expect(announced).toEqual([
        { kind: "run", id: late.id, at: DUE },
        { kind: "late", id: late.id, at: T(50) },
        { kind: "failed", id: failed.id, at: T(3) },
      ]);
    });

    test("keeps the tasks of a dead owner for the next one, says why a delivery waits, and ends a trial's attempt", async () => {
      const { ledger, delivering, running, silence } = scene();
      await signIn("a", "cli");
      const since = T(3);
      await ledger.claimTask("key", "cli", since);
      await ledger.shareTask("key", "cli", "task-1");
      const { ids } = await delivering(["x"]);
      await ledger.takeDelivery(ids[0]!, "cli", T(3));
      const part = { kind: "trial", burst: "trial", reservedFor: "cli", by: "cli", report: "other" } as const;
      const trial = await running(part);
      await silence("cli");
      await ledger.sweep(DEAD, T(5));
      expect(await ledger.claimTask("key", "a", T(6))).toMatchObject({ kind: "task", taskId: "task-1" });
      expect(await ledger.delivery(ids[0]!)).toMatchObject({
        reason: "The worker that was sending it stopped. It was certainly not delivered.",
      });
      expect(await ledger.runAttempts(trial.id)).toMatchObject([{ end: "lost", endedAt: T(5) }]);
    });

    test("leaves to a living command what it reserved of the same run", async () => {
      const { ledger, delivering, make, work, silence } = scene();
      await signIn("a", "cli 1", "cli 2");
      const { ids } = await delivering(["x", "y"]);
      for (const id of ids) await make(id);
      await ledger.resendDelivery(ids[0]!, "cli 1", T(4));
      await ledger.resendDelivery(ids[1]!, "cli 2", T(4));
      await silence("cli 1");
      await ledger.sweep(DEAD, T(5));
      expect(await work()).toEqual([`delivery ${ids[0]}`]);
      expect(await work("cli 2", "command")).toEqual([`delivery ${ids[1]}`]);
    });

    test("gives the runs of a dead command to the service, and ends its trials", async () => {
      const { ledger, planned, delivering, work, silence, deliveryStates } = scene();
      await signIn("cli", "a");
      const run = await planned({ reservedFor: "cli" });
      const trial = await planned({ reservedFor: "cli", kind: "trial", burst: "trial 1" });
      const part = { reservedFor: "cli", kind: "trial", burst: "trial 2" } as const;
      const { run: sending, ids } = await delivering(["x", "y", "z"], part);
      await ledger.takeDelivery(ids[0]!, "cli", T(3));
      await ledger.settleDelivery({ id: ids[0]!, attempt: 1 }, sent(), T(3));
      await take(ids[1]!, "cli");
      await silence("cli");
      expect(await work()).toEqual([]);

      const touched = await ledger.sweep(DEAD, T(5));

      expect(touched.map(({ id }) => id).sort()).toEqual([run.id, trial.id, sending.id].sort());
      expect(await ledger.run(run.id)).toMatchObject({ state: "planned", reservedFor: null });
      expect(await ledger.run(trial.id)).toMatchObject({ state: "interrupted", endedAt: T(5) });
      expect(await ledger.run(sending.id)).toMatchObject({ state: "interrupted" });
      expect(await deliveryStates(sending.id)).toEqual(["sent", "unknown", "cancelled"]);
      expect(await work()).toEqual([`run ${run.id}`]);
    });

    test("frees what is in the hands of an owner that never signed in", async () => {
      const { ledger, running } = scene();
      const { id } = await running({ by: "nobody" });
      await ledger.sweep(DEAD, T(5));
      expect(await ledger.run(id)).toMatchObject({ state: "planned" });
    });
  });

  describe("signing off", () => {
    test("hands back what is in hand, and what was reserved", async () => {
      const { ledger, running, planned, delivering } = scene();
      await signIn("a", "cli");
      const run = await running({ by: "cli" });
      const reserved = await planned({ reservedFor: "cli", report: "other" });
      const { ids } = await delivering(["x"], { report: "third" });
      await take(ids[0]!, "cli");
      await ledger.signOff("cli", T(5));
      expect(await ledger.run(run.id)).toMatchObject({ state: "planned", owner: null });
      expect(await ledger.runAttempts(run.id)).toMatchObject([{ end: "handed_back", endedAt: T(5) }]);
      expect(await ledger.run(reserved.id)).toMatchObject({ state: "planned", reservedFor: null });
      // What was being sent when its owner left may have arrived: it would have settled what it knew of.
      expect(await ledger.delivery(ids[0]!)).toMatchObject({ state: "waiting", isUncertain: true });
      expect(await ledger.beat("cli", T(6))).toBe(false);
    });

    test("ends a trial as interrupted that was not begun", async () => {
      const { ledger, planned } = scene();
      await signIn("cli");
      const { id } = await planned({ reservedFor: "cli", kind: "trial", burst: "trial" });
      await ledger.signOff("cli", T(5));
      expect(await ledger.run(id)).toMatchObject({ state: "interrupted", endedAt: T(5) });
    });
  });

  describe("a query's task", () => {
    test("is created by one, and then shared by all", async () => {
      const { ledger, peer } = scene();
      await signIn("a", "b");
      const claims = await Promise.all(
        ["a", "b", "a", "b", "a"].map((owner, index) =>
          (index % 2 === 0 ? ledger : peer).claimTask("key", owner, T(1)),
        ),
      );
      expect(claims.filter(({ kind }) => kind === "mine")).toHaveLength(1);
      expect(claims.filter(({ kind }) => kind === "wait")).toHaveLength(4);
      await ledger.shareTask("key", "a", "task-1");
      expect(await peer.claimTask("key", "b", T(2))).toEqual({
        kind: "task",
        taskId: "task-1",
        since: T(1),
      });
      expect(await peer.claimTask("other key", "b", T(2))).toEqual({ kind: "mine" });
    });

    test("that is of no use is dropped, unless another exists by now", async () => {
      const { ledger } = scene();
      await signIn("a", "b");
      await ledger.claimTask("key", "a", T(1));
      await ledger.shareTask("key", "a", "task-1");
      await ledger.dropTask("key", "a", null);
      await ledger.dropTask("key", "b", "task-0");
      expect(await ledger.claimTask("key", "b", T(2))).toMatchObject({ taskId: "task-1" });
      await ledger.dropTask("key", "b", "task-1");
      expect(await ledger.claimTask("key", "b", T(2))).toEqual({ kind: "mine" });
      await ledger.dropTask("key", "b", "task-1");
      expect(await ledger.claimTask("key", "a", T(2))).toEqual({ kind: "wait" });
      await ledger.dropTask("key", "a", null);
      expect(await ledger.claimTask("key", "a", T(2))).toEqual({ kind: "wait" });
      await ledger.dropTask("key", "b", null);
      expect(await ledger.claimTask("key", "a", T(2))).toEqual({ kind: "mine" });
    });

    test("counts though its claim was lost, unless another exists by now", async () => {
      const { ledger } = scene();
      await signIn("b", "c");
      // Swept away with its owner, which lives all the same.
      await ledger.shareTask("key", "a", "task-a");
      const since = await ledger.lastServiceBeat();
      expect(await ledger.claimTask("key", "b", since!)).toEqual({ kind: "task", taskId: "task-a", since });
      await ledger.shareTask("key", "b", "task-b");
      expect(await ledger.claimTask("key", "c", since!)).toMatchObject({ taskId: "task-a" });
      await ledger.shareTask("key", "a", "task-a2");
      expect(await ledger.claimTask("key", "c", since!)).toMatchObject({ taskId: "task-a2" });
      // Another has the claim by now, and no task yet: there is one the sooner.
      await ledger.claimTask("second", "b", T(1));
      await ledger.shareTask("second", "a", "task-a");
      await ledger.shareTask("second", "b", "task-b");
      await ledger.dropTask("second", "b", null);
      expect(await ledger.claimTask("second", "c", T(1))).toMatchObject({ taskId: "task-a" });
    });

    test("is shared for as long as Looker keeps results, and not longer", async () => {
      const { ledger } = scene();
      await signIn("a", "b");
      await ledger.claimTask("key", "a", T(0));
      await ledger.shareTask("key", "a", "task-1");
      const endMs = TASK_SHARED_MS / 1000;
      expect(await ledger.claimTask("key", "b", T(endMs - 1))).toMatchObject({ kind: "task" });
      expect(await ledger.claimTask("key", "b", T(endMs))).toEqual({ kind: "mine" });
    });

    test("that its owner never creates is another's, after its death or a minute", async () => {
      const { ledger, silence } = scene();
      await signIn("dead", "b");
      await ledger.claimTask("slow", "b", T(0));
      expect(await ledger.claimTask("slow", "b", T(59))).toEqual({ kind: "wait" });
      expect(await ledger.claimTask("slow", "b", T(61))).toEqual({ kind: "mine" });
      await ledger.claimTask("key", "dead", T(0));
      await silence("dead");
      await ledger.sweep(DEAD, T(1));
      expect(await ledger.claimTask("key", "b", T(2))).toEqual({ kind: "mine" });
    });
  });

  describe("a slot", () => {
    test("is taken by one at a time, up to the limit", async () => {
      const { ledger, peer } = scene();
      const takes = Array.from({ length: 20 }, (_, index) =>
        (index % 2 === 0 ? ledger : peer).takeSlot("looker", 7, `owner ${index}`),
      );
      const slots = (await Promise.all(takes)).filter((slot) => slot !== null);
      expect(slots.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
      expect(await ledger.takeSlot("other pool", 1, "x")).toBe(1);
    });

    test("is free again when it is given back, by its owner", async () => {
      const { ledger } = scene();
      expect(await ledger.takeSlot("looker", 1, "a")).toBe(1);
      await ledger.releaseSlot("looker", 1, "b");
      expect(await ledger.takeSlot("looker", 1, "b")).toBeNull();
      await ledger.releaseSlot("looker", 1, "a");
      expect(await ledger.takeSlot("looker", 1, "b")).toBe(1);
    });

    test("is free again when its owner signs off or dies", async () => {
      const { ledger, silence } = scene();
      await signIn("a", "b");
      await ledger.takeSlot("looker", 2, "a");
      await ledger.takeSlot("looker", 2, "b");
      await ledger.signOff("a", T(1));
      await silence("b");
      await ledger.sweep(DEAD, T(2));
      expect(await ledger.takeSlot("looker", 2, "c")).toBe(1);
      expect(await ledger.takeSlot("looker", 2, "c")).toBe(2);
    });

    test("is not given while more are taken than a lowered limit allows", async () => {
      const { ledger } = scene();
      for (const owner of ["a", "b", "c"]) await ledger.takeSlot("looker", 3, owner);
      await ledger.releaseSlot("looker", 1, "a");
      expect(await ledger.takeSlot("looker", 2, "d")).toBeNull();
    });
  });

  test("the work of two processes over one list is done once", async () => {
    const { ledger, peer, planned } = scene();
    await signIn("a", "b");
    for (let index = 0; index < 12; index += 1) await planned({ report: `r${index}` });
    const done: string[] = [];
    const carryOut = async (from: typeof ledger, owner: string, { kind, id }: Work) => {
      if (kind === "run") {
        const run = await from.takeRun(id, owner, T(10));
        const plans = [plan(`${id}x`), plan(`${id}y`)];
        if (run !== null) await from.planDeliveries({ id, attempt: run.attempts }, plans, 1, T(10));
        return;
      }
      const delivery = await from.takeDelivery(id, owner, T(10));
      if (delivery === null) return;
      done.push(id);
      await from.settleDelivery({ id, attempt: delivery.attempts }, sent(), T(10));
    };
    const worker = async (from: typeof ledger, owner: string) => {
      for (let idle = 0; idle < 2; ) {
        const works = await from.work(owner, "service", T(10), 5);
        idle = works.length === 0 ? idle + 1 : 0;
        for (const work of works) await carryOut(from, owner, work);
      }
    };
    await Promise.all([worker(ledger, "a"), worker(peer, "b"), worker(ledger, "a"), worker(peer, "b")]);
    expect(done).toHaveLength(24);
    expect(new Set(done).size).toBe(24);
    const states = (await ledger.runs({ limit: 100 })).map(({ state }) => state);
    expect(states).toEqual(Array.from({ length: 12 }, () => "delivered"));
  });
}
