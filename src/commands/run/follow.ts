import { setTimeout as sleep } from "node:timers/promises";
import type { Delivery, Run } from "../../core/model/run.ts";
import type { Ledger } from "../../core/ports/ledger.ts";
import { plainly } from "../../core/rules/plain-text.ts";
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
  /** Whether only a service can do it: if that dies, there is nothing left to follow. */
  readonly needsService: boolean;
  readonly triesMax: number | null;
  readonly talk: Output;
  readonly io: Io;
}

/** How it was when the following ended, and why it ended. */
export type FollowResult = RunSnapshot & { readonly end: "over" | "interrupted" | "no_service" };

const POLL_MS = 500;
/** After so many polls it checks whether the worker is still alive. */
const POLLS_PER_CHECK = 10;

/** Follows in the ledger what the service does with a run, and prints each change, until it is over, the service dies, or the person stops it. */
export async function follow(options: FollowOptions): Promise<FollowResult> {
  const { ledger, runId, isOver, needsService, io, talk, triesMax } = options;
  const printed = new Map<string, string>();
  for (let poll = 1; ; poll += 1) {
    const snapshot = await snapshotOf(runId, ledger);
    print(plainly(snapshot), printed, talk, { now: new Date(), zone: undefined, triesMax });
    if (isOver(snapshot)) return { ...snapshot, end: "over" };
    if (io.stop.aborted) return { ...snapshot, end: "interrupted" };
    if (poll % POLLS_PER_CHECK === 0) {
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

function print(
  { run, deliveries }: RunSnapshot,
  printed: Map<string, string>,
  talk: Output,
  scene: Scene,
): void {
  for (const delivery of deliveries) {
    const notice = delivery.purpose === "report" ? "" : ", notice";
    const line = `  ${delivery.kind.padEnd(10)} ${delivery.target}${notice}: ${deliveryWord(delivery, scene)}\n`;
    printOnce(delivery.id, line + why(delivery), printed, talk);
  }
  const words = runSummary({ run, deliveries: [], after: null, wasFreed: false }, scene);
  printOnce(run.id, `  ${runWord(run).padEnd(10)} ${words}`.trimEnd().concat("\n"), printed, talk);
}

/** What waits says so itself. */
function why({ settledAt, reason, advice }: Delivery): string {
  if (settledAt === null) return "";
  return [reason, advice]
    .filter((words) => words !== null)
    .map((words) => `             ${words}\n`)
    .join("");
}

function printOnce(id: string, line: string, printed: Map<string, string>, talk: Output): void {
  if (printed.get(id) === line) return;
  printed.set(id, line);
  talk.write(line);
}
