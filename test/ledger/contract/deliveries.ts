import { describe, expect, test } from "vitest";
import type { Settlement } from "../../../src/core/model/entry.ts";
import { ended, type OpenStore, plan, sent, T, useScene, waits } from "./scene.ts";

const NO_ONE_ELSE = { silentMs: 15_000, onlyService: "survivor" };

/** What every ledger owes the life of a delivery. */
export function deliveriesContract(open: OpenStore): void {
  const scene = useScene(open);

  describe("taking a delivery", () => {
    test("succeeds once, however many ask", async () => {
      const { ledger, peer, delivering } = scene();
      const { ids } = await delivering(["x"]);
      const takes = ["a", "b", "c", "d", "e", "f"].map((owner, index) =>
        (index % 2 === 0 ? ledger : peer).takeDelivery(ids[0]!, owner, T(3)),
      );
      const taken = (await Promise.all(takes)).filter((delivery) => delivery !== null);
      expect(taken).toMatchObject([{ state: "sending", attempts: 1 }]);
      expect(await ledger.deliveryAttempts(ids[0]!)).toMatchObject([
        { attempt: 1, owner: taken[0]?.owner, startedAt: T(3), endedAt: null, end: null },
      ]);
    });

    test("that waits works when its time has come, and never once it is settled", async () => {
      const { ledger, delivering, make } = scene();
      const { ids } = await delivering(["x", "y"]);
      await make(ids[0]!, waits());
      expect(await ledger.takeDelivery(ids[0]!, "a", T(59))).toBeNull();
      expect(await ledger.takeDelivery(ids[0]!, "a", T(60))).toMatchObject({ attempts: 2, nextAt: null });
      await ledger.settleDelivery({ id: ids[0]!, attempt: 2 }, sent(), T(61));
      expect(await ledger.takeDelivery(ids[0]!, "a", T(99))).toBeNull();
      expect(await ledger.takeDelivery("no such id", "a", T(99))).toBeNull();
    });

    test("of a reserved run works for its command alone", async () => {
      const { ledger, delivering } = scene();
      const { ids } = await delivering(["x"], { reservedFor: "cli" });
      expect(await ledger.takeDelivery(ids[0]!, "service", T(3))).toBeNull();
      expect(await ledger.takeDelivery(ids[0]!, "cli", T(3))).not.toBeNull();
    });
  });

  describe("committing to send", () => {
    test("is allowed to the attempt that has it in hand", async () => {
      const { ledger, delivering, make } = scene();
      const { ids } = await delivering(["x"]);
      const commit = (attempt: number) => ledger.commitDelivery({ id: ids[0]!, attempt }, T(4));
      expect(await commit(0)).toBe(false);
      await ledger.takeDelivery(ids[0]!, "a", T(3));
      expect(await commit(1)).toBe(true);
      expect(await commit(2)).toBe(false);
      await ledger.settleDelivery({ id: ids[0]!, attempt: 1 }, waits({ nextAt: T(3) }), T(4));
      expect(await commit(1)).toBe(false);
      await make(ids[0]!);
      expect(await commit(2)).toBe(false);
      expect(await ledger.commitDelivery({ id: "no such id", attempt: 1 }, T(4))).toBe(false);
    });

    test("is kept with the attempt", async () => {
      const { ledger, delivering } = scene();
      const { ids } = await delivering(["x"]);
      await ledger.takeDelivery(ids[0]!, "a", T(3));
      expect(await ledger.deliveryAttempts(ids[0]!)).toMatchObject([{ startedAt: T(3), committedAt: null }]);
      await ledger.commitDelivery({ id: ids[0]!, attempt: 1 }, T(4));
      expect(await ledger.deliveryAttempts(ids[0]!)).toMatchObject([{ startedAt: T(3), committedAt: T(4) }]);
    });

    test("makes an attempt that is lost uncertain; before it, nothing can have arrived", async () => {
      const { ledger, delivering } = scene();
      const { ids } = await delivering(["x", "y"]);
      for (const id of ids) await ledger.takeDelivery(id, "dead", T(3));
      await ledger.commitDelivery({ id: ids[1]!, attempt: 1 }, T(4));
      await ledger.sweep(NO_ONE_ELSE, T(5));
      expect(await ledger.deliveries("run1")).toMatchObject([
        { state: "waiting", isUncertain: false, uncertainSince: null, nextAt: T(5) },
        { state: "waiting", isUncertain: true, uncertainSince: T(3), nextAt: T(5) },
      ]);
      await ledger.takeDelivery(ids[1]!, "dead again", T(6));
      await ledger.sweep(NO_ONE_ELSE, T(7));
      // What the first attempt did is not undone by the second.
      expect(await ledger.delivery(ids[1]!)).toMatchObject({ isUncertain: true, uncertainSince: T(3) });
    });
  });

  describe("settling", () => {
    test("writes what became of it", async () => {
      const { ledger, delivering, make } = scene();
      const { ids } = await delivering(["x", "y"]);
      const refused = [{ recipient: "b@x", reason: "550", permanent: true }];
      await make(ids[0]!, sent({ refused, reason: "One was refused." }));
      expect(await ledger.delivery(ids[0]!)).toMatchObject({
        state: "sent",
        owner: null,
        externalId: "<1@example.com>",
        refused,
        reason: "One was refused.",
        bytes: 345,
        settledAt: T(4),
      });
      expect(await ledger.deliveryAttempts(ids[0]!)).toMatchObject([
        { end: "sent", endedAt: T(4), reason: "One was refused." },
      ]);
      await make(ids[1]!, ended("gave_up"));
      expect(await ledger.delivery(ids[1]!)).toMatchObject({
        state: "gave_up",
        reason: "because gave_up",
        advice: "Look.",
        settledAt: T(4),
      });
    });

    test.each([
      ["delivered", [sent(), sent()]],
      ["partly_failed", [sent(), ended("refused")]],
      ["partly_failed", [sent(), sent({ refused: [{ recipient: "b", reason: "550", permanent: true }] })]],
      ["partly_failed", [ended("refused"), ended("unknown")]],
      ["failed", [ended("refused"), ended("gave_up")]],
      ["cancelled", [ended("refused"), ended("cancelled")]],
    ])("the last delivery ends the run: %s", async (state, settlements) => {
      const { ledger, delivering, work } = scene();
      const { run, ids } = await delivering(["x", "y"]);
      const ends = [];
      for (const [index, settlement] of settlements.entries()) {
        await ledger.takeDelivery(ids[index]!, "a", T(3));
        const fence = { id: ids[index]!, attempt: 1 };
        ends.push((await ledger.settleDelivery(fence, settlement, T(4)))?.ended);
      }
      expect(ends[0]).toBeNull();
      expect(ends[1]).toMatchObject({ id: run.id, state, endedAt: T(4), owner: null });
      expect(await work()).toEqual(/failed/.test(state) ? [`failed ${run.id}`] : []);
    });

    test("of all deliveries at the same time ends the run once", async () => {
      const { ledger, peer, delivering } = scene();
      for (let round = 0; round < 8; round += 1) {
        const targets = ["a", "b", "c", "d", "e", "f"];
        const { run, ids } = await delivering(targets, { dueAt: T(round * 60) });
        for (const id of ids) await ledger.takeDelivery(id, "a", T(3));
        const settled = await Promise.all(
          ids.map((id, index) =>
            (index % 2 === 0 ? ledger : peer).settleDelivery({ id, attempt: 1 }, sent(), T(4)),
          ),
        );
        expect(settled.filter((one) => one?.ended?.state === "delivered")).toHaveLength(1);
        expect(await ledger.run(run.id)).toMatchObject({ state: "delivered" });
      }
    });

    test("keeps words from outside that no database takes as they are", async () => {
      const { ledger, delivering, make, running } = scene();
      const nul = String.fromCharCode(0);
      const half = String.fromCharCode(0xd83d);
      const { run, ids } = await delivering(["x", "y"]);
      const refused = [{ recipient: `b${nul}@x`, reason: `55${nul}0`, permanent: true }];
      await make(ids[0]!, sent({ refused, reason: `250${nul} OK ${half}`, externalId: `<${nul}1>` }));
      expect(await ledger.delivery(ids[0]!)).toMatchObject({
        state: "sent",
        externalId: "<1>",
        reason: "250 OK \ufffd",
        refused: [{ recipient: "b@x", reason: "550", permanent: true }],
      });
      await make(ids[1]!, { ...ended("refused"), reason: nul } as Settlement);
      expect(await ledger.deliveries(run.id)).toMatchObject([{ state: "sent" }, { reason: "" }]);
      const other = await running({ report: "other" });
      const plans = [plan("n1", `to${nul}x${half}`), plan("n2", String.raw`to\u0000y`)];
      await ledger.planDeliveries({ id: other.id, attempt: 1 }, plans, 1, T(9));
      const targets = (await ledger.deliveries(other.id)).map(({ target }) => target);
      expect(targets).toEqual(["tox\ufffd", String.raw`to\u0000y`]);
    });

    test("an outcome is written once; a second one changes nothing", async () => {
      const { ledger, delivering, make } = scene();
      const { ids } = await delivering(["x"]);
      await make(ids[0]!);
      for (const settlement of [ended("unknown"), ended("refused"), waits(), sent({ externalId: "other" })])
        expect(await ledger.settleDelivery({ id: ids[0]!, attempt: 1 }, settlement, T(5))).toBeNull();
      expect(await ledger.delivery(ids[0]!)).toMatchObject({ state: "sent", externalId: "<1@example.com>" });
      expect(await ledger.settleDelivery({ id: "no such id", attempt: 1 }, sent(), T(5))).toBeNull();
    });

    test("writes nothing for an attempt that another has followed", async () => {
      const { ledger, delivering, make } = scene();
      const { ids } = await delivering(["x"]);
      await make(ids[0]!, waits({ nextAt: T(5) }));
      expect(await ledger.settleDelivery({ id: ids[0]!, attempt: 1 }, sent(), T(5))).toBeNull();
      await ledger.takeDelivery(ids[0]!, "b", T(5));
      expect(await ledger.settleDelivery({ id: ids[0]!, attempt: 1 }, sent(), T(6))).toBeNull();
      expect(await ledger.settleDelivery({ id: ids[0]!, attempt: 3 }, sent(), T(6))).toBeNull();
      expect(await ledger.settleDelivery({ id: ids[0]!, attempt: 2 }, sent(), T(6))).not.toBeNull();
    });

    test.each([
      ["again", 1],
      ["unknown", 1],
      ["held", 0],
      ["handed_back", 0],
    ] as const)("to wait, after %s, counts %i tries", async (end, tries) => {
      const { ledger, delivering, make, announced, work } = scene();
      const { ids } = await delivering(["x"]);
      expect(await make(ids[0]!, waits({ end }))).toMatchObject({
        state: "waiting",
        owner: null,
        nextAt: T(60),
        tries,
        triesSince: tries === 0 ? null : T(3),
        reason: "451 later",
        settledAt: null,
      });
      expect(await ledger.deliveryAttempts(ids[0]!)).toMatchObject([{ end, reason: "451 later" }]);
      expect(announced.at(-1)).toEqual({ kind: "delivery", id: ids[0], at: T(60) });
      expect(await work("a", "service", 59)).toEqual([]);
      expect(await work("a", "service", 60)).toEqual([`delivery ${ids[0]}`]);
    });

    test("keeps who is still to be served", async () => {
      const { ledger, delivering, make } = scene();
      const { ids } = await delivering(["x"]);
      const served = {
        externalId: "<7@x>",
        remaining: ["b@x"],
        refused: [{ recipient: "c@x", reason: "550", permanent: true }],
      };
      expect(await make(ids[0]!, waits({ nextAt: T(3), served }))).toMatchObject(served);
      expect(await make(ids[0]!, waits({ nextAt: T(3) }))).toMatchObject(served);
      expect(await make(ids[0]!, sent())).toMatchObject({ state: "sent", remaining: null, attempts: 3 });
      expect(await ledger.run("run1")).toMatchObject({ state: "delivered" });
    });

    test("keeps since when it is uncertain, until it is certain", async () => {
      const { ledger, delivering } = scene();
      const { ids } = await delivering(["x"]);
      const id = ids[0]!;
      const step = async (seconds: number, settlement: Settlement) => {
        const taken = await ledger.takeDelivery(id, "a", T(seconds));
        return (await ledger.settleDelivery({ id, attempt: taken!.attempts }, settlement, T(seconds + 1)))
          ?.delivery;
      };
      const uncertain = waits({ nextAt: T(5), end: "unknown", isUncertain: true });
      expect(await step(3, uncertain)).toMatchObject({ isUncertain: true, uncertainSince: T(3) });
      expect(await step(5, { ...uncertain, end: "held" })).toMatchObject({ uncertainSince: T(3) });
      expect(await step(7, waits({ nextAt: T(9) }))).toMatchObject({
        isUncertain: false,
        uncertainSince: null,
      });
      expect(await step(9, ended("unknown"))).toMatchObject({ isUncertain: true, uncertainSince: T(9) });
    });
  });

  describe("a late truth", () => {
    const lost = async () => {
      const { ledger, delivering } = scene();
      await ledger.signIn("zombie", "service", T(0));
      const { run, ids } = await delivering(["x"]);
      await ledger.takeDelivery(ids[0]!, "zombie", T(3));
      expect(await ledger.commitDelivery({ id: ids[0]!, attempt: 1 }, T(4))).toBe(true);
      await ledger.sweep(NO_ONE_ELSE, T(5));
      expect(await ledger.delivery(ids[0]!)).toMatchObject({
        state: "waiting",
        isUncertain: true,
        uncertainSince: T(3),
        nextAt: T(5),
        tries: 0,
        owner: null,
      });
      return { runId: run.id, id: ids[0]! };
    };

    test.each([
      ["sent", sent(), "delivered"],
      ["refused", ended("refused"), "failed"],
    ])("%s is welcome while nobody has gone on with it", async (state, settlement, runState) => {
      const { ledger } = scene();
      const { runId, id } = await lost();
      expect(await ledger.deliveryAttempts(id)).toMatchObject([{ end: "lost", endedAt: T(5) }]);
      const settled = await ledger.settleDelivery({ id, attempt: 1 }, settlement, T(6));
      expect(settled).toMatchObject({
        delivery: { state, isUncertain: false },
        ended: { id: runId, state: runState },
      });
      expect(await ledger.deliveryAttempts(id)).toMatchObject([{ end: state, endedAt: T(6) }]);
    });

    test("is fenced off once another attempt has begun", async () => {
      const { ledger } = scene();
      const { id } = await lost();
      expect(await ledger.takeDelivery(id, "b", T(6))).toMatchObject({ attempts: 2, isUncertain: true });
      expect(await ledger.settleDelivery({ id, attempt: 1 }, sent(), T(7))).toBeNull();
      expect(await ledger.deliveryAttempts(id)).toMatchObject([{ end: "lost" }, { end: null }]);
    });

    test("that is none (unknown, or again) changes nothing", async () => {
      const { ledger } = scene();
      const { id } = await lost();
      for (const settlement of [ended("unknown"), ended("gave_up"), waits()])
        expect(await ledger.settleDelivery({ id, attempt: 1 }, settlement, T(6))).toBeNull();
      expect(await ledger.delivery(id)).toMatchObject({ state: "waiting", isUncertain: true });
    });

    test("corrects the state of a run that was cancelled meanwhile", async () => {
      const { ledger, work } = scene();
      const { runId, id } = await lost();
      expect(await ledger.cancelRun(runId, "enough", T(6))).toMatchObject({ state: "partly_failed" });
      expect(await ledger.delivery(id)).toMatchObject({ state: "unknown" });
      const settled = await ledger.settleDelivery({ id, attempt: 1 }, sent(), T(7));
      expect(settled).toMatchObject({ delivery: { state: "sent" }, ended: null });
      expect(await ledger.run(runId)).toMatchObject({ state: "delivered", endedAt: T(6), reason: null });
      expect(await work()).toEqual([]);
    });
  });

  describe("notices", () => {
    const failed = async (part: Parameters<ReturnType<typeof scene>["running"]>[0] = {}) => {
      const { id, attempts } = await scene().running(part);
      await scene().ledger.endRun(
        { id, attempt: attempts },
        { state: "failed", reason: "404", advice: null },
        T(5),
      );
      return id;
    };

    test("are planned once, whichever comes first, and are work until then", async () => {
      const { ledger, peer, work, announced } = scene();
      const id = await failed();
      expect(announced.at(-1)).toEqual({ kind: "failed", id, at: T(5) });
      expect(await work()).toEqual([`failed ${id}`]);
      const planned = await Promise.all([
        ledger.planNotices(id, "failed", [plan("n1", "boss")], T(6)),
        peer.planNotices(id, "failed", [plan("n2", "boss")], T(6)),
        ledger.planNotices(id, "failed", [plan("n3", "boss")], T(6)),
      ]);
      const ids = new Set(planned.flat().map((notice) => notice.id));
      expect(planned.map((notices) => notices.length)).toEqual([1, 1, 1]);
      expect(ids.size).toBe(1);
      expect(await work()).toEqual([`delivery ${[...ids][0]}`]);
      expect(await ledger.planNotices(id, "failed", [plan("n4", "other")], T(7))).toHaveLength(1);
    });

    test("of lateness are not made of a run that was reopened after its time, and of others they are", async () => {
      const { ledger, running, planned, work } = scene();
      const { id } = await running({ expectAt: T(50) });
      await ledger.endRun({ id, attempt: 1 }, { state: "skipped", reason: "", advice: null }, T(5));
      const early = await running({ report: "early", expectAt: T(200) });
      const ended = { state: "skipped", reason: "", advice: null } as const;
      await ledger.endRun({ id: early.id, attempt: 1 }, ended, T(5));
      const other = await planned({ report: "other", dueAt: T(90), expectAt: T(95) });
      for (const reopened of [id, early.id]) await ledger.reopenRun(reopened, "from_start", null, T(100));
      expect((await work("a", "service", 300)).filter((one) => one.startsWith("late"))).toEqual([
        `late ${other.id}`,
        `late ${early.id}`,
      ]);
    });

    test("are only noted where no one is to be notified", async () => {
      const { ledger, work } = scene();
      const id = await failed();
      expect(await ledger.planNotices(id, "failed", [], T(6))).toEqual([]);
      expect(await work()).toEqual([]);
      expect(await ledger.planNotices(id, "failed", [plan("n1")], T(7))).toEqual([]);
    });

    test("leave the run as it has ended", async () => {
      const { ledger, make, work } = scene();
      const id = await failed();
      await ledger.planNotices(id, "failed", [plan("n1"), plan("n2")], T(6));
      expect(await make("n1")).toMatchObject({ purpose: "failed", state: "sent" });
      const settled = await ledger.takeDelivery("n2", "a", T(7));
      expect(settled).not.toBeNull();
      expect(await ledger.settleDelivery({ id: "n2", attempt: 1 }, ended("refused"), T(8))).toMatchObject({
        ended: null,
      });
      expect(await ledger.run(id)).toMatchObject({ state: "failed", reason: "404", endedAt: T(5) });
      expect(await work()).toEqual([]);
    });

    test("of a run that did not end badly are not made", async () => {
      const { ledger, delivering, make } = scene();
      const { run, ids } = await delivering(["x"]);
      await make(ids[0]!);
      expect(await ledger.planNotices(run.id, "failed", [plan("n1")], T(6))).toEqual([]);
      expect(await ledger.planNotices("no such id", "failed", [plan("n1")], T(6))).toEqual([]);
    });

    test("are made again for a run that was reopened and fails again", async () => {
      const { ledger, make, work } = scene();
      const id = await failed();
      await ledger.planNotices(id, "failed", [plan("n1", "boss"), plan("n2", "team")], T(6));
      await make("n1");
      await ledger.reopenRun(id, "from_start", null, T(100));
      expect(await ledger.delivery("n2")).toMatchObject({ state: "cancelled" });
      await ledger.takeRun(id, "a", T(101));
      await ledger.endRun({ id, attempt: 2 }, { state: "failed", reason: "404", advice: null }, T(102));
      expect(await work("a", "service", 102)).toEqual([`failed ${id}`]);
      const again = await ledger.planNotices(id, "failed", [plan("n3", "boss"), plan("n4", "new")], T(103));
      expect(again).toMatchObject([
        { id: "n1", state: "pending", attempts: 1, settledAt: null },
        { id: "n2", state: "cancelled" },
        { id: "n4", state: "pending", attempts: 0 },
      ]);
    });

    test("of being late are work from `expectAt` on, while the run has not ended", async () => {
      const { ledger, planned, work } = scene();
      const { id } = await planned({ expectAt: T(50) });
      expect(await work("a", "service", 49)).toEqual([`run ${id}`]);
      expect(await work("a", "service", 50)).toEqual([`run ${id}`, `late ${id}`]);
      expect(await ledger.planNotices(id, "late", [plan("n1")], T(51))).toMatchObject([
        { purpose: "late", state: "pending" },
      ]);
      expect(await work("a", "service", 51)).toEqual([`run ${id}`, "delivery n1"]);
      expect(await ledger.planNotices(id, "late", [plan("n2", "other")], T(52))).toHaveLength(1);
    });

    test("of being late are not made once the run has ended", async () => {
      const { ledger, delivering, make, work } = scene();
      const { run, ids } = await delivering(["x"], { expectAt: T(50) });
      await make(ids[0]!);
      expect(await work("a", "service", 60)).toEqual([]);
      expect(await ledger.planNotices(run.id, "late", [plan("n1")], T(60))).toEqual([]);
    });

    test("of a command's run are the command's", async () => {
      const { ledger, work } = scene();
      await ledger.signIn("cli", "command", T(0));
      const id = await failed({ reservedFor: "cli", by: "cli" });
      expect(await work("a", "service")).toEqual([]);
      expect(await work("cli", "command")).toEqual([`failed ${id}`]);
      await ledger.planNotices(id, "failed", [plan("n1")], T(6));
      expect(await work("a", "service")).toEqual([]);
      expect(await work("cli", "command")).toEqual(["delivery n1"]);
      await ledger.signOff("cli", T(7));
      expect(await work("a", "service")).toEqual(["delivery n1"]);
    });
  });

  describe("resending", () => {
    test.each(["sent", "unknown", "refused"] as const)(
      "what is %s makes it pending, and opens its run",
      async (was) => {
        const { ledger, delivering, make, announced } = scene();
        const { run, ids } = await delivering(["x", "y"]);
        await make(ids[0]!, was === "sent" ? sent() : ended(was));
        await make(ids[1]!);
        expect(await ledger.resendDelivery(ids[0]!, null, T(100))).toMatchObject({
          state: "pending",
          attempts: 1,
          tries: 0,
          isUncertain: false,
          uncertainSince: null,
          externalId: null,
          settledAt: null,
        });
        expect(announced.at(-1)).toEqual({ kind: "delivery", id: ids[0], at: T(100) });
        expect(await ledger.run(run.id)).toMatchObject({ state: "delivering", endedAt: null });
        await make(ids[0]!, sent({ externalId: "<2>" }));
        expect(await ledger.run(run.id)).toMatchObject({ state: "delivered" });
        expect((await ledger.deliveryAttempts(ids[0]!)).map(({ end }) => end)).toEqual([was, "sent"]);
      },
    );

    test("what is under way is refused", async () => {
      const { ledger, delivering, make } = scene();
      const { ids } = await delivering(["x", "y", "z"]);
      await ledger.takeDelivery(ids[1]!, "a", T(3));
      await make(ids[2]!, waits());
      for (const id of [...ids, "no such id"])
        expect(await ledger.resendDelivery(id, null, T(100))).toBeNull();
    });

    test("for a command leaves the rest of a run under way to the service", async () => {
      const { ledger, delivering, make, work } = scene();
      const { run, ids } = await delivering(["x", "y"]);
      await make(ids[0]!, ended("refused"));
      await ledger.resendDelivery(ids[0]!, "cli", T(5));
      expect(await work("a", "service")).toEqual([`delivery ${ids[1]}`]);
      expect(await work("cli", "command")).toEqual([`delivery ${ids[0]}`]);
      expect(await ledger.takeDelivery(ids[0]!, "a", T(6))).toBeNull();
      expect(await ledger.run(run.id)).toMatchObject({ state: "delivering", reservedFor: null });
    });

    test("a notice of a run does not open the run", async () => {
      const { ledger, running, make, work } = scene();
      const { id } = await running();
      await ledger.endRun({ id, attempt: 1 }, { state: "failed", reason: "404", advice: null }, T(5));
      await ledger.planNotices(id, "failed", [plan("n1")], T(6));
      await make("n1");
      expect(await ledger.resendDelivery("n1", null, T(7))).toMatchObject({ state: "pending" });
      expect(await ledger.run(id)).toMatchObject({ state: "failed" });
      expect(await work()).toEqual(["delivery n1"]);
    });
  });
}
