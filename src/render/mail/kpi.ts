import { raw } from "hono/html";
import type { Kpi } from "../../core/model/show.ts";
import { lineText } from "../words/cell-text.ts";
import { isolated, type Markup, markup, sizeOf } from "../words/markup.ts";
import { arrow, kpiBrief, kpiChange, kpiOf, kpiValue } from "../words/show-words.ts";
import { type KpiSection, shownSentences } from "../words/shown.ts";
import { heading, notices, ownTime } from "../words/words.ts";
import { datesWhole } from "./cell.ts";
import {
  type MailContext,
  type MailPart,
  mailPicture,
  noticeBox,
  openInLooker,
  pictureOf,
  quietLine,
  wordsOf,
} from "./part.ts";
import { CARD_TEXT_WIDTH, DIM, HAIR, INK } from "./style.ts";

/** At most so many in one part of the digest: a digest is shortened part by part. */
export const KPIS_MAX = 12;

/** Of one card, by the number of cards on a line; a screen too narrow for `leastPx` puts fewer on a line. */
const WIDTHS: readonly { readonly percent: number; readonly leastPx: number }[] = [
  { percent: 100, leastPx: 0 },
  { percent: 50, leastPx: 250 },
  { percent: 33.3, leastPx: 190 },
];

/** Figures side by side, as many on a line as there is room for; on a phone one below the other. */
export function mailKpis(sections: readonly KpiSection[], context: MailContext): MailPart {
  const perLine = sections.length === 4 ? 2 : Math.min(3, sections.length);
  const { percent, leastPx } = WIDTHS[perLine - 1] ?? { percent: 100, leastPx: 0 };
  const widthPx = Math.floor(CARD_TEXT_WIDTH / perLine);
  // If all are equally fresh, that is said once.
  const fresh = new Set(sections.map(({ data }) => ownTime(data, context.message)));
  const [common] = fresh.size === 1 ? fresh : [null];
  const setting: CardSetting = {
    widthPx: widthPx - 20,
    figurePx: Math.min(...sections.map(({ data }) => figurePx(kpiValue(data.show.kpi.value), widthPx - 20))),
    common: common ?? null,
  };
  const cards = sections.map((section, index) => {
    const line = index % perLine === 0 && index > 0 ? "</tr><tr>" : "";
    return markup`${ghost(`${line}<td width="${widthPx}" valign="top">`)}<div class="kpi" style="display:inline-block;width:${percent}%;min-width:${leastPx}px;vertical-align:top;font-size:14px">${card(section, context, setting)}</div>${ghost("</td>")}`;
  });
  const whole = part(
    markup`${ghost(`<table role="presentation" width="${CARD_TEXT_WIDTH}" cellpadding="0" cellspacing="0" border="0"><tr>`)}${cards}${ghost("</tr></table>")}${setting.common === null || setting.common === "" ? null : markup`<p class="dim" style="margin:0;font-size:13px;line-height:18px;color:${DIM}">${setting.common}</p>`}`,
  );
  return {
    sections: sections.length,
    rowBytes: [],
    frameBytes: sizeOf(whole),
    with: () => whole,
    brief: () =>
      part(
        markup`${sections.map(line)}${quietLine("These figures are shortened: there is no room for all of them here.", 4)}`,
      ),
  };
}

// Outlook for Windows does not support inline-block: it gets a table that no other client sees.
function ghost(tags: string): Markup {
  return raw(`<!--[if mso]>${tags}<![endif]-->`);
}

function part(body: Markup): Markup {
  // White space between inline blocks must not take up room.
  return markup`<tr><td class="pad hair" style="padding:24px 32px 20px;border-top:1px solid ${HAIR};font-size:0">${body}</td></tr>
`;
}

interface CardSetting {
  readonly widthPx: number;
  readonly figurePx: number;
  /** How fresh all of them are; null if each says so itself. */
  readonly common: string | null;
}

function card(section: KpiSection, context: MailContext, setting: CardSetting): Markup {
  const { data } = section;
  const { kpi } = data.show;
  const title = heading(section, context.message);
  const picture = pictureOf(kpi.sparkline, context);
  const quiet = [
    kpiOf(kpi, section.title),
    setting.common === null ? ownTime(data, context.message) : "",
  ].filter((words) => words !== "");
  const link = openInLooker(data);
  const more = shownSentences(section, context.message, { rows: 0, columns: 0 });
  const words = wordsOf(section.text);
  return markup`<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td style="padding:0 20px 18px 0">
${title === null ? null : markup`<h2 class="ink" style="margin:0;font-size:14px;line-height:20px;font-weight:600;color:${INK}">${isolated(title)}</h2>`}
<p class="ink" style="margin:2px 0 0;font-size:${setting.figurePx}px;line-height:1.25;font-weight:600;letter-spacing:-0.4px;color:${INK}">${isolated(kpiValue(kpi.value))}</p>
${change(kpi)}${picture === null ? null : markup`<div style="padding:8px 0 4px">${mailPicture(picture, context, setting.widthPx)}</div>`}${quietWords(quiet, link)}${more.length === 0 ? null : quietWords(more, null)}${words === null ? null : markup`<div style="padding-top:10px">${words}</div>`}${noticeBox(notices(section.notices, 3, 200))}</td></tr></table>`;
}

/** As large as its column allows: a letter is a little over half as wide as high. */
function figurePx(value: string, widthPx: number): number {
  const fitting = Math.floor(Math.max(170, widthPx - 20) / (0.62 * Math.max(1, value.length)));
  return Math.min(32, Math.max(16, fitting));
}

function change(kpi: Kpi): Markup | null {
  if (kpi.change === null)
    return kpi.withoutChange === null ? null : quietWords([lineText(kpi.withoutChange, 120)], null);
  const { change: moved } = kpi;
  return markup`<p class="ink" style="margin:2px 0 0;font-size:14px;line-height:20px;color:${INK}"><span class="dim" style="color:${DIM}">${arrow(moved)}</span> ${datesWhole(kpiChange(moved))}</p>
`;
}

/** `link` goes on its own line. */
function quietWords(words: readonly string[], link: Markup | null): Markup {
  const shown = words.map((one, index) => markup`${index === 0 ? "" : " · "}${isolated(one)}`);
  const own = link === null || words.length === 0 ? link : markup`<br>${link}`;
  return markup`<p class="dim" style="margin:4px 0 0;font-size:13px;line-height:18px;color:${DIM}">${shown}${own}</p>
`;
}

/** All that is left of it if the digest is too large. */
function line(section: KpiSection): Markup {
  const words = `${lineText(section.title, 120)}: ${kpiBrief(section.data.show.kpi)}`;
  return markup`<p class="ink" style="margin:0;font-size:14px;line-height:22px;color:${INK}">${isolated(words)}</p>
`;
}
