import type { DeliveryPlan } from "../../core/model/entry.ts";
import type { DeliverTo } from "../../core/model/report.ts";
import type { Adapters, WorkerContext } from "../process/context.ts";

/**
 * What names each of several deliveries in the ledger, in their order: the destination's own description of who gets it,
 * with a number where the same people get several messages.
 */
export function targetsOf(
  deliver: readonly DeliverTo[],
  adapters: Pick<Adapters, "destination">,
): readonly string[] {
  const taken = new Map<string, number>();
  return deliver.map(({ destination: { kind, options } }) => {
    const target = adapters.destination(kind).describe(options);
    const key = `${kind} ${target}`;
    const number = (taken.get(key) ?? 0) + 1;
    taken.set(key, number);
    return number === 1 ? target : `${target} (${number})`;
  });
}

export function plansFor(
  deliver: readonly DeliverTo[],
  { adapters, newId }: Pick<WorkerContext, "adapters" | "newId">,
): readonly DeliveryPlan[] {
  return targetsOf(deliver, adapters).map((target, index) => ({
    id: newId(),
    kind: deliver[index]?.destination.kind ?? "",
    target,
    recipients: "",
  }));
}
