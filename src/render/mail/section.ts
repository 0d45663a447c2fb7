import type { MessageSection, SectionData } from "../../core/model/message.ts";
import { lineText } from "../words/cell-text.ts";
import { isolated, type Markup, markup, sizeOf } from "../words/markup.ts";
import { changesSentence, marksSentence } from "../words/show-words.ts";
import { type DataSection, hasData, type Shown, seeAll, shownSentences, showsRows } from "../words/shown.ts";
import { heading, notices, ownTime, phrasesOf, sinceWords } from "../words/words.ts";
import { datesWhole, MARK } from "./cell.ts";
import { mailChanges } from "./changes.ts";
import {
  lookerHref,
  lookerLink,
  type MailContext,
  type MailPart,
  mailPicture,
  noticeBox,
  pictureOf,
  quietLine,
  sectionTitle,
  wordsOf,
} from "./part.ts";
import { DIM, HAIR, INK, MARKED_INK } from "./style.ts";
import { mailTable } from "./table.ts";
import type { Narrow } from "./width.ts";

const NOTICES_MAX = 5;
const NOTICE_CHARS_MAX = 300;

// The words of a frame change with the number of rows: "0 of 12,431 rows", "5,000 of 12,431 rows".
const WORDS_BYTES = 240;

/** What a section shows between its title and the lines below it: a table, a picture, changes. */
interface Body {
  readonly rowBytes: readonly number[];
  readonly columnsShown: number;
  readonly tooWideFor: Narrow;
  with(rowsShown: number): Markup | null;
}

/** Between a title and its data. */
const GAP = markup`<div style="height:8px;line-height:8px;font-size:0">&nbsp;</div>`;

/** One section of the digest. */
export function mailSection(section: MessageSection, context: MailContext): MailPart {
  if (!hasData(section)) return wordsAlone(section, context);
  const { data } = section;
  const body = bodyOf(section, context);
  const phrases = phrasesOf(context.message);
  const words = wordsOf(section.text, phrases);
  const fresh = ownTime(data, context.message);
  const top = markup`${titleLine(section, context)}${fresh === "" ? GAP : markup`<p class="dim" style="margin:2px 0 12px;font-size:14px;line-height:20px;color:${DIM}">${datesWhole(fresh, phrases)}</p>`}
`;
  const below = (shown: Shown, narrow: Narrow) =>
    markup`${underline(section, context, shown, narrow)}${noticeBox(notices(section.notices, NOTICES_MAX, NOTICE_CHARS_MAX, phrases))}`;
  const set = (rowsShown: number) => {
    const isShown = rowsShown > 0 || body.rowBytes.length === 0;
    const rows = showsRows(data) ? rowsShown : 0;
    const columns = rows === 0 ? data.table.columns.length : body.columnsShown;
    return row(
      markup`${top}${words}${isShown ? body.with(rowsShown) : null}${below({ rows, columns }, isShown ? body.tooWideFor : null)}`,
    );
  };
  const first = body.rowBytes.length === 0 ? 0 : data.show.kind === "changes" ? body.rowBytes.length : 1;
  const rowsIn = body.rowBytes.slice(0, first).reduce((sum, bytes) => sum + bytes, 0);
  return {
    sections: 1,
    rowBytes: body.rowBytes,
    frameBytes: sizeOf(set(first)) - rowsIn + WORDS_BYTES,
    with: set,
    brief: () => {
      const isLess = words !== null || (body.rowBytes.length === 0 && data.show.kind !== "none");
      const less = isLess ? quietLine(phrases.frame.sectionShortened, 0) : null;
      return row(markup`${top}${less}${below({ rows: 0, columns: data.table.columns.length }, null)}`);
    },
  };
}

function row(contents: Markup): Markup {
  return markup`<tr><td class="pad hair" style="padding:28px 20px;border-top:1px solid ${HAIR}">
${contents}</td></tr>
`;
}

function titleLine(section: MessageSection, { message }: MailContext): Markup | null {
  const title = heading(section, message);
  return title === null ? null : sectionTitle(title);
}

function wordsAlone(section: MessageSection, context: MailContext): MailPart {
  const phrases = phrasesOf(context.message);
  const notes = noticeBox(notices(section.notices, NOTICES_MAX, NOTICE_CHARS_MAX, phrases));
  // A text tile without a title of its own has none.
  const title = section.title.trim() === "" ? null : titleLine(section, context);
  const whole = row(markup`${title}${title === null ? null : GAP}${wordsOf(section.text, phrases)}${notes}`);
  return {
    sections: 1,
    rowBytes: [],
    frameBytes: sizeOf(whole),
    with: () => whole,
    brief: () => row(markup`${title}${quietLine(phrases.frame.noRoomForText, 0)}${notes}`),
  };
}

function bodyOf(section: DataSection, context: MailContext): Body {
  const { data } = section;
  const { show } = data;
  if (show.kind === "changes") return changesBody(section, show, context);
  if (show.kind === "chart" || show.kind === "image") {
    const picture = pictureOf(show.picture, context);
    // Its alt text says its figures to those who do not see it. Looker draws on white, which a dark screen dims.
    if (picture !== null)
      return still(mailPicture(picture, context, show.kind === "image" ? "shot" : null), data);
  }
  return showsRows(data) ? tableBody(section, context) : still(null, data);
}

/** A body without rows that could be cut. */
function still(whole: Markup | null, { table }: SectionData): Body {
  return { rowBytes: [], columnsShown: table.columns.length, tooWideFor: null, with: () => whole };
}

function tableBody({ title, data }: DataSection, { message, bytesMax }: MailContext): Body {
  const phrases = phrasesOf(message);
  const { table, show, rowsShown } = data;
  const emphasis = show.kind === "table" ? show.emphasis : [];
  const set = mailTable({ title, table, rowsMax: rowsShown, bytesMax, emphasis, phrases });
  const marked = marksSentence(emphasis, table, set.columnsShown, phrases);
  const legend =
    marked === null
      ? null
      : markup`<p class="dim" style="margin:8px 0 0;font-size:13px;line-height:19px;color:${DIM}"><b class="mark" style="color:${MARKED_INK}">${MARK}</b> ${phrases.tables.marked} ${isolated(marked.replaceAll(/([<>=]) (?=\S)/g, "$1\u00a0"))}</p>
`;
  return { ...set, with: (rows) => markup`${set.with(rows)}${legend}` };
}

function changesBody(
  { title, data }: DataSection,
  { changes }: { readonly changes: Parameters<typeof changesSentence>[0] },
  { message, bytesMax }: MailContext,
): Body {
  const { table, rowsShown } = data;
  const phrases = phrasesOf(message);
  const since = changes.since === null ? null : sinceWords(changes.since, message.run);
  const sentence = markup`<p class="ink" style="margin:0;font-size:15px;line-height:23px;color:${INK}">${datesWhole(changesSentence(changes, table, since, phrases), phrases)}</p>
`;
  if (since === null) return still(sentence, data);
  const set = mailChanges(title, changes, table, { rowsMax: rowsShown, bytesMax, phrases });
  return {
    rowBytes: set.rowBytes,
    columnsShown: table.columns.length,
    tooWideFor: set.tooWideFor,
    with: (rows) => markup`${sentence}${set.with(rows)}`,
  };
}

/** Below the data: how much of the whole is shown, and where the rest is. */
function underline(section: DataSection, context: MailContext, shown: Shown, narrow: Narrow): Markup | null {
  const sentences = shownSentences(section, context.message, shown);
  const phrases = phrasesOf(context.message);
  const { data } = section;
  const words = [lineText(sentences.join(" "), 4_000)]
    .filter((line) => line !== "")
    .map((line) => isolated(line));
  if (narrow === "card") words.push(isolated(phrases.tables.scrollSideways));
  if (narrow === "phone") words.push(onPhone(phrases.tables.scrollOnPhone(shown.columns)));
  const href = lookerHref(data);
  const all = seeAll(data, shown, phrases);
  if (href !== null && all !== null) words.push(lookerLink(href, all));
  if (words.length === 0) return null;
  return quietLine(
    words.map((piece, index) => markup`${index === 0 ? "" : " "}${piece}`),
    10,
  );
}

/** What concerns a phone alone. */
function onPhone(words: string): Markup {
  return markup`<span class="phone" style="display:none;max-height:0;overflow:hidden;mso-hide:all">${words}</span>`;
}
