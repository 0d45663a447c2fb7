import type { Message } from "../../core/model/message.ts";
import { bodyText, lineText } from "../words/cell-text.ts";
import { isolated, type Markup, markup } from "../words/markup.ts";
import { factsOf, type NoticePart, noticeParts } from "../words/notice.ts";
import { noticeDate } from "../words/words.ts";
import { tag } from "./part.ts";
import { ACCENT, ALARM, DIM, HAIR, INK, MONO, PAGE } from "./style.ts";

const WORDS_CHARS_MAX = 12_000;

/** A notice without its footer: what happened to which report, why, and what to do. */
export function mailNotice(message: Message): Markup {
  const words = bodyText(message.intro?.trim() ?? "", WORDS_CHARS_MAX);
  return markup`<tr><td class="pad" style="padding:26px 20px 28px">
${tag(message.tone === "good" ? ACCENT : ALARM)}<h1 class="h1 ink" style="margin:14px 0 0;font-size:24px;line-height:30px;font-weight:700;letter-spacing:-0.3px;color:${INK}">${isolated(
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

function part(part: NoticePart, index: number, parts: readonly NoticePart[]): Markup {
  const { kind, text } = part;
  switch (kind) {
    case "command":
      return markup`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin-top:8px"><tr><td class="cmd" bgcolor="${PAGE}" style="padding:10px 14px;border-radius:4px;font-family:${MONO};font-size:13px;line-height:19px;color:${INK}">${isolated(text)}</td></tr></table>`;
    case "heading":
      return markup`<h2 class="ink" style="margin:26px 0 0;font-size:17px;line-height:24px;font-weight:600;color:${INK}">${text}</h2>`;
    case "facts":
      return markup`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="margin-top:26px">${factsOf(part).map(fact)}</table>`;
    default: {
      const isLast = parts.slice(0, index).some((before) => before.kind === "facts");
      return paragraph(text, isLast ? "small" : index === 0 ? "lead" : "usual");
    }
  }
}

/** The first says it all; what comes after the facts is about notices as such. */
const PARAGRAPHS = {
  lead: { tone: "ink", color: INK, style: "margin:18px 0 0;font-size:17px;line-height:26px" },
  usual: { tone: "ink", color: INK, style: "margin:14px 0 0;font-size:15px;line-height:23px" },
  small: { tone: "dim", color: DIM, style: "margin:14px 0 0;font-size:13px;line-height:19px" },
} as const;

function paragraph(text: string, size: keyof typeof PARAGRAPHS): Markup {
  const { tone, color, style } = PARAGRAPHS[size];
  return markup`<p class="${tone}" style="${style};color:${color}">${text
    .split("\n")
    .map((line, index) => (index === 0 ? isolated(line) : markup`<br>${isolated(line)}`))}</p>`;
}

function fact([label, value]: readonly [string, string]): Markup {
  const cell = `padding:8px 0;border-top:1px solid ${HAIR};font-size:14px;line-height:20px;vertical-align:top`;
  return markup`<tr><td class="dim hair" width="110" style="${cell};width:110px;color:${DIM}">${label}</td><td class="ink hair" style="${cell};color:${INK}">${isolated(value)}</td></tr>`;
}
