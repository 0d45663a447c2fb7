import { describe, expect, test } from "vitest";
import type { Link } from "../../../src/core/model/memory.ts";
import { type OpenStore, plan, T, useScene } from "./scene.ts";

const FILE = {
  kind: "file",
  path: "run1-1/flights.csv",
  filename: 'Flüge "Woche" 46\u202e.csv',
  contentType: "text/csv; charset=utf-8",
  bytes: 3_000_000_000,
  rows: null,
} as const;

/** What every ledger owes the addresses that recipients are given. */
export function linksContract(open: OpenStore): void {
  const scene = useScene(open);
  const link = (runId: string, part: Partial<Link> = {}): Link => ({
    tokenHash: "a1".repeat(32),
    runId,
    expiresAt: T(600),
    target: FILE,
    ...part,
  });

  describe("a link", () => {
    test("leads where it was said to, until it expires", async () => {
      const { ledger, peer, running } = scene();
      const { id } = await running();
      const embed = { kind: "embed", url: "https://looker.example.com/looks/42?f[a]=1&x=\u00e9" } as const;
      await ledger.offerLink(link(id));
      await ledger.offerLink(link(id, { tokenHash: "b2".repeat(32), target: embed, expiresAt: T(30) }));
      expect(await peer.link("a1".repeat(32), T(599))).toEqual(link(id));
      expect(await peer.link("a1".repeat(32), T(600))).toBeNull();
      expect(await peer.link("b2".repeat(32), T(29))).toMatchObject({ target: embed });
      expect(await peer.link("c3".repeat(32), T(0))).toBeNull();
      expect(await peer.link("", T(0))).toBeNull();
    });

    test("never leads elsewhere afterwards", async () => {
      const { ledger, running } = scene();
      const { id } = await running();
      await ledger.offerLink(link(id));
      await ledger.offerLink(link(id, { target: { ...FILE, path: "other" } }));
      expect(await ledger.link("a1".repeat(32), T(0))).toEqual(link(id));
    });

    test("is offered for a run that exists, and for no other", async () => {
      await expect(scene().ledger.offerLink(link("no such id"))).rejects.toMatchObject({
        name: "ReportError",
      });
    });

    test("goes with its run, and once it has expired", async () => {
      const { ledger, running } = scene();
      const { id } = await running();
      await ledger.offerLink(link(id));
      await ledger.offerLink(link(id, { tokenHash: "b2", expiresAt: T(100) }));
      await ledger.sweep({ silentMs: 1e9, onlyService: null }, T(200));
      // Asked for as of a time when it was still good: it is gone all the same.
      expect(await ledger.link("b2", T(0))).toBeNull();
      expect(await ledger.link("a1".repeat(32), T(0))).not.toBeNull();
      await ledger.planDeliveries({ id, attempt: 1 }, [plan("d1")], 1, T(1));
      await ledger.cancelRun(id, "enough", T(2));
      expect(await ledger.prune(T(100), 10)).toBe(1);
      expect(await ledger.link("a1".repeat(32), T(0))).toBeNull();
    });
  });
}
