import type { Message } from "../../core/model/message.ts";
import type { DeliverTo } from "../../core/model/report.ts";
import type { DeliveryTerms } from "../../core/ports/destination.ts";
import { numberedTargets } from "../../core/rules/same-entry.ts";
import { entryKey } from "../delivery/entries.ts";
import { addressed } from "../delivery/prepare.ts";
import type { WorkerContext } from "../process/context.ts";
import type { RunContext } from "../run/attempt.ts";
import { madeBefore } from "../run/make.ts";

/** What one delivery of a report would be. */
export interface Previewed {
  /** As `history` names it. */
  readonly target: string;
  readonly message: Message;
  /** With its templates filled. */
  readonly to: DeliverTo;
  readonly unsubscribe: DeliveryTerms["unsubscribe"];
}

/** What each delivery of a run that was made would be, in the order of the report's `deliver`. Nothing is sent or written down. */
export async function previewMessages(
  context: RunContext,
  worker: WorkerContext,
): Promise<readonly Previewed[]> {
  const { run, report } = context;
  const { stored } = await madeBefore(context, worker);
  const keys = report.deliver.map((entry) => entryKey(entry, worker.adapters));
  const targets = numberedTargets(keys);
  return Promise.all(
    report.deliver.map(async (entry, index) => {
      const name = keys[index]?.entry ?? "";
      const letter = { to: entry, key: `preview-${run.id}-${index + 1}`, files: stored.attached[name] ?? [] };
      const { message, to } = await addressed(letter, stored, context, worker);
      const { links } = worker;
      const { kind } = to.destination;
      const unsubscribe =
        links === null
          ? null
          : (recipient: string) => links.unsubscribe({ report: report.name, kind, recipient }, run.id);
      return { target: targets[index] ?? "", message, to, unsubscribe };
    }),
  );
}

/** The same for a run of the ledger, by its id. */
export async function previewRun(
  runId: string,
  signal: AbortSignal,
  context: WorkerContext,
): Promise<readonly Previewed[]> {
  const run = await context.ledger.run(runId);
  const report = run === null ? null : context.report(run.report);
  if (run === null || report === null) throw new RangeError(`There is no run ${runId} to look at.`);
  return previewMessages({ run, report, owner: context.lease().owner, signal }, context);
}
