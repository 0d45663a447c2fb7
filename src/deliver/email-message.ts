import { createHash } from "node:crypto";
import type { SendMailOptions } from "nodemailer";
import type { MailBody } from "../core/digest.ts";
import type { Message } from "../core/message.ts";
import { type Address, domainOf } from "./address.ts";
import type { EmailConnection } from "./email-connection.ts";
import { type EmailOptions, recipients } from "./email-options.ts";

export interface Addressing {
  /** Whom the headers name. */
  readonly shown: EmailOptions;
  /** Whom this attempt goes to: all of them, or those who have not been served. */
  readonly toServe: EmailOptions;
}

/** Everything of the message but its attached files, as nodemailer takes it. */
export function mailOf(
  message: Message,
  body: MailBody,
  { shown: options, toServe }: Addressing,
  connection: EmailConnection,
  now: Date,
): SendMailOptions & { envelope: { size: number } } {
  const { from } = connection;
  const replyTo = options.replyTo.length > 0 ? options.replyTo : [connection.replyTo ?? []].flat();
  return {
    from: { ...from },
    to: options.to.map(named),
    cc: options.cc.map(named),
    // Bcc recipients stand in the envelope alone.
    replyTo: replyTo.map((address) => ({ ...address })),
    // Given outright, so that no header is ever read again to find out who gets the message.
    envelope: {
      from: from.address,
      to: recipients(toServe).map((address) => address.address),
      // With it nodemailer holds the message against the server's SIZE (RFC 1870) before DATA.
      size: encodedBytes(message, body),
    },
    subject: oneLine(options.subject ?? message.subject),
    text: body.text,
    html: body.html,
    messageId: messageId(message.key, connection),
    date: now,
    headers: {
      // RFC 3834 keeps holiday replies away; Exchange and Outlook listen to the second.
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      // RFC 2919: what mail clients sort by.
      "List-Id": `<${label(message.run.report)}.lookpost.${domainOf(from)}>`,
      "X-Lookpost-Report": message.run.report,
      "X-Lookpost-Run": message.run.id,
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** The same for every attempt at one delivery, so that servers and clients can tell a repetition. */
function messageId(key: string, connection: EmailConnection): string {
  return `<${createHash("sha256").update(key).digest("hex").slice(0, 32)}@${domainOf(connection.from)}>`;
}

/** Spam filters mark a bare address in To down, so the mailbox stands in for a name nobody gave. */
function named(address: Address): { name: string; address: string } {
  const name =
    address.name === "" ? address.address.slice(0, address.address.lastIndexOf("@")) : address.name;
  return { name, address: address.address };
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

/** A domain label out of a report's name (RFC 2919 wants the List-Id to look like a host name). */
function label(name: string): string {
  const plain = name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+|-+$/g, "");
  return plain === "" ? createHash("sha256").update(name).digest("hex").slice(0, 12) : plain.slice(0, 63);
}

/**
 * Bytes on the wire. Attachments are exact: base64 in lines of 76 with CRLF. Bodies are taken as quoted-printable that
 * escapes one byte in five, which real digests stay below, and headers as 500 bytes a part.
 */
function encodedBytes(message: Message, body: MailBody): number {
  const attached = message.artifacts.map(({ file }) => {
    const base64 = 4 * Math.ceil(file.bytes / 3);
    return base64 + 2 * Math.ceil(base64 / 76) + 500;
  });
  const written = Buffer.byteLength(body.html) + Buffer.byteLength(body.text);
  return attached.reduce((sum, bytes) => sum + bytes, Math.ceil(written * 1.4) + 2000);
}
