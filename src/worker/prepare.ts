import { createHash } from "node:crypto";
import type { Message } from "../core/message.ts";
import type { Outcome } from "../core/outcome.ts";
import type { DeliverTo, Report } from "../core/report.ts";
import type { Delivery, Run } from "../core/run.ts";
import { madeBefore } from "./make.ts";
import { deliveryName } from "./message-file.ts";
import { noticeMessage } from "./notice-message.ts";
import type { Workshop } from "./pipeline.ts";
import { targetsOf } from "./targets.ts";

export interface Preparing {
  readonly delivery: Delivery;
  readonly run: Run;
  readonly report: Report;
  readonly owner: string;
  readonly signal: AbortSignal;
}

export interface Prepared {
  readonly message: Message;
  readonly to: DeliverTo;
  /** Of the files attached. */
  readonly bytes: number;
}

/** The message of one delivery and where it goes. Throws ReportError where its files cannot be had now. */
export async function prepare(preparing: Preparing, workshop: Workshop): Promise<Prepared | Outcome> {
  const { delivery, run, report } = preparing;
  const deliver = delivery.purpose === "report" ? report.deliver : report.onFailure;
  const place = placeOf(delivery, deliver, workshop);
  const to = deliver[place];
  if (to === undefined) return gone(delivery);
  const key = deliveryKey(run, delivery, await timesSent(delivery, workshop));
  if (delivery.purpose !== "report") {
    const deliveries = await workshop.ledger.deliveries(run.id);
    return { message: { ...noticeMessage(run, report, deliveries, delivery.purpose), key }, to, bytes: 0 };
  }
  const { stored, spool } = await madeBefore(preparing, workshop);
  const bytesMax =
    workshop.adapters.destination(delivery.kind).attachmentBytesMax ?? Number.POSITIVE_INFINITY;
  const attached = stored.attached[deliveryName(delivery)] ?? [];
  const fitted = await workshop.adapters.fit(attached, bytesMax, spool, preparing.signal);
  const message = {
    ...stored.message,
    key,
    notices: [...stored.message.notices, ...fitted.notices],
    artifacts: fitted.artifacts,
  };
  return { message, to, bytes: fitted.artifacts.reduce((sum, artifact) => sum + artifact.file.bytes, 0) };
}

function placeOf(delivery: Delivery, deliver: readonly DeliverTo[], { adapters }: Workshop): number {
  const targets = targetsOf(deliver, adapters);
  return deliver.findIndex(
    ({ destination }, index) => destination.kind === delivery.kind && targets[index] === delivery.target,
  );
}

/** A person may have it sent once more after it was sent: that is another message, which no mail server may drop as a double. */
async function timesSent(delivery: Delivery, { ledger }: Workshop): Promise<number> {
  if (delivery.attempts === 1) return 0;
  const attempts = await ledger.deliveryAttempts(delivery.id);
  return attempts.filter(({ end }) => end === "sent").length;
}

/** The same for the same tick, destination and recipients, whichever attempt and whichever worker makes it. */
function deliveryKey(
  run: Run,
  { purpose, kind, target, recipients }: Delivery,
  timesSentBefore: number,
): string {
  const identity = [run.report, run.dueAt.toISOString(), run.burst, purpose, kind, target, recipients];
  if (timesSentBefore > 0) identity.push(String(timesSentBefore));
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32);
}

function gone(delivery: Delivery): Outcome {
  return {
    kind: "refused",
    reason: `The destination ${delivery.kind} ${delivery.target} is not in reports.yaml any more.`,
    advice: "Put it back, or leave this delivery as it is.",
  };
}
