import { z } from "zod";
import type { Schema } from "../../core/ports/adapter.ts";
import type { DestinationSchemas } from "../../core/ports/destination.ts";
import { secret } from "../../core/rules/secret.ts";
import { isLoopback } from "../../core/rules/secure-transport.ts";
import { withoutEnd } from "../../core/rules/trimmed.ts";
import { addressOf } from "../address.ts";
import { mailboxText } from "../mailbox-schema.ts";
import { isChannelId, type SlackConnection, type SlackOptions } from "./options.ts";

/** The `slack:` block of reports.yaml. */
export const slackConnection: Schema<SlackConnection> = z
  .strictObject({
    token: secret('The bot token of the Slack app, "xoxb-...".', "SLACK_BOT_TOKEN")
      .trim()
      .refine((text) => /^[\x21-\x7e]*$/.test(text), {
        error: "The token holds a space, a line break or a character that is not ASCII.",
      })
      .min(1),
    api_url: z
      .string()
      .trim()
      .default("https://slack.com/api/")
      .refine((text) => apiUrlProblem(text) === null, {
        error: (issue) => apiUrlProblem(String(issue.input)) ?? "",
      })
      .meta({ description: "Where Slack's Web API is, for GovSlack or a stand-in." }),
  })
  .transform(({ token, api_url }): SlackConnection => ({ token, apiUrl: `${withoutEnd(api_url, "/")}/` }))
  .meta({ description: "How reports are posted to Slack." });

const channelText = z
  .string()
  .trim()
  .refine((text) => channelProblem(text) === null, {
    error: (issue) => channelProblem(String(issue.input)) ?? "",
  })
  .meta({ description: 'A channel: "#flight-ops" (in quotes), or its id, "C0123ABC".' });

const THREADS = ["attachments", "none"];

const full = z
  .strictObject({
    channel: channelText.optional(),
    user: mailboxText("The email address of one person, who gets a direct message.").optional(),
    message: z.string().min(1).meta({ description: "Words ahead of the data." }).optional(),
    // Not an enum: of a union's part that does not fit, no reader is told why.
    thread: z
      .string()
      .refine((word) => THREADS.includes(word), { error: "Write attachments or none." })
      .meta({
        description:
          "What goes into the thread below the post: the attached files, or none (they are posted next to it).",
        enum: THREADS,
        default: "attachments",
      })
      .optional(),
  })
  .refine((given) => (given.channel === undefined) !== (given.user === undefined), {
    error: "Write either channel or user.",
  })
  .meta({ description: "A channel or a person, with words of their own." });

/** What may be under `slack:` in a report's deliver list. */
export const slackOptions: Schema<SlackOptions> = z
  .union([channelText, full], {
    error: (issue) =>
      issue.input === null || issue.input === undefined
        ? 'Nothing is here: in YAML # begins a comment, so a channel is written in quotes, "#flight-ops".'
        : 'Write a channel, "#flight-ops", or {channel: ..., message: ...} or {user: ..., message: ...}.',
  })
  .transform((given) => normalised(typeof given === "string" ? { channel: given } : given))
  .meta({ description: 'Where in Slack: "#channel", a channel id, or an object.' });

function normalised(given: {
  channel?: string | undefined;
  user?: string | undefined;
  message?: string | undefined;
  thread?: string | undefined;
}): SlackOptions {
  const { channel = null, user, message = null, thread } = given;
  const isName = channel !== null && !isChannelId(channel) && !channel.startsWith("#");
  return {
    channel: isName ? `#${channel}` : channel,
    user: user === undefined ? null : addressOf(user).address,
    message,
    thread: thread === "none" ? "none" : "attachments",
  };
}

function channelProblem(text: string): string | null {
  if (isChannelId(text)) return null;
  if (text.includes("@")) {
    return `${JSON.stringify(text)} is not a channel: a direct message is written {user: ana@example.com}.`;
  }
  // Slack's own rule: lower case of any script, digits, hyphens and underscores, at most 80.
  if (/^#?[\p{Ll}\p{Lo}\p{Lm}\p{M}\p{N}_-]{1,80}$/u.test(text)) return null;
  const isUpper = /\p{Lu}/u.test(text) ? ` (Slack's names are lower case: "${text.toLowerCase()}"?)` : "";
  return `${JSON.stringify(text)} is not a channel${isUpper}: write "#flight-ops", or its id, "C0123ABC".`;
}

function apiUrlProblem(text: string): string | null {
  if (!URL.canParse(text)) return "This is not a URL.";
  const url = new URL(text);
  if (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname))) return null;
  return "The token would cross the network in the clear: use https://. Only a stand-in on this machine may have http://.";
}

export const slackSchemas: DestinationSchemas<SlackConnection, SlackOptions> = {
  description: "A post in a Slack channel, or a direct message.",
  connection: slackConnection,
  options: slackOptions,
  recipients: {
    keys: ["channel"],
    severalAtOnce: false,
    isRecipient: (text) => text.startsWith("#") || isChannelId(text),
    takesWords: true,
  },
};
