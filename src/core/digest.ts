import type { Message } from "./message.ts";

/** The body of an email: the same content twice, for clients with and without HTML. */
export interface MailBody {
  readonly html: string;
  readonly text: string;
}

/** At once, or once the renderer is loaded. */
export type RenderMail = (message: Message) => MailBody | Promise<MailBody>;

/** A Slack message: blocks, and the text that notifications and screen readers use. */
export interface SlackPost {
  readonly text: string;
  readonly blocks: readonly Readonly<Record<string, unknown>>[];
}

export type RenderSlack = (message: Message) => SlackPost | Promise<SlackPost>;
