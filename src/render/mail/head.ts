import type { Message } from "../../core/model/message.ts";
import { hasData } from "../words/amount.ts";
import { bodyText, lineText } from "../words/cell-text.ts";
import { isolated, type Markup, markup } from "../words/markup.ts";
import { dueAndFresh, notices, summary } from "../words/words.ts";
import { noticeBox } from "./part.ts";
import { DIM, INK } from "./style.ts";

/** How long the words around the data may be. */
export interface WordBounds {
  readonly introChars: number;
  readonly notices: number;
  readonly noticeChars: number;
  readonly files: number;
  readonly nameChars: number;
}

/** The digest's title, the time that it speaks of, and what a reader must know ahead of the data. */
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

// Outlook for Windows knows no white-space: lines of the author's are broken by hand.
function introLine(line: string, index: number): Markup {
  return index === 0 ? isolated(line) : markup`<br>${isolated(line)}`;
}

/** What a client shows beside the subject: figures first, with how they moved. */
export function digestPreheader(message: Message): string {
  const kinds = message.sections.filter(hasData);
  const isFigure = (section: (typeof kinds)[number]) => section.data.show.kind === "kpi";
  const ordered = [...kinds.filter(isFigure), ...kinds.filter((section) => !isFigure(section))];
  return lineText(ordered.slice(0, 6).map(summary).join(" · "), 300);
}
