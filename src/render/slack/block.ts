import { lineText, safeHref } from "../words/cell-text.ts";
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
export function link(href: string | null, words: string): Block | null {
  const url = safeHref(href ?? undefined, SLACK.urlCharsMax);
  return url === null ? null : { type: "link", url, text: lineText(words, 200) || url.slice(0, 200) };
}

export function plainText(words: string): Block {
  return { type: "plain_text", text: words, emoji: false };
}

/** An address that people can open, and its text. */
export interface ContextLink {
  readonly url: string | null;
  readonly words: string;
}

/**
 * Small grey text; null if there is none. What comes from outside is plain_text, which Slack does not search for
 * mentions or markup.
 */
export function context(sentences: readonly string[], links: readonly ContextLink[] = []): Block | null {
  const texts = sentences.map((words) => lineText(words, 1_200)).filter((words) => words !== "");
  const elements: Block[] =
    texts.length === 0 ? [] : [plainText(lineText(texts.join(" · "), SLACK.contextCharsMax))];
  // An address that is too long once escaped is left out; the others stay.
  const linked = links
    .flatMap((one) => mrkdwnLink(one) ?? [])
    .filter(({ length }) => length <= SLACK.contextCharsMax);
  if (linked.length > 0) elements.push({ type: "mrkdwn", text: joined(linked), verbatim: true });
  if (elements.length === 0) return null;
  return { type: "context", elements };
}

/** As many links as one element may hold. */
function joined(links: readonly string[]): string {
  let words = "";
  for (const link of links) {
    if (words.length + link.length + 3 > SLACK.contextCharsMax) break;
    words += words === "" ? link : ` · ${link}`;
  }
  return words;
}

function mrkdwnLink({ url, words }: ContextLink): string | null {
  const href = safeHref(url ?? undefined);
  if (href === null) return null;
  return `<${escapedUrl(href)}|${mrkdwn(words) ?? "Open in Looker"}>`;
}

/**
 * Text that means nothing special in mrkdwn; null for text that would. Escaping alone (`&`, `<`, `>`) prevents
 * mentions, but stars, quotes and emoji names would keep their meaning.
 */
export function mrkdwn(words: string): string | null {
  return /[*_~`<>|]|:[\w+-]+:/.test(words) ? null : words.replaceAll("&", "&amp;");
}

/** Text escaped as Slack asks for, so that it is not read as markup (https://docs.slack.dev/messaging/formatting-message-text). */
export function escapedText(words: string): string {
  return words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

// URL.href has < and > encoded already, except in the fragment's rarer forms.
export function escapedUrl(url: string): string {
  return url.replaceAll("&", "&amp;").replaceAll("<", "%3C").replaceAll(">", "%3E").replaceAll("|", "%7C");
}
