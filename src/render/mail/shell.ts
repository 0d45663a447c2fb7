import type { Message } from "../../core/model/message.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { bodyText, lineText, safeHref } from "../words/cell-text.ts";
import { leadOf, leadText } from "../words/lead.ts";
import { isolated, type Markup, markup } from "../words/markup.ts";
import { periodLine } from "../words/show-words.ts";
import { hasData } from "../words/shown.ts";
import { downloadDetails, fileDetails, notices, phrasesOf, staleWords, summary } from "../words/words.ts";
import { datesWhole } from "./cell.ts";
import { lookerHref, noticeBox, tag } from "./part.ts";
import { ACCENT, DIM, HAIR, INK, LINK } from "./style.ts";

/* What surrounds the sections of a digest: title, notices, files. */

/** How long the text around the data may be. */
export interface WordBounds {
  readonly introChars: number;
  readonly notices: number;
  readonly noticeChars: number;
  readonly files: number;
  readonly nameChars: number;
}

/** The digest's title, the time that it covers, and what a reader must know before the data. */
export function mailHead(message: Message, bounds: WordBounds): Markup {
  const intro = bodyText(message.intro?.trim() ?? "", bounds.introChars);
  const period = periodLine(message);
  const stale = staleWords(message);
  const notes = [...(stale === null ? [] : [stale]), ...message.notices];
  return markup`<tr><td class="pad" style="padding:26px 20px 20px">
${tag(ACCENT)}<h1 class="h1 ink" style="margin:14px 0 0;font-size:26px;line-height:32px;font-weight:700;letter-spacing:-0.3px;color:${INK}">${isolated(
    lineText(message.run.title, 300),
  )}</h1>
${
  period === null
    ? null
    : markup`<p class="dim" style="margin:4px 0 0;font-size:14px;line-height:20px;color:${DIM}">${datesWhole(period, phrasesOf(message))}</p>
`
}${leadLine(message)}${intro === "" ? null : markup`<p class="ink" style="margin:16px 0 0;font-size:15px;line-height:24px;color:${INK}">${intro.split("\n").map(introLine)}</p>`}
${noticeBox(notices(notes, bounds.notices, bounds.noticeChars, phrasesOf(message)))}
</td></tr>
`;
}

function leadLine(message: Message): Markup | null {
  const phrases = phrasesOf(message);
  const pieces = leadOf(message);
  if (pieces.length === 0) return null;
  const words = pieces.map(({ text, isStrong }) =>
    isStrong
      ? markup`<b style="font-weight:700;white-space:nowrap">${isolated(text)}</b>`
      : datesWhole(text, phrases),
  );
  return markup`<p class="lead ink" style="margin:16px 0 0;font-size:17px;line-height:26px;color:${INK}">${words}</p>
`;
}

/** Where the report is found in Looker, as a button; null where its links lead nowhere. */
export function mailButton(message: Message): Markup | null {
  const [href] = message.sections.flatMap(({ data }) => (data === null ? [] : (lookerHref(data) ?? [])));
  if (href === undefined) return null;
  // The cell is the button for Outlook for Windows, which pads no links.
  return markup`<tr><td class="pad" style="padding:0 20px 28px"><table role="presentation" class="go" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="btn" align="center" bgcolor="${ACCENT}" style="border-radius:6px;background:${ACCENT}"><a href="${href}" style="display:block;padding:12px 24px;font-size:16px;line-height:20px;font-weight:700;color:#ffffff;text-decoration:none">${phrasesOf(message).frame.openInLooker}</a></td></tr></table></td></tr>
`;
}

// Outlook for Windows does not support white-space: the author's line breaks are written out.
function introLine(line: string, index: number): Markup {
  return index === 0 ? isolated(line) : markup`<br>${isolated(line)}`;
}

/** What a client shows next to the subject: the lead, else the sections in short, figures first. */
export function digestPreheader(message: Message): string {
  const lead = leadText(message);
  if (lead !== "") return bodyText(lead, 300);
  const phrases = phrasesOf(message);
  const kinds = message.sections.filter(hasData);
  const isFigure = (section: (typeof kinds)[number]) => section.data.show.kind === "kpi";
  const ordered = [...kinds.filter(isFigure), ...kinds.filter((section) => !isFigure(section))];
  return lineText(
    ordered
      .slice(0, 6)
      .map((section) => summary(section, phrases))
      .join(" · "),
    300,
  );
}

/** The attached files, and those to download. */
export function mailFiles(message: Message, bounds: WordBounds): Markup {
  const phrases = phrasesOf(message);
  const attached = message.artifacts.map(
    (artifact) =>
      markup`<span class="ink" style="color:${INK}">${isolated(lineText(artifact.filename, bounds.nameChars))}</span> &nbsp;${fileDetails(artifact, phrases)}`,
  );
  const fetched = message.downloads.map((download) => {
    const name = isolated(lineText(download.filename, bounds.nameChars));
    const href = safeHref(download.url, 500);
    const link =
      href === null ? name : markup`<a class="link" href="${href}" style="color:${LINK}">${name}</a>`;
    return markup`${link} &nbsp;${downloadDetails(download, message.run)}`;
  });
  return markup`${fileList(phrases.files.attached, attached, bounds.files, phrases)}${fileList(phrases.files.toDownload, fetched, bounds.files, phrases)}`;
}

function fileList(title: string, files: readonly Markup[], max: number, { frame }: Phrases): Markup | null {
  if (files.length === 0) return null;
  const more = files.length - max;
  return markup`<tr><td class="pad hair" style="padding:20px;border-top:1px solid ${HAIR}">
<h2 class="ink" style="margin:0 0 4px;font-size:14px;line-height:20px;font-weight:700;color:${INK}">${title}</h2>
${files.slice(0, max).map(fileLine)}${more > 0 ? fileLine(markup`${frame.andMore(more, "file")}`) : null}</td></tr>
`;
}

function fileLine(words: Markup): Markup {
  return markup`<p class="dim" style="margin:2px 0 0;font-size:13px;line-height:20px;color:${DIM}">${words}</p>
`;
}
