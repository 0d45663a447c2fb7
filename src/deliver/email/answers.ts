import type { NodemailerError } from "nodemailer";

/** How far a conversation has got. */
export type SmtpStage =
  | "session" // up to the login: no message is the matter yet
  | "envelope" // MAIL FROM, RCPT TO, DATA
  | "body" // the message is on its way
  | "complete"; // the final dot has been handed to the connection

const TOO_MANY = /\btoo many recipients\b/i;

/**
 * Whether the server takes no more recipients with this message. RFC 5321, 4.5.3.1.10: 452, and 552, which is to be read as 452; RFC 3463:
 * x.5.3. Other detail codes speak of this recipient's mailbox.
 */
export function isTooMany({ response = "", responseCode = 0 }: NodemailerError): boolean {
  const detail = /^\d{3}[ -][245]\.(\d{1,3}\.\d{1,3})\b/.exec(response)?.[1];
  if (detail === "5.3" || TOO_MANY.test(response)) return true;
  if (detail !== undefined) return false;
  return responseCode === 452 || (responseCode === 552 && !/mailbox|quota|full|storage|size/i.test(response));
}

/**
 * The same of an answer to the whole message, to DATA or after the final dot: where it says so. A 452 without it is a full disk (RFC 5321,
 * 4.2.3), and no fewer recipients would help.
 */
export function isTooManyAtData({ response = "", command = "" }: NodemailerError): boolean {
  return command === "DATA" && (/^\d{3}[ -][245]\.5\.3\b/.test(response) || TOO_MANY.test(response));
}

/**
 * Whether an answer to the whole message, to DATA or after the final dot, speaks of the recipient's address or mailbox (RFC 3463, 3.2 and 3.3; 1.7
 * and 1.8 are the sender's): other recipients' messages may be taken.
 */
export function isOfRecipientAtData({ response = "", command = "" }: NodemailerError): boolean {
  return command === "DATA" && /^\d{3}[ -][45]\.(?:1\.[1-6]|2\.\d{1,3})\b/.test(response);
}

/**
 * What a server answers that has as many conversations as it takes, where others get through meanwhile: 421 and 432 at any time, whatever
 * speaks of connections or rates, and any 4xx before a recipient is named.
 */
export function isBusyAnswer(
  { responseCode = 0, response = "", command = "" }: NodemailerError,
  stage: SmtpStage,
): boolean {
  if (responseCode < 400 || responseCode > 499) return false;
  if (responseCode === 421 || responseCode === 432) return true;
  if (stage === "session" || (stage === "envelope" && command === "MAIL FROM")) return true;
  return /\b(?:connections?|concurren\w+|rate|throttl\w+)\b|too many (?:messages|mails|sessions)|[ -]4\.3\.2\b/i.test(
    response,
  );
}

/**
 * Whether a connection that messages went over before had come to its end before this one: it breaks, or the server leaves it or takes no
 * further sender on it. Nothing of the message has left by then, and what the server thinks of it a new connection will say.
 */
export function hadEnded(error: NodemailerError, stage: SmtpStage): boolean {
  if (stage !== "envelope") return false;
  if (isLeaving(error)) return true;
  if (error.responseCode !== undefined) return error.command === "MAIL FROM";
  return ["ECONNECTION", "ESOCKET", "EPROTOCOL"].includes(error.code ?? "");
}

/** Whether the server has answered in its turn and speaks of this message or its recipients: the connection takes others. */
export function isAboutMessage(error: NodemailerError, stage: SmtpStage): boolean {
  if (error.responseCode === undefined || (stage !== "envelope" && stage !== "complete")) return false;
  const all = [error, ...(error.rejectedErrors ?? [])];
  return error.command !== "MAIL FROM" && !all.some((one) => isLeaving(one) || isBusyAnswer(one, stage));
}

/** 421: the server closes the channel whatever it was asked (RFC 5321, 4.2.3). */
export function isLeaving({ responseCode, rejectedErrors = [] }: NodemailerError): boolean {
  return responseCode === 421 || rejectedErrors.some((each) => each.responseCode === 421);
}
