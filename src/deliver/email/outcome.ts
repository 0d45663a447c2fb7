import type { NodemailerError } from "nodemailer";
import { ReportError } from "../../core/error.ts";
import type { Again, Commitment, Outcome, Refusal, Refused, Unknown } from "../../core/model/outcome.ts";
import { excerptOf } from "../../core/rules/redact.ts";
import { isCertificateError, PRIVATE_CA_ADVICE } from "../../core/rules/secure-transport.ts";
import { shortageOf } from "../../core/shortage.ts";
import { isBusyAnswer, isLeaving, isTooMany, isTooManyAtData, type SmtpStage } from "./answers.ts";
import { type EmailConnection, helloName, serverName } from "./connection.ts";

/** A message the server took, perhaps not for everybody: nodemailer resolves where it took one recipient of many. */
export function sentOutcome(
  messageId: string,
  errors: readonly NodemailerError[],
  committed: Commitment,
): SmtpOutcome {
  const rest = errors.filter(isTooMany).flatMap(({ recipient }) => recipient ?? []);
  return committed.sent(messageId, {
    refused: refusals(errors.filter((error) => !isTooMany(error))),
    ...(rest.length > 0 ? { rest } : {}),
  });
}

/** An outcome, or that nothing has been sent and may be to others, or to fewer. */
export type SmtpOutcome = Outcome | NoneTaken | TooMany;

/** The server took none of the recipients. */
export interface NoneTaken {
  readonly kind: "none_taken";
  readonly refusals: readonly Refusal[];
  /** What it comes to where there are no others. */
  readonly failure: Refused | Again;
}

/** The server took the recipients one by one, and then not the message for so many. */
export interface TooMany {
  readonly kind: "too_many";
  /** What it comes to where there is only one. */
  readonly failure: Refused | Again;
}

export type SmtpFailure = Refused | Again | Unknown | NoneTaken | TooMany;

/**
 * What an error of nodemailer means for the message. A connection lost before the final dot and one lost after it give
 * the same error, but only after it may the server have taken the message.
 */
export function failureOf(
  error: NodemailerError,
  stage: SmtpStage,
  connection: EmailConnection,
): SmtpFailure {
  const server = serverName(connection.server);
  const refusedBy = error.rejectedErrors ?? [];
  if (refusedBy.length > 0) {
    const none = noneTaken(refusedBy, connection);
    const isBusy = none.failure.kind === "again" && refusedBy.some((each) => isBusyAnswer(each, stage));
    return isBusy ? { ...none, failure: { ...none.failure, isBusy } } : none;
  }
  if (error.responseCode !== undefined) return answered(error, stage, connection);
  if (stage === "complete") {
    return {
      kind: "unknown",
      reason: `${server} did not answer once it had the whole message (${cause(error)}).`,
    };
  }
  if (error.code === "EABORT") {
    const isSlow = error.cause instanceof ReportError && error.cause.code === "timeout";
    const reason = `Sending was stopped before the message was complete: ${cause(error)}.`;
    return again(reason, isSlow && stage === "session");
  }
  // Its files could not be read, which says nothing of the next time; nor does what has run out here say anything of the server.
  if (["ESTREAM", "EFILEACCESS", "EURLACCESS", "ECONFIG"].includes(error.code ?? ""))
    return again(`The message could not be put together: ${error.message}`, false);
  const shortage = shortageOf(error);
  if (shortage !== null)
    return advised(
      again(`${server} was not asked: ${shortage.what} (${shortage.code}).`, false),
      shortage.advice,
    );
  const reason = `${server}: ${cause(error)}.`;
  return needsMending(error) ? refused(reason, error, connection) : again(reason, stage === "session");
}

/** An answer that speaks of the message as a whole. */
function answered(
  error: NodemailerError,
  stage: SmtpStage,
  connection: EmailConnection,
): Refused | Again | TooMany {
  const reason = `${serverName(connection.server)} answered: ${reply(error)}`;
  const isOut = stage === "session" || (stage === "envelope" && isLeaving(error));
  const later = advised(
    { ...again(reason, isOut), ...(isBusyAnswer(error, stage) ? { isBusy: true } : {}) },
    specialAdvice(error, connection),
  );
  if (isTooManyAtData(error)) return { kind: "too_many", failure: later };
  return isPermanent(error) ? refused(reason, error, connection) : later;
}

function refused(reason: string, error: NodemailerError, connection: EmailConnection): Refused {
  const refusal = { kind: "refused", reason, advice: advice(error, connection) } as const;
  return isLogin(error) ? { ...refusal, isLogin: true } : refusal;
}

/** Whether the credentials are the matter (RFC 4954, 6). */
function isLogin({ code, responseCode = 0 }: NodemailerError): boolean {
  return code === "EAUTH" || [530, 534, 535, 538].includes(responseCode);
}

function again(reason: string, isServerOut: boolean): Again {
  return isServerOut ? { kind: "again", reason, isServerOut } : { kind: "again", reason };
}

function advised(outcome: Again, advice: string | null): Again {
  return advice === null ? outcome : { ...outcome, advice };
}

/** Whether trying again is useless although the server gave no reply code. */
function needsMending(error: NodemailerError): boolean {
  if (certificateTrouble(error) || wrongProtocol(error)) return true;
  // A TLS handshake cut short by the line is not a matter of configuration.
  if (error.code === "ETLS") return !/closed unexpectedly/.test(error.message);
  return ["EMESSAGE", "EAUTH", "ENOAUTH", "EENVELOPE", "EREQUIRETLS", "EMAXRECIPIENTS"].includes(
    error.code ?? "",
  );
}

function noneTaken(errors: readonly NodemailerError[], connection: EmailConnection): NoneTaken {
  const isOut = errors.some(isLeaving);
  const final = errors.filter((error) => isPermanent(error));
  const advices = errors.map((error) => specialAdvice(error, connection));
  const special = advices.find((each) => each !== null) ?? null;
  const [first] = errors;
  const usual = first !== undefined && final.length === errors.length ? advice(first, connection) : null;
  const failure = allRefusedOutcome(refusals(errors), special ?? usual);
  return {
    kind: "none_taken",
    refusals: refusals(errors),
    failure: isOut && failure.kind === "again" ? { ...failure, isServerOut: true } : failure,
  };
}

/** One recipient who may be served later is reason enough to come again. */
export function allRefusedOutcome(all: readonly Refusal[], advised: string | null): Refused | Again {
  const whole = all.map((refusal) => `${refusal.recipient}: ${refusal.reason}`).join("; ");
  const reason = excerptOf(whole, REPLY_CHARS_MAX * 3);
  if (all.some(({ permanent }) => !permanent))
    return advised === null ? { kind: "again", reason } : { kind: "again", reason, advice: advised };
  return {
    kind: "refused",
    reason: `Every recipient was refused. ${reason}`,
    advice: advised ?? "Check the addresses.",
  };
}

function refusals(errors: readonly NodemailerError[]): Refusal[] {
  return errors.map((error) => ({
    recipient: error.recipient ?? "",
    reason: reply(error),
    permanent: isPermanent(error),
  }));
}

/** 5xx is final, but for 503 (bad sequence), which speaks of the session and not of the message. */
function isPermanent(error: NodemailerError): boolean {
  return error.permanent === true && !(error.command === "RCPT TO" && isTooMany(error));
}

function advice(error: NodemailerError, connection: EmailConnection): string {
  const { responseCode = 0, command = "" } = error;
  // RFC 3463: class.subject.detail.
  const enhanced = /\b5\.(\d{1,3}\.\d{1,3})\b/.exec(error.response ?? "")?.[1] ?? "";
  const special = specialAdvice(error, connection);
  if (special !== null) return special;
  if (error.code === "ETLS") {
    return "The server offers no STARTTLS, and a password is never sent in the clear: use smtps:// with the server's TLS port, or a server that offers it.";
  }
  if (wrongProtocol(error)) {
    return "This port does not speak TLS from the start: use smtp:// (it turns to TLS by STARTTLS), or the server's smtps port, usually 465.";
  }
  if (certificateTrouble(error)) {
    return `Check the host name in email.smtp against the server's certificate. ${PRIVATE_CA_ADVICE}`;
  }
  if (isLogin(error)) {
    return "Check the user and the password in email.smtp; some providers want a password made for this application.";
  }
  if (error.code === "EMESSAGE" && responseCode === 0) return SMALLER_ADVICE;
  if (responseCode === 552 || ["3.4", "2.3"].includes(enhanced)) return SMALLER_ADVICE;
  if (command === "MAIL FROM" || ["1.7", "1.8"].includes(enhanced)) {
    return `Check that this account may send as ${connection.from.address}, or change email.from.`;
  }
  if (enhanced.startsWith("1.")) return "Check the address.";
  if (enhanced.startsWith("7.")) {
    return `A rule of the server forbids it: check that the account may send as ${connection.from.address}, and to this recipient.`;
  }
  return "Ask the people who run the mail server, and show them its answer.";
}

/** What is to be done whether the answer is final or not; null: that depends. */
function specialAdvice(error: NodemailerError, connection: EmailConnection): string | null {
  const { responseCode = 0, command = "", response = "" } = error;
  const isUnknownCommand = responseCode >= 500 && responseCode <= 504;
  if (command === "STARTTLS" && responseCode > 0 && !(isUnknownCommand && connection.server.login !== null)) {
    return "The server offers STARTTLS and refuses it: use smtps:// with its TLS port, usually 465, or ask the people who run it.";
  }
  if (command !== "STARTTLS" && /\bSTARTTLS\b/i.test(response)) {
    return "The server takes no mail before the connection is encrypted, and offers no STARTTLS here: use the port where it does, usually 587, or smtps:// with its TLS port, usually 465.";
  }
  const isHello = responseCode >= 500 && (command === "EHLO" || command === "HELO");
  if (isHello || /\b(?:EHLO|HELO)\b/i.test(response)) {
    return `The server may not accept the name ${helloName(connection)}, which this machine gives it: set email.hello to a full one that DNS knows.`;
  }
  if (
    /\b[45]\.2\.2\b/.test(response) ||
    /\b(?:mailbox (?:is )?full|over ?quota|quota exceeded)\b/i.test(response)
  ) {
    return "The recipient's mailbox is full: ask them to make room, or take the address out until there is some.";
  }
  return null;
}

const SMALLER_ADVICE =
  "Make the message smaller: fewer rows, fewer files, or a lower email.attach_max, so that files above it are left out.";

function certificateTrouble(error: NodemailerError): boolean {
  return isCertificateError(error.originalCode ?? error.code ?? "");
}

function wrongProtocol(error: NodemailerError): boolean {
  return /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNSUPPORTED_PROTOCOL/.test(error.originalCode ?? "");
}

const REPLY_CHARS_MAX = 300;

/** The server's reply on one line: "550 5.1.1 No such mailbox". */
function reply(error: NodemailerError): string {
  const text = (error.response ?? error.message).replace(
    /\r?\n(?:\d{3}[ -])?(?:[245]\.\d{1,3}\.\d{1,3} )?/g,
    " ",
  );
  return excerptOf(text, REPLY_CHARS_MAX);
}

/** What happened to the connection, in words. */
function cause(error: NodemailerError): string {
  if (error.code === "EABORT") return error.cause instanceof Error ? error.cause.message : "aborted";
  if (error.timeoutType === "GREETING_TIMEOUT") {
    return "no greeting came in time; if this port speaks TLS from the start, write smtps://";
  }
  return error.message.replace(/\.$/, "");
}
