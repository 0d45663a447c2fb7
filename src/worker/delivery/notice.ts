import type { Run } from "../../core/model/run.ts";
import type { WorkerContext } from "../process/context.ts";
import { crashPoint } from "../process/crash-points.ts";
import { plansFor } from "./entries.ts";

/** Plans the deliveries of `on_failure` for a run that ended badly or is late: once each. Rejects when the ledger does. */
export async function carryOutNotice(
  runId: string,
  purpose: "failed" | "late",
  worker: WorkerContext,
): Promise<"done"> {
  const { ledger, clock } = worker;
  const run = await ledger.run(runId);
  if (run === null) return "done";
  if (purpose === "late" && run.endedAt !== null) return "done";
  const report = worker.report(run.report);
  const isWanted = report !== null && (await isDue(run, purpose, worker));
  const plans = isWanted ? plansFor(report.onFailure, worker) : [];
  await ledger.planNotices(runId, purpose, plans, clock.now());
  crashPoint("notices_planned", runId);
  return "done";
}

/** A person who runs a report by hand sees how it ends. What some recipients have already is not late as a whole. */
async function isDue(run: Run, purpose: "failed" | "late", { ledger }: WorkerContext): Promise<boolean> {
  if (run.trigger === "manual") return false;
  if (purpose === "failed") return true;
  const deliveries = await ledger.deliveries(run.id);
  return !deliveries.some((one) => one.purpose === "report" && one.state === "sent");
}
