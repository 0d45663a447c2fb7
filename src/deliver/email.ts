import type { FileHandle } from "node:fs/promises";
import { createTransport, type NodemailerError, type SendMailOptions } from "nodemailer";
import type { Destination, Finding } from "../core/adapter.ts";
import type { Clock } from "../core/clock.ts";
import type { RenderMail } from "../core/digest.ts";
import { ReportError } from "../core/error.ts";
import type { Message } from "../core/message.ts";
import type { Outcome } from "../core/outcome.ts";
import { redact } from "../core/secret.ts";
import { openArtifact } from "./artifact-file.ts";
import { disallowedAddresses, type EmailConnection } from "./email-connection.ts";
import { mailOf } from "./email-message.ts";
import { describeRecipients, type EmailOptions } from "./email-options.ts";
import { failedOutcome, sentOutcome } from "./email-outcome.ts";
import { smtpOptions } from "./smtp-options.ts";

export interface EmailDeps {
  readonly renderMail: RenderMail;
  readonly clock: Clock;
}

/** Sends by SMTP, each message over a connection of its own: reports are few, and a shared one would tie their fates. */
export function openEmail(
  connection: EmailConnection,
  { renderMail, clock }: EmailDeps,
): Destination<EmailOptions> & { close(): void } {
  const closing = new AbortController();
  return {
    kind: "email",
    describe: describeRecipients,
    attachmentBytesMax: connection.attachmentBytesMax,
    async deliver(message, options, signal) {
      const keptOut = disallowedAddresses(options, connection);
      if (keptOut.length > 0) return notAllowed(keptOut);
      const body = renderMail({ ...message, intro: options.message ?? message.intro });
      const mail = mailOf(message, body, options, connection, clock.now());
      const files = await openFiles(message);
      try {
        // Streams, not paths: the message may name no file for nodemailer to open (disableFileAccess).
        const attachments = message.artifacts.map(({ filename, contentType }, index) => ({
          filename,
          contentType,
          content: files[index]?.createReadStream(),
        }));
        return await send({ ...mail, attachments }, connection, AbortSignal.any([signal, closing.signal]));
      } finally {
        await Promise.allSettled(files.map((file) => file.close()));
      }
    },
    checkConnection: (signal) => checkConnection(connection, AbortSignal.any([signal, closing.signal])),
    /** Aborts what is still under way. */
    close: () => closing.abort(new ReportError("the email destination was closed", { code: "cancelled" })),
  };
}

async function send(
  mail: SendMailOptions,
  connection: EmailConnection,
  signal: AbortSignal,
): Promise<Outcome> {
  let bodyComplete = false;
  const transport = createTransport({
    ...smtpOptions(connection),
    // The one place where nodemailer tells that the final dot has gone to the connection.
    logger: {
      info(entry: { tnx?: string }) {
        bodyComplete ||= entry.tnx === "message";
      },
      // Without a level of their own, debug and the others would be routed to info.
      ...silent,
    },
  });
  try {
    return sentOutcome(await transport.sendMail({ ...mail, signal }));
  } catch (thrown) {
    return cleaned(failedOutcome(smtpError(thrown), bodyComplete, connection), connection);
  }
}

/** Says whether the server is there and takes the login. Findings, not exceptions, unless it is aborted. */
async function checkConnection(connection: EmailConnection, signal: AbortSignal): Promise<Finding[]> {
  signal.throwIfAborted();
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    await Promise.race([createTransport(smtpOptions(connection)).verify(), stopped.promise]);
    return [];
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const outcome = cleaned(failedOutcome(smtpError(thrown), false, connection), connection);
    if (outcome.kind === "sent") return [];
    const reachAdvice = "Check email.smtp, and that this machine may reach the server.";
    return [
      {
        message: outcome.reason,
        advice: outcome.kind === "refused" ? outcome.advice : reachAdvice,
        path: [],
      },
    ];
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Opens every file ahead of the conversation, so that a missing one leaves the server alone. */
async function openFiles(message: Message): Promise<FileHandle[]> {
  const files: FileHandle[] = [];
  try {
    for (const artifact of message.artifacts) files.push(await openArtifact(artifact));
    return files;
  } catch (thrown) {
    await Promise.allSettled(files.map((file) => file.close()));
    throw thrown;
  }
}

function notAllowed(addresses: readonly string[]): Outcome {
  const what = addresses.length === 1 ? "is" : "are";
  return {
    kind: "refused",
    reason: `${addresses.join(", ")} ${what} outside the domains that reports may go to.`,
    advice: "Remove the address, or add its domain to email.allowed_domains.",
  };
}

const nothing = () => {};
const silent = { trace: nothing, debug: nothing, warn: nothing, error: nothing, fatal: nothing };

function smtpError(thrown: unknown): NodemailerError {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** Without the password, should a server have quoted it or the command it came in (AUTH PLAIN, RFC 4616). */
function cleaned(outcome: Outcome, { server }: EmailConnection): Outcome {
  if (outcome.kind === "sent" || server.login === null) return outcome;
  const { user, password } = server.login;
  return { ...outcome, reason: redact(outcome.reason, [`\0${user}\0${password}`, password]) };
}
