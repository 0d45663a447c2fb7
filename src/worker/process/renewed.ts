import type { Run } from "../../core/model/run.ts";
import { holdUntil } from "../../core/rules/retry.ts";
import { budgetOf } from "../run/budget.ts";
import { LOOKER } from "./circuits.ts";
import type { WorkerContext } from "./context.ts";
import type { RefusedLogin } from "./refused-logins.ts";

/**
 * The connections of these kinds ("looker", "email") are others from now on: nothing that is known of their servers holds, what waits
 * for them is due, and what was refused is tried again where its `retry:` still allows a try. Says how many that are.
 */
export async function connectionsRenewed(kinds: readonly string[], worker: WorkerContext): Promise<number> {
  const { ledger, clock, circuits, refusedLogins } = worker;
  const now = clock.now();
  const refused = refusedLogins.take(kinds, now);
  for (const kind of kinds) await circuits.end(kind);
  const deliveries = kinds.filter((kind) => kind !== LOOKER);
  await ledger.hasten({ runs: kinds.includes(LOOKER), deliveries }, now);
  let tried = 0;
  for (const one of refused) if (await tryAgain(one, worker)) tried += 1;
  return tried;
}

/** To be called once the end of what was refused is written. `startedAt`: when its attempt began. */
export async function loginRefused(
  refused: RefusedLogin,
  startedAt: Date,
  worker: WorkerContext,
): Promise<void> {
  // Begun with the secret that has been replaced meanwhile.
  if (worker.refusedLogins.note(refused, startedAt)) await tryAgain(refused, worker);
}

/** False where someone else has reopened it meanwhile, or its time is up. */
async function tryAgain({ what, id }: RefusedLogin, worker: WorkerContext): Promise<boolean> {
  const { ledger, clock } = worker;
  if (what === "run") {
    const run = await ledger.run(id);
    if (run?.state !== "failed" || !hasTryLeft(run, run, worker)) return false;
    return (await ledger.reopenRun(id, "from_start", null, clock.now())) !== null;
  }
  const delivery = await ledger.delivery(id);
  const run = delivery === null ? null : await ledger.run(delivery.runId);
  // A trial ends with its command.
  if (delivery?.state !== "refused" || run === null || run.kind === "trial") return false;
  if (!hasTryLeft(delivery, run, worker)) return false;
  return (await ledger.resendDelivery(id, null, clock.now())) !== null;
}

function hasTryLeft(
  { tries, triesSince }: Pick<Run, "tries" | "triesSince">,
  run: Run,
  worker: WorkerContext,
): boolean {
  const report = worker.report(run.report);
  const now = worker.clock.now();
  if (report === null || tries + 1 >= report.retry.triesMax) return false;
  const since = triesSince ?? run.startedAt ?? now;
  return holdUntil(budgetOf(report, run, since, worker), now).kind === "again";
}
