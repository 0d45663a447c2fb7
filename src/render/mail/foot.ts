import { raw } from "hono/html";
import type { MailReader } from "../../core/model/digest.ts";
import type { Message } from "../../core/model/message.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { lineText } from "../words/cell-text.ts";
import { askHref, whyYouGetIt } from "../words/foot.ts";
import { isolated, type Markup, markup } from "../words/markup.ts";
import { dueAndRead, isAddress, origin, phrasesOf } from "../words/words.ts";
import { datesWhole } from "./cell.ts";
import { DIM, HAIR, LINK } from "./style.ts";

/** Why a reader gets it, how they end that, whom to ask, when it was due and read, and which run it was. */
export function mailFoot(message: Message, reader: MailReader | null): Markup {
  const phrases = phrasesOf(message);
  const why = whyYouGetIt(message, reader);
  const links = readerLinks(message, reader);
  const lines = [
    ...(why === null || message.purpose !== "report" ? [] : [isolated(why)]),
    ...(links.length === 0
      ? []
      : [markup`${links.map((link, index) => markup`${index === 0 ? "" : " · "}${link}`)}`]),
    ...(message.purpose === "report" ? [parted(dueAndRead(message), phrases)] : []),
    parted(origin(message), phrases),
  ];
  return markup`<tr><td class="pad hair dim" style="padding:20px 20px 24px;border-top:1px solid ${HAIR};font-size:13px;line-height:20px;color:${DIM}">
${lines.map((line, index) => markup`${index === 0 ? null : raw("<br>\n")}${line}`)}
</td></tr>`;
}

function parted(pieces: readonly string[], phrases: Phrases): Markup {
  return markup`${pieces.map((words, index) => markup`${index === 0 ? "" : " · "}${datesWhole(words, phrases)}`)}`;
}

function readerLinks(message: Message, reader: MailReader | null): Markup[] {
  const { run, purpose } = message;
  const { frame } = phrasesOf(message);
  const { owner } = run;
  const stop = purpose === "report" ? (reader?.stopHref ?? null) : null;
  const isAsked = owner === null ? reader?.askAddress != null : isAddress(owner);
  const href = isAsked ? askHref(run, reader) : null;
  return [
    ...(stop === null ? [] : [link(stop, frame.stop)]),
    ...(href === null ? [] : [link(href, purpose === "report" ? frame.ask : frame.askNotice)]),
    ...(owner === null || isAsked ? [] : [markup`${frame.questions} ${isolated(lineText(owner, 200))}`]),
  ];
}

function link(href: string, words: string): Markup {
  return markup`<a class="link" href="${href}" style="color:${LINK}">${words}</a>`;
}
