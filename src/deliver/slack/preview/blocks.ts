import { html, raw } from "hono/html";
import { chartHtml } from "./chart.ts";

export type Html = ReturnType<typeof html>;

type Json = Readonly<Record<string, unknown>>;

/** Data URLs of pictures, by the ids that stand for them. */
export type ShownPictures = ReadonlyMap<string, string>;

/** The blocks that lookpost makes, as a reader sees them. Everything in them is escaped. */
export function blocksHtml(blocks: readonly Json[], pictures: ShownPictures): Html {
  return html`${blocks.map((block) => blockHtml(block, pictures))}`;
}

function blockHtml(block: Json, pictures: ShownPictures): Html {
  switch (block.type) {
    case "header":
      return html`<h2>${textOf(block.text)}</h2>`;
    case "section":
      return html`<div class="fields">${[block.text, ...list(block.fields)]
        .filter((text) => text !== undefined)
        .map((text) => html`<p>${words(object(text))}</p>`)}</div>`;
    case "context":
      return html`<p class="context">${list(block.elements).map((element) => html`<span>${words(object(element))}</span>`)}</p>`;
    case "divider":
      return html`<hr>`;
    case "image":
      return imageHtml(block, pictures);
    case "rich_text":
      return html`<div class="rich">${richHtml(block)}</div>`;
    case "data_table":
    case "table":
      return tableHtml(block);
    case "data_visualization":
      return chartHtml(block);
    default:
      return html`<p>[${String(block.type)}]</p>`;
  }
}

/** A text object. Of mrkdwn what lookpost writes: bold lines, links, the three escapes. */
export function words({ type, text }: Json): Html {
  const content = String(text ?? "");
  if (type !== "mrkdwn") return html`${content}`;
  const parts = content.split(/(<[^<>]+>|\*[^*\n]+\*)/).filter((part) => part !== "");
  return html`${parts.map((part) => {
    const [, url, label] = /^<([^|<>]+)\|?([^<>]*)>$/.exec(part) ?? [];
    if (url !== undefined) return anchor(unescaped(url), html`${unescaped(label || url)}`);
    const bold = /^\*(.+)\*$/.exec(part)?.[1];
    return bold === undefined ? html`${unescaped(part)}` : html`<strong>${unescaped(bold)}</strong>`;
  })}`;
}

function anchor(url: string, label: Html): Html {
  return /^(?:https?|mailto):/i.test(url)
    ? html`<a href="${url}" rel="noopener noreferrer">${label}</a>`
    : label;
}

function unescaped(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function imageHtml({ slack_file, alt_text }: Json, pictures: ShownPictures): Html {
  const source = pictures.get(String(object(slack_file).id));
  const alt = String(alt_text ?? "");
  return source === undefined
    ? html`<p class="context">[${alt}]</p>`
    : html`<figure><img src="${source}" alt="${alt}"></figure>`;
}

function richHtml(block: Json): Html {
  return html`${list(block.elements).map((element) => {
    const { type, elements, style, offset } = object(element);
    if (type === "rich_text_list") {
      const items = list(elements).map((item) => html`<li>${inlines(object(item).elements)}</li>`);
      return style === "ordered"
        ? html`<ol start="${Number(offset ?? 0) + 1}">${items}</ol>`
        : html`<ul>${items}</ul>`;
    }
    if (type === "rich_text_preformatted") return html`<pre>${inlines(elements)}</pre>`;
    if (type === "rich_text_quote") return html`<blockquote>${inlines(elements)}</blockquote>`;
    return html`<p>${inlines(elements)}</p>`;
  })}`;
}

function inlines(elements: unknown): Html {
  return html`${list(elements).map((element) => {
    const { type, text, url, style } = object(element);
    const content = html`${String(text ?? url ?? "")}`;
    const shown = type === "link" ? anchor(String(url), content) : content;
    const { bold, italic, code } = object(style);
    const leaning = italic === true ? html`<em>${shown}</em>` : shown;
    const coded = code === true ? html`<code>${leaning}</code>` : leaning;
    return bold === true ? html`<strong>${coded}</strong>` : coded;
  })}`;
}

function tableHtml(block: Json): Html {
  const [heading = [], ...rows] = list(block.rows).map((row) => list(row).map(object));
  const settings = list(block.column_settings).map(object);
  const isNumber = (column: number) =>
    settings[column]?.align === "right" || rows.some((row) => row[column]?.type === "raw_number");
  const css = (column: number) => (isNumber(column) ? raw(' class="number"') : "");
  const caption = block.caption === undefined ? "" : html`<caption>${String(block.caption)}</caption>`;
  return html`<div class="table"><table>${caption}<thead><tr>${heading.map(
    (cell, column) => html`<th scope="col"${css(column)}>${cellHtml(cell)}</th>`,
  )}</tr></thead><tbody>${rows.map(
    (row) => html`<tr>${row.map((cell, column) => html`<td${css(column)}>${cellHtml(cell)}</td>`)}</tr>`,
  )}</tbody></table></div>`;
}

function cellHtml(cell: Json): Html {
  return cell.type === "rich_text"
    ? html`${list(cell.elements).map((element) => inlines(object(element).elements))}`
    : html`${String(cell.text ?? "")}`;
}

function textOf(value: unknown): string {
  return String(object(value).text ?? "");
}

function object(value: unknown): Json {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
