import { readFile } from "node:fs/promises";
import { html, raw } from "hono/html";
import type { RenderSlack } from "../../../core/model/digest.ts";
import { introOf, type Message } from "../../../core/model/message.ts";
import type { PreviewFile } from "../../../core/ports/destination.ts";
import { bytes } from "../../../core/rules/quantity.ts";
import { describePlace, type SlackOptions } from "../options.ts";
import { picturesOf, standIns } from "../pictures.ts";
import { postArguments } from "../post.ts";
import { blocksHtml } from "./blocks.ts";
import { type Html, mrkdwn, type PostIds } from "./mrkdwn.ts";
import { BLOCKS_STYLE, PAGE_STYLE } from "./style.ts";

/**
 * What a channel would get: `post.json`, the arguments of chat.postMessage without the token (pictures and files get their ids when
 * they are uploaded: "FPICTURE0000" stands for the first picture); `post.txt`, its text; `post.html`, its blocks for a person's eye.
 */
export async function previewSlack(
  message: Message,
  options: SlackOptions,
  render: RenderSlack,
): Promise<readonly PreviewFile[]> {
  const told = { ...message, intro: introOf(message, options.message) };
  const post = await render(told, standIns(message));
  const args = postArguments(post, message, [], describePlace(options));
  const ids = await idsOf(message, picturesOf(post, message));
  const body = blocksHtml(post.blocks, ids);
  const text = mrkdwn(post.text, ids);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${describePlace(options)} · ${message.run.title}</title>
<style>${raw(PAGE_STYLE + BLOCKS_STYLE)}</style></head>
<body><main><p class="place">${describePlace(options)}</p>
<div class="post"><span class="avatar" aria-hidden="true">l</span><div class="body"><p class="who"><strong>lookpost</strong><span class="app">APP</span></p>
${post.blocks.length === 0 ? html`<pre class="alone">${text}</pre>` : body}
${filesHtml(message, options)}</div></div>
<details><summary>What notifications and screen readers get</summary><pre>${text}</pre></details>
</main></body></html>`;
  return [
    { name: "post.json", contents: `${JSON.stringify(args, null, 2)}\n` },
    { name: "post.txt", contents: `${post.text}\n` },
    { name: "post.html", contents: `${await page}\n` },
  ];
}

function filesHtml({ artifacts }: Message, { thread }: SlackOptions): Html {
  if (artifacts.length === 0) return html``;
  return html`<div class="files"><p class="context">${thread === "none" ? "With the post" : "In its thread"}</p>${artifacts.map(
    ({ filename, file }) => html`<p class="file"><strong>${filename}</strong> ${bytes(file.bytes)}</p>`,
  )}</div>`;
}

const PICTURE_BYTES_MAX = 5_000_000;

/** Pictures are data URLs; those that cannot be read are left to their words. */
async function idsOf(message: Message, shown: Message["pictures"]): Promise<PostIds> {
  const standsFor = standIns(message);
  const made = new Map<string, string>();
  for (const { name, file } of shown) {
    const id = standsFor.get(name);
    if (id === undefined || file.bytes > PICTURE_BYTES_MAX) continue;
    const png = await readFile(file.path).catch(() => null);
    if (png !== null) made.set(id, `data:image/png;base64,${png.toString("base64")}`);
  }
  return { user: (id) => id, channel: (id) => id, picture: (id) => made.get(id) };
}
