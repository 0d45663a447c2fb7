import { setTimeout as sleep } from "node:timers/promises";
import type { Delivery, Run } from "../../core/model/run.ts";
import type { Ledger } from "../../core/ports/ledger.ts";
import { runSummary } from "../history/run-summary.ts";
import { serviceOf } from "../history/system-status.ts";
import { deliveryWord, runWord, type Scene } from "../history/words.ts";
import type { Io, Output } from "../io.ts";
import { findRun, sweepDead } from "../lookup/find.ts";

/** A run and its deliveries at one moment. */
export interface RunSnapshot {
  readonly run: Run;
  readonly deliveries: readonly Delivery[];
}

export interface FollowOptions {
  readonly ledger: Ledger;
  readonly runId: string;
  readonly isOver: (snapshot: RunSnapshot) => boolean;
  /** Whether only a service can do it: then a dead one ends the watching. */
  readonly needsService: boolean;
  readonly triesMax: number | null;
  readonly talk: Output;
  readonly io: Io;
}

/** Why the watching ended. */
export type Followed = RunSnapshot & { readonly end: "over" | "interrupted" | "no_service" };

const POLL_MS = 500;
/** Every so many polls it is looked whether the worker still lives. */
const POLLS_PER_LOOK = 10;

/** Follows in the ledger what the service does with a run, and tells each change, until it is over, the service dies, or the person has seen enough. */
export async function follow(options: FollowOptions): Promise<Followed> {
  const { ledger, runId, isOver, needsService, io, talk, triesMax } = options;
  const told = new Map<string, string>();
  for (let poll = 1; ; poll += 1) {
    const snapshot = await snapshotOf(runId, ledger);
    tell(snapshot, told, talk, { now: new Date(), zone: undefined, triesMax });
    if (isOver(snapshot)) return { ...snapshot, end: "over" };
    if (io.stop.aborted) return { ...snapshot, end: "interrupted" };
    if (poll % POLLS_PER_LOOK === 0) {
      await sweepDead(ledger);
      if (needsService && !(await serviceOf(ledger, new Date())).isAlive)
        return { ...snapshot, end: "no_service" };
    }
    // Interrupted is as good as slept: the next round sees it.
    await sleep(POLL_MS, undefined, { signal: io.stop }).catch(() => undefined);
  }
}

export async function snapshotOf(runId: string, ledger: Ledger): Promise<RunSnapshot> {
  const run = await findRun(runId, ledger);
  return { run, deliveries: await ledger.deliveries(runId) };
}

function tell({ run, deliveries }: RunSnapshot, told: Map<string, string>, talk: Output, scene: Scene): void {
  for (const delivery of deliveries) {
    const notice = delivery.purpose === "report" ? "" : ", notice";
    const line = `  ${delivery.kind.padEnd(10)} ${delivery.target}${notice}: ${deliveryWord(delivery, scene)}\n`;
    tellOnce(delivery.id, line + why(delivery), told, talk);
  }
  const words = runSummary({ run, deliveries: [], after: null, wasFreed: false }, scene);
  tellOnce(run.id, `  ${runWord(run).padEnd(10)} ${words}`.trimEnd().concat("\n"), told, talk);
}

/** What waits says so itself. */
function why({ settledAt, reason, advice }: Delivery): string {
  if (settledAt === null) return "";
  return [reason, advice]
    .filter((words) => words !== null)
    .map((words) => `             ${words}\n`)
    .join("");
}

function tellOnce(id: string, line: string, told: Map<string, string>, talk: Output): void {
  if (told.get(id) === line) return;
  told.set(id, line);
  talk.write(line);
}
