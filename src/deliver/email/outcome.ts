import type { NodemailerError } from "nodemailer";
import { ReportError } from "../../core/error.ts";
import type { Again, Commitment, Outcome, Refusal, Refused, Unknown } from "../../core/model/outcome.ts";
import { excerptOf } from "../../core/rules/redact.ts";
import { shortageOf } from "../../core/shortage.ts";
import { advice, certificateTrouble, isLogin, specialAdvice, wrongProtocol } from "./advice.ts";
import {
  isBusyAnswer,
  isLeaving,
  isOfRecipientAtData,
  isTooMany,
  isTooManyAtData,
  type SmtpStage,
} from "./answers.ts";
import { type EmailConnection, serverName } from "./connection.ts";

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
  /** By name; none where it answered once for all of them. */
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
    const isBusy = refusedBy.some((each) => isBusyAnswer(each, stage));
    return isBusy && none.failure.kind === "again"
      ? { ...none, failure: { ...none.failure, busy: "no_other_seen" } }
      : none;
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
): Refused | Again | NoneTaken | TooMany {
  const reason = `${serverName(connection.server)} answered: ${reply(error)}`;
  const isOut = stage === "session" || (stage === "envelope" && isLeaving(error));
  const later = advised(
    { ...again(reason, isOut), ...(isBusyAnswer(error, stage) && { busy: "no_other_seen" as const }) },
    specialAdvice(error, connection),
  );
  if (isTooManyAtData(error)) return { kind: "too_many", failure: later };
  const failure = isPermanent(error) ? refused(reason, error, connection) : later;
  return isOfRecipientAtData(error) ? { kind: "none_taken", refusals: [], failure } : failure;
}

function refused(reason: string, error: NodemailerError, connection: EmailConnection): Refused {
  const refusal = { kind: "refused", reason, advice: advice(error, connection) } as const;
  return isLogin(error) ? { ...refusal, isLogin: true } : refusal;
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
