import { createServer } from "node:http";
import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { html } from "hono/html";
import { close, listen } from "../loopback.ts";
import type { SandboxMail } from "../mail/server.ts";
import type { StoredMail } from "../mail/store.ts";
import type { SandboxSlack } from "../slack/server.ts";
import { controlRoutes } from "./control.ts";
import { liveScript } from "./live.ts";
import { type MailHeaders, openInbox } from "./mail/reader.ts";
import { mailRoutes } from "./mail/routes.ts";
import { inboxRow } from "./mail/view.ts";
import { type Html, type RenderPage, shell } from "./shell.ts";
import { channelRow, plainView, type SlackView } from "./slack/channel.ts";
import { slackRoutes } from "./slack/routes.ts";
import { styleSheet } from "./style.ts";

export type SandboxPageOptions = {
  /** 0 or absent: any free port. */
  port?: number;
  mail: Pick<SandboxMail, "messages" | "faults">;
  slack: Pick<SandboxSlack, "channels" | "users" | "posts" | "files" | "pathOf" | "faults">;
  /** A sentence for the first page, e.g. about the data. */
  note?: string;
  /** Draws Slack's posts; without it they are shown as they came. */
  slackView?: SlackView | undefined;
};

export type SandboxPage = { url: string; port: number; close(): Promise<void> };

const shellPolicy =
  "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; " +
  "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * A web page on loopback that shows what was delivered as its recipients would see it. It loads nothing from
 * elsewhere, and whatever a message holds can neither run nor call out. Rejects with the system's error where
 * the port cannot be had.
 */
export async function startSandboxPage(options: SandboxPageOptions): Promise<SandboxPage> {
  const server = createServer(getRequestListener(routes(options).fetch));
  const port = await listen(server, options.port ?? 0);
  return { url: `http://127.0.0.1:${port}/`, port, close: () => close(server) };
}

function routes({ mail, slack, note, slackView = plainView }: SandboxPageOptions): Hono {
  const app = new Hono();
  const inbox = openInbox(mail);
  const list = async (at: string) => sidebar({ at, slack, mails: await inbox.newestFirst() });
  const page: RenderPage = async (c, title, main, isList = false) =>
    c.html(shell({ title, path: c.req.path, sidebar: await list(c.req.path), main, isList }));

  app.use(async (c, next) => {
    await next();
    c.header("x-content-type-options", "nosniff");
    c.header("referrer-policy", "no-referrer");
    if (!c.res.headers.has("content-security-policy")) c.header("content-security-policy", shellPolicy);
  });
  app.get("/style.css", (c) =>
    c.body(styleSheet + slackView.style, 200, { "content-type": "text/css; charset=utf-8" }),
  );
  app.get("/live.js", (c) => c.body(liveScript, 200, { "content-type": "text/javascript; charset=utf-8" }));
  app.get("/icon.svg", (c) => c.body(icon, 200, { "content-type": "image/svg+xml" }));
  app.get("/", (c) => page(c, "Deliveries", welcome(note), true));
  app.get("/live/sidebar", async (c) => c.html(await list(c.req.query("at") ?? "/")));
  mailRoutes(app, inbox, page);
  slackRoutes(app, slack, slackView, page);
  controlRoutes(app, { mail, slack, inbox });
  app.notFound((c) => c.text("There is nothing at this address.", 404));
  return app;
}

function welcome(note: string | undefined): Html {
  return html`<div class="welcome"><h1>What was delivered</h1>
<p>Every email and Slack message of this sandbox is listed as it arrives. Open one to see it as its recipients would.</p>
${note === undefined ? "" : html`<p class="note">${note}</p>`}</div>`;
}

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="4" fill="#1f6f78"/>' +
  '<path d="M3 5l5 4 5-4" fill="none" stroke="#fff" stroke-width="1.5"/></svg>';

/** Both lists: every mail, newest first, and the channels and direct messages of Slack. `at` is the open page's path. */
function sidebar(shown: {
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
