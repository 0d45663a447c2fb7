import type { Message, MessageSection } from "../core/message.ts";
import type { Table } from "../core/table.ts";
import { amount, rowsPhrase, showsRows } from "./amount.ts";
import { lineText, safeHref } from "./cell-text.ts";
import { isFigures } from "./figures.ts";
import { flatLabel } from "./headings.ts";
import { slackTable } from "./slack-table.ts";
import { textTable } from "./text-table.ts";
import { freshness, heading, notices } from "./words.ts";

export type Block = Readonly<Record<string, unknown>>;

/** Lines of fixed-width text in Slack's narrow column, and how many of them before a reader scrolls past. */
const TEXT_WIDTH_MAX = 76;
const TEXT_ROWS_MAX = 15;
const TEXT_CHARS_MAX = 2_800;
const NOTICES_MAX = 3;

export interface SlackSection {
  readonly blocks: readonly Block[];
  /** Whether it took the one native table that a message may have. */
  readonly hasTable: boolean;
}

/** A section: title, data, and a line on how much of it is shown and where the rest is. */
export function slackSection(section: MessageSection, message: Message, mayHaveTable: boolean): SlackSection {
  const isShown = showsRows(section);
  const figures = isShown && isFigures(section.table) ? figureLine(section.table) : null;
  const native =
    isShown && mayHaveTable && figures === null
      ? slackTable(section.title, section.table, section.rowsShown)
      : null;
  const plain =
    isShown && native === null && figures === null ? preformatted(section.table, section.rowsShown) : null;
  const body = figures ?? native ?? plain;
  const title = heading(section, message);
  const blocks: Block[] = title === null ? [] : [richText([text(title, true)])];
  if (body !== null) blocks.push(body.block);
  const shown = { rows: body?.rowsShown ?? 0, columns: body?.columnsShown ?? section.table.columns.length };
  const notes = [...amount(section, message, shown), ...notices(section.notices, NOTICES_MAX, 300)];
  const totals = native === null ? null : totalsLine(section.table);
  blocks.push(
    context(
      [...(totals === null ? [] : [totals]), notes.join(" "), freshness(section, message.run)],
      section.url,
    ),
  );
  return { blocks, hasTable: native !== null };
}

/** One line for a section that there is no room to show. */
export function slackLine(section: MessageSection): readonly Block[] {
  const { table } = section;
  const phrase = table.rowCount === 0 ? "no rows" : rowsPhrase(table.rowCount, table);
  const url = safeHref(section.url);
  const link = url === null ? [] : [text(" · "), { type: "link", url, text: "Open in Looker" }];
  return [text(lineText(section.title, 120) || "Untitled", true), text(`: ${phrase}`), ...link, text("\n")];
}

interface Body {
  readonly block: Block;
  readonly rowsShown: number;
  readonly columnsShown: number;
}

function figureLine(table: Table): Body {
  const elements = table.columns.flatMap((column, index) => {
    const label = `${index === 0 ? "" : "   "}${lineText(column.label, 80)} `;
    return [text(label), text(lineText(table.rows[0]?.[index]?.rendered ?? "", 80) || "–", true)];
  });
  return { block: richText(elements), rowsShown: 1, columnsShown: table.columns.length };
}

function preformatted(table: Table, rowsMax: number): Body | null {
  for (let rows = Math.min(rowsMax, TEXT_ROWS_MAX, table.rows.length); rows > 0; rows -= 1) {
    const bounds = { rowsMax: rows, widthMax: TEXT_WIDTH_MAX, cellWidthMax: 30 };
    const { lines, columnsShown } = textTable(table, bounds);
    const content = lines.join("\n");
    if (content.length > TEXT_CHARS_MAX) continue;
    const block = {
      type: "rich_text",
      elements: [{ type: "rich_text_preformatted", elements: [text(content)] }],
    };
    return { block, rowsShown: rows, columnsShown };
  }
  return null;
}

function totalsLine(table: Table): string | null {
  if (table.totals === undefined) return null;
  const parts = table.totals.flatMap((cell, index) => {
    const column = table.columns[index];
    return column === undefined || cell.rendered === "" || !column.isNumeric
      ? []
      : [`${lineText(flatLabel(column), 60)} ${lineText(cell.rendered, 60)}`];
  });
  return parts.length === 0 ? null : lineText(`Totals: ${parts.join(" · ")}`, 600);
}

/** Small grey text. What comes from outside stands in plain_text, which Slack does not read for mentions or markup. */
export function context(sentences: readonly string[], href?: string): Block {
  const url = safeHref(href);
  const elements: Block[] = sentences
    .filter((words) => words !== "")
    .map((words) => ({ type: "plain_text", text: lineText(words, 1_200), emoji: false }));
  if (url !== null) elements.push({ type: "mrkdwn", text: `<${escapeUrl(url)}|Open in Looker>` });
  return { type: "context", elements };
}

export function richText(elements: readonly Block[]): Block {
  return { type: "rich_text", elements: [{ type: "rich_text_section", elements }] };
}

export function text(content: string, isBold = false): Block {
  return isBold ? { type: "text", text: content, style: { bold: true } } : { type: "text", text: content };
}

// URL.href has < and > encoded already, except in the fragment's rarer forms.
function escapeUrl(url: string): string {
  return url.replaceAll("&", "&amp;").replaceAll("<", "%3C").replaceAll(">", "%3E").replaceAll("|", "%7C");
}
