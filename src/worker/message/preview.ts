import type { Message } from "../../core/model/message.ts";
import type { DeliverTo } from "../../core/model/report.ts";
import { addressed } from "../delivery/prepare.ts";
import { targetsOf } from "../delivery/targets.ts";
import type { WorkerContext } from "../process/context.ts";
import type { RunContext } from "../run/attempt.ts";
import { madeBefore } from "../run/make.ts";
import { deliveryName } from "./message-file.ts";

/** What one delivery of a report would be. */
export interface Previewed {
  /** As `history` names it. */
  readonly target: string;
  readonly message: Message;
  /** With its templates filled. */
  readonly to: DeliverTo;
}

/** What each delivery of a run that was made would be, in the order of the report's `deliver`. Nothing is sent or written down. */
export async function previewMessages(
  context: RunContext,
  worker: WorkerContext,
): Promise<readonly Previewed[]> {
  const { run, report } = context;
  const { stored } = await madeBefore(context, worker);
  const targets = targetsOf(report.deliver, worker.adapters);
  return Promise.all(
    report.deliver.map(async (to, index) => {
      const target = targets[index] ?? "";
      const name = deliveryName({ kind: to.destination.kind, target });
      const key = `preview-${run.id}-${index + 1}`;
      const letter = { to, key, name };
      const { message, to: own } = await addressed(letter, stored, context, worker);
      return { target, message, to: own };
    }),
  );
}
