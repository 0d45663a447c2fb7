import type { Message } from "../../core/model/message.ts";
import type { Kpi } from "../../core/model/show.ts";
import { isolatedLine, lineText } from "./cell-text.ts";
import { ENGLISH } from "./english.ts";
import { isKpi } from "./shown.ts";

/** A piece of the lead; what is strong is a figure. */
export interface LeadPiece {
  readonly text: string;
  readonly isStrong: boolean;
}

/** More of them make no sentence. */
const FIGURES_MAX = 3;
const LABEL_CHARS_MAX = 60;
const VALUE_CHARS_MAX = 30;

/**
 * One sentence of what the first figures say: "Flights up 2.5% to 1,637, the highest in eight weeks; average delay down 34% to 4.7 min."
 * In pieces; empty where there is nothing to say, or the report wants none. Of a figure only what is known of it is said: a change where it
 * is compared with something, a record where the message has one.
 */
export function leadOf({ purpose, hasLead = true, sections }: Message): readonly LeadPiece[] {
  if (purpose !== "report" || !hasLead) return [];
  const figures = sections.flatMap((section) =>
    isKpi(section) && section.data.show.kpi.value !== ""
      ? [{ title: section.title, kpi: section.data.show.kpi }]
      : [],
  );
  // Levels alone are what the figures below say already.
  if (!figures.some(({ kpi }) => kpi.change !== null || kpi.record !== undefined)) return [];
  const clauses = figures
    .slice(0, FIGURES_MAX)
    .map(({ title, kpi }, index) => clauseOf(title, kpi, index > 0));
  return [
    ...clauses.flatMap((clause, index) => (index === 0 ? clause : [plain("; "), ...clause])),
    plain("."),
  ];
}

/** The same as plain text; "" for none. */
export function leadText(message: Message): string {
  return leadOf(message)
    .map(({ text }) => text)
    .join("");
}

function clauseOf(title: string, kpi: Kpi, isLater: boolean): LeadPiece[] {
  const label = lineText(title, LABEL_CHARS_MAX) || lineText(kpi.label, LABEL_CHARS_MAX);
  const named = isLater ? uncapitalised(label) : label;
  const whom = lineText(kpi.whom ?? "", LABEL_CHARS_MAX);
  const whole = whom === "" || label.includes(whom) ? named : `${named} (${whom})`;
  const unit = kpi.unit === undefined ? "" : `\u00a0${lineText(kpi.unit, VALUE_CHARS_MAX)}`;
  const value = isolatedLine(`${lineText(kpi.value, VALUE_CHARS_MAX)}${unit}`);
  const record = kpi.record === undefined ? "" : ENGLISH.record(kpi.record);
  return [
    ...inPieces(opening(isolatedLine(whole), kpi)),
    { text: value, isStrong: true },
    ...(record === "" ? [] : [plain(record)]),
  ];
}

/** What is isolated is a piece of its own: markup isolates pieces, and would turn our words with it. */
function inPieces(words: string): LeadPiece[] {
  return words
    .split(/(\u2068[^\u2069]*\u2069)/)
    .filter((text) => text !== "")
    .map(plain);
}

function opening(label: string, { change, isPartial }: Kpi): string {
  if (change === null) return isPartial === true ? ENGLISH.atSoFar(label) : ENGLISH.at(label);
  const { direction } = change;
  if (direction === "level") return ENGLISH.unmoved(label);
  const by = lineText(change.brief ?? change.percent ?? change.absolute, VALUE_CHARS_MAX);
  return ENGLISH.moved(label, direction, isolatedLine(by));
}

/** "Average delay" within a sentence; "SLA breaches" and "DACH turnover" stay. */
function uncapitalised(label: string): string {
  return /^\p{Lu}\p{Ll}+( |$)/u.test(label) && !/^\p{Lu}\p{Ll}+ \p{Lu}/u.test(label)
    ? label.charAt(0).toLowerCase() + label.slice(1)
    : label;
}

function plain(text: string): LeadPiece {
  return { text, isStrong: false };
}
