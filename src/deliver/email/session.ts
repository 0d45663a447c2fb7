import type { Readable } from "node:stream";
import type { NodemailerError, SMTPEnvelope } from "nodemailer";
import type SMTPConnection from "nodemailer/lib/smtp-connection";
import { later } from "../../core/later.ts";
import { dial, type EmailConnection, PATIENCE, type Patience, smtpOptions } from "./connection.ts";

const speaking = later(() => import("nodemailer/lib/smtp-connection"));

/** A connection to the server that is logged in, and takes one message after the other. */
export interface SmtpSession {
  /** False once either side has closed it. */
  readonly isOpen: boolean;
  /** How many messages the server has taken over it. */
  readonly taken: number;
  /**
   * Resolves where the server took the message for some of its recipients at least, with an error for each of the others. `complete` is
   * called once the final dot has gone to the connection. Rejects with NodemailerError; an abort ends the session.
   */
  send(
    envelope: SMTPEnvelope,
    message: Readable,
    complete: () => void,
    signal: AbortSignal,
  ): Promise<readonly NodemailerError[]>;
  /** Ends the transaction of a message that was refused (RSET). Closes the session where that does not work. */
  reset(): Promise<void>;
  /** Takes leave (QUIT) and closes. */
  quit(): void;
  /** Closes at once. What the connection still holds is not sent. */
  destroy(): void;
}

/** What nodemailer calls at the end of a step. Its types allow either form. */
type Done<T> = (error?: NodemailerError | null, result?: T) => void;

interface Taken {
  readonly rejectedErrors?: readonly NodemailerError[] | undefined;
}

/** A server that does not answer these is left without more ado. */
const RESET_MS = 10_000;
const QUIT_MS = 2_000;

/** Connects, greets, turns to TLS and logs in, as far as the server offers it. Rejects with NodemailerError. */
export async function openSession(
  connection: EmailConnection,
  signal: AbortSignal,
  patience: Patience = PATIENCE,
): Promise<SmtpSession> {
  const { server } = connection;
  const { default: Connection } = await speaking();
  const socket = await dial(server, patience.connectMs, signal).catch((thrown) => {
    throw signal.aborted ? aborted(signal) : thrown;
  });
  let complete = () => {};
  const smtp = new Connection({
    ...smtpOptions(connection, patience),
    connection: socket,
    // The one place where nodemailer says that the final dot has gone to the connection.
    logger: { ...silent, info: ({ tnx }: { tnx?: string }) => void (tnx === "message" && complete()) },
  });
  // What happens to a session that nothing is under way on is seen when it is used next.
  smtp.on("error", () => undefined);
  // A server that refuses the login may leave the connection open: it would keep a stopped process alive.
  const step = <T>(work: (done: Done<T>) => void) =>
    onceDone(smtp, signal, work).catch((thrown: unknown) => {
      smtp.close();
      throw thrown;
    });
  await step((done) => smtp.connect(done));
  const { login } = server;
  if (login !== null && smtp.allowsAuth) {
    const credentials = { user: login.user, pass: login.password };
    await step((done) => smtp.login({ user: login.user, credentials }, done));
  }
  let taken = 0;
  return {
    get isOpen() {
      return !smtp.destroyed && !socket.destroyed;
    },
    get taken() {
      return taken;
    },
    async send(envelope, message, onComplete, until) {
      complete = onComplete;
      const info = await onceDone<Taken>(smtp, until, (done) => smtp.send(envelope, message, done));
      taken += 1;
      return info?.rejectedErrors ?? [];
    },
    async reset() {
      const limit = AbortSignal.timeout(RESET_MS);
      await onceDone(smtp, limit, (done) => smtp.reset(done)).catch(() => smtp.close());
    },
    quit() {
      if (smtp.destroyed) return;
      smtp.quit();
      setTimeout(() => smtp.close(), QUIT_MS).unref();
    },
    destroy: () => smtp.close(),
  };
}

/** One step of the conversation. nodemailer tells of a connection that breaks by an event, by the step's callback, or by both. */
function onceDone<T>(
  smtp: SMTPConnection,
  signal: AbortSignal,
  work: (done: Done<T>) => void,
): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const finish: Done<T> = (error, result) => {
      signal.removeEventListener("abort", onAbort);
      smtp.removeListener("error", finish).removeListener("end", onEnd);
      if (error === null || error === undefined) resolve(result);
      else reject(error);
    };
    // What ended it comes right after.
    const onEnd = () => void setImmediate(() => finish(closedError()));
    const onAbort = () => {
      finish(aborted(signal));
      smtp.close();
    };
    if (signal.aborted) return onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    smtp.once("error", finish).once("end", onEnd);
    work(finish);
  });
}

function closedError(): NodemailerError {
  return Object.assign(new Error("Connection closed unexpectedly"), { code: "ECONNECTION" as const });
}

function aborted({ reason }: AbortSignal): NodemailerError {
  return Object.assign(new Error("Aborted", { cause: reason }), { code: "EABORT" as const });
}

const nothing = () => {};
/** Without a level of their own, debug and the others would be routed to info. */
const silent = { trace: nothing, debug: nothing, warn: nothing, error: nothing, fatal: nothing };
