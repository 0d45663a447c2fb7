import type { Message, MessageSection } from "../../core/model/message.ts";
import type { Picture, PictureSource } from "../../core/model/picture.ts";
import type { Table } from "../../core/model/table.ts";
import type { FormatSection } from "../../core/ports/adapter.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { bodyText, lineText } from "../words/cell-text.ts";
import { leadText } from "../words/lead.ts";
import { linkedLine } from "../words/linked.ts";
import { isolated, type Markup, markup } from "../words/markup.ts";
import { periodLine } from "../words/show-words.ts";
import { isKpi } from "../words/shown.ts";
import { dueAndRead, isAddress, phrasesOf } from "../words/words.ts";
import { noticeList, type PageContext, pageSection } from "./section.ts";
import { accentStyle, fontStyle, PAGE_STYLE } from "./style.ts";

export { PAGE_ROWS_MAX } from "./table.ts";

const INTRO_CHARS_MAX = 20_000;
/** With fewer sections, a list of them helps no one. */
const NAV_SECTIONS_MIN = 4;

interface Placed {
  readonly section: MessageSection;
  readonly table: Table | null;
}

/**
 * A message as a self-contained web page, in pieces: the same text as the email, and more rows. It has no scripts and loads
 * nothing, and tells the browser so.
 */
export function* pageHtml(
  message: Message,
  sections: readonly FormatSection[],
  sourceOf: PictureSource,
): Generator<string> {
  const placed = sections.flatMap(({ index, result }): Placed[] => {
    const section = message.sections[index];
    return section === undefined ? [] : [{ section, table: result?.table ?? null }];
  });
  yield head(message);
  yield header(message, placed, sourceOf).toString();
  yield* body(placed, { message, sourceOf });
  yield footer(message).toString();
  yield "</main>\n</body>\n</html>\n";
}

function head(message: Message): string {
  return `<!DOCTYPE html>
<html lang="${phrasesOf(message).locale}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${markup`${lineText(message.subject, 200)}`}</title>
<style>${PAGE_STYLE}${fontStyle(phrasesOf(message).locale)}${accentStyle(message.brand?.accent)}</style>
</head>
<body>
<main>
`;
}

function header(message: Message, placed: readonly Placed[], sourceOf: PictureSource): Markup {
  const { run } = message;
  const phrases = phrasesOf(message);
  const period = periodLine(message);
  const lead = leadText(message);
  const intro = bodyText(message.intro?.trim() ?? "", INTRO_CHARS_MAX);
  return markup`<header>
${brandLine(message, sourceOf)}<h1>${isolated(lineText(run.title, 300))}</h1>
${period === null ? null : markup`<p class="period">${isolated(period)}</p>`}
${lead === "" ? null : markup`<p class="lead">${isolated(lead)}</p>`}
${intro === "" ? null : markup`<p class="intro">${isolated(intro)}</p>`}
${noticeList(message.notices, phrases)}
${contents(placed, phrases)}
</header>
`;
}

/** The logo, else the name. On paper and on light screens the light one. */
function brandLine({ brand, pictures }: Message, sourceOf: PictureSource): Markup | null {
  const named = (name: string | undefined) => pictures.find((picture) => picture.name === name);
  const [light, dark] = [named(brand?.logo?.light), named(brand?.logo?.dark)];
  const image = (of: Picture, kind: string) =>
    markup`<img class="logo${kind}" src="${sourceOf(of)}" width="${of.width}" height="${of.height}" alt="${lineText(of.alt, 100)}">
`;
  if (light !== undefined)
    return markup`${image(light, dark === undefined ? "" : " on-light")}${dark === undefined ? null : image(dark, " on-dark")}`;
  return brand?.name === undefined
    ? null
    : markup`<p class="brand">${isolated(lineText(brand.name, 100))}</p>
`;
}

function brandFooter({ brand }: Message): Markup | null {
  if (brand?.footer === undefined) return null;
  const lines = bodyText(brand.footer, 1_000).split("\n");
  return markup`${lines.map((line) => markup`<p>${linkedLine(line, (href, words) => markup`<a href="${href}">${words}</a>`)}</p>`)}`;
}

function contents(placed: readonly Placed[], { pages }: Phrases): Markup | null {
  const titled = placed.flatMap(({ section }, index) => {
    const title = lineText(section.title, 80);
    return title === "" || isKpi(section) ? [] : [markup`<a href="#s${index + 1}">${isolated(title)}</a> `];
  });
  return titled.length < NAV_SECTIONS_MIN
    ? null
    : markup`<nav aria-label="${pages.sections}">${titled}</nav>`;
}

/** Sections in order, with consecutive figures side by side. */
function* body(placed: readonly Placed[], context: PageContext): Generator<string> {
  let isInRow = false;
  for (const [index, { section, table }] of placed.entries()) {
    if (isKpi(section) !== isInRow) yield isInRow ? "</div>\n" : '<div class="kpis">\n';
    isInRow = isKpi(section);
    yield* pageSection(section, table, { ...context, id: `s${index + 1}` });
  }
  if (isInRow) yield "</div>\n";
}

function footer(message: Message): Markup {
  const { run } = message;
  const { frame } = phrasesOf(message);
  const owner = run.owner === null ? null : lineText(run.owner, 200);
  const asked =
    owner === null
      ? null
      : markup`<p>${frame.questions} ${isAddress(owner) ? markup`<a href="mailto:${owner}">${owner}</a>` : isolated(owner)}</p>`;
  return markup`<footer>${asked}<p>${isolated(dueAndRead(message).join(" · "))}</p><p>${isolated(frame.reportNamed(lineText(run.report, 200)))} · ${frame.run(lineText(run.id, 100))} · ${frame.madeBy("lookpost")}</p>${brandFooter(message)}</footer>
`;
}
