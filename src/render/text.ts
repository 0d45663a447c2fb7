import type { Message, MessageSection } from "../core/message.ts";
import { amount, type Shown, showsRows } from "./amount.ts";
import { bodyText, lineText, safeHref } from "./cell-text.ts";
import { displayWidth } from "./display-width.ts";
import { noticeParts } from "./notice.ts";
import { textTable } from "./text-table.ts";
import { dueDate, fileDetails, freshness, heading, howManyMore, noRoomFor, notices } from "./words.ts";

const WIDTH_MAX = 100;
const CELL_WIDTH_MAX = 40;
const ROWS_MAX = 200;
const CHARS_MAX = 60_000;
// Of a section without its rows: titles, what is shown, the link.
const FRAME_CHARS = 500;
const FILES_MAX = 30;
const URL_CHARS_MAX = 4_000;
const NOTICES_MAX = 20;
const NOTICE_CHARS_MAX = 400;

/**
 * The message as plain text for clients without HTML and for people who read with their ears: at most about 60,000
 * characters of tables, lines of at most 100 columns (links and words of the author apart).
 */
export function renderText(message: Message): string {
  if (message.purpose === "notice") return noticeText(message);
  const { run } = message;
  const title = lineText(run.title, 300);
  const parts = [[title, "=".repeat(lineWidth(title)), dueDate(run)].join("\n")];
  if (message.intro !== null && message.intro.trim() !== "")
    parts.push(bodyText(message.intro.trim(), 10_000));
  if (message.notices.length > 0) parts.push(notes(message.notices).join("\n"));
  parts.push(...sections(message));
  if (message.artifacts.length > 0) parts.push(files(message).join("\n"));
  parts.push(footer(message).join("\n"));
  return `${parts.join("\n\n")}\n`;
}

/** What went wrong: the subject, the words, the commands set in. */
function noticeText(message: Message): string {
  const subject = lineText(message.subject, 300);
  const parts = noticeParts(bodyText(message.intro?.trim() ?? "", 12_000));
  return `${[
    [subject, "=".repeat(lineWidth(subject)), `Due ${dueDate(message.run)}`].join("\n"),
    ...parts.map(({ kind, text }) => (kind === "command" ? `    ${text}` : text)),
    footer(message).join("\n"),
  ].join("\n\n")}\n`;
}

/** Sections until the characters are used up; tables share what is left evenly. */
function sections(message: Message): string[] {
  const parts: string[] = [];
  let charsLeft = CHARS_MAX;
  for (const [index, section] of message.sections.entries()) {
    if (charsLeft < FRAME_CHARS) {
      parts.push(noRoomFor(message.sections.length - index));
      break;
    }
    const share = charsLeft / (message.sections.length - index) - FRAME_CHARS;
    const part = sectionText(section, message, Math.max(0, Math.floor(share / WIDTH_MAX)));
    charsLeft -= part.length;
    parts.push(part);
  }
  return parts;
}

function sectionText(section: MessageSection, message: Message, linesMax: number): string {
  const title = heading(section, message);
  const lines = title === null ? [] : [title, "-".repeat(lineWidth(title))];
  lines.push(freshness(section, message.run), "");
  const rowsMax = Math.min(section.rowsShown, ROWS_MAX, linesMax);
  const isShown = showsRows(section) && rowsMax > 0;
  const table = isShown
    ? textTable(section.table, { rowsMax, widthMax: WIDTH_MAX, cellWidthMax: CELL_WIDTH_MAX })
    : null;
  if (table !== null) lines.push(...table.lines, "");
  const rowsShown = isShown ? Math.min(rowsMax, section.table.rows.length) : 0;
  const columns = table?.columnsShown ?? section.table.columns.length;
  lines.push(...underline(section, message, { rows: rowsShown, columns }));
  lines.push(...notes(section.notices));
  return lines.join("\n");
}

function underline(section: MessageSection, message: Message, shown: Shown): string[] {
  const lines = amount(section, message, shown);
  const url = safeHref(section.url, URL_CHARS_MAX);
  return url === null ? lines : [...lines, `Open in Looker: ${url}`];
}

function notes(sentences: readonly string[]): string[] {
  return notices(sentences, NOTICES_MAX, NOTICE_CHARS_MAX).map((sentence) => `Note: ${sentence}`);
}

function files(message: Message): string[] {
  const lines = message.artifacts
    .slice(0, FILES_MAX)
    .map((artifact) => `  ${lineText(artifact.filename, 160)} (${fileDetails(artifact)})`);
  const more = message.artifacts.length - lines.length;
  return ["Attached:", ...lines, ...(more > 0 ? [`  and ${howManyMore(more, "file")}`] : [])];
}

function footer(message: Message): string[] {
  const { run } = message;
  const lines = ["-".repeat(40)];
  if (run.owner !== null) lines.push(`Questions? ${lineText(run.owner, 200)}`);
  lines.push(`Report ${lineText(run.report, 200)}, run ${lineText(run.id, 100)}, sent by lookpost`);
  return lines;
}

function lineWidth(title: string): number {
  return Math.min(WIDTH_MAX, Math.max(3, displayWidth(title)));
}
