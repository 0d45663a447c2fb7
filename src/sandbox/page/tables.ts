import { html } from "hono/html";
import type { Names } from "./mrkdwn.ts";
import { plainText } from "./mrkdwn.ts";
import { richText } from "./rich-text.ts";
import type { Html } from "./shell.ts";

type Json = Record<string, unknown>;

/** A `table` block: its first row is its header. */
export function tableBlock(block: Json, names: Names): Html {
  const settings = list(block.column_settings);
  const align = (column: number) => String(settings[column]?.align ?? "left");
  return html`<div class="table-box"><table>${rows(block, names, align)}</table></div>`;
}

/** A `data_table` block. Slack shows it page by page; here all of it can be scrolled. */
export function dataTableBlock(block: Json, names: Names): Html {
  const body = cells(block).slice(1);
  const isNumeric = (column: number) => body.some((row) => row[column]?.type === "raw_number");
  const pageRows = typeof block.page_size === "number" ? block.page_size : 5;
  return html`<div class="table-box"><table><caption>${String(block.caption ?? "")}</caption>${rows(
    block,
    names,
    (column) => (isNumeric(column) ? "right" : "left"),
  )}</table></div>${
    body.length > pageRows
      ? html`<p class="note">${body.length} rows; Slack shows ${pageRows} a page.</p>`
      : ""
  }`;
}

function rows(block: Json, names: Names, align: (column: number) => string): Html {
  const [head = [], ...body] = cells(block);
  const row = (tag: "th" | "td") => (row: Json[]) =>
    html`<tr>${row.map((cell, column) => cellElement(tag, cell, names, align(column)))}</tr>`;
  return html`<thead>${row("th")(head)}</thead><tbody>${body.map(row("td"))}</tbody>`;
}

function cellElement(tag: "th" | "td", cell: Json, names: Names, align: string): Html {
  const content = cell.type === "rich_text" ? richText(cell, names) : plainText(String(cell.text ?? ""));
  const side = ["left", "center", "right"].includes(align) ? align : "left";
  return tag === "th"
    ? html`<th scope="col" class="to-${side}">${content}</th>`
    : html`<td class="to-${side}">${content}</td>`;
}

function cells(block: Json): Json[][] {
  return Array.isArray(block.rows) ? block.rows.map(list) : [];
}

function list(value: unknown): Json[] {
  return Array.isArray(value)
    ? value.map((each) => (typeof each === "object" && each !== null ? each : {}))
    : [];
}
