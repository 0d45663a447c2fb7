import { raw } from "hono/html";
import type { MailBody } from "../core/digest.ts";
import type { Message } from "../core/message.ts";
import { bodyText, lineText, safeHref } from "./cell-text.ts";
import { type Extent, extents, rowsWithin } from "./mail-budget.ts";
import { mailNotice, noticePreheader } from "./mail-notice.ts";
import { type MailSection, mailSection, noticeBox } from "./mail-section.ts";
import {
  ACCENT,
  ALARM,
  DIM,
  FONT,
  GHOST_CLOSE,
  GHOST_OPEN,
  HAIR,
  HEAD_STYLE,
  INK,
  LINK,
  PAGE,
  PREHEADER_END,
  WIDTH_MAX,
} from "./mail-style.ts";
import { isolated } from "./mail-table.ts";
import { type Markup, markup, sizeOf } from "./markup.ts";
import { renderText } from "./text.ts";
import { dueDate, fileDetails, howManyMore, isAddress, noRoomFor, notices, summary } from "./words.ts";

/** Gmail cuts a message off beyond about 102 kB of HTML; this leaves room for what relays add. */
export const HTML_BYTES_MAX = 90_000;

const INTRO_CHARS_MAX = 4_000;
const NOTICES_MAX = 12;
const NOTICE_CHARS_MAX = 400;
const FILES_MAX = 30;

// The words of a frame change with the number of rows: "0 of 12,431 rows", "5,000 of 12,431 rows".
const WORDS_BYTES = 240;

/**
 * The digest of a message: HTML of at most 90 kB and a text part that is readable by itself. What does not fit is left out
 * by whole rows, from the largest tables first, and each cut is said where it is made.
 */
export function renderMail(message: Message): MailBody {
  return { html: digest(message).toString(), text: renderText(message) };
}

function digest(message: Message): Markup {
  const sections = message.sections.map((section) => mailSection(section, message, HTML_BYTES_MAX));
  const frames = sections.map(frameSizes);
  const room = HTML_BYTES_MAX - sizeOf(page(message, [], sections.length));
  const chosen = extents(frames, room);
  const taken = frames.reduce((sum, frame, index) => sum + frame[chosen[index] ?? "none"], 0);
  const tables = sections.map(({ table }, index) =>
    chosen[index] === "full" ? (table?.rowBytes ?? []) : [],
  );
  const rows = rowsWithin(tables, room - taken);
  const set = sections.flatMap((section, index) => {
    if (chosen[index] === "none") return [];
    return [chosen[index] === "full" ? section.with(rows[index] ?? 0) : section.brief()];
  });
  return page(message, set, sections.length - set.length);
}

/** Bytes of a section without its rows. */
function frameSizes(section: MailSection): Readonly<Record<Extent, number>> {
  const full = sizeOf(section.with(1)) - (section.table?.rowBytes[0] ?? 0);
  return { full: full + WORDS_BYTES, brief: sizeOf(section.brief()) + WORDS_BYTES, none: 0 };
}

function page(message: Message, sections: readonly Markup[], omitted: number): Markup {
  const isNotice = message.purpose === "notice";
  return markup`<!doctype html>
<html lang="en" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<title>${lineText(message.subject, 200)}</title>
${HEAD_STYLE}
</head>
<body class="page" bgcolor="${PAGE}" style="margin:0;padding:0;background:${PAGE};font-family:${FONT}">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${preheader(message)}${PREHEADER_END}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="${PAGE}" style="table-layout:fixed;font-family:${FONT}"><tr><td class="page-pad" align="center" style="padding:28px 12px">
${GHOST_OPEN}
<table role="presentation" class="card${isNotice ? " alarm" : ""}" align="center" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width:${WIDTH_MAX}px;table-layout:fixed;background:#ffffff;border:1px solid ${HAIR};border-top:4px solid ${isNotice ? ALARM : ACCENT};border-radius:6px;text-align:left">
${isNotice ? mailNotice(message) : header(message)}
${sections}
${omitted === 0 ? null : omittedNote(omitted)}
${files(message)}
${footer(message)}
</table>
${GHOST_CLOSE}
</td></tr></table>
</body>
</html>
`;
}

function preheader(message: Message): string {
  if (message.purpose === "notice") return noticePreheader(message);
  return lineText(message.sections.slice(0, 6).map(summary).join(" · "), 300);
}

function header(message: Message): Markup {
  const { run } = message;
  const intro = bodyText(message.intro?.trim() ?? "", INTRO_CHARS_MAX);
  return markup`<tr><td class="pad" style="padding:26px 32px 22px">
<h1 class="h1 ink" style="margin:0;font-size:24px;line-height:31px;font-weight:600;letter-spacing:-0.2px;color:${INK}">${isolated(
    lineText(run.title, 300),
  )}</h1>
<p class="dim" style="margin:4px 0 0;font-size:14px;line-height:20px;color:${DIM}">${dueDate(run)}</p>
${intro === "" ? null : markup`<p class="ink" style="margin:16px 0 0;font-size:15px;line-height:23px;color:${INK}">${intro.split("\n").map(introLine)}</p>`}
${noticeBox(notices(message.notices, NOTICES_MAX, NOTICE_CHARS_MAX))}
</td></tr>`;
}

// Outlook for Windows knows no white-space: lines of the author's are broken by hand.
function introLine(line: string, index: number): Markup {
  return index === 0 ? isolated(line) : markup`<br>${isolated(line)}`;
}

function omittedNote(omitted: number): Markup {
  return markup`<tr><td class="pad hair" style="padding:18px 32px;border-top:1px solid ${HAIR}">${noticeBox([
    `${noRoomFor(omitted)} Open the report’s content in Looker, or split the report in two.`,
  ])}</td></tr>`;
}

function files(message: Message): Markup | null {
  if (message.artifacts.length === 0) return null;
  const listed = message.artifacts.slice(0, FILES_MAX);
  const more = message.artifacts.length - listed.length;
  return markup`<tr><td class="pad hair" style="padding:20px 32px;border-top:1px solid ${HAIR}">
<h2 class="ink" style="margin:0 0 6px;font-size:14px;line-height:20px;font-weight:600;color:${INK}">Attached</h2>
${listed.map(
  (artifact) =>
    markup`<p class="dim" style="margin:2px 0 0;font-size:13px;line-height:20px;color:${DIM}"><span class="ink" style="color:${INK}">${isolated(
      lineText(artifact.filename, 160),
    )}</span> &nbsp;${fileDetails(artifact)}</p>`,
)}
${more === 0 ? null : markup`<p class="dim" style="margin:2px 0 0;font-size:13px;color:${DIM}">and ${howManyMore(more, "file")}</p>`}
</td></tr>`;
}

function footer(message: Message): Markup {
  const { run } = message;
  const urls = new Set(message.sections.map((section) => safeHref(section.url)));
  const [url] = urls.size === 1 ? urls : [null];
  const owner = run.owner === null ? null : lineText(run.owner, 200);
  const links = [
    owner === null ? null : markup`Questions? ${ownerLink(owner)}`,
    url === null || url === undefined
      ? null
      : markup`<a class="link" href="${url}" style="color:${LINK}">Open in Looker</a>`,
  ].filter((link) => link !== null);
  return markup`<tr><td class="pad hair dim" style="padding:18px 32px 22px;border-top:1px solid ${HAIR};font-size:12px;line-height:19px;color:${DIM}">
${links.map((link, index) => markup`${index === 0 ? "" : " · "}${link}`)}${links.length === 0 ? null : raw("<br>")}
Report ${lineText(run.report, 200)} · run ${lineText(run.id, 100)} · sent by lookpost
</td></tr>`;
}

function ownerLink(owner: string): Markup {
  return isAddress(owner)
    ? markup`<a class="link" href="mailto:${owner}" style="color:${LINK}">${owner}</a>`
    : isolated(owner);
}
