import type { Message } from "../../core/model/message.ts";
import type { Kpi, KpiChange } from "../../core/model/show.ts";
import { lineText } from "../words/cell-text.ts";
import { arrow, kpiChange } from "../words/show-words.ts";
import type { KpiSection } from "../words/shown.ts";
import { notices, ownTime, sharedTime } from "../words/words.ts";
import { words } from "./author-words.ts";
import { type Block, context, mrkdwn, plainText } from "./block.ts";

const WORDS_CHARS_MAX = 3_000;
const POINTS_MAX = 12;
const BARS = "▁▂▃▄▅▆▇█";

/** Figures side by side, at most ten, and below them their notes, each once. */
export function slackFigures(sections: readonly KpiSection[], message: Message): readonly Block[] {
  const fields = sections.map(({ title, data }) => kpiField(title, data.show.kpi));
  const notes = sections.flatMap((section) => notices(section.notices, 2, 300));
  const shared = sharedTime(sections, message);
  // Where they differ, each says whose it is.
  const times =
    shared === null
      ? sections.flatMap(({ title, data }) => {
          const own = ownTime(data, message);
          return own === "" ? [] : [`${lineText(title || data.show.kpi.label, 60)}: ${own}`];
        })
      : [shared];
  const links = sections.map(({ title, data }) => ({
    url: data.url,
    words: sections.length === 1 ? "Open in Looker" : lineText(title || data.show.kpi.label, 60),
  }));
  const below = context([[...new Set(notes)].join(" "), ...times], links);
  return [
    ...sections.flatMap((section) => words(section.text, WORDS_CHARS_MAX)),
    { type: "section", fields },
    ...(below === null ? [] : [below]),
  ];
}

/** One figure of a block of fields: what it is, its value in bold, and how it changed. */
function kpiField(title: string, kpi: Kpi): Block {
  const { heading, value, change } = kpiWords(title, kpi);
  const past = sparkline(kpi.points.map((point) => point.value));
  const last = [change, past].filter((words) => words !== "");
  const safe = [heading, value, ...last].map(mrkdwn);
  const [top, figure, ...rest] = safe;
  if (safe.includes(null)) return plainText([heading, value, ...last].join("\n"));
  return { type: "mrkdwn", text: [top, `*${figure}*`, ...rest].join("\n"), verbatim: true };
}

/** The same on one line: "Flights, week from 9 November: 12,431. Up 1,204 (10.7%) from 11,227 in the week from 2 November". */
export function kpiLine(title: string, kpi: Kpi): string {
  const { heading, value, change } = kpiWords(title, kpi);
  return `${heading}: ${value}${change === "" ? "" : `. ${change.replace(/^[▲▼] /, "")}`}`;
}

function kpiWords(title: string, kpi: Kpi): { heading: string; value: string; change: string } {
  const label = lineText(kpi.label, 100);
  const named = lineText(title, 100) || label || "Value";
  const of = kpi.of === null ? "" : lineText(kpi.of, 60);
  const unit = kpi.unit === undefined ? "" : ` ${lineText(kpi.unit, 40)}`;
  return {
    heading: of === "" ? named : `${named}, ${of}`,
    value: `${lineText(kpi.value, 100) || "–"}${unit}`,
    change: kpi.change === null ? lineText(kpi.withoutChange ?? "", 200) : changeWords(kpi, kpi.change),
  };
}

/** In words, with a sign: colour alone does not tell everyone. */
function changeWords(kpi: Kpi, change: KpiChange): string {
  const words = kpiChange(kpi);
  const sentence = words.charAt(0).toUpperCase() + words.slice(1);
  return change.direction === "level" ? sentence : `${arrow(change)} ${sentence}`;
}

/** A figure's past as small bars; "" if there is too little of it to show anything. */
function sparkline(values: readonly number[]): string {
  const latest = values.filter(Number.isFinite).slice(-POINTS_MAX);
  if (latest.length < 3) return "";
  const lowest = Math.min(...latest);
  const range = Math.max(...latest) - lowest;
  if (!Number.isFinite(range)) return "";
  const step = range === 0 ? 0 : (BARS.length - 1) / range;
  return latest.map((value) => BARS[Math.round((value - lowest) * step)] ?? "").join("");
}
