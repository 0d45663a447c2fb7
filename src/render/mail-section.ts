import type { Message, MessageSection } from "../core/message.ts";
import { amount, type Shown, showsRows } from "./amount.ts";
import { safeHref } from "./cell-text.ts";
import { DIM, HAIR, INK, LINK } from "./mail-style.ts";
import { isolated, type MailTable, mailTable } from "./mail-table.ts";
import { type Markup, markup } from "./markup.ts";
import { freshness, heading, notices } from "./words.ts";

// Looker spells out a long query in its address; what stands once a section may be longer than what stands in cells.
const URL_CHARS_MAX = 4_000;
const NOTICES_MAX = 5;
const NOTICE_CHARS_MAX = 300;

/** One section of the digest, ready to be set with as many rows as there turns out to be room for. */
export interface MailSection {
  /** Null where the section shows no table. */
  readonly table: MailTable | null;
  with(rowsShown: number): Markup;
  /** Without its table: what is left when the digest as a whole is too large. */
  brief(): Markup;
}

export function mailSection(section: MessageSection, message: Message, bytesMax: number): MailSection {
  const table = showsRows(section)
    ? mailTable(section.title, section.table, section.rowsShown, bytesMax)
    : null;
  const set = (rowsShown: number, whole: boolean) => {
    const body = whole && table !== null && rowsShown > 0 ? table.with(rowsShown) : null;
    const columns = table?.columnsShown ?? section.table.columns.length;
    return markup`<tr><td class="pad hair" style="padding:24px 32px;border-top:1px solid ${HAIR}">
${titleLine(section, message)}<p class="dim" style="margin:0 0 12px;font-size:13px;line-height:18px;color:${DIM}">${freshness(section, message.run)}</p>
${body}
${underline(section, message, { rows: body === null ? 0 : rowsShown, columns }, body !== null && table?.isWide === true)}
${noticeBox(notices(section.notices, NOTICES_MAX, NOTICE_CHARS_MAX))}
</td></tr>`;
  };
  return { table, with: (rowsShown) => set(rowsShown, true), brief: () => set(0, false) };
}

function titleLine(section: MessageSection, message: Message): Markup | null {
  const title = heading(section, message);
  if (title === null) return null;
  return markup`<h2 class="ink" style="margin:0 0 2px;font-size:17px;line-height:24px;font-weight:600;color:${INK}">${isolated(title)}</h2>
`;
}

/** What stands below the table: how much of the whole it is, and where the rest is. */
function underline(section: MessageSection, message: Message, shown: Shown, isWide: boolean): Markup {
  const phrases = amount(section, message, shown);
  if (isWide) phrases.push("The table is wide: scroll it sideways.");
  const url = safeHref(section.url, URL_CHARS_MAX);
  const open =
    url === null ? null : markup`<a class="link" href="${url}" style="color:${LINK}">Open in Looker</a>`;
  return markup`<p class="dim" style="margin:10px 0 0;font-size:13px;line-height:19px;color:${DIM}">${phrases.join(
    " ",
  )} ${open}</p>`;
}

/** Sentences in a marked box. */
export function noticeBox(sentences: readonly string[]): Markup | null {
  if (sentences.length === 0) return null;
  return markup`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin-top:12px"><tr><td class="note" bgcolor="#fdf6e3" style="padding:10px 14px;border-left:3px solid #d8a024;font-size:13px;line-height:19px;color:#5a4a1a">${sentences.map(
    (sentence) => markup`<div>${isolated(sentence)}</div>`,
  )}</td></tr></table>`;
}
