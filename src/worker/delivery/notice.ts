import type { Report } from "../../core/model/report.ts";
import type { Delivery, NoticePurpose, Run } from "../../core/model/run.ts";
import type { Streak } from "../../core/ports/ledger-reads.ts";
import type { WorkerContext } from "../process/context.ts";
import { crashPoint } from "../process/crash-points.ts";
import { tickAfter } from "../schedule/ticks.ts";
import { entryKey, plansFor } from "./entries.ts";

/** What a notice tells of. */
export interface NoticeCase {
  readonly purpose: NoticePurpose;
  readonly run: Run;
  readonly report: Report;
  readonly deliveries: readonly Delivery[];
  /** Whom the report is for, as the file says it now. */
  readonly recipients: readonly string[];
  /** The report's next tick; null where there is none. */
  readonly nextAt: Date | null;
  /** Since the report was last delivered; since it last was in time. */
  readonly failed: Streak;
  readonly late: Streak;
  /** Of a missed run: all ticks of the same outage. */
  readonly missed: readonly Run[];
  readonly takesAddress: (kind: string) => boolean;
}

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
  { ledger, adapters, clock }: Pick<WorkerContext, "ledger" | "adapters" | "clock">,
): Promise<NoticeCase> {
  return {
    purpose,
    run,
    report,
    deliveries: await ledger.deliveries(run.id),
    recipients: report.deliver.map((one) => entryKey(one, adapters).target),
    nextAt: run.kind === "file" ? null : tickAfter(report.schedule, clock.now()),
    failed: await ledger.streak(run, "failed"),
    late: await ledger.streak(run, "late"),
    missed: purpose === "missed" ? await ledger.missedWith(run) : [],
    takesAddress: (kind) => adapters.destination(kind).words.refusals === "recipients",
  };
}
