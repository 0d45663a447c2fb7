import { createHash } from "node:crypto";
import type { Message } from "../../core/model/message.ts";
import type { Outcome } from "../../core/model/outcome.ts";
import type { DeliverTo, Report } from "../../core/model/report.ts";
import type { Delivery, Run } from "../../core/model/run.ts";
import type { SpoolFile } from "../../core/ports/spool.ts";
import { deliveryName, type StoredMessage } from "../message/message-file.ts";
import { linkedSections } from "../message/section-links.ts";
import type { WorkerContext } from "../process/context.ts";
import { filledIfPossible, filledLate } from "../run/filling.ts";
import { madeBefore } from "../run/make.ts";
import { noticeMessage } from "./notice-message.ts";
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
export async function prepare(preparing: Preparing, worker: WorkerContext): Promise<Prepared | Outcome> {
  const { delivery, run, report } = preparing;
  const key = deliveryKey(run, delivery, await timesSent(delivery, worker));
  if (delivery.purpose !== "report") {
    const told = await filledIfPossible(report, run, worker.adapters);
    const to = told.onFailure[placeOf(delivery, told.onFailure, worker)];
    if (to === undefined) return gone(delivery);
    const deliveries = await worker.ledger.deliveries(run.id);
    return { message: { ...noticeMessage(run, told, deliveries, delivery.purpose), key }, to, bytes: 0 };
  }
  const to = report.deliver[placeOf(delivery, report.deliver, worker)];
  if (to === undefined) return gone(delivery);
  const { stored } = await madeBefore(preparing, worker);
  return addressed({ to, key, name: deliveryName(delivery) }, stored, preparing, worker);
}

interface Letter {
  readonly to: DeliverTo;
  readonly key: string;
  /** `deliveryName` */
  readonly name: string;
}

/** What was made for all, as one delivery gets it: with its own words, and the files that fit. */
export async function addressed(
  { to, key, name }: Letter,
  { message, attached, results }: StoredMessage,
  { run, report, signal }: Pick<Preparing, "run" | "report" | "signal">,
  { adapters, links, redact }: Pick<WorkerContext, "adapters" | "links" | "redact">,
): Promise<Prepared> {
  const cap = adapters.destination(to.destination.kind).attachmentBytesMax ?? Number.POSITIVE_INFINITY;
  const files = attached[name] ?? [];
  // Files come before pictures, which have their tables to stand in, but do not take all the room.
  const shown = await adapters.fitPictures(message, Math.max(cap / 2, cap - sum(files)), cap);
  const fitted = await adapters.fit({
    artifacts: files,
    bytesMax: cap - shown.bytes,
    limitBytes: cap,
    signal,
    offer: links === null ? null : (artifact) => links.file(artifact, run.id),
  });
  const sections = await linkedSections(shown.message.sections, { report, runId: run.id, links });
  const titled = { ...report, title: message.run.title };
  const own = await filledLate(to, { report: titled, run, results }, adapters);
  return {
    message: {
      ...shown.message,
      key,
      sections,
      notices: [...message.notices, ...[...shown.notices, ...fitted.notices].map(redact)],
      artifacts: fitted.artifacts,
      downloads: fitted.downloads,
    },
    to: own,
    bytes: sum(fitted.artifacts) + shown.bytes,
  };
}

function sum(files: readonly { readonly file: SpoolFile }[]): number {
  return files.reduce((bytes, { file }) => bytes + file.bytes, 0);
}

function placeOf(delivery: Delivery, deliver: readonly DeliverTo[], { adapters }: WorkerContext): number {
  const targets = targetsOf(deliver, adapters);
  return deliver.findIndex(
    ({ destination }, index) => destination.kind === delivery.kind && targets[index] === delivery.target,
  );
}

/** A person may have it sent once more after it was sent: that is another message, which no mail server may drop as a double. */
async function timesSent(delivery: Delivery, { ledger }: WorkerContext): Promise<number> {
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
