import type { Message } from "../../core/model/message.ts";
import type { Changes, Emphasis, Kpi, KpiChange, MovedRow } from "../../core/model/show.ts";
import type { Cell, Table } from "../../core/model/table.ts";
import type { Unit } from "../../core/rules/dates/calendar.ts";
import { asShown, type NumberStyle, unsigned, write } from "../../core/rules/numbers/number-style.ts";
import { showsSeparators, styleSeen } from "../../core/rules/numbers/seen-style.ts";
import { emphasisText } from "../../core/rules/presentation/emphasis.ts";
import type { Judgement, MoveWords } from "../../core/words/en/figures.ts";
import { type Phrases, phrasesIn } from "../../core/words/phrases.ts";
import { isolatedLine, lineText } from "./cell-text.ts";
import { flatLabel } from "./headings.ts";
import { isKpi } from "./shown.ts";

/** Figures, marks and changes in words, the same in every output. */

const WORDS_CHARS_MAX = 120;
const MARKS_MAX = 6;

/** "up 1,204 (8.2%) from 14,683 in the week from 2 November, which is better"; "unchanged from 14,683 on 2 November". */
export function kpiChange(kpi: Pick<Kpi, "change" | "better">, { figures }: Phrases): string {
  const { change } = kpi;
  if (change === null) return "";
  const [from = "", by = "", against = ""] = [change.from, change.absolute, change.against].map((one) =>
    isolatedLine(words(one)),
  );
  return figures.change({ ...moveOf(change), by }, from, against, verdictOf(kpi));
}

/** "15,887, up 1,204 (8.2%)", "15,887", "no value". */
export function kpiBrief({ value, unit, change }: Kpi, phrases: Phrases): string {
  const figure = kpiValue(value, phrases);
  const shown = unit === undefined || value === "" ? figure : `${figure} ${words(unit)}`;
  return change === null ? shown : phrases.figures.brief(shown, moveOf(change));
}

function moveOf({ direction, absolute, percent }: KpiChange): MoveWords {
  return { direction, by: words(absolute), percent: percent === null ? null : words(percent) };
}

export function kpiValue(value: string, { figures }: Phrases): string {
  return words(value) || figures.noValue;
}

/** Whether a change is for the better, where the report says which way that is. */
export function verdictOf({ change, better }: Pick<Kpi, "change" | "better">): Judgement {
  if (change === null || change.direction === "level" || better === undefined) return "none";
  return change.direction === better ? "better" : "worse";
}

/** Below a figure: "better than 7.2", "from 1,597 the week before"; why there is no change; "" where nothing is to be said. */
export function kpiWas(kpi: Kpi, message: Message): string {
  const { change } = kpi;
  const { figures } = phrasesIn(message.run.locale);
  if (change === null) return words(kpi.withoutChange ?? "");
  const isSaid = change.before !== undefined && comparedWith(message) === change.before;
  const when = isSaid
    ? ""
    : change.before === undefined
      ? words(change.against)
      : figures.before(change.before);
  if (change.direction === "level") return figures.wasTheSame(when);
  return figures.was(words(change.from), when, verdictOf(kpi));
}

/**
 * What figures are compared with, which is said once, after the period: one such unit before. One that is compared with something else
 * says so itself. Null: they differ.
 */
function comparedWith(message: Message): Unit | null {
  if (message.period === null) return null;
  const figures = message.sections.filter(isKpi).flatMap(({ data }) => {
    const { change, period } = data.show.kpi;
    return change?.before === undefined ? [] : [{ unit: change.before, period }];
  });
  // After "12 weeks" of a table above them, "the week before" would be a wrong one.
  if (figures.some(({ period }) => period !== undefined && period !== message.period)) return null;
  const units = new Set(figures.map(({ unit }) => unit));
  const [unit] = units;
  return units.size === 1 && unit !== undefined ? unit : null;
}

/** The time that the message's data cover, and what all its figures are compared with. */
export function periodLine(message: Message): string | null {
  const unit = comparedWith(message);
  const period = message.period === null ? null : lineText(message.period, 200);
  return period === null || unit === null
    ? period
    : phrasesIn(message.run.locale).figures.periodCompared(period, unit);
}

/** Whose a figure is, and of when, where neither its title nor the message's head says it. */
export function besides({ of, whom, period, isPartial }: Kpi, message: Message): string {
  if (isPartial === true || period === undefined || period !== message.period) return words(of ?? "");
  return words(whom ?? "");
}

/** A mark of the direction, next to the word for it. */
export function arrow({ direction }: KpiChange): string {
  return { up: "▲", down: "▼", level: "—" }[direction];
}

/** "3 new, 1 gone, 5 moved", "no changes", "nothing to compare with yet". */
export function changesTally({ since, counts }: Changes, { tables }: Phrases): string {
  if (since === null) return tables.nothingToCompare;
  return counts.added + counts.gone + counts.moved === 0 ? tables.noChanges : tables.tally(counts);
}

/** "3 new, 1 gone, 5 moved of 42 rows since 9 Nov 2026." `since`: the date in words. */
export function changesSentence(
  { since: before, counts }: Changes,
  table: Table,
  since: string | null,
  { tables }: Phrases,
): string {
  const all = before === null ? table.rowCount : counts.added + counts.moved + counts.same;
  return tables.changes(counts, all, since);
}

/** The columns that say which row is which, and those in which anything moved. */
export function movedColumns(
  moved: readonly MovedRow[],
  key: readonly number[],
  columns: number,
): readonly number[] {
  return Array.from({ length: columns }, (_, column) => column).filter(
    (column) => key.includes(column) || moved.some(({ was }) => (was[column] ?? null) !== null),
  );
}

/** "1,204 → 1,310 (+106)"; "" means no value. */
export function movedCell(was: Cell, now: Cell, phrases: Phrases): string {
  const step = difference(was, now, phrases);
  const from = lineText(was.rendered) || NONE;
  return `${from} → ${lineText(now.rendered) || NONE}${step === null ? "" : ` (${step})`}`;
}

const NONE = "∅";

/** How far a number moved, as its cells are written: "+106", "-$1.50", "+0.4 points"; null if they are not such numbers. */
export function difference(was: Cell, now: Cell, { figures }: Phrases): string | null {
  const [before, after] = [styleIn(was), styleIn(now)];
  const style = before === null || after === null ? null : joint(before, after);
  if (style === null) return null;
  const step = asShown(Number(now.value), style) - asShown(Number(was.value), style);
  // A difference of two percentages, written in percent, could be read as a relative change.
  const isShare = style.suffix.trim() === "%";
  const written = write(Math.abs(step), isShare ? { ...style, suffix: "" } : style);
  return `${step < 0 ? "-" : "+"}${isShare ? figures.points(written) : written}`;
}

function styleIn(cell: Cell): NumberStyle | null {
  return typeof cell.value === "number" ? styleSeen(cell, undefined) : null;
}

/** As both are written, but for signs, with the most decimals; null where they are not alike: "900" and "1.2K". */
function joint(a: NumberStyle, b: NumberStyle): NumberStyle | null {
  const [before, after] = [unsigned(a), unsigned(b)];
  if (before.prefix !== after.prefix || before.suffix !== after.suffix || a.factor !== b.factor) return null;
  const decimals = Math.max(a.decimalsMax, b.decimalsMax);
  const marks = [b, a].find(showsSeparators)?.separators;
  return {
    ...after,
    decimalsMin: decimals,
    decimalsMax: decimals,
    isGrouped: a.isGrouped || b.isGrouped,
    ...(marks !== undefined && { separators: marks }),
  };
}

/** "Cancelled rate > 0.05, Delay > 30": what is marked in the shown columns; null if nothing is. */
export function marksSentence(
  emphasis: readonly Emphasis[],
  table: Table,
  columnsShown: number,
  { tables }: Phrases,
): string | null {
  const phrases = emphasis
    .filter(({ column }) => column < columnsShown)
    .flatMap((one) => {
      const of = table.columns[one.column];
      if (of === undefined) return [];
      // Every column of a pivoted field is marked alike.
      const label = of.pivot === undefined ? flatLabel(of) : (of.label.split(" – ")[0] ?? of.label);
      return [`${lineText(label, 80)} ${lineText(emphasisText(one), 80)}`];
    });
  const all = [...new Set(phrases)];
  if (all.length === 0) return null;
  return tables.marks(all.slice(0, MARKS_MAX), Math.max(0, all.length - MARKS_MAX));
}

function words(text: string): string {
  return lineText(text, WORDS_CHARS_MAX);
}
