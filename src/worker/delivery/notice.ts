import type { Report } from "../../core/model/report.ts";
import type { NoticePurpose, Run } from "../../core/model/run.ts";
import type { WorkerContext } from "../process/context.ts";
import { crashPoint } from "../process/crash-points.ts";
import { plansFor } from "./entries.ts";
import type { NoticeCase } from "./notice-message.ts";

/** Plans the deliveries of `on_failure` for what is to be told of a run: once each. Rejects when the ledger does. */
export async function carryOutNotice(
  runId: string,
  purpose: NoticePurpose,
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
async function isDue(run: Run, purpose: NoticePurpose, { ledger }: WorkerContext): Promise<boolean> {
  if (run.trigger === "manual") return false;
  if (purpose !== "late") return true;
  const deliveries = await ledger.deliveries(run.id);
  return !deliveries.some((one) => one.purpose === "report" && one.state === "sent");
}

/** What there is to say in a notice of this run. `report`: its texts are filled. */
export async function caseOf(
  purpose: NoticePurpose,
  run: Run,
  report: Report,
  { ledger, adapters }: Pick<WorkerContext, "ledger" | "adapters">,
): Promise<NoticeCase> {
  return {
    purpose,
    run,
    report,
    deliveries: await ledger.deliveries(run.id),
    failed: await ledger.streak(run, "failed"),
    late: await ledger.streak(run, "late"),
    missed: purpose === "missed" ? await ledger.missedWith(run) : [],
    takesAddress: (kind) => adapters.destination(kind).words.refusals === "recipients",
  };
}
