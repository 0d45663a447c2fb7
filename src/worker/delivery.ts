import { createHash } from "node:crypto";
import { toReportError } from "../core/error.ts";
import type { Settlement } from "../core/ledger.ts";
import type { Message } from "../core/message.ts";
import type { Outcome } from "../core/outcome.ts";
import type { DeliverTo, Report } from "../core/report.ts";
import type { Delivery, Run } from "../core/run.ts";
import { readMessage } from "./message-file.ts";
import type { Workshop } from "./pipeline.ts";
import { targetsOf } from "./targets.ts";

/** One delivery from planned to settled. Does nothing where it is settled or under way already. Rejects only when the ledger cannot be written. */
export async function makeDelivery(id: string, signal: AbortSignal, workshop: Workshop): Promise<void> {
  const { ledger, clock, listener } = workshop;
  const delivery = await ledger.startDelivery(id, clock.now());
  if (delivery === null) return;
  const run = await ledger.run(delivery.runId);
  if (run === null) return;
  const settled = await attempt(delivery, run, signal, workshop);
  const ended = await ledger.settleDelivery(id, settled, clock.now());
  const after = await ledger.delivery(id);
  if (after !== null) listener({ kind: "delivery_settled", run, delivery: after });
  if (ended !== null) listener({ kind: "run_ended", run: ended });
}

async function attempt(
  delivery: Delivery,
  run: Run,
  signal: AbortSignal,
  workshop: Workshop,
): Promise<Settlement> {
  if (signal.aborted) return cutShort();
  const prepared = await prepare(delivery, run, signal, workshop).catch(unprepared);
  if ("kind" in prepared) {
    return signal.aborted ? cutShort() : { outcome: redacted(prepared, workshop.redact), bytes: null };
  }
  const { message, to, bytes } = prepared;
  const { kind, options } = to.destination;
  const outcome = await workshop.adapters
    .destination(kind)
    .deliver(message, options, signal)
    .catch(unforeseen);
  if (outcome.kind === "again" && signal.aborted) return cutShort();
  return { outcome: redacted(outcome, workshop.redact), bytes };
}

interface Prepared {
  readonly message: Message;
  readonly to: DeliverTo;
  readonly bytes: number;
}

async function prepare(
  delivery: Delivery,
  run: Run,
  signal: AbortSignal,
  { report, adapters, spools }: Workshop,
): Promise<Prepared | Outcome> {
  const definition = report(run.report);
  const place = definition === null ? -1 : placeOf(delivery, definition, adapters);
  const to = definition?.deliver[place];
  if (to === undefined) return gone(delivery);
  const spool = await spools.open(run.id);
  const stored = await readMessage(spool);
  if (stored === null) return emptied();
  const destination = adapters.destination(delivery.kind);
  const bytesMax = destination.attachmentBytesMax ?? Number.POSITIVE_INFINITY;
  const fitted = await adapters.fit(stored.attached[place] ?? [], bytesMax, spool, signal);
  const message = {
    ...stored.message,
    key: deliveryKey(run, delivery),
    notices: [...stored.message.notices, ...fitted.notices],
    artifacts: fitted.artifacts,
  };
  return { message, to, bytes: fitted.artifacts.reduce((sum, artifact) => sum + artifact.file.bytes, 0) };
}

function placeOf(delivery: Delivery, report: Report, adapters: Workshop["adapters"]): number {
  const targets = targetsOf(report, adapters);
  return report.deliver.findIndex(
    ({ destination }, index) => destination.kind === delivery.kind && targets[index] === delivery.target,
  );
}

/** The same for the same tick, destination and recipients, whichever attempt and whichever worker makes it. */
function deliveryKey(run: Run, { kind, target, recipients }: Delivery): string {
  const identity = [run.report, run.dueAt.toISOString(), run.burst, kind, target, recipients];
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32);
}

function cutShort(): Settlement {
  return {
    outcome: { kind: "cut_short", reason: "The worker was stopped before it was sent." },
    bytes: null,
  };
}

function gone(delivery: Delivery): Outcome {
  return {
    kind: "refused",
    reason: `The destination ${delivery.kind} ${delivery.target} is not in reports.yaml any more.`,
    advice: "Put it back, or leave this delivery as it is.",
  };
}

function emptied(): Outcome {
  return {
    kind: "refused",
    reason: "Its files are not in the spool any more.",
    advice: "Run the report again.",
  };
}

/** Nothing has left the house yet, so this is a plain failure. */
function unprepared(thrown: unknown): Outcome {
  const { message, retryable, advice } = toReportError(thrown);
  if (retryable) return { kind: "again", reason: message };
  return { kind: "refused", reason: message, advice: advice ?? "Look at the reason, then run it again." };
}

/** A destination says what happened and does not throw: if it does all the same, nobody knows how far it got. */
function unforeseen(thrown: unknown): Outcome {
  return { kind: "unknown", reason: `An unexpected failure while sending: ${toReportError(thrown).message}` };
}

function redacted(outcome: Outcome, redact: (text: string) => string): Outcome {
  switch (outcome.kind) {
    case "sent": {
      const refused = outcome.refused.map((one) => ({ ...one, reason: redact(one.reason) }));
      return outcome.note === undefined
        ? { ...outcome, refused }
        : { ...outcome, refused, note: redact(outcome.note) };
    }
    case "refused":
      return { ...outcome, reason: redact(outcome.reason), advice: redact(outcome.advice) };
    default:
      return { ...outcome, reason: redact(outcome.reason) };
  }
}
