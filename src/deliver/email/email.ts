import type { SendMailOptions } from "nodemailer";
import { ReportError } from "../../core/error.ts";
import type { RenderMail } from "../../core/model/digest.ts";
import { introOf, type Message, subjectOf } from "../../core/model/message.ts";
import type { Again, Outcome, Refused } from "../../core/model/outcome.ts";
import type { Problem } from "../../core/model/problem.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { type DeliveryTerms, type Destination, defineDestination } from "../../core/ports/destination.ts";
import type { Redact } from "../../core/rules/redact.ts";
import { openArtifacts } from "../artifact-file.ts";
import {
  disallowedAddresses,
  type EmailConnection,
  localServer,
  type Patience,
  serverName,
  transportNotes,
} from "./connection.ts";
import { attachmentsOf, type MailFile, mailFiles } from "./files.ts";
import { openGate } from "./gate.ts";
import { isLeft, leavingOf, readerOf } from "./leaving.ts";
import { mailOf } from "./message.ts";
import { describeRecipients, type EmailOptions, onlyThese, recipients } from "./options.ts";
import { failureOf } from "./outcome.ts";
import { sendInParts } from "./parts.ts";
import { previewEmail } from "./preview.ts";
import { type ComposedMail, sendMail, smtpError } from "./send.ts";
import { openSession } from "./session.ts";
import { openSessions } from "./sessions.ts";

export const email = defineDestination({
  kind: "email",
  open: (connection: EmailConnection, { renderMail, clock, redact }): Destination<EmailOptions> =>
    openEmail(connection, { renderMail, clock, redact }),
  needsConnection: true,
  describe: describeRecipients,
  identity: (options) => JSON.stringify(addressesOf(options).sort()),
  recipients: (options) => recipients(options).map(({ address }) => address),
  server: (_options, { server }) => serverName(server),
  onSandbox: {
    connection: (connection, { SMTP_URL }) => ({ ...connection, server: localServer(SMTP_URL) }),
    // The sandbox's server takes them all, and passes nothing on.
    options: (options) => options,
  },
  words: {
    server: (server) => `The mail server ${server}`,
    refusals: "recipients",
    looksUp: false,
  },
  problems: (options, connection) =>
    disallowedAddresses(options, connection).map((address) => ({
      message: `${address} is outside email.allowed_domains`,
      advice: "Add its domain there, or correct the address.",
      path: [],
    })),
  notes: transportNotes,
  optionNotes: ({ thread, subject }, { title }) =>
    thread && changes(subject ?? title, title)
      ? [
          `thread: true, and the subject "${subject ?? title}" differs from run to run. Gmail and Outlook make a conversation of each subject: take what differs out of it.`,
        ]
      : [],
  trial: (address, own) =>
    own === null
      ? address
      : { ...own, to: address.to, cc: address.cc, bcc: address.bcc, thread: address.thread },
});

/** Whether the filled template differs from run to run: it names more than the report and its zone. */
function changes(subject: string, title: string): boolean {
  const named = [...subject.matchAll(/\{[{%]-?\s*([^}%]*)/g)].map(([, words = ""]) => words.trim());
  const isFixed = (words: string) => /^(?:report\.\w+|run\.zone)\s*-?$/.test(words);
  const isTitleIn = named.some((words) => words.startsWith("report.title"));
  return !named.every(isFixed) || (isTitleIn && changes(title, ""));
}

function addressesOf(options: EmailOptions): string[] {
  return recipients(options).map(({ address }) => address.toLowerCase());
}

export interface EmailDeps {
  readonly renderMail: RenderMail;
  readonly clock: Clock;
  /** Takes secrets other than the connection's own out of what a server says. */
  readonly redact?: Redact;
  /** How long one attempt may take, apart from the time that the bytes of a large message need. */
  readonly attemptMs?: number;
  /** How long each step of it may take. */
  readonly patience?: Patience;
  /** How long a connection is kept open for the next message. */
  readonly idleMs?: number;
}

const ATTEMPT_MS = 10 * 60_000;
/** 100 kB/s: a line that is slower than that is not worth waiting for. */
const SLOWEST_BYTES_PER_MS = 100;

/** Long enough for what is due at the same time, and shorter than any server waits. */
const IDLE_MS = 10_000;

/** Sends by SMTP, one message after the other over as many connections as the server takes. */
export function openEmail(
  connection: EmailConnection,
  { renderMail, clock, attemptMs = ATTEMPT_MS, patience, idleMs = IDLE_MS, redact = String }: EmailDeps,
): Destination<EmailOptions> {
  const closing = new AbortController();
  const gate = openGate(connection, clock);
  const sessions = openSessions({ idleMs, hasRoom: (idle) => gate.hasRoom(idle) });
  return {
    attachmentBytesMax: connection.attachmentBytesMax,
    async deliver(message: Message, options: EmailOptions, terms: DeliveryTerms): Promise<Outcome> {
      const { signal, confirm, commit, only } = terms;
      const toServe = onlyThese(options, only);
      if (recipients(toServe).length === 0) return noRecipientLeft(only ?? []);
      const keptOut = disallowedAddresses(toServe, connection);
      if (keptOut.length > 0) return notAllowed(keptOut);
      const introduced = { ...message, intro: introOf(message, options.message) };
      const hasLinks = terms.unsubscribe !== null && isLeft(message, options);
      // A link is one recipient's alone, and so is the message that it is in (RFC 8058, 2).
      const partMax = hasLinks ? 1 : connection.recipientsMax;
      return sendInParts(recipients(toServe), partMax, async (part) => {
        const leaving = await leavingOf({ message, options, connection }, part, terms);
        const body = await renderMail(introduced, undefined, readerOf(leaving, part, options));
        const files = mailFiles(message, body);
        const to = { shown: options, toServe: onlyThese(toServe, part), leaving };
        const mail = mailOf(message, body, files, to, connection, clock.now());
        const ended = AbortSignal.any([signal, closing.signal]);
        const order = {
          compose: () => withFiles(mail, files),
          connection,
          sessions,
          redact,
          signal: ended,
          confirm,
          commit,
          patience,
          limitMs: attemptMs + mail.envelope.size / SLOWEST_BYTES_PER_MS,
        };
        return gate.through(ended, (reached) => sendMail({ ...order, reached }));
      });
    },
    headline: (message, options) => subjectOf(message, options.subject),
    preview: (message, options, { unsubscribe } = { unsubscribe: null }) =>
      previewEmail(message, options, connection, { renderMail, now: clock.now(), unsubscribe }),
    checkConnection: (signal) =>
      checkConnection(connection, redact, AbortSignal.any([signal, closing.signal])),
    release: () => sessions.close(),
    close() {
      closing.abort(new ReportError("the email destination was closed", { code: "cancelled" }));
      sessions.close();
    },
  };
}

async function withFiles(
  mail: SendMailOptions,
  files: readonly MailFile[],
): Promise<ComposedMail | Again | Refused> {
  const handles = await openArtifacts(files.map(({ artifact }) => artifact));
  if ("kind" in handles) return handles;
  return {
    mail: { ...mail, attachments: attachmentsOf(files, handles) },
    close: () => Promise.allSettled(handles.map((handle) => handle.close())),
  };
}

/** Says whether the server answers and takes the login. Findings, not exceptions, unless it is aborted. */
async function checkConnection(
  connection: EmailConnection,
  redact: Redact,
  signal: AbortSignal,
): Promise<Problem[]> {
  signal.throwIfAborted();
  try {
    (await openSession(connection, signal)).quit();
    return [];
  } catch (thrown) {
    if (signal.aborted) throw signal.reason;
    const failure = failureOf(smtpError(thrown, connection, redact), "session", connection);
    if ("failure" in failure) throw thrown;
    const reachAdvice = "Check email.smtp, and that this machine may reach the server.";
    const advice = failure.kind === "refused" ? failure.advice : reachAdvice;
    return [{ message: failure.reason, advice, path: [] }];
  }
}

function noRecipientLeft(only: readonly string[]): Refused {
  return {
    kind: "refused",
    reason: `${only.join(", ")}: not a recipient of this report any more.`,
    advice: "Put the address back in reports.yaml, or leave this delivery as it is.",
  };
}

function notAllowed(addresses: readonly string[]): Refused {
  const what = addresses.length === 1 ? "is" : "are";
  return {
    kind: "refused",
    reason: `${addresses.join(", ")} ${what} outside the domains that reports may go to.`,
    advice: "Remove the address, or add its domain to email.allowed_domains.",
  };
}
