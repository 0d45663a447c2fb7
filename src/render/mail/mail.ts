import type { MailBody, MailReader } from "../../core/model/digest.ts";
import type { Message } from "../../core/model/message.ts";
import { contentId, type PictureSource } from "../../core/model/picture.ts";
import { renderText } from "../text/text.ts";
import { lineText } from "../words/cell-text.ts";
import { type Markup, markup, sizeOf } from "../words/markup.ts";
import { isKpi, type KpiSection } from "../words/shown.ts";
import { phrasesOf } from "../words/words.ts";
import { brandFoot, brandHead, inAccent } from "./brand.ts";
import { type Extent, extents, rowsWithin } from "./budget.ts";
import { mailFoot } from "./foot.ts";
import { beginsWithFigures, KPIS_MAX, mailKpis } from "./kpi.ts";
import { mailNotice, noticePreheader } from "./notice.ts";
import { type MailContext, type MailPart, noticeBox } from "./part.ts";
import { mailSection } from "./section.ts";
import { digestPreheader, mailButton, mailFiles, mailHead, type WordBounds } from "./shell.ts";
import { fontOf, GHOST_CLOSE, GHOST_OPEN, HAIR, headStyle, PAGE, PREHEADER_END, WIDTH_MAX } from "./style.ts";

/** Gmail cuts a message off after about 102 kB of HTML; this leaves room for what relays add. */
export const HTML_BYTES_MAX = 90_000;

const ROOMY: WordBounds = { introChars: 4_000, notices: 12, noticeChars: 400, files: 30, nameChars: 160 };
const TIGHT: WordBounds = { introChars: 2_000, notices: 6, noticeChars: 200, files: 12, nameChars: 80 };
const LEAST_ROWS = 3;
/** If the text around the data takes more than this, it gets tighter limits. */
const SHELL_BYTES_MAX = 60_000;

/**
 * The digest of a message: HTML of at most 90 kB, and a text part that is readable on its own. What does not fit is left out:
 * first rows, from the largest tables, then whole sections, from the last one. Each cut is stated where it is made.
 * The addresses of pictures (data: URLs in a preview) do not count.
 */
export function renderMail(given: Message, pictures?: PictureSource, reader?: MailReader): MailBody {
  const message = withoutLostPictures(given);
  const sourceOf = pictures ?? ((picture) => `cid:${contentId(picture, message.run.id)}`);
  return { html: digest(message, sourceOf, reader ?? null), text: renderText(message, reader) };
}

/** A section whose picture is not part of the message shows its table, as if the picture could not be drawn. */
function withoutLostPictures(message: Message): Message {
  const names = new Set(message.pictures.map(({ name }) => name));
  const sections = message.sections.map((section) => {
    const show = section.data?.show;
    if (section.data === null || (show?.kind !== "chart" && show?.kind !== "image")) return section;
    if (show.picture === null || names.has(show.picture)) return section;
    return { ...section, data: { ...section.data, show: { ...show, picture: null } } };
  });
  return { ...message, sections };
}

function digest(message: Message, sourceOf: PictureSource, reader: MailReader | null): string {
  // Sizes are calculated with the addresses of an email, so that a preview is cut where the email is.
  const place = (index: number) => `cid:picture-${String(index).padStart(60, "0")}@lookpost`;
  const placed = new Map(message.pictures.map((picture, index) => [place(index), picture]));
  const context: MailContext = {
    message,
    bytesMax: HTML_BYTES_MAX,
    sourceOf: (picture) => place(message.pictures.indexOf(picture)),
  };
  const count = message.sections.length;
  const pageOf: PageOf = (parts, omitted, bounds) =>
    page({ message, reader, sourceOf: context.sourceOf }, parts, omitted, bounds);
  const html = laidOut(count, partsOf(message, context), pageOf).toString();
  // No cell can contain such an attribute, since its quotes are escaped.
  return inAccent(html, message.brand?.accent).replace(
    /src="(cid:picture-\d{60}@lookpost)"/g,
    (whole, address: string) => {
      const picture = placed.get(address);
      return picture === undefined ? whole : `src="${attribute(sourceOf(picture))}"`;
    },
  );
}

function attribute(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}

/** The sections, with consecutive figures in one part. */
function partsOf(message: Message, context: MailContext): MailPart[] {
  const parts: MailPart[] = [];
  let figures: KpiSection[] = [];
  const endFigures = () => {
    if (figures.length > 0) parts.push(mailKpis(figures, context));
    figures = [];
  };
  for (const section of message.sections) {
    if (isKpi(section) && figures.length < KPIS_MAX) {
      figures.push(section);
      continue;
    }
    endFigures();
    if (isKpi(section)) figures.push(section);
    else parts.push(mailSection(section, context));
  }
  endFigures();
  return parts;
}

type PageOf = (parts: readonly Markup[], omitted: number, bounds: WordBounds) => Markup;

function laidOut(sections: number, parts: readonly MailPart[], page: PageOf): Markup {
  const roomy = page([], sections, ROOMY);
  const bounds = sizeOf(roomy) > SHELL_BYTES_MAX ? TIGHT : ROOMY;
  const room = HTML_BYTES_MAX - sizeOf(page([], sections, bounds));
  // A table that is shown has at least its first rows: its heading alone would waste room.
  const least = parts.map(({ rowBytes }) => Math.min(LEAST_ROWS, rowBytes.length));
  const frames = parts.map((part, index) => {
    const rowsIn = part.rowBytes.slice(0, least[index]).reduce((sum, bytes) => sum + bytes, 0);
    return { full: part.frameBytes + rowsIn, brief: sizeOf(part.brief()), none: 0 };
  });
  const chosen: readonly Extent[] = extents(frames, room);
  const taken = frames.reduce((sum, frame, index) => sum + frame[chosen[index] ?? "none"], 0);
  const tables = parts.map((part, index) =>
    chosen[index] === "full" ? part.rowBytes.slice(least[index]) : [],
  );
  const rows = rowsWithin(tables, room - taken);
  const set = parts.flatMap((part, index) => {
    if (chosen[index] === "none") return [];
    return [chosen[index] === "full" ? part.with((least[index] ?? 0) + (rows[index] ?? 0)) : part.brief()];
  });
  const omitted = parts.reduce((sum, part, index) => sum + (chosen[index] === "none" ? part.sections : 0), 0);
  return page(set, omitted, bounds);
}

interface Copy {
  readonly message: Message;
  readonly reader: MailReader | null;
  readonly sourceOf: PictureSource;
}

function page(
  { message, reader, sourceOf }: Copy,
  parts: readonly Markup[],
  omitted: number,
  bounds: WordBounds,
): Markup {
  const isNotice = message.purpose !== "report";
  const isAlarm = isNotice && message.tone !== "good";
  const button = isNotice ? null : mailButton(message);
  const { locale } = phrasesOf(message);
  const font = fontOf(locale);
  // What most people need comes first: the figures, then the way to all the rest.
  const top = beginsWithFigures(message) ? parts.slice(0, 1) : [];
  return markup`<!doctype html>
<html lang="${locale}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<title>${lineText(message.subject, 200)}</title>
${headStyle(message.brand?.accent, locale)}
</head>
<body class="page" bgcolor="${PAGE}" style="margin:0;padding:0;background:${PAGE};font-family:${font}">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all">${isNotice ? noticePreheader(message) : digestPreheader(message)}${PREHEADER_END}</div>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="${PAGE}" style="table-layout:fixed;font-family:${font}"><tr><td class="page-pad" align="center" style="padding:0">
${GHOST_OPEN}
<table role="presentation" class="card${isAlarm ? " alarm" : ""}" align="center" width="100%" cellpadding="0" cellspacing="0" border="0" bgcolor="#ffffff" style="max-width:${WIDTH_MAX}px;table-layout:fixed;background:#ffffff;text-align:left">
${brandHead(message, sourceOf)}${isNotice ? mailNotice(message) : mailHead(message, bounds)}
${top}${button}${parts.slice(top.length)}${omitted === 0 ? null : omittedNote(omitted, message)}${mailFiles(message, bounds)}${mailFoot(message, reader)}${brandFoot(message)}
</table>
${GHOST_CLOSE}
</td></tr></table>
</body>
</html>
`;
}

function omittedNote(omitted: number, message: Message): Markup {
  const { frame } = phrasesOf(message);
  return markup`<tr><td class="pad hair" style="padding:18px 20px;border-top:1px solid ${HAIR}">${noticeBox([
    frame.noRoomAndAdvice(omitted),
  ])}</td></tr>
`;
}
