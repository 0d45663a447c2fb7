import { html } from "hono/html";
import { chartBlock } from "./charts.ts";
import { link, mrkdwn, type Names, plainText } from "./mrkdwn.ts";
import { richText } from "./rich-text.ts";
import type { Html } from "./shell.ts";
import { dataTableBlock, tableBlock } from "./tables.ts";

type Json = Record<string, unknown>;

/** Block Kit blocks as a reader sees them. A kind that is not known here is named rather than left out. */
export function blocksHtml(blocks: readonly Json[], names: Names): Html {
  return html`${blocks.map((block) => blockHtml(block, names))}`;
}

function blockHtml(block: Json, names: Names): Html {
  const show = shows[String(block.type)];
  return show === undefined ? html`<p class="note">[${String(block.type)} block]</p>` : show(block, names);
}

const shows: Record<string, (block: Json, names: Names) => Html> = {
  header: (block) => html`<h3>${plainText(String(object(block.text).text ?? ""))}</h3>`,
  section: sectionBlock,
  divider: () => html`<hr>`,
  context: (block, names) =>
    html`<p class="context">${list(block.elements).map((element) =>
      element.type === "image" ? imageBlock(element) : html`<span>${textObject(element, names)}</span> `,
    )}</p>`,
  actions: (block) => html`<p class="actions">${list(block.elements).map(button)}</p>`,
  image: imageBlock,
  markdown: (block) => html`<p class="pre">${String(block.text ?? "")}</p>`,
  rich_text: (block, names) => html`<div>${richText(block, names)}</div>`,
  table: tableBlock,
  data_table: dataTableBlock,
  data_visualization: chartBlock,
};

function sectionBlock(block: Json, names: Names): Html {
  const fields = list(block.fields);
  const accessory = object(block.accessory);
  return html`<div class="section"><div class="section-text">${
    block.text === undefined ? "" : html`<p>${textObject(object(block.text), names)}</p>`
  }${
    fields.length === 0
      ? ""
      : html`<div class="fields">${fields.map((field) => html`<p>${textObject(field, names)}</p>`)}</div>`
  }</div>${accessory.type === "button" ? button(accessory) : accessory.type === "image" ? imageBlock(accessory) : ""}</div>`;
}

function textObject(text: Json, names: Names): Html {
  const content = String(text.text ?? "");
  return text.type === "mrkdwn" ? mrkdwn(content, names) : plainText(content);
}

/** Buttons that lead somewhere are links here; the others can be seen and not pressed. */
function button(element: Json): Html {
  const label = plainText(String(object(element.text).text ?? element.type));
  const look =
    element.style === "primary" ? "button primary" : element.style === "danger" ? "button danger" : "button";
  const shown = html`<span class="${look}">${label}</span>`;
  return typeof element.url === "string" ? link(element.url, shown) : shown;
}

/** Pictures from elsewhere are not loaded: this page asks no other server for anything. */
function imageBlock(image: Json): Html {
  const alt = String(image.alt_text ?? "");
  const title = object(image.title).text;
  const file = object(image.slack_file).id;
  const picture =
    typeof file === "string"
      ? html`<img src="/slack/files/${encodeURIComponent(file)}" alt="${alt}">`
      : html`<span class="no-image">Picture, not loaded here: ${link(String(image.image_url ?? ""), html`${alt}`)}</span>`;
  return html`<figure>${title === undefined ? "" : html`<figcaption>${String(title)}</figcaption>`}${picture}</figure>`;
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function list(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(object) : [];
}
