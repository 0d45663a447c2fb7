import { createHash } from "node:crypto";
import type { Artifact } from "../../core/model/artifact.ts";
import type { Message } from "../../core/model/message.ts";
import type { DeliverTo } from "../../core/model/report.ts";
import type { Delivery, Run } from "../../core/model/run.ts";
import type { SpoolFile } from "../../core/ports/spool.ts";
import { closeFile, type StoredMessage } from "../message/message-file.ts";
import { linkedSections } from "../message/section-links.ts";
import type { WorkerContext } from "../process/context.ts";
import { filledIfPossible, filledLate } from "../run/filling.ts";
import { madeBefore, madeForEntry } from "../run/make.ts";
import type { DeliveryContext } from "./context.ts";
import type { FoundEntry } from "./entries.ts";
import { fileNotice } from "./file-notice.ts";
import { caseOf } from "./notice.ts";
import { noticeMessage } from "./notice-message.ts";

export interface Prepared {
  readonly message: Message;
  readonly to: DeliverTo;
  /** Of the files attached. */
  readonly bytes: number;
}

/** The message of one delivery and where it goes. Throws ReportError where its files cannot be had now. */
export async function prepare(context: DeliveryContext, found: FoundEntry): Promise<Prepared> {
  const { delivery, run, report, lease, signal, worker } = context;
  const key = deliveryKey(run, delivery, await timesSent(delivery, worker));
  if (delivery.purpose !== "report") {
    const filled = await filledIfPossible(report, run, worker.adapters);
    const told = await caseOf(delivery.purpose, run, filled, worker);
    const notice = run.kind === "file" ? fileNotice(told) : noticeMessage(told);
    const intro = notice.intro === null ? null : worker.spell(notice.intro);
    const message = { ...notice, intro, key };
    return { message, to: filled.onFailure[found.index] ?? found.to, bytes: 0 };
  }
  const making = { run, report, owner: lease.owner, signal };
  const { stored } = await madeBefore(making, worker);
  const files = filesOf(delivery, found, stored);
  if (files !== null) return addressed({ to: found.to, key, files }, stored, making, worker);
  const again = (await madeForEntry(found.entry, making, worker)).stored;
  const own = filesOf(delivery, found, again) ?? [];
  return addressed({ to: found.to, key, files: own }, again, making, worker);
}

/**
 * Those that were made for it; by the file as it is now where they were made again since. Null: they were made again by a file that
 * had another entry for it, and a delivery must not go out without its files.
 */
function filesOf(
  { kind, target, entry: planned }: Delivery,
  { entry }: FoundEntry,
  { attached }: StoredMessage,
): readonly Artifact[] | null {
  // Earlier versions knew it by its words alone.
  const names = planned === null ? [entry, `${kind} ${target}`] : [planned, entry];
  return names.map((name) => attached[name]).find((files) => files !== undefined) ?? null;
}

interface Letter {
  readonly to: DeliverTo;
  readonly key: string;
  readonly files: readonly Artifact[];
}

/** What was made for all, as one delivery gets it: with its own words, and the files that fit. */
export async function addressed(
  { to, key, files }: Letter,
  { message, results }: StoredMessage,
  { run, report, signal }: Pick<DeliveryContext, "run" | "report" | "signal">,
  { adapters, links, redact }: Pick<WorkerContext, "adapters" | "links" | "redact">,
): Promise<Prepared> {
  const cap = adapters.destination(to.destination.kind).attachmentBytesMax ?? Number.POSITIVE_INFINITY;
  // Files come before pictures, which can give way to their tables, but do not take all the room.
  const shown = await adapters.fitPictures(message, Math.max(cap / 2, cap - sum(files)), cap);
  const fitted = await adapters.fit({
    artifacts: files,
    bytesMax: cap - shown.bytes,
    limitBytes: cap,
    signal,
    ...(message.run.locale !== undefined && { locale: message.run.locale }),
    offer: links === null ? null : (artifact) => links.file(artifact, run.id),
  });
  for (const { file } of fitted.artifacts) await closeFile(file.path);
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

/**
 * A person may have it sent once more after it was sent: that is another message, which no mail server may drop as a double. Recipients who are
 * served one after the other get the same one, so that an answer to all finds it in each mailbox.
 */
async function timesSent(delivery: Delivery, { ledger }: WorkerContext): Promise<number> {
  if (delivery.attempts === 1) return 0;
  const attempts = await ledger.deliveryAttempts(delivery.id);
  return attempts.filter(({ end, startedAt }) => end === "sent" && startedAt < delivery.plannedAt).length;
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
