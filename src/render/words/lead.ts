import type { Message, MessageSection } from "../../core/model/message.ts";
import type { Kpi, Leader } from "../../core/model/show.ts";
import { isolatedLine, lineText } from "./cell-text.ts";
import { ENGLISH } from "./english.ts";
import { hasData, isKpi } from "./shown.ts";

/** A piece of the lead; what is strong is a figure. */
export interface LeadPiece {
  readonly text: string;
  readonly isStrong: boolean;
}

/** More of them make no sentence. */
const FIGURES_MAX = 3;
const LEADERS_MAX = 1;
const LABEL_CHARS_MAX = 60;
const VALUE_CHARS_MAX = 30;

/**
 * One sentence of what the first figures and tables say: "Flights up 2.5% to 1,637, the highest in eight weeks; average delay worst in
 * Denver at 24.1 min." In pieces; empty where there is nothing to say, or the report wants none. Of a figure only what is known of it is
 * said: a change where it is compared with something, a record where the message has one.
 */
export function leadOf({ purpose, hasLead = true, sections }: Message): readonly LeadPiece[] {
  if (purpose !== "report" || !hasLead) return [];
  const figures = sections.flatMap((section) =>
    isKpi(section) && section.data.show.kpi.value !== ""
      ? [{ title: section.title, kpi: section.data.show.kpi }]
      : [],
  );
  const leaders = sections.flatMap((section) => leaderIn(section) ?? []).slice(0, LEADERS_MAX);
  // Levels alone are what the figures below say already.
  if (leaders.length === 0 && !figures.some(({ kpi }) => kpi.change !== null || kpi.record !== undefined))
    return [];
  const told = figures.slice(0, FIGURES_MAX - leaders.length);
  const clauses = [
    ...told.map(({ title, kpi }, index) => clauseOf(title, kpi, index > 0)),
    ...leaders.map((leader, index) => leaderClause(leader, told.length + index > 0)),
  ];
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
  const record = kpi.record === undefined ? "" : ENGLISH.record(kpi.record);
  return [
    ...inPieces(opening(isolatedLine(whole), kpi)),
    { text: valueText(kpi.value, kpi.unit), isStrong: true },
    ...(record === "" ? [] : [plain(record)]),
  ];
}

function leaderIn(section: MessageSection): Leader | null {
  if (!hasData(section)) return null;
  const { show } = section.data;
  return show.kind === "table" ? (show.leader ?? null) : null;
}

function leaderClause({ label, name, value, unit, side, isPlace }: Leader, isLater: boolean): LeadPiece[] {
  const line = (words: string, charsMax: number) => isolatedLine(lineText(words, charsMax));
  const named = lineText(label, LABEL_CHARS_MAX);
  const measure = isolatedLine(isLater ? uncapitalised(named) : named);
  return [
    ...inPieces(ENGLISH.leads(measure, side, line(name, LABEL_CHARS_MAX), isPlace)),
    { text: valueText(value, unit), isStrong: true },
  ];
}

function valueText(value: string, unit: string | undefined): string {
  const after = unit === undefined ? "" : `\u00a0${lineText(unit, VALUE_CHARS_MAX)}`;
  return isolatedLine(`${lineText(value, VALUE_CHARS_MAX)}${after}`);
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
