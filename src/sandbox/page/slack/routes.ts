import { createReadStream } from "node:fs";
import type { Hono } from "hono";
import type { SandboxSlack } from "../../slack/server.ts";
import { download, streamed } from "../download.ts";
import type { RenderPage } from "../shell.ts";
import { channelName, channelPage, channelPosts, type Drawn, type SlackView } from "./channel.ts";

type Slack = Pick<SandboxSlack, "channels" | "users" | "posts" | "files" | "pathOf">;

/** Only these are shown as pictures; an SVG could hold a script. */
const pictureTypes = ["image/png", "image/jpeg", "image/gif"];

/** `/slack/ID`: a channel and its posts; `/slack/files/ID`: what was uploaded. */
export function slackRoutes(app: Hono, slack: Slack, view: SlackView, page: RenderPage): void {
  const find = (id: string) => slack.channels().find((channel) => channel.id === id);
  const ids = {
    user: (id: string) => slack.users().find((user) => user.id === id)?.name ?? id,
    channel: (id: string) => find(id)?.name ?? id,
    picture: (id: string) => `/slack/files/${encodeURIComponent(id)}`,
  };
  const drawn: Drawn = { view, ids };
  app.get("/slack/files/:id", (c) => {
    const file = slack.files().find((each) => each.id === c.req.param("id"));
    if (file === undefined) return c.notFound();
    const content = createReadStream(slack.pathOf(file));
    if (!pictureTypes.includes(file.mimetype)) return download(content, file.name, file.mimetype, file.size);
    return streamed(content, { "content-type": file.mimetype, "content-length": String(file.size) });
  });
  app.get("/slack/:id", (c) => {
    const channel = find(c.req.param("id"));
    if (channel === undefined) return c.notFound();
    return page(c, channelName(channel), channelPage(channel, slack.posts(channel.id), drawn));
  });
  app.get("/live/slack/:id", (c) => {
    const channel = find(c.req.param("id"));
    if (channel === undefined) return c.notFound();
    return c.html(channelPosts(slack.posts(channel.id), drawn));
  });
}
