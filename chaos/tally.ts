import type { Delivery } from "../src/core/model/run.ts";
import type { Ledger } from "../src/core/ports/ledger.ts";
import { type Arrival, minute } from "./outside.ts";
import type { Wave } from "./wave.ts";

export interface Tally {
  /** Messages that were owed, one for each tick and recipient. */
  readonly due: number;
  readonly delivered: number;
  /** Owed, not there, and the ledger does not say why in a state that a person can act on. */
  readonly lost: readonly string[];
  /** There more than once. */
  readonly twice: readonly string[];
  /** The ledger says "unknown"; it may be there or not. */
  readonly unknown: number;
  /** Of those unknown, how many did arrive. */
  readonly unknownArrived: number;
  /** The ledger says that it was refused or given up, and it is not there: told, not lost. */
  readonly told: readonly string[];
  /** The ledger and the world contradict each other. */
  readonly wrong: readonly string[];
}

const EMAIL = ["ana@example.com", "ben@example.com"];

/** Compares what was due, what arrived, and what the ledger says of it. */
export async function tally(
  waves: readonly Wave[],
  arrived: readonly Arrival[],
  ledger: Ledger,
): Promise<Tally> {
  const counts = new Map<string, number>();
  for (const one of arrived) counts.set(nameOf(one), (counts.get(nameOf(one)) ?? 0) + 1);
  const verdicts: Verdict[] = [];
  for (const { report, due } of waves.flatMap(owed)) {
    const run = await ledger.findRun({ report, dueAt: due, burst: "" });
    const deliveries = run === null ? [] : await ledger.deliveries(run.id);
    for (const [kind, recipient] of recipientsOf(deliveries)) {
      const name = nameOf({ kind, report, due: minute(due), recipient });
      const reason = deliveries.find((one) => one.kind === kind)?.reason ?? run?.reason ?? null;
      const said = saidOf(deliveries, kind, recipient);
      verdicts.push({ name, count: counts.get(name) ?? 0, said, reason });
      counts.delete(name);
    }
  }
  return summed(verdicts, [...counts.keys()]);
}

interface Verdict {
  readonly name: string;
  /** How often it arrived. */
  readonly count: number;
  /** What the ledger says became of it, and why. */
  readonly said: string;
  readonly reason: string | null;
}

function summed(verdicts: readonly Verdict[], neverDue: readonly string[]): Tally {
  const those = (fits: (verdict: Verdict) => boolean) => verdicts.filter(fits);
  const words = ({ name, count, said, reason }: Verdict) =>
    `${name}: arrived ${count} times, ledger: ${said}${reason === null ? "" : ` (${reason})`}`;
  const isTold = ({ count, said }: Verdict) => count === 0 && (said === "refused" || said === "gave_up");
  const isUnknown = ({ said }: Verdict) => said === "unknown";
  const isWrong = (one: Verdict) => one.count > 0 && one.said !== "sent" && !isUnknown(one);
  return {
    due: verdicts.length,
    delivered: those(({ count }) => count > 0).length,
    lost: those((one) => one.count === 0 && !isTold(one) && !isUnknown(one)).map(words),
    twice: those(({ count }) => count > 1).map(words),
    unknown: those(isUnknown).length,
    unknownArrived: those((one) => isUnknown(one) && one.count > 0).length,
    told: those(isTold).map(words),
    wrong: [...those(isWrong).map(words), ...neverDue.map((name) => `${name} was never due`)],
  };
}

function owed({ names, ticks }: Wave): { report: string; due: Date }[] {
  return names.flatMap((report) => ticks.map((due) => ({ report, due })));
}

function nameOf({ kind, report, due, recipient }: Arrival): string {
  return `${kind} ${report} ${due} ${kind === "file" ? "" : recipient}`.trim();
}

/** Each report of a wave owes the same: two mailboxes, a channel, a folder. */
function recipientsOf(deliveries: readonly Delivery[]): [Arrival["kind"], string][] {
  const folder = deliveries.find(({ kind }) => kind === "file")?.target ?? "";
  return [
    ...EMAIL.map((to): [Arrival["kind"], string] => ["email", to]),
    ["slack", "#flight-ops"],
    ["file", folder],
  ];
}

function saidOf(deliveries: readonly Delivery[], kind: string, recipient: string): string {
  const delivery = deliveries.find((one) => one.kind === kind && one.purpose === "report");
  if (delivery === undefined) return "nothing";
  const isRefused = delivery.refused.some((refusal) => refusal.recipient === recipient);
  return delivery.state === "sent" && isRefused ? "refused" : delivery.state;
}
