import type { Message } from "../../core/model/message.ts";
import type { Picture, PictureSource } from "../../core/model/picture.ts";
import type { Hex } from "../../core/rules/brand/colour.ts";
import { bodyText, lineText } from "../words/cell-text.ts";
import { linkedLine } from "../words/linked.ts";
import { isolated, type Markup, markup } from "../words/markup.ts";
import { ACCENT, DIM, HAIR, INK, LINK } from "./style.ts";

/* What of a digest is the sender's own: logo or name above the title, the accent's colour, and text at the foot. */

/** Above the title: the logo, else the name. Null: lookpost's own digests have neither. */
export function brandHead({ brand, pictures }: Message, sourceOf: PictureSource): Markup | null {
  const named = (name: string | undefined) => pictures.find((picture) => picture.name === name);
  const light = named(brand?.logo?.light);
  const dark = named(brand?.logo?.dark);
  if (light === undefined) return brand?.name === undefined ? null : nameRow(brand.name);
  return row(
    dark === undefined
      ? logo(light, sourceOf, "lg")
      : markup`<div class="two">${logo(light, sourceOf, "lg")}${logo(dark, sourceOf, "ld", "display:none;mso-hide:all")}</div>`,
  );
}

function row(contents: Markup): Markup {
  return markup`<tr><td class="pad" style="padding:24px 20px 0">${contents}</td></tr>
`;
}

function nameRow(name: string): Markup {
  return row(
    markup`<p class="ink" style="margin:0;font-size:15px;line-height:20px;font-weight:700;color:${INK}">${isolated(lineText(name, 100))}</p>`,
  );
}

/** Its alt text is in the type of a name, for readers whose program shows no pictures. */
function logo(
  picture: Picture,
  sourceOf: PictureSource,
  className: string,
  display = "display:block",
): Markup {
  const { width, height, alt } = picture;
  return markup`<img src="${sourceOf(picture)}" class="${className} ink" width="${width}" height="${height}" alt="${lineText(alt, 100)}" style="${display};width:${width}px;max-width:100%;height:auto;border:0;font-size:15px;line-height:20px;font-weight:700;color:${INK}">`;
}

/** The brand's own words below all others. */
export function brandFoot({ brand }: Message): Markup | null {
  if (brand?.footer === undefined) return null;
  const lines = bodyText(brand.footer, 1_000).split("\n");
  return markup`<tr><td class="pad hair dim" style="padding:16px 20px 24px;border-top:1px solid ${HAIR};font-size:13px;line-height:20px;color:${DIM}">
${lines.map(
  (line, index) =>
    markup`${
      index === 0
        ? null
        : markup`<br>
`
    }${linkedLine(line, (href, words) => markup`<a class="link" href="${href}" style="color:${LINK}">${words}</a>`)}`,
)}</td></tr>
`;
}

/**
 * A digest with the brand's colour in place of lookpost's, in attributes that are ours alone: no cell can contain one, since its quotes are
 * escaped. Its length stays the same.
 */
export function inAccent(html: string, accent: Hex | undefined): string {
  if (accent === undefined) return html;
  return html.replace(/ (?:style|bgcolor)="[^"]*"/g, (attribute) => attribute.replaceAll(ACCENT, accent));
}
