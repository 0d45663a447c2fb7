/**
 * A table of 500 rows and 12 columns as the digest's HTML, compared with hono/html alone: a template for each cell and each row, which
 * come out as the same bytes. Prints the medians and their ratio. No digest shows so many rows: what is measured is what a row costs
 * when its texts are also made fit for a mail, cut and measured.
 *
 *   node bench/html.ts [rounds, default 100]
 */

import { html, raw } from "hono/html";
import type { Cell } from "../src/core/model/table.ts";
import { ENGLISH } from "../src/core/words/en/index.ts";
import { mailTable } from "../src/render/mail/table.ts";
import { benchArguments } from "./arguments.ts";
import { compared, tableOf } from "./files.ts";

const { rounds } = benchArguments({ rounds: 100 });
const table = tableOf(500);
if (bodyOf(ours()) !== bodyOf(bare())) throw new Error("the two are not the same table");
const result = await compared(rounds, { lookpost: () => void ours(), "hono/html": () => void bare() });
console.log(JSON.stringify({ rows: 500, columns: table.columns.length, rounds, ...result }, null, 2));

function ours(): string {
  const set = mailTable({
    title: "Flights",
    table,
    rowsMax: 500,
    bytesMax: Number.POSITIVE_INFINITY,
    phrases: ENGLISH,
  });
  return set.with(500).toString();
}

function bare(): string {
  const head = table.columns.map(
    (column) =>
      html`<th scope="col" align="${column.isNumeric ? "right" : "left"}" style="font-weight:600;color:#556270">${column.label}</th>`,
  );
  const body = table.rows.map(
    (row) => html`<tr valign="top" style="border-bottom:1px solid #dfe4e8">${row.map(cell)}</tr>`,
  );
  return html`<table class="d" width="100%" cellpadding="5" cellspacing="0" border="0"><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table>`.toString();
}

function cell({ rendered }: Cell, index: number) {
  const isNumeric = table.columns[index]?.isNumeric === true;
  const align = raw(isNumeric ? ' align="right"' : "");
  const nowrap = raw(isNumeric || /^(?:[-\d]{10}(?: [:\d]{8})?|\S{1,12})$/.test(rendered) ? " nowrap" : "");
  return html`<td${align}${nowrap}>${rendered}</td>`;
}

function bodyOf(page: string): string {
  return page.slice(page.indexOf("<tbody>"), page.indexOf("</tbody>"));
}
