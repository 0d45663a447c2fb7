import { html } from "hono/html";
import { link, mention, type Names, plainText, withEmoji } from "./mrkdwn.ts";
import type { Html } from "./shell.ts";

type Json = Record<string, unknown>;

/** A rich_text block (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block). */
export function richText(block: Json, names: Names): Html {
  return html`${elements(block).map((element) => section(element, names))}`;
}

function section(element: Json, names: Names): Html {
  if (element.type === "rich_text_list") {
    const items = elements(element).map((item) => html`<li>${inlines(item, names)}</li>`);
    return element.style === "ordered" ? html`<ol>${items}</ol>` : html`<ul>${items}</ul>`;
  }
  if (element.type === "rich_text_quote") return html`<blockquote>${inlines(element, names)}</blockquote>`;
  if (element.type === "rich_text_preformatted") return html`<pre>${inlines(element, names)}</pre>`;
  return html`<div class="rich">${inlines(element, names)}</div>`;
}

function inlines(element: Json, names: Names): Html[] {
  return elements(element).map((each) => styled(each, inline(each, names)));
}

function inline(element: Json, names: Names): Html {
  const text = String(element.text ?? "");
  switch (element.type) {
    case "link":
      return link(String(element.url), plainText(text === "" ? String(element.url) : text));
    case "emoji":
      return html`${withEmoji(`:${element.name}:`)}`;
    case "user":
      return mention(names.user(String(element.user_id)));
    case "channel":
      return html`<span class="mention">#${names.channel(String(element.channel_id))}</span>`;
    case "broadcast":
      return mention(String(element.range), true);
    case "usergroup":
      return mention(String(element.usergroup_id));
    default:
      // Text is text here: neither markup nor emoji names mean anything in it.
      return html`${text}`;
  }
}

function styled(element: Json, content: Html): Html {
  const style: Json = typeof element.style === "object" && element.style !== null ? { ...element.style } : {};
  let shown = content;
  if (style.code === true) shown = html`<code>${shown}</code>`;
  if (style.bold === true) shown = html`<strong>${shown}</strong>`;
  if (style.italic === true) shown = html`<em>${shown}</em>`;
  if (style.strike === true) shown = html`<s>${shown}</s>`;
  return shown;
}

function elements(of: Json): Json[] {
  return Array.isArray(of.elements) ? of.elements : [];
}
