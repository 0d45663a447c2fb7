import type { Message, MessageSection } from "../../core/model/message.ts";
import type { Kpi, Leader } from "../../core/model/show.ts";
import { type Phrases, phrasesIn } from "../../core/words/phrases.ts";
import { isolatedLine, lineText } from "./cell-text.ts";
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
export function leadOf({ purpose, run, hasLead = true, sections }: Message): readonly LeadPiece[] {
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
  const words = phrasesIn(run.locale).figures;
  const told = figures.slice(0, FIGURES_MAX - leaders.length);
  const clauses = [
    ...told.map(({ title, kpi }, index) => clauseOf(title, kpi, index > 0, words)),
    ...leaders.map((leader, index) => leaderClause(leader, told.length + index > 0, words)),
  ];
  return [
    ...clauses.flatMap((clause, index) => (index === 0 ? clause : [plain(words.leadJoin), ...clause])),
    plain(words.leadEnd),
  ];
}

/** The same as plain text; "" for none. */
export function leadText(message: Message): string {
  return leadOf(message)
    .map(({ text }) => text)
    .join("");
}

/** Stands for the value, which is set apart wherever a language has it: no text of a line holds it. */
const VALUE = "\u0000";

function clauseOf(title: string, kpi: Kpi, isLater: boolean, words: Phrases["figures"]): LeadPiece[] {
  const label = lineText(title, LABEL_CHARS_MAX) || lineText(kpi.label, LABEL_CHARS_MAX);
  const named = isLater ? words.inSentence(label) : label;
  const whom = lineText(kpi.whom ?? "", LABEL_CHARS_MAX);
  const whole = whom === "" || label.includes(whom) ? named : words.ofWhom(named, whom);
  const clause = { label: isolatedLine(whole), isFirst: !isLater };
  return around(sentence(clause, kpi, words), valueText(kpi.value, kpi.unit));
}

function leaderIn(section: MessageSection): Leader | null {
  if (!hasData(section)) return null;
  const { show } = section.data;
  return show.kind === "table" ? (show.leader ?? null) : null;
}

function leaderClause(leader: Leader, isLater: boolean, words: Phrases["figures"]): LeadPiece[] {
  const { side, isPlace, value, unit } = leader;
  const measure = lineText(leader.label, LABEL_CHARS_MAX);
  const label = isolatedLine(isLater ? words.inSentence(measure) : measure);
  const name = isolatedLine(lineText(leader.name, LABEL_CHARS_MAX));
  const said = words.leads({ label, name, value: VALUE, side, isPlace, isFirst: !isLater });
  return around(said, valueText(value, unit));
}

/** A sentence with the value in its place. */
function around(sentence: string, value: string): LeadPiece[] {
  const [before = "", ...after] = sentence.split(VALUE);
  return [...inPieces(before), { text: value, isStrong: true }, ...inPieces(after.join(""))];
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

function sentence(
  opened: { readonly label: string; readonly isFirst: boolean },
  { change, isPartial, record }: Kpi,
  words: Phrases["figures"],
): string {
  const clause = { ...opened, value: VALUE, record };
  if (change === null) return isPartial === true ? words.leadSoFar(clause) : words.leadAt(clause);
  const { direction } = change;
  if (direction === "level") return words.leadUnmoved(clause);
  const by = lineText(change.brief ?? change.percent ?? change.absolute, VALUE_CHARS_MAX);
  return words.leadMoved(clause, direction, isolatedLine(by));
}

function plain(text: string): LeadPiece {
  return { text, isStrong: false };
}
