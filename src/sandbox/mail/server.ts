import type { Socket } from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { listen } from "../loopback.ts";
import { type MailFault, type MailFaults, type MailStage, type MailTrouble, mailFaults } from "./faults.ts";
import { type MailStore, openMailStore, type StoredMail } from "./store.ts";

export type SandboxMailOptions = {
  /** 0 or absent: any free port. */
  port?: number;
  /** Messages are kept in `<outbox>/mail`. */
  outbox: string;
  faults?: readonly MailFault[];
  /** Announced as SIZE and enforced (RFC 1870). */
  bytesMax?: number;
  connectionsMax?: number;
  /** Which password each user has; any other login is refused (535). Absent: any will do. */
  passwords?: Readonly<Record<string, string>>;
};

export type SandboxMail = {
  /** `smtp://127.0.0.1:PORT`. */
  url: string;
  port: number;
  messages(): Promise<StoredMail[]>;
  faults: MailFaults;
  close(): Promise<void>;
};

const bytesMaxDefault = 4 * 1024 ** 3;
const idleMs = 10 * 60_000;

/**
 * An SMTP server on loopback that keeps every message it accepts. No login is needed, and without `passwords` any will do; recipients
 * at `.invalid` are unknown; STARTTLS is not offered. Rejects with the system's error where the port cannot be had.
 */
export async function startSandboxMail(options: SandboxMailOptions): Promise<SandboxMail> {
  const faults = mailFaults(options.faults);
  const store = await openMailStore(path.join(options.outbox, "mail"));
  const server = smtpServer(options, faults, store);
  const port = await listen(server.server, options.port ?? 0);
  return {
    url: `smtp://127.0.0.1:${port}`,
    port,
    messages: () => store.messages(),
    faults,
    close: () => close(server),
  };
}

type Reply = (error?: (Error & { responseCode?: number }) | null) => void;

function smtpServer(options: SandboxMailOptions, faults: MailFaults, store: MailStore): SMTPServer {
  const connectionsMax = options.connectionsMax;
  const server: SMTPServer = new SMTPServer({
    name: "sandbox.example.com",
    banner: "lookpost sandbox",
    size: options.bytesMax ?? bytesMaxDefault,
    authOptional: true,
    allowInsecureAuth: true,
    disabledCommands: ["STARTTLS"],
    disableReverseLookup: true,
    // A client under test is to run into its own time limits, not into this server's.
    socketTimeout: idleMs,
    closeTimeout: 100,
    logger: false,
    ...(connectionsMax === undefined ? {} : { maxClients: connectionsMax }),
    onConnect(session, reply) {
      refuseDataByFault(server, session, faults);
      void suffer("connect", session, reply);
    },
    onAuth(auth, session, reply) {
      if (!isLogin(auth, options.passwords)) {
        reply(smtpError(535, "5.7.8 Authentication credentials invalid"));
        return;
      }
      void suffer("auth", session, (error) => reply(error ?? null, { user: auth.username ?? "anyone" }));
    },
    onMailFrom(_address, session, reply) {
      void suffer("mail", session, reply);
    },
    onRcptTo(address, session, reply) {
      if (isUnknown(address.address)) {
        reply(smtpError(550, "5.1.1 No such user here"));
        return;
      }
      void suffer("rcpt", session, reply, [address.address]);
    },
    onData(body, session, reply) {
      void receive(server, body, session, faults, store).then(
        (error) => reply(error),
        (error: Error) => reply(smtpError(451, `The message could not be kept: ${error.message}`)),
      );
    },
  });
  server.on("error", () => {
    // A client that vanishes mid-conversation is an everyday thing here, and often the point of a test.
  });
  return server;

  async function suffer(stage: MailStage, session: SMTPServerSession, reply: Reply, recipients?: string[]) {
    const socket = connectionOf(server, session)._socket;
    const trouble = faults.take(stage, recipients);
    if (trouble.delayMs > 0) await sleep(trouble.delayMs, undefined, { ref: false });
    if (trouble.drop) socket.destroy();
    else if (!trouble.hang) reply(refusal(trouble));
  }
}

function isLogin(
  {
    username = "",
    password = "",
  }: { readonly username?: string | undefined; readonly password?: string | null | undefined },
  passwords: SandboxMailOptions["passwords"],
): boolean {
  return passwords === undefined || (Object.hasOwn(passwords, username) && passwords[username] === password);
}

/** A domain that can be no one's (RFC 2606). */
function isUnknown(address: string): boolean {
  return /(?:@|\.)invalid$/i.test(address);
}

/** smtp-server answers DATA with 354 before any hook runs; a refusal in place of the 354 has to go in earlier. */
function refuseDataByFault(server: SMTPServer, session: SMTPServerSession, faults: MailFaults): void {
  const connection = connectionOf(server, session);
  const answerData = connection.handler_DATA.bind(connection);
  connection.handler_DATA = (command, done) => {
    const trouble = faults.take("data", accepted(session));
    setTimeout(() => {
      if (trouble.drop) connection._socket.destroy();
      else if (trouble.refuse !== undefined) {
        connection.send(trouble.refuse.code, trouble.refuse.message);
        done();
      } else if (!trouble.hang) answerData(command, done);
    }, trouble.delayMs).unref();
  };
}

/** Resolves with the refusal to answer, or null for 250; stays pending where a fault swallows the reply. */
async function receive(
  server: SMTPServer,
  body: SMTPServerDataStream,
  session: SMTPServerSession,
  faults: MailFaults,
  store: MailStore,
): Promise<Error | null> {
  const socket = connectionOf(server, session)._socket;
  const { mailFrom } = session.envelope;
  const recipients = accepted(session);
  if (faults.take("body", recipients).drop) {
    // Small messages come whole in one packet, so nothing of the body may be kept at all.
    socket.once("data", () => socket.destroy());
    body.resume();
    return unanswered();
  }
  const received = await store.receive(body, messageId(session));
  const trouble = faults.take("end", recipients);
  if (trouble.delayMs > 0) await sleep(trouble.delayMs, undefined, { ref: false });
  if (trouble.refuse !== undefined || body.sizeExceeded) {
    await received.discard();
    return body.sizeExceeded ? smtpError(552, "Message exceeds the maximum size") : refusal(trouble);
  }
  await received.keep({ from: mailFrom === false ? "" : mailFrom.address, recipients });
  if (trouble.drop) socket.destroy();
  return trouble.drop || trouble.hang ? unanswered() : null;
}

function unanswered(): Promise<never> {
  return new Promise(() => {});
}

function accepted(session: SMTPServerSession): string[] {
  return session.envelope.rcptTo.map((recipient) => recipient.address);
}

let messageCount = 0;

function messageId(session: SMTPServerSession): string {
  messageCount += 1;
  return `${session.id.slice(-8)}${messageCount.toString(36)}`;
}

function refusal(trouble: MailTrouble): Error | null {
  return trouble.refuse === undefined ? null : smtpError(trouble.refuse.code, trouble.refuse.message);
}

function smtpError(code: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode: code });
}

function close(server: SMTPServer): Promise<void> {
  const connections: Iterable<{ _socket: { destroy(): void } }> = server.connections;
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const connection of connections) connection._socket.destroy();
  });
}

/**
 * The part of smtp-server's connection object that faults need. Its hooks can only accept or refuse: cutting
 * the line, and refusing DATA before the 354, are not among them.
 */
type Connection = {
  id: string;
  _socket: Socket;
  send(code: number, text: string): void;
  handler_DATA(command: Buffer, done: () => void): void;
};

function connectionOf(server: SMTPServer, session: SMTPServerSession): Connection {
  const connections: Iterable<Connection> = server.connections;
  for (const connection of connections) {
    if (connection.id === session.id) return connection;
  }
  throw new Error(`SMTP session ${session.id} has no connection any more`);
}
