import { describe, expect, test } from "vitest";
import { NOTE_KEPT_MS } from "../../../src/core/ports/notebook.ts";
import { type OpenStore, T, useScene } from "./scene.ts";

const NO_ONE_DEAD = { silentMs: 1e12, onlyService: null };

/** What every ledger owes the notes of destinations. */
export function notesContract(open: OpenStore): void {
  const scene = useScene(open);
  const note = (name: string, text = name) => ({ name, text });

  describe("a note", () => {
    test("is read by all, with the version that it has", async () => {
      const { ledger, peer } = scene();
      expect(await ledger.writeNote("slack", note("list", "Flüge\u0000"), null, T(0))).toBe(1);
      expect(await peer.writeNote("slack", note("list", "Züge"), null, T(0))).toBe(2);
      await ledger.writeNote("slack", note("page 1"), 0, T(0));
      await ledger.writeNote("email", note("list", "another's"), 0, T(0));
      const found = await peer.notes("slack", ["list", "page 1", "page 2"], T(0));
      expect(found.toSorted((a, b) => (a.name < b.name ? -1 : 1))).toMatchObject([
        { name: "list", text: "Züge", version: 2 },
        { name: "page 1", text: "page 1", version: 1 },
      ]);
      expect(await ledger.notes("slack", [], T(0))).toEqual([]);
    });

    test("is written over the version that was read, by one of those who read it", async () => {
      const { ledger, peer } = scene();
      const first = await Promise.all(
        [ledger, peer, ledger].map((one, index) => one.writeNote("slack", note("list", `${index}`), 0, T(0))),
      );
      expect(first.filter((version) => version !== null)).toEqual([1]);
      const second = await Promise.all(
        [ledger, peer, ledger].map((one, index) => one.writeNote("slack", note("list", `${index}`), 1, T(0))),
      );
      expect(second.filter((version) => version !== null)).toEqual([2]);
      expect(await ledger.writeNote("slack", note("none"), 3, T(0))).toBeNull();
      expect(await ledger.notes("slack", ["none"], T(0))).toEqual([]);
    });

    test("has an age, and is gone once it was not written for a day", async () => {
      const { ledger } = scene();
      const now = new Date();
      await ledger.writeNote("slack", note("list"), null, now);
      const [young] = await ledger.notes("slack", ["list"], new Date());
      expect(young?.ageMs).toBeGreaterThanOrEqual(0);
      expect(young?.ageMs).toBeLessThan(NOTE_KEPT_MS / 2);
      await ledger.sweep(NO_ONE_DEAD, now);
      expect(await ledger.notes("slack", ["list"], now)).toHaveLength(1);
    });
  });

  describe("a delivery that waits", () => {
    test("need not wait any longer where its attempt says so, and a later attempt does not heed it", async () => {
      const { ledger, delivering, make, announced } = scene();
      const { ids } = await delivering(["x"]);
      const [id = ""] = ids;
      await make(id);
      await ledger.hastenDelivery({ id, attempt: 1 }, T(1));
      expect((await ledger.delivery(id))?.state).toBe("sent");
      await ledger.resendDelivery(id, null, T(1));
      await ledger.takeDelivery(id, "a", T(1));
      await ledger.settleDelivery(
        { id, attempt: 2 },
        {
          state: "waiting",
          nextAt: T(600),
          reason: "later",
          advice: null,
          end: "held",
          served: null,
          isUncertain: false,
        },
        T(2),
      );
      await ledger.hastenDelivery({ id, attempt: 1 }, T(3));
      expect((await ledger.delivery(id))?.nextAt).toEqual(T(600));
      announced.length = 0;
      await ledger.hastenDelivery({ id, attempt: 2 }, T(3));
      expect((await ledger.delivery(id))?.nextAt).toEqual(T(3));
      expect(announced).toEqual([{ kind: "delivery", id, at: T(3) }]);
      await ledger.hastenDelivery({ id, attempt: 2 }, T(9));
      expect((await ledger.delivery(id))?.nextAt).toEqual(T(3));
    });
  });
}
