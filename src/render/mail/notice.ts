import type { Message } from "../../core/model/message.ts";
import { bodyText, lineText } from "../words/cell-text.ts";
import { isolated, type Markup, markup } from "../words/markup.ts";
import { type NoticePart, noticeParts } from "../words/notice.ts";
import { noticeDate } from "../words/words.ts";
import { DIM, INK, MONO, PAGE } from "./style.ts";

const WORDS_CHARS_MAX = 12_000;

/** A notice without its footer: what happened to which report, why, and what to do. */
export function mailNotice(message: Message): Markup {
  const words = bodyText(message.intro?.trim() ?? "", WORDS_CHARS_MAX);
  return markup`<tr><td class="pad" style="padding:26px 32px 26px">
<h1 class="h1 ink" style="margin:0;font-size:22px;line-height:29px;font-weight:600;letter-spacing:-0.2px;color:${INK}">${isolated(
    lineText(message.subject, 300),
  )}</h1>
<p class="dim" style="margin:4px 0 0;font-size:14px;line-height:20px;color:${DIM}">${noticeDate(message)}</p>
${noticeParts(words).map(part)}
</td></tr>`;
}

/** What a client shows next to the subject: the first paragraph that is not a command. */
export function noticePreheader(message: Message): string {
  const first = noticeParts(message.intro ?? "").find(({ kind }) => kind === "words");
  return lineText(first?.text ?? "", 300);
}

function part({ kind, text }: NoticePart): Markup {
  if (kind === "command")
    return markup`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin-top:12px"><tr><td class="cmd" bgcolor="${PAGE}" style="padding:10px 14px;border-radius:4px;font-family:${MONO};font-size:13px;line-height:19px;color:${INK}">${isolated(text)}</td></tr></table>`;
  return markup`<p class="ink" style="margin:16px 0 0;font-size:15px;line-height:23px;color:${INK}">${text
    .split("\n")
    .map((line, index) => (index === 0 ? isolated(line) : markup`<br>${isolated(line)}`))}</p>`;
}
