import { createHash } from "node:crypto";
import type { SendMailOptions } from "nodemailer";
import type { MailBody } from "../../core/model/digest.ts";
import { type Message, subjectOf } from "../../core/model/message.ts";
import { withoutEnd } from "../../core/rules/trimmed.ts";
import { type Address, domainOf } from "../address.ts";
import type { EmailConnection } from "./connection.ts";
import { encodedBytes, type MailFile } from "./files.ts";
import { type Leaving, listHeaders } from "./leaving.ts";
import { type EmailOptions, recipients } from "./options.ts";

export interface Addressing {
  /** Whom the headers name. */
  readonly shown: EmailOptions;
  /** Whom this attempt goes to: all of them, or those who have not been served. */
  readonly toServe: EmailOptions;
  /** How they end that it is sent to them; null: they cannot. */
  readonly leaving: Leaving | null;
}

/** Everything of the message but the contents of its files, as nodemailer takes it. */
export function mailOf(
  message: Message,
  body: MailBody,
  files: readonly MailFile[],
  { shown: options, toServe, leaving }: Addressing,
  connection: EmailConnection,
  now: Date,
): SendMailOptions & { envelope: { size: number }; baseBoundary: string } {
  const { from } = connection;
  const { locale } = message.run;
  const thread = options.thread ? threadId(message.run.report, options, connection) : null;
  const replyTo = options.replyTo.length > 0 ? options.replyTo : [connection.replyTo ?? []].flat();
  return {
    from: named(from),
    to: options.to.map(named),
    cc: options.cc.map(named),
    // Bcc recipients are in the envelope alone.
    replyTo: replyTo.map(named),
    // Given outright, so that no header is ever read again to find out who gets the message.
    envelope: {
      from: from.address,
      to: recipients(toServe).map((address) => address.address),
      // With it nodemailer holds the message against the server's SIZE (RFC 1870) before DATA.
      size: encodedBytes(body, files),
    },
    subject: headerText(oneLine(subjectOf(message, options.subject))),
    text: body.text,
    html: body.html,
    messageId: messageId(message.key, connection),
    // Every attempt at a delivery, and its preview, are the same to the byte.
    baseBoundary: hash(message.key).slice(0, 16),
    // RFC 5322, 3.6.4: a reply to a message that does not exist, and that every run names.
    ...(thread === null ? {} : { inReplyTo: thread, references: thread }),
    date: now,
    headers: {
      // RFC 3834 keeps holiday replies away; Exchange and Outlook listen to the second.
      "Auto-Submitted": "auto-generated",
      "X-Auto-Response-Suppress": "All",
      // RFC 2919: what mail clients sort by.
      "List-Id": `<${label(message.run.report)}.lookpost.${domainOf(from)}>`,
      // RFC 3282. English mails have none.
      ...(locale === undefined || locale === "en" ? {} : { "Content-Language": locale }),
      ...(leaving === null ? {} : listHeaders(leaving)),
      "X-Lookpost-Report": headerText(message.run.report),
      "X-Lookpost-Run": message.run.id,
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  };
}

/** The same for every attempt at one delivery, so that servers and clients can tell a repetition. */
function messageId(key: string, connection: EmailConnection): string {
  return `<${hash(key)}@${domainOf(connection.from)}>`;
}

/** The same for every run of a report and the same recipients. */
function threadId(report: string, options: EmailOptions, connection: EmailConnection): string {
  const all = recipients(options).map(({ address }) => address.toLowerCase());
  const name = ["thread", report, ...all.sort()].join("\n");
  return `<${hash(name)}@${domainOf(connection.from)}>`;
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}

const NAME_CHARS_MAX = 300;

/** The name as it was given, and none where none was. It is cut before it makes a line of more than 998 octets (RFC 5322, 2.1.1). */
function named({ name, address }: Address): { name: string; address: string } {
  return { name: [...name].slice(0, NAME_CHARS_MAX).join(""), address };
}

/** Longer words leave a header no place to be folded within 78 characters. */
const WORD_CHARS_MAX = 60;
/** Such that an encoded word has at most 75 characters (RFC 2047, 2). */
const ENCODED_BYTES_MAX = 45;

/**
 * What nodemailer would send as it is, though readers would take it for something else or could not take it at all, as encoded
 * words: text that looks like one, and words too long to fold.
 */
function headerText(text: string): string {
  if (!text.includes("=?") && !text.split(" ").some((word) => word.length > WORD_CHARS_MAX)) return text;
  const words: string[] = [];
  let word = "";
  for (const letter of text.toWellFormed()) {
    if (Buffer.byteLength(word + letter) > ENCODED_BYTES_MAX) {
      words.push(word);
      word = "";
    }
    word += letter;
  }
  return [...words, word].map((each) => `=?UTF-8?B?${Buffer.from(each).toString("base64")}?=`).join(" ");
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, " ").trim();
}

/** A domain label out of a report's name (RFC 2919 wants the List-Id to look like a host name). */
function label(name: string): string {
  const words = name
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, "-")
    .replace(/^-+/, "");
  const plain = withoutEnd(words, "-");
  return plain === "" ? hash(name).slice(0, 12) : plain.slice(0, 63);
}
