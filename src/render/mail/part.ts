import type { Message, SectionData } from "../../core/model/message.ts";
import type { Picture, PictureSource } from "../../core/model/picture.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { markdownHtml } from "../markdown/mail.ts";
import { MARKDOWN_CHARS_MAX } from "../markdown/markdown.ts";
import { lineText, safeHref } from "../words/cell-text.ts";
import { isolated, type Markup, markup, sizeOf } from "../words/markup.ts";
import { CARD_TEXT_WIDTH, DIM, INK, LINK } from "./style.ts";

/** One row of the digest's card, which can be built with as many rows of data as turn out to fit. */
export interface MailPart {
  /** How many sections of the message it shows. */
  readonly sections: number;
  /** UTF-8 bytes of each row of data, in the order in which they are shown. */
  readonly rowBytes: readonly number[];
  /** UTF-8 bytes of everything else. */
  readonly frameBytes: number;
  with(rowsShown: number): Markup;
  /** Without its rows, pictures and text, for a digest that is too large as a whole. */
  brief(): Markup;
}

/** What all parts of one digest know. */
export interface MailContext {
  readonly message: Message;
  /** No part may be larger. */
  readonly bytesMax: number;
  readonly sourceOf: PictureSource;
}

// Looker spells out a long query in its address. There is one for each section, so it may be longer than those of cells.
const URL_CHARS_MAX = 4_000;
const WORDS_BYTES_MAX = 24_000;

export function pictureOf(name: string | null, { message }: MailContext): Picture | null {
  return name === null ? null : (message.pictures.find((picture) => picture.name === name) ?? null);
}

/** Where a section is found in Looker; null: nowhere that a link may lead. */
export function lookerHref({ url }: SectionData): string | null {
  return safeHref(url ?? undefined, URL_CHARS_MAX);
}

export function lookerLink(href: string, words: string): Markup {
  return markup`<a class="link" href="${href}" style="color:${LINK};white-space:nowrap">${words}</a>`;
}

/** A line in small, dim type. */
export function quietLine(words: string | readonly Markup[], marginTop: number): Markup {
  return markup`<p class="dim" style="margin:${marginTop}px 0 0;font-size:13px;line-height:19px;color:${DIM}">${words}</p>
`;
}

export function sectionTitle(title: string): Markup {
  return markup`<h2 class="ink" style="margin:0;font-size:18px;line-height:24px;font-weight:700;color:${INK}">${isolated(title)}</h2>
`;
}

/** The one ornament, above the title. */
export function tag(colour: string): Markup {
  return markup`<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td class="tag" width="40" height="4" bgcolor="${colour}" style="height:4px;line-height:4px;font-size:0;background:${colour}">&nbsp;</td></tr></table>
`;
}

/** The author's text, within a limit; if it is cut, it says so. */
export function wordsOf(text: string | null, { frame }: Phrases): Markup | null {
  if (text === null || text.trim() === "") return null;
  let charsMax = MARKDOWN_CHARS_MAX;
  let words = markdownHtml(text, charsMax);
  while (words !== null && sizeOf(words) > WORDS_BYTES_MAX) {
    charsMax = Math.floor(charsMax / 2);
    words = markdownHtml(text, charsMax);
  }
  if (words === null || text.length <= charsMax) return words;
  return markup`${words}${quietLine(frame.textCut, 0)}`;
}

/** Sentences in a marked box. */
export function noticeBox(sentences: readonly string[]): Markup | null {
  if (sentences.length === 0) return null;
  return markup`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin-top:12px"><tr><td class="note" bgcolor="#fff6e0" style="padding:12px 14px;border-left:4px solid #b9770e;font-size:14px;line-height:20px;color:#4a3500">${sentences.map(
    (sentence) => markup`<div>${isolated(sentence)}</div>`,
  )}</td></tr></table>
`;
}

const ALT_CHARS_MAX = 1_000;

/** A picture no wider than the card. `className`: how a dark screen treats it. If pictures are blocked, its alt text is shown instead, in dim type. */
export function mailPicture(picture: Picture, { sourceOf }: MailContext, className: string | null): Markup {
  const width = Math.max(1, Math.round(Math.min(picture.width, CARD_TEXT_WIDTH)));
  const height = Math.max(1, Math.round((picture.height * width) / Math.max(1, picture.width)));
  const alt = lineText(picture.alt, ALT_CHARS_MAX);
  // Outlook for Windows goes by the attributes, the others by the style. Charts have no ground of their own.
  const named = className === null ? null : markup` class="${className}"`;
  return markup`<img src="${sourceOf(picture)}"${named} width="${width}" height="${height}" alt="${alt}" style="display:block;width:100%;max-width:${width}px;height:auto;border:0;border-radius:4px;font-size:13px;line-height:19px;color:${DIM}">
`;
}
