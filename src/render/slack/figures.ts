import type { Message } from "../../core/model/message.ts";
import type { Kpi } from "../../core/model/show.ts";
import type { DataSection } from "../words/amount.ts";
import { lineText } from "../words/cell-text.ts";
import { notices, ownTime } from "../words/words.ts";
import { type Block, context } from "./block.ts";
import { kpiField } from "./kpi.ts";
import { words } from "./section.ts";

/** A section that is one figure. */
export interface KpiSection {
  readonly section: DataSection;
  readonly kpi: Kpi;
}

/** Figures side by side, at most ten; below them what is to be said of them, once. */
export function slackFigures(figures: readonly KpiSection[], message: Message): readonly Block[] {
  const fields = figures.map(({ section, kpi }) => kpiField(section.title, kpi));
  const told = figures.flatMap(({ section }) => notices(section.notices, 2, 300));
  const fresh = [...new Set(figures.map(({ section }) => ownTime(section.data, message)))];
  const links = figures.map(({ section, kpi }) => ({
    url: section.data.url,
    words: figures.length === 1 ? "Open in Looker" : lineText(section.title || kpi.label, 60),
  }));
  const below = context([[...new Set(told)].join(" "), fresh.join("; ")], links);
  return [
    ...figures.flatMap(({ section }) => words(section.text)),
    { type: "section", fields },
    ...(below === null ? [] : [below]),
  ];
}
