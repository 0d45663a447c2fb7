import { html } from "hono/html";
import type { SlackFile, SlackMessage } from "../../slack/message.ts";
import type { SlackChannel } from "../../slack/people.ts";
import { fullTime, type Html, sizeText, timeElement } from "../shell.ts";

/** Draws a post as its readers see it. Handed in: a preview of what is to be posted draws the same. */
export type SlackView = {
  /** A style sheet for both. */
  style: string;
  blocks(blocks: readonly Record<string, unknown>[], ids: SlackIds): Html;
  /** Slack's mrkdwn. */
  text(text: string, ids: SlackIds): Html;
};

/** What the ids in a post lead to. */
export type SlackIds = {
  user(id: string): string;
  channel(id: string): string;
  picture(id: string): string | undefined;
};

/** How posts are drawn, and what their ids lead to. */
export type Drawn = { view: SlackView; ids: SlackIds };

/** Without a view, posts are shown as they came. */
export const plainView: SlackView = {
  style: "",
  blocks: (blocks) => html`<pre>${JSON.stringify(blocks, null, 2)}</pre>`,
  text: (text) => html`<pre>${text}</pre>`,
};

/** One line of the list of channels. */
export function channelRow(channel: SlackChannel, posts: readonly SlackMessage[], isOpen: boolean): Html {
  const last = posts.at(-1);
  const opening = html`data-key="channel-${channel.id}" href="/slack/${channel.id}" ${isOpen ? html`aria-current="page"` : ""}`;
  if (last === undefined) {
    return html`<a class="row quiet" ${opening}><span class="row-top"><span class="who">${channelName(channel)}</span><span class="row-note">${channel.isArchived ? "archived" : "no posts"}</span></span></a>`;
  }
  return html`<a class="row" ${opening}>
<span class="row-top"><span class="who">${channelName(channel)}</span>${timeElement(timeOf(last.ts))}</span>
<span class="from">${posts.length === 1 ? "1 post" : `${posts.length} posts`}${channel.isArchived ? " · archived" : ""}</span>
</a>`;
}

/** A channel with its posts as its members see them, each thread under its post. */
export function channelPage(channel: SlackChannel, posts: readonly SlackMessage[], drawn: Drawn): Html {
  return html`<article class="slack">
<header><a class="back" href="/">‹ All deliveries</a><h1>${channelName(channel)}</h1>
<p class="note">${channelKinds[channel.kind]}${channel.isMember ? "" : " · the bot is not a member"}${channel.isArchived ? " · archived" : ""}</p></header>
<div class="posts" data-live="/live/slack/${channel.id}" data-follow>${channelPosts(posts, drawn)}</div>
</article>`;
}

/** The posts alone, as the page asks for them again while it is open. */
export function channelPosts(posts: readonly SlackMessage[], drawn: Drawn): Html {
  const top = posts.filter((post) => post.thread_ts === undefined || post.thread_ts === post.ts);
  if (top.length === 0) return html`<p class="empty" data-key="empty">Nothing has been posted here yet.</p>`;
  return html`${top.map((post) => {
    const replies = posts.filter((each) => each.thread_ts === post.ts && each.ts !== post.ts);
    return html`<section class="thread" data-key="${post.ts}">${postHtml(post, drawn)}${
      replies.length === 0
        ? ""
        : html`<div class="replies"><p class="note">${replies.length === 1 ? "1 reply" : `${replies.length} replies`}</p>${replies.map((reply) => postHtml(reply, drawn))}</div>`
    }</section>`;
  })}`;
}

export function channelName(channel: SlackChannel): string {
  return channel.kind === "im" ? `@${channel.name}` : `#${channel.name}`;
}

function postHtml(post: SlackMessage, drawn: Drawn): Html {
  const { view, ids } = drawn;
  const hasBlocks = post.blocks !== undefined && post.blocks.length > 0;
  return html`<div class="post"><span class="avatar" aria-hidden="true">${post.bot_profile.name.slice(0, 1)}</span><div class="post-body">
<p class="post-top"><strong>${post.bot_profile.name}</strong><span class="app">APP</span>${timeElement(timeOf(post.ts))}${post.edited === undefined ? "" : html`<span class="from">(edited)</span>`}</p>
${hasBlocks ? view.blocks(post.blocks ?? [], ids) : post.text === "" ? "" : view.text(post.text, ids)}
${(post.attachments ?? []).map((each) => attachment(each, drawn))}
${(post.files ?? []).map(fileCard)}
${hasBlocks || post.metadata !== undefined ? small(post, hasBlocks) : ""}
</div></div>`;
}

/** What a reader does not see, but a screen reader, a notification or a program does. */
function small(post: SlackMessage, hasBlocks: boolean): Html {
  return html`<details class="more"><summary>Notification text and metadata</summary><dl class="envelope">
${hasBlocks ? html`<dt>Text</dt><dd>${post.text === "" ? "(none)" : post.text}</dd>` : ""}
<dt>Posted</dt><dd>${fullTime(timeOf(post.ts))}, ts ${post.ts}</dd>
${post.metadata === undefined ? "" : html`<dt>Metadata</dt><dd>${post.metadata.event_type} ${JSON.stringify(post.metadata.event_payload)}</dd>`}
</dl></details>`;
}

function attachment(attached: Record<string, unknown>, { view, ids }: Drawn): Html {
  const blocks = Array.isArray(attached.blocks) ? attached.blocks : [];
  const text = String(attached.text ?? attached.fallback ?? "");
  return html`<div class="attached">${blocks.length > 0 ? view.blocks(blocks, ids) : view.text(text, ids)}</div>`;
}

function fileCard(file: SlackFile): Html {
  const url = `/slack/files/${encodeURIComponent(file.id)}`;
  const picture = file.mimetype.startsWith("image/") ? html`<img src="${url}" alt="${file.title}">` : "";
  return html`<div class="file">${picture}<a class="chip" href="${url}" download="${file.name}"><span class="chip-name">${file.title}</span><span class="chip-note">${sizeText(file.size)}</span></a></div>`;
}

function timeOf(ts: string): Date {
  return new Date(Number(ts) * 1000);
}

const channelKinds = {
  public_channel: "Slack channel",
  private_channel: "Private Slack channel",
  im: "Direct message",
} as const;
