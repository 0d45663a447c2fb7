import { html } from "hono/html";
import { listOf, type PostJson } from "./json.ts";
import { type Html, type PostIds, plainText } from "./mrkdwn.ts";
import { richText } from "./rich-text.ts";

/** A `table` block: its first row is its header. */
export function tableBlock(block: PostJson, ids: PostIds): Html {
  const settings = listOf(block.column_settings);
  const align = (column: number) => String(settings[column]?.align ?? "left");
  return html`<div class="table-box"><table>${rows(block, ids, align)}</table></div>`;
}

/** A `data_table` block. Slack shows it page by page; here all of it can be scrolled. */
export function dataTableBlock(block: PostJson, ids: PostIds): Html {
  const body = cells(block).slice(1);
  const isNumeric = (column: number) => body.some((row) => row[column]?.type === "raw_number");
  const pageRows = typeof block.page_size === "number" ? block.page_size : 5;
  return html`<div class="table-box"><table><caption>${String(block.caption ?? "")}</caption>${rows(
    block,
    ids,
    (column) => (isNumeric(column) ? "right" : "left"),
  )}</table></div>${
    body.length > pageRows
      ? html`<p class="note">${body.length} rows; Slack shows ${pageRows} a page.</p>`
      : ""
  }`;
}

function rows(block: PostJson, ids: PostIds, align: (column: number) => string): Html {
  const [head = [], ...body] = cells(block);
  const row = (tag: "th" | "td") => (row: readonly PostJson[]) =>
    html`<tr>${row.map((cell, column) => cellElement(tag, cell, ids, align(column)))}</tr>`;
  return html`<thead>${row("th")(head)}</thead><tbody>${body.map(row("td"))}</tbody>`;
}

function cellElement(tag: "th" | "td", cell: PostJson, ids: PostIds, align: string): Html {
  const content = cell.type === "rich_text" ? richText(cell, ids) : plainText(String(cell.text ?? ""));
  const side = ["left", "center", "right"].includes(align) ? align : "left";
  return tag === "th"
    ? html`<th scope="col" class="to-${side}">${content}</th>`
    : html`<td class="to-${side}">${content}</td>`;
}

function cells(block: PostJson): (readonly PostJson[])[] {
  return Array.isArray(block.rows) ? block.rows.map(listOf) : [];
}
