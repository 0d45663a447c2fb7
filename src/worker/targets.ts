import type { Report } from "../core/report.ts";
import type { Adapters } from "./adapters.ts";

/**
 * What names each of the report's deliveries in the ledger, in the order of `deliver`: the destination's own description of
 * who gets it, with a number where the same people get several messages.
 */
export function targetsOf(report: Report, adapters: Pick<Adapters, "destination">): readonly string[] {
  const taken = new Map<string, number>();
  return report.deliver.map(({ destination: { kind, options } }) => {
    const target = adapters.destination(kind).describe(options);
    const key = `${kind} ${target}`;
    const number = (taken.get(key) ?? 0) + 1;
    taken.set(key, number);
    return number === 1 ? target : `${target} (${number})`;
  });
}
