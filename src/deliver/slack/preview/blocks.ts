import { html } from "hono/html";
import { chartBlock } from "./chart.ts";
import { listOf, objectOf, type PostJson } from "./json.ts";
import { type Html, link, mrkdwn, type PostIds, plainText } from "./mrkdwn.ts";
import { richText } from "./rich-text.ts";
import { BLOCKS_STYLE } from "./style.ts";
import { dataTableBlock, tableBlock } from "./tables.ts";

/** For other pages that show posts: a style sheet, a post's blocks, and the text of one that has none. */
export const slackView = {
  style: BLOCKS_STYLE,
  blocks: blocksHtml,
  text: (text: string, ids: PostIds) => html`<div class="blocks"><p>${mrkdwn(text, ids)}</p></div>`,
};

/** Block Kit blocks as a reader sees them. A kind that is not known here is named rather than left out. */
export function blocksHtml(blocks: readonly PostJson[], ids: PostIds): Html {
  return html`<div class="blocks">${blocks.map((block) => blockHtml(block, ids))}</div>`;
}

function blockHtml(block: PostJson, ids: PostIds): Html {
  const show = shows[String(block.type)];
  return show === undefined ? html`<p class="note">[${String(block.type)} block]</p>` : show(block, ids);
}

const shows: Record<string, (block: PostJson, ids: PostIds) => Html> = {
  header: (block) => html`<h2>${plainText(String(objectOf(block.text).text ?? ""))}</h2>`,
  section: sectionBlock,
  divider: () => html`<hr>`,
  context: (block, ids) =>
    html`<p class="context">${listOf(block.elements).map((element) =>
      element.type === "image" ? imageBlock(element, ids) : html`<span>${textObject(element, ids)}</span> `,
    )}</p>`,
  actions: (block) => html`<p class="actions">${listOf(block.elements).map(button)}</p>`,
  image: imageBlock,
  markdown: (block) => html`<p class="pre">${String(block.text ?? "")}</p>`,
  rich_text: (block, ids) => html`<div class="rich-block">${richText(block, ids)}</div>`,
  table: tableBlock,
  data_table: dataTableBlock,
  data_visualization: chartBlock,
};

function sectionBlock(block: PostJson, ids: PostIds): Html {
  const fields = listOf(block.fields);
  const accessory = objectOf(block.accessory);
  return html`<div class="section"><div class="section-text">${
    block.text === undefined ? "" : html`<p>${textObject(objectOf(block.text), ids)}</p>`
  }${
    fields.length === 0
      ? ""
      : html`<div class="fields">${fields.map((field) => html`<p>${textObject(field, ids)}</p>`)}</div>`
  }</div>${accessory.type === "button" ? button(accessory) : accessory.type === "image" ? imageBlock(accessory, ids) : ""}</div>`;
}

function textObject(text: PostJson, ids: PostIds): Html {
  const content = String(text.text ?? "");
  return text.type === "mrkdwn" ? mrkdwn(content, ids) : plainText(content);
}

/** Buttons that lead somewhere are links here; the others can be seen and not pressed. */
function button(element: PostJson): Html {
  const label = plainText(String(objectOf(element.text).text ?? element.type));
  const look =
    element.style === "primary" ? "button primary" : element.style === "danger" ? "button danger" : "button";
  const shown = html`<span class="${look}">${label}</span>`;
  return typeof element.url === "string" ? link(element.url, shown) : shown;
}

/** Pictures from elsewhere are not loaded: the page asks no other server for anything. */
function imageBlock(image: PostJson, ids: PostIds): Html {
  const title = objectOf(image.title).text;
  const caption = title === undefined ? "" : html`<figcaption>${String(title)}</figcaption>`;
  return html`<figure>${caption}${pictureOf(image, String(image.alt_text ?? ""), ids)}</figure>`;
}

function pictureOf({ slack_file, image_url }: PostJson, alt: string, ids: PostIds): Html {
  if (image_url !== undefined)
    return html`<span class="no-image">Picture, not loaded here: ${link(String(image_url), html`${alt}`)}</span>`;
  const source = ids.picture(String(objectOf(slack_file).id));
  return source === undefined
    ? html`<span class="no-image">[${alt}]</span>`
    : html`<img src="${source}" alt="${alt}">`;
}
