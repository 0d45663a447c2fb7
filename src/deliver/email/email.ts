import { ReportError } from "../../core/error.ts";
import type { RenderMail } from "../../core/model/digest.ts";
import type { Outcome } from "../../core/model/outcome.ts";
import type { Problem } from "../../core/model/problem.ts";
import type { Destination } from "../../core/ports/adapter.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { openArtifacts } from "../artifact-file.ts";
import { introOf } from "../intro.ts";
import { disallowedAddresses, type EmailConnection } from "./connection.ts";
import { attachmentsOf, mailFiles } from "./files.ts";
import { mailOf } from "./message.ts";
import { describeRecipients, type EmailOptions, onlyThese, recipients } from "./options.ts";
import { failedOutcome } from "./outcome.ts";
import { previewEmail } from "./preview.ts";
import { cleaned, sendMail, smtpError } from "./send.ts";
import { smtpOptions } from "./smtp-options.ts";

export interface EmailDeps {
  readonly renderMail: RenderMail;
  readonly clock: Clock;
  /** How long one attempt may take, apart from the time that the bytes of a large message need. */
  readonly attemptMs?: number;
}

const ATTEMPT_MS = 10 * 60_000;
/** 100 kB/s: a line that is slower than that is not worth waiting for. */
const SLOWEST_BYTES_PER_MS = 100;

/** Sends by SMTP, each message over a connection of its own: reports are few, and a shared one would tie their fates. */
export function openEmail(
  connection: EmailConnection,
  { renderMail, clock, attemptMs = ATTEMPT_MS }: EmailDeps,
): Destination<EmailOptions> & { close(): void } {
  const closing = new AbortController();
  return {
    kind: "email",
    describe: describeRecipients,
    attachmentBytesMax: connection.attachmentBytesMax,
    async deliver(message, options, { signal, confirm, commit, only }) {
      const toServe = onlyThese(options, only);
      if (recipients(toServe).length === 0) return nobodyLeft(only ?? []);
      const keptOut = disallowedAddresses(toServe, connection);
      if (keptOut.length > 0) return notAllowed(keptOut);
      const body = await renderMail({ ...message, intro: introOf(message, options.message) });
      const files = mailFiles(message, body);
      const mail = mailOf(message, body, files, { shown: options, toServe }, connection, clock.now());
      const handles = await openArtifacts(files.map(({ artifact }) => artifact));
      if ("kind" in handles) return handles;
      try {
        return await sendMail({
          mail: { ...mail, attachments: attachmentsOf(files, handles) },
          connection,
          signal: AbortSignal.any([signal, closing.signal]),
          confirm,
          commit,
          limitMs: attemptMs + mail.envelope.size / SLOWEST_BYTES_PER_MS,
        });
      } finally {
        await Promise.allSettled(handles.map((handle) => handle.close()));
      }
    },
    headline: (message, options) => options.subject ?? message.subject,
    preview: (message, options) =>
      previewEmail(message, options, connection, { renderMail, now: clock.now() }),
    checkConnection: (signal) => checkConnection(connection, AbortSignal.any([signal, closing.signal])),
    /** Aborts what is still under way. */
    close: () => closing.abort(new ReportError("the email destination was closed", { code: "cancelled" })),
  };
}

/** Says whether the server is there and takes the login. Findings, not exceptions, unless it is aborted. */
async function checkConnection(connection: EmailConnection, signal: AbortSignal): Promise<Problem[]> {
  signal.throwIfAborted();
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    const { createTransport } = await import("nodemailer");
    await Promise.race([createTransport(smtpOptions(connection)).verify(), stopped.promise]);
    return [];
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    const outcome = cleaned(failedOutcome(smtpError(thrown), "session", connection), connection);
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

function nobodyLeft(only: readonly string[]): Outcome {
  return {
    kind: "refused",
    reason: `${only.join(", ")}: no recipient of this report any more.`,
    advice: "Put the address back in reports.yaml, or leave this delivery as it is.",
  };
}

function notAllowed(addresses: readonly string[]): Outcome {
  const what = addresses.length === 1 ? "is" : "are";
  return {
    kind: "refused",
    reason: `${addresses.join(", ")} ${what} outside the domains that reports may go to.`,
    advice: "Remove the address, or add its domain to email.allowed_domains.",
  };
}
