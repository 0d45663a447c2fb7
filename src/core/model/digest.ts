import type { Message } from "./message.ts";
import type { PictureSource } from "./picture.ts";

/** The body of an email: the same content twice, for clients with and without HTML. */
export interface MailBody {
  readonly html: string;
  readonly text: string;
}

/** Whom a copy of an email is for. */
export interface MailReader {
  /** Their address; null: several share the copy. */
  readonly recipient: string | null;
  /** Where they end that it is sent to them: a page of the worker's, or a mailto: address; null: they cannot. */
  readonly stopHref: string | null;
  /** Who is asked about the figures: an address. */
  readonly askAddress: string | null;
}

/** At once, or once the renderer is loaded. Pictures come with the email (cid:) unless `pictures` says otherwise. `reader` absent: nobody is known. */
export type RenderMail = (
  message: Message,
  pictures?: PictureSource,
  reader?: MailReader,
) => MailBody | Promise<MailBody>;

/** A Slack message: blocks, and the text that notifications and screen readers use. */
export interface SlackPost {
  readonly text: string;
  readonly blocks: readonly Readonly<Record<string, unknown>>[];
}

/**
 * `files`: Slack's ids of the message's pictures, by their names; those without one are described in words. `step`: how far to step
 * down where Slack refused the blocks before: 0 (as good as it gets), 1, 2 (text alone).
 */
export type RenderSlack = (
  message: Message,
  files?: ReadonlyMap<string, string>,
  step?: 0 | 1 | 2,
) => SlackPost | Promise<SlackPost>;
