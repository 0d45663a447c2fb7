import { z } from "zod";
import type { Schema } from "../../core/ports/adapter.ts";
import { type Address, addressOf } from "../address.ts";
import { mailboxText } from "../mailbox-text.ts";
import { type EmailOptions, recipients } from "./options.ts";

/** Providers take 50 (SES) to 500 (Gmail) recipients in one message. */
const RECIPIENTS_MAX = 500;

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
  })
  .meta({ description: "Recipients and words of their own." });

/** What stands under `email:` in a report's deliver list. */
export const emailOptions: Schema<EmailOptions> = z
  .union([addressText, shorthand, full], {
    error:
      "Write an address, a list of addresses, or {to: ..., cc: ..., bcc: ..., reply_to: ..., subject: ..., message: ..., thread: ...}.",
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
};

function normalised(given: Given): EmailOptions {
  const seen = new Set<string>();
  return {
    to: read(given.to, seen),
    cc: read(given.cc, seen),
    bcc: read(given.bcc, seen),
    replyTo: read(given.reply_to, new Set()),
    subject: given.subject ?? null,
    message: given.message ?? null,
    thread: given.thread ?? false,
  };
}

function read(given: string | string[] | undefined, seen: Set<string>): Address[] {
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
