import { hostname } from "node:os";
import type { Logger } from "pino";
import type { App } from "../../app/app.ts";
import type { ReportError } from "../../core/error.ts";
import type { Io } from "../io.ts";
import type { ServiceState } from "./state.ts";

interface Parts {
  readonly app: App;
  readonly log: Logger;
  readonly state: ServiceState;
  /** Pings at once. */
  readonly heartbeat: { now(): void };
  readonly io: Io;
}

/**
 * What is done once the ledger is damaged, moved or replaced under the service: every verb rejects from then on, so nothing is taken,
 * committed or marked as failed. It is said by all ways that do without the ledger: the log, /readyz, the heartbeat, and a notice to each
 * `on_failure` of the file.
 */
export function ledgerLoss({ app, log, state, heartbeat, io }: Parts): (error: ReportError) => void {
  return ({ message, advice }) => {
    const reason = app.redact(message);
    state.ledgerLost = reason;
    log.fatal({ reason, advice }, "the ledger is lost: nothing is taken or sent until it is mended");
    heartbeat.now();
    const paragraphs = [
      reason,
      STATE,
      ...(advice === null ? [] : ["What to do", advice]),
      `  Host\t${hostname()}\n  Process\t${process.pid}`,
    ];
    const notice = { subject: SUBJECT, paragraphs: paragraphs.map((text) => io.spell?.(text) ?? text) };
    void app.tell(notice, "everyone", {
      signal: io.stop,
      told({ kind: destination, target, problem }) {
        const fields = { destination, target };
        if (problem === null) log.info(fields, "told of the lost ledger");
        else log.error({ ...fields, reason: problem }, "could not be told of the lost ledger");
      },
    });
  };
}

const SUBJECT = "lookpost has stopped sending: its ledger is lost";
const STATE =
  "No report is run or sent from now on. Runs and deliveries under way wait, and none is marked as failed: they go on once the ledger is in order and the service was started again.";
