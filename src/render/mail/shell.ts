import type { Message } from "../../core/model/message.ts";
import { bodyText, lineText, safeHref } from "../words/cell-text.ts";
import { isolated, type Markup, markup } from "../words/markup.ts";
import { hasData } from "../words/shown.ts";
import { downloadDetails, dueAndFresh, fileDetails, howManyMore, notices, summary } from "../words/words.ts";
import { noticeBox } from "./part.ts";
import { DIM, HAIR, INK, LINK } from "./style.ts";

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
  const { run, period } = message;
  const intro = bodyText(message.intro?.trim() ?? "", bounds.introChars);
  return markup`<tr><td class="pad" style="padding:26px 32px 22px">
<h1 class="h1 ink" style="margin:0;font-size:24px;line-height:31px;font-weight:600;letter-spacing:-0.2px;color:${INK}">${isolated(
    lineText(run.title, 300),
  )}</h1>
${
  period === null
    ? null
    : markup`<p class="ink" style="margin:4px 0 0;font-size:16px;line-height:22px;color:${INK}">${isolated(lineText(period, 200))}</p>
`
}<p class="dim" style="margin:4px 0 0;font-size:14px;line-height:20px;color:${DIM}">Due ${dueAndFresh(message)}</p>
${intro === "" ? null : markup`<p class="ink" style="margin:16px 0 0;font-size:15px;line-height:23px;color:${INK}">${intro.split("\n").map(introLine)}</p>`}
${noticeBox(notices(message.notices, bounds.notices, bounds.noticeChars))}
</td></tr>
`;
}

// Outlook for Windows does not support white-space: the author's line breaks are written out.
function introLine(line: string, index: number): Markup {
  return index === 0 ? isolated(line) : markup`<br>${isolated(line)}`;
}

/** What a client shows next to the subject: figures first, with how they changed. */
export function digestPreheader(message: Message): string {
  const kinds = message.sections.filter(hasData);
  const isFigure = (section: (typeof kinds)[number]) => section.data.show.kind === "kpi";
  const ordered = [...kinds.filter(isFigure), ...kinds.filter((section) => !isFigure(section))];
  return lineText(ordered.slice(0, 6).map(summary).join(" · "), 300);
}

/** The attached files, and those to download. */
export function mailFiles(message: Message, bounds: WordBounds): Markup {
  const attached = message.artifacts.map(
    (artifact) =>
      markup`<span class="ink" style="color:${INK}">${isolated(lineText(artifact.filename, bounds.nameChars))}</span> &nbsp;${fileDetails(artifact)}`,
  );
  const fetched = message.downloads.map((download) => {
    const name = isolated(lineText(download.filename, bounds.nameChars));
    const href = safeHref(download.url, 500);
    const link =
      href === null ? name : markup`<a class="link" href="${href}" style="color:${LINK}">${name}</a>`;
    return markup`${link} &nbsp;${downloadDetails(download, message.run)}`;
  });
  return markup`${fileList("Attached", attached, bounds)}${fileList("To download", fetched, bounds)}`;
}

function fileList(title: string, files: readonly Markup[], bounds: WordBounds): Markup | null {
  if (files.length === 0) return null;
  const more = files.length - bounds.files;
  return markup`<tr><td class="pad hair" style="padding:20px 32px;border-top:1px solid ${HAIR}">
<h2 class="ink" style="margin:0 0 6px;font-size:14px;line-height:20px;font-weight:600;color:${INK}">${title}</h2>
${files.slice(0, bounds.files).map(fileLine)}${more > 0 ? fileLine(markup`and ${howManyMore(more, "file")}`) : null}</td></tr>
`;
}

function fileLine(words: Markup): Markup {
  return markup`<p class="dim" style="margin:2px 0 0;font-size:13px;line-height:20px;color:${DIM}">${words}</p>
`;
}
