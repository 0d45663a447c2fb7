import type { EntryKey } from "../model/entry.ts";
import type { Delivery } from "../model/run.ts";

/** What a delivery was planned with. Deliveries of ledgers before this was kept have neither identity nor entry. */
export type PlannedWith = Pick<Delivery, "kind" | "target" | "identity" | "entry">;

/** Which entry of the file a delivery goes by, whatever its place in the list. */
export type EntryMatch =
  /** As it was when the delivery was planned. */
  | { readonly kind: "same"; readonly index: number }
  /** The only one left that has its address: something else of it has changed since. */
  | { readonly kind: "changed"; readonly index: number }
  /** Several have its address and none is as it was: `index` is the first that no other delivery goes by, or null. */
  | { readonly kind: "ambiguous"; readonly index: number | null }
  | { readonly kind: "gone" };

/** The entry of each delivery of a run, in their order. No two deliveries go by one entry. */
export function matchEntries(
  deliveries: readonly PlannedWith[],
  entries: readonly EntryKey[],
): readonly EntryMatch[] {
  const free = new Set(entries.keys());
  const found = new Map<number, EntryMatch>();
  const take = (place: number, index: number | undefined, kind: "same" | "changed") => {
    if (index === undefined) return;
    free.delete(index);
    found.set(place, { kind, index });
  };
  const open = () =>
    deliveries.map((one, place) => ({ one, place })).filter(({ place }) => !found.has(place));
  const left = () => [...free];
  for (const { one, place } of open())
    take(
      place,
      left().find((index) => entries[index]?.entry === one.entry),
      "same",
    );
  const targets = numberedTargets(entries);
  for (const { one, place } of open())
    if (one.entry === null)
      take(
        place,
        left().find((index) => entries[index]?.kind === one.kind && targets[index] === one.target),
        "same",
      );
  for (const [identity, rivals] of Map.groupBy(open(), ({ one }) => one.identity)) {
    const indexes = left().filter((index) => entries[index]?.identity === identity);
    const [rival] = rivals;
    if (rivals.length === 1 && indexes.length === 1 && rival !== undefined)
      take(rival.place, indexes[0], "changed");
    else if (indexes.length > 0) {
      for (const { place } of rivals) {
        const index = indexes.shift() ?? null;
        if (index !== null) free.delete(index);
        found.set(place, { kind: "ambiguous", index });
      }
    }
  }
  return deliveries.map((_, place) => found.get(place) ?? { kind: "gone" });
}

/** As the ledger names deliveries: with a number where several have the same words. Earlier ledgers knew them by this alone. */
export function numberedTargets(entries: readonly Pick<EntryKey, "kind" | "target">[]): readonly string[] {
  const taken = new Map<string, number>();
  return entries.map(({ kind, target }) => {
    const number = (taken.get(`${kind} ${target}`) ?? 0) + 1;
    taken.set(`${kind} ${target}`, number);
    return numbered(target, number);
  });
}

/** "ops@example.com", "ops@example.com (2)". */
export function numbered(target: string, number: number): string {
  return number === 1 ? target : `${target} (${number})`;
}
