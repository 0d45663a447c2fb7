import { describe, expect, test } from "vitest";
import { type OpenStore, sent, T, useScene } from "./scene.ts";

/** What every ledger owes those who do not want a report any more. */
export function unsubscriptionsContract(open: OpenStore): void {
  const scene = useScene(open);
  const ana = { report: "weekly", kind: "email", recipient: "Ana@example.com" };

  describe("an unsubscription", () => {
    test("holds for one report and one recipient, whatever the case of letters, since the first time", async () => {
      const { ledger, peer } = scene();
      expect(await ledger.unsubscribe(ana, "link", T(1))).toBe(true);
      expect(await peer.unsubscribe({ ...ana, recipient: "ANA@example.com" }, "command", T(2))).toBe(false);
      await ledger.unsubscribe({ ...ana, report: "daily" }, "command", T(3));
      const first = { ...ana, recipient: "ana@example.com", at: T(1), how: "link" };
      expect(await peer.unsubscribed("weekly")).toEqual([first]);
      expect((await peer.unsubscribed(null)).map(({ report }) => report)).toEqual(["daily", "weekly"]);
      expect(await peer.unsubscribed("monthly")).toEqual([]);
    });

    test("is lifted once", async () => {
      const { ledger, peer } = scene();
      await ledger.unsubscribe(ana, "link", T(1));
      await ledger.unsubscribe({ ...ana, recipient: "ben@example.com" }, "link", T(1));
      expect(await peer.resubscribe({ ...ana, recipient: "ana@example.com" })).toBe(true);
      expect(await ledger.resubscribe(ana)).toBe(false);
      expect((await ledger.unsubscribed(null)).map(({ recipient }) => recipient)).toEqual([
        "ben@example.com",
      ]);
    });

    test("outlives the runs of its report", async () => {
      const { ledger, running } = scene();
      const { id } = await running();
      await ledger.unsubscribe(ana, "link", T(1));
      await ledger.endRun({ id, attempt: 1 }, { state: "skipped", reason: "none", advice: null }, T(2));
      expect(await ledger.prune(T(100), 10)).toBe(1);
      expect(await ledger.unsubscribed("weekly")).toHaveLength(1);
    });
  });

  describe("a delivery that nobody wants any more", () => {
    const nobody = { state: "unsubscribed", reason: "They left.", advice: null, bytes: null } as const;

    test("does not count where another was sent", async () => {
      const { delivering, make, state, deliveryStates } = scene();
      const { run, ids } = await delivering(["ana", "ben"]);
      await make(ids[0]!, nobody);
      await make(ids[1]!, sent());
      expect(await deliveryStates(run.id)).toEqual(["unsubscribed", "sent"]);
      expect(await state(run.id)).toBe("delivered");
    });

    test("leaves nothing to be told of where it was the only one", async () => {
      const { ledger, delivering, make, work } = scene();
      const { run, ids } = await delivering(["ana"]);
      await make(ids[0]!, nobody);
      expect(await ledger.run(run.id)).toMatchObject({ state: "skipped", endedAt: T(4) });
      expect(await work()).toEqual([]);
      expect(await ledger.reopenRun(run.id, "failed_only", null, T(5))).toBeNull();
    });
  });
}
