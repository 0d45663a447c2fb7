import { html, raw } from "hono/html";

export type Html = ReturnType<typeof html>;

/** What the ids in a post lead to. */
export interface PostIds {
  user(id: string): string;
  channel(id: string): string;
  /** The address of an uploaded picture; undefined where it is not to be had. */
  picture(id: string): string | undefined;
}

/**
 * Slack's mrkdwn as its readers see it (https://docs.slack.dev/messaging/formatting-message-text). `&lt;`, `&gt;` and
 * `&amp;` are text; a bare `<...>` is a link or a mention, and a mention of everyone stands out.
 */
export function mrkdwn(text: string, ids: PostIds): Html {
  const parts: Html[] = [];
  for (const [index, piece] of text.split(/```\n?([\s\S]*?)```\n?/).entries()) {
    if (index % 2 === 1) parts.push(html`<pre>${unescaped(piece)}</pre>`);
    else if (piece !== "") parts.push(...quotesAndLines(piece, ids));
  }
  return html`${parts}`;
}

/** Plain text: emoji are drawn, line ends kept, and nothing else means anything. */
export function plainText(text: string): Html {
  const lines = text.split("\n").map((line) => html`${withEmoji(line)}`);
  return html`${lines.flatMap((line, index) => (index === 0 ? [line] : [raw("<br>"), line]))}`;
}

export function mention(label: string, isOfEveryone = false): Html {
  return html`<span class="mention${isOfEveryone ? " loud" : ""}">@${label}</span>`;
}

/** Only addresses that a browser may follow become links. */
export function link(url: string, label: Html): Html {
  if (!/^(https?|mailto):/i.test(url)) return label;
  return html`<a href="${url}" target="_blank" rel="noopener noreferrer">${label}</a>`;
}

function quotesAndLines(text: string, ids: PostIds): Html[] {
  const parts: Html[] = [];
  for (const block of text.split(/((?:^(?:&gt;|>).*(?:\n|$))+)/m)) {
    if (block === "") continue;
    if (/^(&gt;|>)/.test(block)) {
      const quoted = block.replace(/^(&gt;|>) ?/gm, "").replace(/\n$/, "");
      parts.push(html`<blockquote>${inline(quoted, ids)}</blockquote>`);
    } else parts.push(html`${inline(block, ids)}`);
  }
  return parts;
}

type Span = { pattern: RegExp; show(inner: string, ids: PostIds): Html };

const spans: readonly Span[] = [
  { pattern: /`([^`\n]+)`/, show: (inner) => html`<code>${unescaped(inner)}</code>` },
  { pattern: /<([^<>\n]+)>/, show: angle },
  { pattern: bounded("*"), show: (inner, ids) => html`<strong>${inline(inner, ids)}</strong>` },
  { pattern: bounded("_"), show: (inner, ids) => html`<em>${inline(inner, ids)}</em>` },
  { pattern: bounded("~"), show: (inner, ids) => html`<s>${inline(inner, ids)}</s>` },
];

function bounded(sign: string): RegExp {
  const s = `\\${sign}`;
  return new RegExp(`(?<![\\w${s}])${s}((?! )[^${s}\\n]+(?<! ))${s}(?![\\w${s}])`);
}

function inline(text: string, ids: PostIds): Html[] {
  const parts: Html[] = [];
  let rest = text;
  while (rest !== "") {
    const found = first(rest);
    const before = found === undefined ? rest : rest.slice(0, found.at);
    if (before !== "") parts.push(plainText(unescaped(before)));
    if (found === undefined) break;
    parts.push(found.span.show(found.inner, ids));
    rest = rest.slice(found.at + found.length);
  }
  return parts;
}

function first(text: string): { span: Span; at: number; length: number; inner: string } | undefined {
  let best: { span: Span; at: number; length: number; inner: string } | undefined;
  for (const span of spans) {
    const match = span.pattern.exec(text);
    if (match === null || (best !== undefined && best.at <= match.index)) continue;
    best = { span, at: match.index, length: match[0].length, inner: match[1] ?? "" };
  }
  return best;
}

/** Inside `<...>`: a mention of everyone, a person, a channel, or a link. */
function angle(inner: string, ids: PostIds): Html {
  const [target = "", label] = inner.split("|", 2);
  if (target.startsWith("!")) {
    const word = target.slice(1).split("^")[0] ?? "";
    if (word === "date") return plainText(unescaped(label ?? ""));
    return mention(label ?? word, ["here", "channel", "everyone"].includes(word));
  }
  if (target.startsWith("@")) return mention(ids.user(target.slice(1)));
  if (target.startsWith("#"))
    return html`<span class="mention">#${label ?? ids.channel(target.slice(1))}</span>`;
  return link(unescaped(target), plainText(unescaped(label ?? target)));
}

function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

export function withEmoji(text: string): string {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name: string) => emoji[name] ?? whole);
}

const emoji: Record<string, string> = {
  airplane: "✈️",
  bar_chart: "📊",
  calendar: "📆",
  chart_with_downwards_trend: "📉",
  chart_with_upwards_trend: "📈",
  rotating_light: "🚨",
  warning: "⚠️",
  white_check_mark: "✅",
  x: "❌",
  hourglass: "⌛",
  information_source: "ℹ️",
  paperclip: "📎",
};
