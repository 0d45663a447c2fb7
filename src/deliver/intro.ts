import type { Message } from "../core/model/message.ts";

/**
 * The words ahead of the data: those of the delivery's own options where it has any. Ahead of a notice they come on top, since
 * there the message's words are the message.
 */
export function introOf(message: Message, own: string | null): string | null {
  if (own === null) return message.intro;
  return message.purpose === "notice" && message.intro !== null ? `${own}\n\n${message.intro}` : own;
}
