import { Readable } from "node:stream";
import type { NodemailerError, SendMailOptions } from "nodemailer";
import { ReportError } from "../../core/error.ts";
import type { Commitment, Outcome } from "../../core/model/outcome.ts";
import { duration } from "../../core/rules/quantity.ts";
import { redact } from "../../core/rules/redact.ts";
import type { SmtpStage } from "./answers.ts";
import { type EmailConnection, type Patience, smtpOptions } from "./connection.ts";
import { failureOf, type SmtpOutcome, sentOutcome } from "./outcome.ts";

export interface SendOrder {
  readonly mail: SendMailOptions;
  readonly connection: EmailConnection;
  readonly signal: AbortSignal;
  confirm(): void;
  commit(): Promise<Commitment>;
  /** For the whole conversation. A server that sends a byte a minute runs into no other limit. */
  readonly limitMs: number;
  /** Told once the session is open, and once the server waits for the message. */
  reached(stage: "envelope" | "body"): void;
  readonly patience?: Patience | undefined;
}

/** One conversation with the server over a connection of its own. Rejects only where nodemailer itself cannot be loaded. */
export async function sendMail(order: SendOrder): Promise<SmtpOutcome> {
  const { mail, connection, signal, limitMs } = order;
  let stage: SmtpStage = "session";
  let committed: Commitment | null = null;
  let heldBack: unknown = null;
  // Loaded when something is first sent: a service that waits for its first tick is to stay small.
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({
    ...smtpOptions(connection, order.patience),
    // The one place where nodemailer says that the session is open, and that the final dot has gone to the connection.
    logger: {
      info(entry: { tnx?: string }) {
        if (entry.tnx === "send" && stage === "session") {
          stage = "envelope";
          order.reached("envelope");
        }
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
      order.reached(stage);
    } catch (thrown) {
      heldBack = thrown;
      // nodemailer writes its own fields on what is thrown.
      throw new Error("held back", { cause: thrown });
    }
  };
  const commit = async () => {
    committed = await order.commit();
  };
  const gate = { open: () => guarded(order.confirm), close: () => guarded(commit) };
  transport.use("stream", (compiled, done) => {
    compiled.message?.processFunc((input) => gated(input, gate));
    done();
  });
  const limit = timeLimit(limitMs);
  try {
    const info = await transport.sendMail({ ...mail, signal: AbortSignal.any([signal, limit.signal]) });
    for (const refused of info.rejectedErrors ?? []) hideLogin(refused, connection);
    return sentOutcome(info, proven(committed));
  } catch (thrown) {
    if (heldBack !== null) return heldBackOutcome(heldBack);
    const failure = failureOf(smtpError(thrown, connection), stage, connection);
    return failure.kind === "unknown" ? proven(committed).unknown(failure.reason) : failure;
  } finally {
    limit.clear();
  }
}

/** The final dot is behind the gate: a server that has it all has it after the commit. */
function proven(committed: Commitment | null): Commitment {
  if (committed === null) throw new Error("The message was complete before it was committed.");
  return committed;
}

/** What nodemailer threw, without the login: before any of it is cut, since of half a password nothing tells that it is one. */
export function smtpError(thrown: unknown, connection: EmailConnection): NodemailerError {
  const error: NodemailerError = thrown instanceof Error ? thrown : new Error(String(thrown));
  hideLogin(error, connection);
  return error;
}

/** A server may quote the password, or the command that it came in (AUTH PLAIN, RFC 4616), whatever it answers to. */
function hideLogin(error: NodemailerError, { server }: Pick<EmailConnection, "server">): void {
  if (server.login === null) return;
  const { user, password } = server.login;
  const secrets = [`\0${user}\0${password}`, password];
  for (const one of [error, ...(error.rejectedErrors ?? [])]) {
    one.message = redact(one.message, secrets);
    if (one.response !== undefined) one.response = redact(one.response, secrets);
  }
}

/** What is asked on the message's way out. What either throws keeps the final dot from being sent. */
interface Gate {
  /** Right before the first bytes are handed on. */
  open(): Promise<void>;
  /** Right before the end. */
  close(): Promise<void>;
}

/**
 * The message on its way to the server, behind a gate. nodemailer writes the final dot once the stream has ended, and a
 * message without its final dot is not a message (RFC 5321, 4.1.1.4): what the gate throws leaves nothing behind. Nothing is
 * read ahead: asked too early, the gate would speak of a moment long before the bytes left.
 */
function gated(input: Readable, gate: Gate): Readable {
  const chunks = input[Symbol.asyncIterator]();
  let isOpen = false;
  const next = async (): Promise<unknown> => {
    if (!isOpen) await gate.open();
    isOpen = true;
    const { value, done } = await chunks.next();
    if (done !== true) return value;
    await gate.close();
    return null;
  };
  return new Readable({
    highWaterMark: 0,
    read() {
      next().then(
        (chunk) => this.push(chunk),
        (error: Error) => this.destroy(error),
      );
    },
    destroy(error, done) {
      input.destroy();
      done(error);
    },
  });
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
