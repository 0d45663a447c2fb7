import { Readable } from "node:stream";
import type { NodemailerError, SendMailOptions } from "nodemailer";
import { ReportError } from "../../core/error.ts";
import { later } from "../../core/later.ts";
import type { Again, Commitment, Outcome, Refused } from "../../core/model/outcome.ts";
import { duration } from "../../core/rules/quantity.ts";
import { type Redact, redact, redactedBeginning } from "../../core/rules/redact.ts";
import { hadEnded, isAboutMessage, type SmtpStage } from "./answers.ts";
import type { EmailConnection, Patience } from "./connection.ts";
import { failureOf, type SmtpOutcome, sentOutcome } from "./outcome.ts";
import { openSession, type SmtpSession } from "./session.ts";
import type { Sessions } from "./sessions.ts";

const composing = later(() => import("nodemailer/lib/mail-composer"));

export interface SendOrder {
  /** The message, made for one conversation: its files are read once. Or why it cannot be made. */
  compose(): Promise<ComposedMail | Again | Refused>;
  readonly connection: EmailConnection;
  readonly sessions: Sessions;
  readonly signal: AbortSignal;
  confirm(): void;
  commit(): Promise<Commitment>;
  /** For the whole conversation. A server that sends a byte a minute runs into no other limit. */
  readonly limitMs: number;
  /** Told once the session is open, and once the server waits for the message. */
  reached(stage: "envelope" | "body"): void;
  readonly patience?: Patience | undefined;
  readonly redact: Redact;
}

export interface ComposedMail {
  readonly mail: SendMailOptions;
  /** Closes its files. */
  close(): Promise<unknown>;
}

/** One message to the server, over a connection that is open from the one before, or a new one. Rejects only where nodemailer cannot be loaded. */
export async function sendMail(order: SendOrder): Promise<SmtpOutcome> {
  const limit = timeLimit(order.limitMs);
  const timed = { ...order, signal: AbortSignal.any([order.signal, limit.signal]) };
  try {
    for (let kept = order.sessions.take(); kept !== null; kept = order.sessions.take()) {
      const outcome = await composeAndSend(kept, timed);
      // The connection had come to its end, and nothing of the message has left: the next one says what the server thinks of it.
      if (outcome !== "stale") return outcome;
    }
    const outcome = await composeAndSend(null, timed);
    if (outcome === "stale") throw new Error("A new connection cannot have come to its end before.");
    return outcome;
  } finally {
    limit.clear();
  }
}

async function composeAndSend(kept: SmtpSession | null, order: SendOrder): Promise<SmtpOutcome | "stale"> {
  const composed = await order.compose();
  if ("kind" in composed) {
    if (kept !== null) order.sessions.keep(kept);
    return composed;
  }
  try {
    return await converse(kept, composed.mail, order);
  } finally {
    await composed.close();
  }
}

async function converse(
  kept: SmtpSession | null,
  mail: SendMailOptions,
  order: SendOrder,
): Promise<SmtpOutcome | "stale"> {
  const { connection, sessions, signal } = order;
  const { default: MailComposer } = await composing();
  const progress: Progress = { stage: "session", committed: null, heldBack: null };
  let session = kept;
  try {
    const message = new MailComposer(mail).compile();
    session ??= await openSession(connection, signal, order.patience);
    progress.stage = "envelope";
    order.reached("envelope");
    const complete = () => {
      progress.stage = "complete";
    };
    const body = guarded(message.createReadStream(), guardOf(order, progress));
    const refusals = await session.send(message.getEnvelope(), body, complete, signal);
    for (const refused of refusals) hideSecrets(refused, connection, order.redact);
    sessions.keep(session);
    return sentOutcome(message.messageId(), refusals, proven(progress.committed));
  } catch (thrown) {
    if (progress.heldBack !== null) {
      session?.destroy();
      return heldBackOutcome(progress.heldBack);
    }
    const error = smtpError(thrown, connection, order.redact);
    const isOver = kept !== null && hadEnded(error, progress.stage);
    if (!isOver && isAboutMessage(error, progress.stage) && session?.isOpen === true) {
      await session.reset();
      sessions.keep(session);
    } else session?.destroy();
    if (isOver) return "stale";
    const failure = failureOf(error, progress.stage, connection);
    return failure.kind === "unknown" ? proven(progress.committed).unknown(failure.reason) : failure;
  }
}

interface Progress {
  stage: SmtpStage;
  committed: Commitment | null;
  /** What kept the final dot from being sent. */
  heldBack: unknown;
}

function guardOf(order: SendOrder, progress: Progress): Guard {
  const asked = async (ask: () => Promise<void> | void) => {
    try {
      await ask();
      progress.stage = "body";
      order.reached("body");
    } catch (thrown) {
      progress.heldBack = thrown;
      // nodemailer writes its own fields on what is thrown.
      throw new Error("held back", { cause: thrown });
    }
  };
  const commit = async () => {
    progress.committed = await order.commit();
  };
  return { open: () => asked(order.confirm), close: () => asked(commit) };
}

/** The final dot is behind the guard: a server that has it all has it after the commit. */
function proven(committed: Commitment | null): Commitment {
  if (committed === null) throw new Error("The message was complete before it was committed.");
  return committed;
}

/** What nodemailer threw, without secrets: before any of it is cut, since of half a password nothing tells that it is one. */
export function smtpError(thrown: unknown, connection: EmailConnection, clean: Redact): NodemailerError {
  const error: NodemailerError = thrown instanceof Error ? thrown : new Error(String(thrown));
  hideSecrets(error, connection, clean);
  return error;
}

/** Longer answers are cut later: their beginning has the reason. */
const ANSWER_CHARS_MAX = 4_000;

/** A server may quote the password, or the command that it came in (AUTH PLAIN, RFC 4616), whatever it answers to. */
function hideSecrets(
  error: NodemailerError,
  { server: { login } }: Pick<EmailConnection, "server">,
  clean: Redact,
): void {
  const ofLogin = login === null ? [] : [`\0${login.user}\0${login.password}`, login.password];
  const hidden = (text: string) =>
    redactedBeginning(text, ANSWER_CHARS_MAX, (whole) => clean(redact(whole, ofLogin)));
  for (const one of [error, ...(error.rejectedErrors ?? [])]) {
    one.message = hidden(one.message);
    if (one.response !== undefined) one.response = hidden(one.response);
  }
}

/** What is asked on the message's way out. What either throws keeps the final dot from being sent. */
interface Guard {
  /** Right before the first bytes are handed on. */
  open(): Promise<void>;
  /** Right before the end. */
  close(): Promise<void>;
}

/**
 * The message on its way to the server, under guard. nodemailer writes the final dot once the stream has ended, and a
 * message without its final dot is not a message (RFC 5321, 4.1.1.4): what the guard throws leaves nothing behind. Nothing is
 * read ahead: asked too early, the guard would speak of a moment long before the bytes left.
 */
function guarded(input: Readable, guard: Guard): Readable {
  const chunks = input[Symbol.asyncIterator]();
  let isOpen = false;
  const next = async (): Promise<unknown> => {
    if (!isOpen) await guard.open();
    isOpen = true;
    const { value, done } = await chunks.next();
    if (done !== true) return value;
    await guard.close();
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
