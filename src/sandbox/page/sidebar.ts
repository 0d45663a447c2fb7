import { html } from "hono/html";
import type { StoredMail } from "../mail/store.ts";
import type { SandboxSlack } from "../slack/server.ts";
import type { MailHeaders } from "./mail/reader.ts";
import { inboxRow } from "./mail/view.ts";
import type { Html } from "./shell.ts";
import { channelRow } from "./slack/channel.ts";

/** Both lists: every mail, newest first, and the channels and direct messages of Slack. `at` is the open page's path. */
export function sidebar(shown: {
  at: string;
  mails: readonly { mail: StoredMail; headers: MailHeaders }[];
  slack: Pick<SandboxSlack, "channels" | "posts">;
}): Html {
  const channels = shown.slack
    .channels()
    .map((channel) => ({ channel, posts: shown.slack.posts(channel.id) }));
  // Where something has been posted comes first; the rest keeps its order.
  const sorted = channels.toSorted((a, b) => Number(b.posts.length > 0) - Number(a.posts.length > 0));
  return html`<h2 data-key="inbox">Inbox</h2>
${shown.mails.length === 0 ? html`<p class="empty" data-key="no-mail">No mail has arrived yet.</p>` : ""}
${shown.mails.map(({ mail, headers }) => inboxRow(mail, headers, shown.at === `/mail/${mail.id}`))}
<h2 data-key="slack">Slack</h2>
${sorted.map(({ channel, posts }) => channelRow(channel, posts, shown.at === `/slack/${channel.id}`))}`;
}
