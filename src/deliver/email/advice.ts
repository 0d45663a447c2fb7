import type { NodemailerError } from "nodemailer";
import {
  isCertificateError,
  NEW_SECRET_ADVICE,
  PRIVATE_CA_ADVICE,
} from "../../core/rules/secure-transport.ts";
import { type EmailConnection, helloName } from "./connection.ts";

/** What mends a final answer. */
export function advice(error: NodemailerError, connection: EmailConnection): string {
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
    return `Check the user and the password in email.smtp; some providers want a password made for this application. ${NEW_SECRET_ADVICE}`;
  }
  if (error.code === "EMESSAGE" && responseCode === 0) return SMALLER_ADVICE;
  if (responseCode === 552 || ["3.4", "2.3"].includes(enhanced)) return SMALLER_ADVICE;
  if (command === "MAIL FROM" || ["1.7", "1.8"].includes(enhanced)) {
    return `Check that this account may send as ${connection.from.address}, or change email.from.`;
  }
  if (enhanced.startsWith("1.")) return "Check the address, and correct it in reports.yaml.";
  if (enhanced.startsWith("7.")) {
    return `A rule of the server forbids it: check that the account may send as ${connection.from.address}, and to this recipient.`;
  }
  return "Ask the people who run the mail server, and show them its answer.";
}

/** What is to be done whether the answer is final or not; null: that depends. */
export function specialAdvice(error: NodemailerError, connection: EmailConnection): string | null {
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

export function certificateTrouble(error: NodemailerError): boolean {
  return isCertificateError(error.originalCode ?? error.code ?? "");
}

export function wrongProtocol(error: NodemailerError): boolean {
  return /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNSUPPORTED_PROTOCOL/.test(error.originalCode ?? "");
}

/** Whether the credentials are the matter (RFC 4954, 6). */
export function isLogin({ code, responseCode = 0 }: NodemailerError): boolean {
  return code === "EAUTH" || [530, 534, 535, 538].includes(responseCode);
}
