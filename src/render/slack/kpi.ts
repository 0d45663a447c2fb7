import type { Message } from "../../core/model/message.ts";
import type { Kpi } from "../../core/model/show.ts";
import type { Phrases } from "../../core/words/phrases.ts";
import { isolatedLine, lineText } from "../words/cell-text.ts";
import { arrow, besides, kpiChange, kpiValue, kpiWas, verdictOf } from "../words/show-words.ts";
import type { KpiSection } from "../words/shown.ts";
import { notices, ownTime, phrasesOf, sharedTime } from "../words/words.ts";
import { type WordsRoom, words } from "./author-words.ts";
import { type Block, context, richText, text } from "./block.ts";

const WORDS: WordsRoom = { charsMax: 3_000, blocksMax: 5 };

/**
 * Figures, a line each: "**1,637** Flights   ▲ 2.5% from 1,597". Side by side their words would wrap on a phone after every second one.
 * Below them their notes, each once.
 */
export function slackFigures(sections: readonly KpiSection[], message: Message): readonly Block[] {
  const phrases = phrasesOf(message);
  const lines = sections.flatMap((section, index) => [
    ...(index === 0 ? [] : [text("\n")]),
    ...figureLine(section, message),
  ]);
  const below = context([
    ...times(sections, message),
    [...new Set(sections.flatMap((section) => notices(section.notices, 2, 300, phrases)))].join(" "),
  ]);
  return [
    ...sections.flatMap((section) => words(section.text, WORDS, phrases)),
    richText(lines),
    ...(below === null ? [] : [below]),
  ];
}

/** What time the figures are of and what they are filtered by; where they differ in that, each says whose it is. */
function times(sections: readonly KpiSection[], message: Message): readonly string[] {
  const phrases = phrasesOf(message);
  const shared = sharedTime(sections, message);
  if (shared !== null) return [shared];
  return sections.flatMap(({ title, data }) => {
    const own = ownTime(data, message);
    return own === ""
      ? []
      : [phrases.frame.titled(isolatedLine(nameOf(title, data.show.kpi, 60, phrases)), own)];
  });
}

/** The value in bold, whose it is, and how it moved. */
function figureLine({ title, data }: KpiSection, message: Message): readonly Block[] {
  const { kpi } = data.show;
  const phrases = phrasesOf(message);
  const unit = kpi.unit === undefined || kpi.value === "" ? "" : `\u00a0${lineText(kpi.unit, 40)}`;
  const of = besides(kpi, message);
  const moved = movedWords(kpi, message);
  return [
    text(isolatedLine(`${kpiValue(kpi.value, phrases)}${unit}`), true),
    text(` ${isolatedLine(nameOf(title, kpi, 100, phrases))}${of === "" ? "" : `, ${isolatedLine(of)}`}`),
    ...(moved === "" ? [] : [text(`   ${moved}`)]),
  ];
}

/** "▲ 2.5% from 1,597", "▼ 34%, better than 7.2"; why there is no change; "" where nothing is to be said. */
function movedWords(kpi: Kpi, message: Message): string {
  const { change } = kpi;
  if (change === null) return lineText(kpi.withoutChange ?? "", 200);
  if (change.direction === "level") return kpiChange(kpi, phrasesOf(message));
  const by = lineText(change.brief ?? change.percent ?? change.absolute, 40);
  const joint = verdictOf(kpi) === "none" ? " " : ", ";
  return `${arrow(change)}\u00a0${isolatedLine(by)}${joint}${kpiWas(kpi, message)}`;
}

/** In a sentence: "Flights, week from 9 November: 12,431. Up 1,204 (10.7%) from 11,227 in the week from 2 November". */
export function kpiLine(title: string, kpi: Kpi, phrases: Phrases): string {
  const { figures } = phrases;
  const named = isolatedLine(nameOf(title, kpi, 100, phrases));
  const heading = kpi.of === null ? named : figures.partial(named, isolatedLine(lineText(kpi.of, 60)));
  const unit = kpi.unit === undefined || kpi.value === "" ? "" : ` ${lineText(kpi.unit, 40)}`;
  const change =
    kpi.change === null ? lineText(kpi.withoutChange ?? "", 200) : capitalised(kpiChange(kpi, phrases));
  return figures.line(heading, `${kpiValue(kpi.value, phrases)}${unit}`, change);
}

function nameOf(title: string, kpi: Kpi, charsMax: number, { frame }: Phrases): string {
  return lineText(title, charsMax) || lineText(kpi.label, charsMax) || frame.value;
}

function capitalised(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
