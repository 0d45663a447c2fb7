import { createHash } from "node:crypto";
import type { DeliveryPlan, EntryKey } from "../../core/model/entry.ts";
import type { Refused } from "../../core/model/outcome.ts";
import type { DeliverTo } from "../../core/model/report.ts";
import type { Delivery } from "../../core/model/run.ts";
import { matchEntries } from "../../core/rules/same-entry.ts";
import type { Adapters, WorkerContext } from "../process/context.ts";
import type { DeliveryContext } from "./context.ts";
import { type DeliveryServer, serverOf } from "./server.ts";

/** Every attempt asks for the keys of all entries of its report, which change with the file alone. */
const known = new WeakMap<DeliverTo, EntryKey>();

/** What the ledger keeps of an entry: hashes, since it may hold secrets. `one`: as it is in the file, with its templates. */
export function entryKey(one: DeliverTo, adapters: Pick<Adapters, "destination">): EntryKey {
  const before = known.get(one);
  if (before !== undefined) return before;
  const { kind, options } = one.destination;
  const destination = adapters.destination(kind);
  const key = {
    kind,
    target: destination.describe(options),
    identity: hash([kind, destination.identity(options)]),
    entry: hash([kind, options, one.attach]),
  };
  known.set(one, key);
  return key;
}

export function plansFor(
  deliver: readonly DeliverTo[],
  { adapters, newId }: Pick<WorkerContext, "adapters" | "newId">,
): readonly DeliveryPlan[] {
  return deliver.map((one) => ({ id: newId(), recipients: "", ...entryKey(one, adapters) }));
}

/** The entry of the report that a delivery goes by. */
export interface FoundEntry {
  /** Its place among the report's `deliver`, or `onFailure`. */
  readonly index: number;
  readonly to: DeliverTo;
  /** `EntryKey.entry`, as the file has it now. */
  readonly entry: string;
  readonly server: DeliveryServer;
  /** The file has another entry for the same address now than when the delivery was planned. */
  readonly isChanged: boolean;
}

/** A delivery keeps what it was planned with: its own entry is sought, and never its neighbour's taken for it. */
export async function findEntry(context: DeliveryContext): Promise<FoundEntry | Refused> {
  const { delivery, run, report, worker } = context;
  const { purpose } = delivery;
  const entries = purpose === "report" ? report.deliver : report.onFailure;
  const keys = entries.map((one) => entryKey(one, worker.adapters));
  const same = keys.findIndex(({ entry }) => entry === delivery.entry);
  const asPlanned = entries[same];
  if (asPlanned !== undefined) return foundEntry({ index: same, to: asPlanned, isChanged: false }, worker);
  const siblings = (await worker.ledger.deliveries(run.id)).filter((one) => one.purpose === purpose);
  const place = siblings.findIndex(({ id }) => id === delivery.id);
  const match = matchEntries(siblings, keys)[place];
  // A notice says the same by each entry of its address: better by another's words than not at all.
  if (match?.kind === "ambiguous" && purpose === "report") return ambiguous(delivery, run.id);
  const index = match === undefined || match.kind === "gone" ? null : match.index;
  const to = index === null ? undefined : entries[index];
  if (index === null || to === undefined) return gone(delivery);
  return foundEntry({ index, to, isChanged: match?.kind !== "same" }, worker);
}

function foundEntry(
  found: Pick<FoundEntry, "index" | "to" | "isChanged">,
  worker: WorkerContext,
): FoundEntry {
  const { entry } = entryKey(found.to, worker.adapters);
  return { ...found, entry, server: serverOf(found.to, worker) };
}

/** Said with a message that was sent by another entry than it was planned with. */
export const CHANGED_NOTE =
  "Its entry in reports.yaml has changed since it was planned: it was sent by the entry as it is now, with the files made before.";

function gone({ kind, target, runId }: Delivery): Refused {
  return {
    kind: "refused",
    reason: `The destination ${kind} ${target} is not in reports.yaml any more.`,
    advice: `Put it back, or send by the file as it is now: lookpost retry ${runId}`,
  };
}

function ambiguous({ kind, target }: Delivery, runId: string): Refused {
  return {
    kind: "refused",
    reason: `reports.yaml has changed since this was planned: the entry of ${kind} ${target} is not there as it was, and which other of the same address it is now cannot be told.`,
    advice: `Put the entry back as it was, or send by the file as it is now: lookpost retry ${runId}`,
  };
}

function hash(value: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(canonical(value)))
    .digest("hex")
    .slice(0, 32);
}

/**
 * The same for the same meaning: keys in order, and without those that say nothing, so that an option which a later lookpost adds
 * changes no hash.
 */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const said = Object.entries(value).filter(([, one]) => !saysNothing(one));
  return Object.fromEntries(
    said.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, canonical(one)]),
  );
}

function saysNothing(value: unknown): boolean {
  return (
    value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0)
  );
}
