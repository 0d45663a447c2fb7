import type { Picture } from "../../core/model/picture.ts";
import { lineText } from "../words/cell-text.ts";
import { type Markup, markup } from "../words/markup.ts";
import type { MailContext } from "./part.ts";
import { CARD_TEXT_WIDTH, DIM } from "./style.ts";

const ALT_CHARS_MAX = 1_000;

/** A picture no wider than the card; where pictures are blocked its alt text stands in its place, in quiet type. */
export function mailPicture(picture: Picture, { sourceOf }: MailContext, widthMax = CARD_TEXT_WIDTH): Markup {
  const width = Math.max(1, Math.round(Math.min(picture.width, widthMax)));
  const height = Math.max(1, Math.round((picture.height * width) / Math.max(1, picture.width)));
  const alt = lineText(picture.alt, ALT_CHARS_MAX);
  // Outlook for Windows goes by the attributes, the others by the style. Pictures are drawn on white.
  return markup`<img src="${sourceOf(picture)}" width="${width}" height="${height}" alt="${alt}" style="display:block;width:100%;max-width:${width}px;height:auto;border:0;border-radius:4px;background:#ffffff;font-size:13px;line-height:19px;color:${DIM}">
`;
}
