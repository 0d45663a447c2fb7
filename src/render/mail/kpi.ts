import type { Message } from "../../core/model/message.ts";
import type { Kpi } from "../../core/model/show.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { lineText } from "../words/cell-text.ts";
import { isolated, type Markup, markup, sizeOf } from "../words/markup.ts";
import { arrow, besides, kpiBrief, kpiValue, kpiWas, verdictOf } from "../words/show-words.ts";
import { isKpi, type KpiSection, shownSentences } from "../words/shown.ts";
import { heading, notices, ownTime, phrasesOf, sharedTime } from "../words/words.ts";
import { datesWhole } from "./cell.ts";
import { type Card, COLUMN_CHARS_MAX, inColumns, inRows, lengthOf, single } from "./kpi-table.ts";
import { type MailContext, type MailPart, noticeBox, pictureOf, quietLine, wordsOf } from "./part.ts";
import { DIM, HAIR, INK } from "./style.ts";

/** At most so many in one part of the digest: a digest is shortened part by part. */
export const KPIS_MAX = 12;

const COLUMNS_MAX = 3;

/**
 * Figures in one table, so that their baselines meet whatever wraps: up to three short ones side by side, others a row each. Nothing in
 * it depends on the width of the window.
 */
export function mailKpis(sections: readonly KpiSection[], context: MailContext): MailPart {
  const phrases = phrasesOf(context.message);
  const shared = sections.length === 1 ? null : sharedTime(sections, context.message);
  const cards = sections.map((section) => cardOf(section, context, shared === null));
  const areColumns =
    sections.length <= COLUMNS_MAX && cards.every((card) => lengthOf(card) <= COLUMN_CHARS_MAX);
  const { caption } = phrases.figures;
  const table =
    sections.length === 1 ? single(cards) : areColumns ? inColumns(cards, caption) : inRows(cards, caption);
  const isFirst = context.message.sections[0] === sections[0];
  const whole = part(
    markup`${table}${keyLine(sections, phrases)}${shared === null || shared === "" ? null : quietLine([datesWhole(shared, phrases)], 8)}${sections.flatMap((section) => more(section, sections.length, context) ?? [])}`,
    isFirst,
  );
  return {
    sections: sections.length,
    rowBytes: [],
    frameBytes: sizeOf(whole),
    with: () => whole,
    brief: () =>
      part(
        markup`${sections.map((section) => line(section, phrases))}${quietLine(phrases.frame.figuresShortened, 4)}`,
        isFirst,
      ),
  };
}

function part(body: Markup, isFirst: boolean): Markup {
  const [padding, rule] = isFirst
    ? ["4px 20px 24px", ""]
    : ["28px 20px 24px", `;border-top:1px solid ${HAIR}`];
  return markup`<tr><td class="pad${isFirst ? "" : " hair"}" style="padding:${padding}${rule}">
${body}</td></tr>
`;
}

function cardOf(section: KpiSection, context: MailContext, hasOwnTime: boolean): Card {
  const { kpi } = section.data.show;
  const title = heading(section, context.message) ?? lineText(kpi.label, 200);
  const time = hasOwnTime ? ownTime(section.data, context.message) : "";
  const of = [besides(kpi, context.message), time].filter((words) => words !== "");
  const phrases = phrasesOf(context.message);
  const label = markup`${isolated(title)}${of.length === 0 ? null : markup`<br><span class="dim" style="font-weight:400;color:${DIM}">${datesWhole(of.join(" · "), phrases)}</span>`}`;
  return {
    label,
    figure: kpiValue(kpi.value, phrases),
    unit: kpi.value === "" ? null : (kpi.unit ?? null),
    chip: chip(kpi, phrases),
    was: was(kpi, context.message),
    line: sparkline(kpi, context),
  };
}

const CHIP = {
  better: { name: "good", style: "background:#d9efee;border:1px solid #d9efee;color:#0a4f59" },
  worse: { name: "bad", style: "background:#a23a08;border:1px solid #a23a08;color:#ffffff" },
  none: { name: "flat", style: "border:1px solid #7d8a96;color:#3b4753" },
};

/** Three verdicts are three shapes: a light fill, a dark one, an outline. The arrow says the direction, the word below it the verdict. */
function chip(kpi: Kpi, { figures }: Phrases): Markup | null {
  const { change, isPartial } = kpi;
  if (change === null) return isPartial === true ? pill("none", markup`${figures.soFar}`) : null;
  if (change.direction === "level") return pill("none", markup`${figures.same}`);
  const by = lineText(change.brief ?? change.percent ?? change.absolute, 40);
  const mark = markup`<span role="img" aria-label="${figures.direction[change.direction]}">${arrow(change)}</span>`;
  return pill(verdictOf(kpi), markup`${mark}&nbsp;${isolated(by)}`);
}

function pill(verdict: keyof typeof CHIP, words: Markup): Markup {
  const { name, style } = CHIP[verdict];
  return markup`<span class="${name}" style="display:inline-block;padding:1px 8px;border-radius:4px;font-size:13px;line-height:18px;font-weight:700;white-space:nowrap;${style}">${words}</span>`;
}

function was(kpi: Kpi, message: Message): Markup | null {
  const words = kpiWas(kpi, message);
  return words === "" ? null : datesWhole(words, phrasesOf(message));
}

/** Of its column's width, and half as high as large where the column is narrow. */
function sparkline(kpi: Kpi, context: MailContext): Markup | null {
  const picture = pictureOf(kpi.sparkline, context);
  if (picture === null) return null;
  const { width, height, alt } = picture;
  return markup`<img src="${context.sourceOf(picture)}" width="${width}" height="${height}" alt="${lineText(alt, 1_000)}" style="display:block;width:100%;max-width:${width}px;height:auto;border:0;font-size:12px;line-height:16px;color:${DIM}">`;
}

/** What time the small lines are of, once for all. */
function keyLine(sections: readonly KpiSection[], { figures }: Phrases): Markup | null {
  const drawn = sections.map(({ data }) => data.show.kpi).filter(({ sparkline: name }) => name !== null);
  const spans = new Set(drawn.map(({ span }) => JSON.stringify(span ?? null)));
  const span = drawn[0]?.span;
  if (spans.size !== 1 || span === undefined) return null;
  return markup`<p class="dim" style="margin:6px 0 0;font-size:12px;line-height:16px;color:${DIM}">${figures.pastLines(span, drawn.length)}</p>
`;
}

/** The author's words on a figure, and what its readers must know. */
function more(section: KpiSection, among: number, { message }: MailContext): Markup | null {
  const sentences = shownSentences(section, message, { rows: 0, columns: 0 });
  const words = wordsOf(section.text, phrasesOf(message));
  const notes = noticeBox(notices([...sentences, ...section.notices], 3, 200, phrasesOf(message)));
  if (words === null && notes === null) return null;
  const title =
    among === 1
      ? null
      : markup`<p class="ink" style="margin:0;font-size:14px;line-height:20px;font-weight:600;color:${INK}">${isolated(lineText(section.title, 200))}</p>`;
  return markup`<div style="padding-top:14px">${title}${words}${notes}</div>
`;
}

/** All that is left of it if the digest is too large. */
function line(section: KpiSection, phrases: Phrases): Markup {
  const brief = kpiBrief(section.data.show.kpi, phrases);
  const words = phrases.frame.titled(lineText(section.title, 120), brief);
  return markup`<p class="ink" style="margin:0;font-size:14px;line-height:22px;color:${INK}">${isolated(words)}</p>
`;
}

/** Whether a digest begins with figures: the button follows them then. */
export function beginsWithFigures({ sections }: Message): boolean {
  const [first] = sections;
  return first !== undefined && isKpi(first);
}
