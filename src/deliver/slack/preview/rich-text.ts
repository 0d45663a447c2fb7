import { html } from "hono/html";
import { listOf, objectOf, type PostJson } from "./json.ts";
import { type Html, link, mention, type PostIds, plainText, withEmoji } from "./mrkdwn.ts";

/** A rich_text block (https://docs.slack.dev/reference/block-kit/blocks/rich-text-block). */
export function richText(block: PostJson, ids: PostIds): Html {
  return html`${listOf(block.elements).map((element) => section(element, ids))}`;
}

function section(element: PostJson, ids: PostIds): Html {
  if (element.type === "rich_text_list") {
    const items = listOf(element.elements).map((item) => html`<li>${inlines(item, ids)}</li>`);
    if (element.style !== "ordered") return html`<ul>${items}</ul>`;
    const first = Number(element.offset ?? 0) + 1;
    return first === 1 ? html`<ol>${items}</ol>` : html`<ol start="${first}">${items}</ol>`;
  }
  if (element.type === "rich_text_quote") return html`<blockquote>${inlines(element, ids)}</blockquote>`;
  if (element.type === "rich_text_preformatted") return html`<pre>${inlines(element, ids)}</pre>`;
  // A browser gives a line end before the end of a block no line of its own; Slack does.
  const isSpaced = String(listOf(element.elements).at(-1)?.text ?? "").endsWith("\n");
  return html`<div class="rich">${inlines(element, ids)}${isSpaced ? "\u200b" : ""}</div>`;
}

function inlines(element: PostJson, ids: PostIds): Html[] {
  return listOf(element.elements).map((each) => styled(each, inline(each, ids)));
}

function inline(element: PostJson, ids: PostIds): Html {
  const text = String(element.text ?? "");
  switch (element.type) {
    case "link":
      return link(String(element.url), plainText(text === "" ? String(element.url) : text));
    case "emoji":
      return html`${withEmoji(`:${element.name}:`)}`;
    case "user":
      return mention(ids.user(String(element.user_id)));
    case "channel":
      return html`<span class="mention">#${ids.channel(String(element.channel_id))}</span>`;
    case "broadcast":
      return mention(String(element.range), true);
    case "usergroup":
      return mention(String(element.usergroup_id));
    default:
      // Text is text here: neither markup nor emoji names mean anything in it.
      return html`${text}`;
  }
}

function styled(element: PostJson, content: Html): Html {
  const style = objectOf(element.style);
  let shown = content;
  if (style.code === true) shown = html`<code>${shown}</code>`;
  if (style.bold === true) shown = html`<strong>${shown}</strong>`;
  if (style.italic === true) shown = html`<em>${shown}</em>`;
  if (style.strike === true) shown = html`<s>${shown}</s>`;
  return shown;
}
