import { z } from "zod";
import type { Schema } from "../../core/ports/adapter.ts";
import type { DestinationSchemas } from "../../core/ports/destination.ts";
import { readSize } from "../../core/rules/size.ts";
import { type Address, addressOf, readDomain } from "../address.ts";
import { mailboxText } from "../mailbox-schema.ts";
import { type EmailConnection, readSmtpUrl } from "./connection.ts";
import { type EmailOptions, recipients } from "./options.ts";

/** Gmail takes 25 MB, counted after base64, which adds 37 %. */
const ATTACH_MAX_DEFAULT = "18MB";
const ATTACH_BYTES_MIN = 10_000;
const ATTACH_BYTES_MAX = 100_000_000;

/** Providers take 50 (SES) to 500 (Gmail) recipients in one message. */
const RECIPIENTS_DEFAULT = 50;
const RECIPIENTS_MAX = 500;

/** The worker makes no more deliveries by email at once. */
const CONNECTIONS_MAX = 10;

/** The `email:` block of reports.yaml. */
export const emailConnection: Schema<EmailConnection> = z
  .strictObject({
    smtp: z
      .string()
      .refine((text) => readSmtpUrl(text).ok, { error: (issue) => smtpMistake(String(issue.input)) })
      .meta({
        description:
          "The mail server: smtps://user:password@host:465 (TLS from the start) or smtp://user:password@host:587 (STARTTLS). " +
          "Encode special characters of user and password as %XX.",
        secret: "url",
        variable: "SMTP_URL",
      }),
    from: mailboxText('Who the reports come from: "Data Team <reports@example.com>".'),
    reply_to: mailboxText("Where answers go.").optional(),
    hello: z
      .string()
      .refine((text) => readDomain(text).ok, {
        error: (issue) => `"${issue.input}" is not the full name of a machine: write mail.example.com.`,
      })
      .meta({
        description:
          "What this machine calls itself to the mail server (EHLO). Default: its host name where that is a full one, else the domain of from.",
        examples: ["reports.example.com"],
      })
      .optional(),
    insecure: z
      .boolean()
      .meta({
        description:
          "true: the login may be sent to a server that offers no STARTTLS, on a private network. Said at each start and by check.",
        otherwise: "false",
      })
      .optional(),
    max_recipients: z.int().min(1).max(RECIPIENTS_MAX).default(RECIPIENTS_DEFAULT).meta({
      description:
        "Most recipients in one message to the server. More are served by several messages, one after the other; each gets one.",
    }),
    max_connections: z.int().min(1).max(CONNECTIONS_MAX).default(CONNECTIONS_MAX).meta({
      description:
        "Most connections to the server at once, of each service: in a fleet of three, a third of what the server takes. A server that takes fewer is found out by its answers.",
    }),
    max_per_minute: z
      .int()
      .min(1)
      .meta({
        description:
          "Most messages in any minute, of each service: in a fleet of three, a third of what the server takes. Default: as many as it takes.",
      })
      .optional(),
    allowed_domains: z
      .array(
        z.string().refine((text) => readPattern(text) !== null, {
          error: (issue) =>
            `"${issue.input}" is not a domain: write example.com, or *.example.com for those below it.`,
        }),
      )
      .min(1)
      .meta({
        description: "The only domains reports may go to: example.com, or *.example.com for those below it.",
      })
      .optional(),
    attach_max: z
      .string({ error: "Write a size with its unit: 18MB." })
      .refine((text) => attachProblem(text) === null, {
        error: (issue) => attachProblem(String(issue.input)) ?? "",
      })
      .default(ATTACH_MAX_DEFAULT)
      .meta({
        description:
          "Largest sum of attachments and pictures in one message, before encoding, which adds 37 %: 18MB, 25 MB, 500kB. " +
          "Larger files are compressed, taken apart or offered as a link.",
        examples: ["18MB"],
      }),
  })
  .transform((given): EmailConnection => {
    const server = readSmtpUrl(given.smtp);
    // A wrong URL has been reported by the field itself.
    if (!server.ok) return z.NEVER;
    return {
      server: server.server,
      from: addressOf(given.from),
      ...(given.insecure === true && { insecure: true }),
      recipientsMax: given.max_recipients,
      connectionsMax: given.max_connections,
      perMinute: given.max_per_minute ?? null,
      hello: given.hello === undefined ? null : readHello(given.hello),
      replyTo: given.reply_to === undefined ? null : addressOf(given.reply_to),
      allowedDomains: given.allowed_domains?.flatMap((text) => readPattern(text) ?? []) ?? null,
      attachmentBytesMax: readSize(given.attach_max) ?? 0,
    };
  })
  .meta({ description: "How reports are sent by email." });

function attachProblem(text: string): string | null {
  const bytes = readSize(text);
  if (bytes === null) return `"${text}" is not a size: write a number and its unit, 18MB or 500kB.`;
  if (bytes < ATTACH_BYTES_MIN) return `"${text}" leaves no room for any file: write 10kB or more.`;
  if (bytes > ATTACH_BYTES_MAX) return `"${text}" is more than any mail server takes: write 100MB or less.`;
  return null;
}

function readHello(text: string): string {
  const reading = readDomain(text);
  return reading.ok ? reading.domain : text;
}

function readPattern(text: string): string | null {
  const below = text.startsWith("*.");
  const reading = readDomain(below ? text.slice(2) : text);
  if (!reading.ok) return null;
  return below ? `*.${reading.domain}` : reading.domain;
}

function smtpMistake(text: string): string {
  const reading = readSmtpUrl(text);
  if (reading.ok) return "";
  return `This is not the URL of a mail server: ${reading.problem}. Write smtps://user:password@host:465 or smtp://host:587.`;
}

const addressText = mailboxText('One address: "ana@example.com" or "Ana <ana@example.com>".');

const addresses = (fewest: number, description: string) =>
  z
    .union([addressText, z.array(addressText).min(fewest).max(RECIPIENTS_MAX)], {
      error: "Write an address, or a list of addresses.",
    })
    .meta({ description });

const shorthand = z
  .array(addressText)
  .min(1)
  .max(RECIPIENTS_MAX)
  .meta({ description: "Several recipients." });

const full = z
  .strictObject({
    to: addresses(1, "Who it is for: an address or a list."),
    cc: addresses(0, "Who gets a copy, named in the message.").optional(),
    bcc: addresses(0, "Who gets a copy without being named.").optional(),
    reply_to: addresses(0, "Where answers go, in place of the connection's reply_to.").optional(),
    subject: z.string().min(1).meta({ description: "Subject, in place of the report's title." }).optional(),
    message: z.string().min(1).meta({ description: "Words ahead of the data. Plain text." }).optional(),
    thread: z
      .boolean()
      .meta({
        description:
          "true: every run falls into one conversation in the recipients' mailboxes. Gmail wants the same subject each time too.",
      })
      .optional(),
    unsubscribe: z
      .boolean()
      .meta({
        description:
          "Whether recipients can stop it (List-Unsubscribe). Where server.url is set they have a link for that, and each gets a message of their own. false: as for what they have to get; they share one message.",
        otherwise: "true",
      })
      .optional(),
  })
  .meta({ description: "Recipients and words of their own." });

/** What may be under `email:` in a report's deliver list. */
export const emailOptions: Schema<EmailOptions> = z
  .union([addressText, shorthand, full], {
    error:
      "Write an address, a list of addresses, or {to: ..., cc: ..., bcc: ..., reply_to: ..., subject: ..., message: ..., thread: ..., unsubscribe: ...}.",
  })
  .transform((given) => (typeof given === "string" || Array.isArray(given) ? { to: given } : given))
  .transform(normalised)
  .refine((options) => recipients(options).length <= RECIPIENTS_MAX, {
    error: `One message goes to at most ${RECIPIENTS_MAX} recipients: use a mailing list, or several deliveries.`,
  })
  .meta({ description: "Recipients of an email: an address, a list of addresses, or an object." });

type Given = {
  to: string | string[];
  cc?: string | string[] | undefined;
  bcc?: string | string[] | undefined;
  reply_to?: string | string[] | undefined;
  subject?: string | undefined;
  message?: string | undefined;
  thread?: boolean | undefined;
  unsubscribe?: boolean | undefined;
};

function normalised(given: Given): EmailOptions {
  const seen = new Set<string>();
  return {
    to: readAddresses(given.to, seen),
    cc: readAddresses(given.cc, seen),
    bcc: readAddresses(given.bcc, seen),
    replyTo: readAddresses(given.reply_to, new Set()),
    subject: given.subject ?? null,
    message: given.message ?? null,
    thread: given.thread ?? false,
    ...(given.unsubscribe === false && { mandatory: true as const }),
  };
}

function readAddresses(given: string | string[] | undefined, seen: Set<string>): Address[] {
  return [given ?? []]
    .flat()
    .map(addressOf)
    .filter(({ address }) => {
      const key = address.toLowerCase();
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    });
}

export const emailSchemas: DestinationSchemas<EmailConnection, EmailOptions> = {
  description: "An email with the digest as its body.",
  connection: emailConnection,
  options: emailOptions,
  recipients: {
    keys: ["to", "cc", "bcc"],
    severalAtOnce: true,
    isRecipient: (text) => text.includes("@"),
    takesWords: false,
  },
};
