import type { NodemailerError, SendMailOptions } from "nodemailer";
import { ReportError } from "../../core/error.ts";
import type { Outcome } from "../../core/model/outcome.ts";
import { duration } from "../../core/rules/quantity.ts";
import { redact } from "../../core/rules/redact.ts";
import { gated } from "./body.ts";
import type { EmailConnection } from "./connection.ts";
import { failedOutcome, type Stage, sentOutcome } from "./outcome.ts";
import { smtpOptions } from "./smtp-options.ts";

export interface SendOrder {
  readonly mail: SendMailOptions;
  readonly connection: EmailConnection;
  readonly signal: AbortSignal;
  confirm(): void;
  commit(): Promise<void>;
  /** For the whole conversation. A server that sends a byte a minute runs into no other limit. */
  readonly limitMs: number;
}

/** One conversation with the server over a connection of its own. Rejects only where nodemailer itself cannot be loaded. */
export async function sendMail(order: SendOrder): Promise<Outcome> {
  const { mail, connection, signal, limitMs } = order;
  let stage: Stage = "session";
  let heldBack: unknown = null;
  // Loaded when something is first sent: a service that waits for its first tick is to stay small.
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({
    ...smtpOptions(connection),
    // The one place where nodemailer tells that the session stands, and that the final dot has gone to the connection.
    logger: {
      info(entry: { tnx?: string }) {
        if (entry.tnx === "send" && stage === "session") stage = "envelope";
        if (entry.tnx === "message") stage = "complete";
      },
      // Without a level of their own, debug and the others would be routed to info.
      ...silent,
    },
  });
  const guarded = async (ask: () => Promise<void> | void) => {
    try {
      await ask();
      stage = "body";
    } catch (thrown) {
      heldBack = thrown;
      // nodemailer writes its own fields on what is thrown.
      throw new Error("held back", { cause: thrown });
    }
  };
  const gate = { open: () => guarded(order.confirm), close: () => guarded(order.commit) };
  transport.use("stream", (compiled, done) => {
    compiled.message?.processFunc((input) => gated(input, gate));
    done();
  });
  const limit = timeLimit(limitMs);
  try {
    return sentOutcome(
      await transport.sendMail({ ...mail, signal: AbortSignal.any([signal, limit.signal]) }),
    );
  } catch (thrown) {
    if (heldBack !== null) return heldBackOutcome(heldBack);
    return cleaned(failedOutcome(smtpError(thrown), stage, connection), connection);
  } finally {
    limit.clear();
  }
}

export function smtpError(thrown: unknown): NodemailerError {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Without the password, should a server have quoted it or the command it came in (AUTH PLAIN, RFC 4616). */
export function cleaned(outcome: Outcome, { server }: EmailConnection): Outcome {
  if (outcome.kind === "sent" || server.login === null) return outcome;
  const { user, password } = server.login;
  return { ...outcome, reason: redact(outcome.reason, [`\0${user}\0${password}`, password]) };
}

function timeLimit(ms: number): { signal: AbortSignal; clear(): void } {
  const limit = new AbortController();
  const reason = new ReportError(`it was not through after ${duration(ms)}`, { code: "timeout" });
  const timer = setTimeout(() => limit.abort(reason), ms);
  return { signal: limit.signal, clear: () => clearTimeout(timer) };
}

function heldBackOutcome(thrown: unknown): Outcome {
  const why = thrown instanceof Error ? thrown.message : String(thrown);
  return { kind: "again", reason: `The message was held back before it was complete: ${why}` };
}

const nothing = () => {};
const silent = { trace: nothing, debug: nothing, warn: nothing, error: nothing, fatal: nothing };
