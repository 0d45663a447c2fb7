import { bodyText, lineText, safeHref } from "../words/cell-text.ts";
import { SLACK } from "./limits.ts";

export type Block = Readonly<Record<string, unknown>>;

/** A line of a section, at its head or in its text. */
export function richText(elements: readonly Block[]): Block {
  return { type: "rich_text", elements: [richSection(elements)] };
}

export function richSection(elements: readonly Block[]): Block {
  return { type: "rich_text_section", elements };
}

export function preformatted(content: string): Block {
  return { type: "rich_text", elements: [{ type: "rich_text_preformatted", elements: [text(content)] }] };
}

export function bullets(items: readonly (readonly Block[])[]): Block {
  return { type: "rich_text_list", style: "bullet", elements: items.map(richSection) };
}

export function text(content: string, isBold = false): Block {
  return isBold ? { type: "text", text: content, style: { bold: true } } : { type: "text", text: content };
}

/** Null if the address may not become a link. */
export function link(href: string | null, words: string, isBold = false): Block | null {
  const url = safeHref(href ?? undefined, SLACK.urlCharsMax);
  if (url === null) return null;
  const linked = { type: "link", url, text: lineText(words, 200) || url.slice(0, 200) };
  return isBold ? { ...linked, style: { bold: true } } : linked;
}

export function plainText(words: string): Block {
  return { type: "plain_text", text: words, emoji: false };
}

/** An address that people can open, and our own words for it. */
export interface ContextLink {
  readonly url: string | null;
  readonly words: string;
}

/**
 * Small grey text; null if there is none. What comes from outside is plain_text, which Slack does not search for
 * mentions or markup.
 */
export function context(lines: readonly string[], link: ContextLink | null = null): Block | null {
  const texts = lines.map((words) => lineText(words, 1_200)).filter((words) => words !== "");
  const words = texts.length === 0 ? [] : [plainText(bodyText(texts.join("\n"), SLACK.contextCharsMax))];
  const linked = link === null ? null : mrkdwnLink(link);
  const elements = linked === null ? words : [...words, { type: "mrkdwn", text: linked, verbatim: true }];
  return elements.length === 0 ? null : { type: "context", elements };
}

/** Null where the address may not become a link, or is too long for one once it is escaped. */
export function mrkdwnLink({ url, words }: ContextLink): string | null {
  const href = safeHref(url ?? undefined, SLACK.urlCharsMax);
  if (href === null) return null;
  const linked = `<${escapedUrl(href)}|${escapedText(words).replaceAll("|", "/")}>`;
  return linked.length > SLACK.contextCharsMax ? null : linked;
}

/** Text escaped as Slack asks for, so that it is not read as markup (https://docs.slack.dev/messaging/formatting-message-text). */
export function escapedText(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

// URL.href has < and > encoded already, except in the fragment's rarer forms.
export function escapedUrl(url: string): string {
  return url.replaceAll("&", "&amp;").replaceAll("<", "%3C").replaceAll(">", "%3E").replaceAll("|", "%7C");
}
