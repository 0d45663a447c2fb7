import type { Message } from "../../core/model/message.ts";
import type { Changes, Emphasis, Kpi, KpiChange, MovedRow } from "../../core/model/show.ts";
import type { Cell, Table } from "../../core/model/table.ts";
import { emphasisText } from "../../core/rules/presentation/emphasis.ts";
import { count } from "../../core/rules/quantity.ts";
import { lineText } from "./cell-text.ts";
import { ENGLISH, type Judgement } from "./english.ts";
import { flatLabel } from "./headings.ts";
import { isKpi } from "./shown.ts";

/** Figures, marks and changes in words, the same in every output. */

const WORDS_CHARS_MAX = 120;
const MARKS_MAX = 6;

/** "up 1,204 (8.2%) from 14,683 in the week from 2 November, which is better"; "unchanged from 14,683 on 2 November". */
export function kpiChange(kpi: Pick<Kpi, "change" | "better">): string {
  const { change } = kpi;
  if (change === null) return "";
  const from = words(change.from);
  if (change.direction === "level") return `unchanged from ${from} ${words(change.against)}`;
  const percent = change.percent === null ? "" : ` (${words(change.percent)})`;
  const moved = `${change.direction} ${words(change.absolute)}${percent} from ${from} ${words(change.against)}`;
  const verdict = verdictOf(kpi);
  return verdict === "none" ? moved : `${moved}: ${ENGLISH.judged(verdict)}`;
}

/** "15,887, up 1,204 (8.2%)", "15,887", "no value". */
export function kpiBrief({ value, unit, change }: Kpi): string {
  const shown = unit === undefined || value === "" ? kpiValue(value) : `${kpiValue(value)} ${words(unit)}`;
  if (change === null) return shown;
  if (change.direction === "level") return `${shown}, unchanged`;
  const percent = change.percent === null ? "" : ` (${words(change.percent)})`;
  return `${shown}, ${change.direction} ${words(change.absolute)}${percent}`;
}

export function kpiValue(value: string): string {
  return words(value) || "no value";
}

/** Whether a change is for the better, where the report says which way that is. */
export function verdictOf({ change, better }: Pick<Kpi, "change" | "better">): Judgement {
  if (change === null || change.direction === "level" || better === undefined) return "none";
  return change.direction === better ? "better" : "worse";
}

/** Below a figure: "better than 7.2", "from 1,597 the week before"; why there is no change; "" where nothing is to be said. */
export function kpiWas(kpi: Kpi, message: Message): string {
  const { change } = kpi;
  if (change === null) return words(kpi.withoutChange ?? "");
  const before = change.before === undefined ? null : ENGLISH.before(change.before);
  const when = before !== null && comparedWith(message) === before ? "" : (before ?? words(change.against));
  if (change.direction === "level") return ENGLISH.wasTheSame(when);
  return ENGLISH.was(words(change.from), when, verdictOf(kpi));
}

/**
 * What figures are compared with, which is said once, after the period: "the week before". One that is compared with something else says
 * so itself. Null: they differ.
 */
export function comparedWith(message: Message): string | null {
  if (message.period === null) return null;
  const units = new Set(
    message.sections.filter(isKpi).flatMap(({ data }) => {
      const { change } = data.show.kpi;
      return change?.before ?? [];
    }),
  );
  const [unit] = units;
  return units.size === 1 && unit !== undefined ? ENGLISH.before(unit) : null;
}

/** The time that the message's data cover, and what all its figures are compared with. */
export function periodLine(message: Message): string | null {
  const before = comparedWith(message);
  const period = message.period === null ? null : lineText(message.period, 200);
  return period === null || before === null ? period : `${period}, ${ENGLISH.comparedWith(before)}`;
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
export function changesTally({ since, counts: { added, gone, moved } }: Changes): string {
  if (since === null) return "nothing to compare with yet";
  if (added + gone + moved === 0) return "no changes";
  return `${count(added)} new, ${count(gone)} gone, ${count(moved)} moved`;
}

/** "3 new, 1 gone, 5 moved of 42 rows since 9 Nov 2026." `since`: the date in words. */
export function changesSentence(changes: Changes, table: Table, since: string | null): string {
  const all = rowsInAll(changes, table);
  if (since === null)
    return `There is no earlier report to compare with yet. From the next one on, this section shows what has changed; it has ${all} now.`;
  const { added, gone, moved } = changes.counts;
  if (added + gone + moved === 0) return `No changes since ${since}: all ${all} are as they were.`;
  return `${count(added)} new, ${count(gone)} gone, ${count(moved)} moved of ${all} since ${since}.`;
}

function rowsInAll({ since, counts }: Changes, table: Table): string {
  const rows = since === null ? table.rowCount : counts.added + counts.moved + counts.same;
  return `${count(rows)} ${rows === 1 ? "row" : "rows"}`;
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
export function movedCell(was: Cell, now: Cell): string {
  const step = difference(was, now);
  const from = lineText(was.rendered) || NONE;
  return `${from} → ${lineText(now.rendered) || NONE}${step === null ? "" : ` (${step})`}`;
}

const NONE = "∅";

/** How far a number moved, as its cells are written: "+106", "-$1.50", "+0.4 points"; null if they are not such numbers. */
export function difference(was: Cell, now: Cell): string | null {
  const [a, b] = [figureOf(was), figureOf(now)];
  if (a === null || b === null || a.before !== b.before || a.after !== b.after) return null;
  const step = b.number - a.number;
  const digits = Math.max(a.digits, b.digits);
  const amount = Math.abs(step).toLocaleString("en-US", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  const sign = step < 0 ? "-" : "+";
  // A difference of two percentages, written in percent, could be read as a relative change.
  return b.after.trim() === "%" ? `${sign}${amount} points` : `${sign}${b.before}${amount}${b.after}`;
}

const FIGURE = /^([^\d.,+-]{0,4})([-+]?)([^\d.,+-]{0,4})(\d[\d,]{0,30})(?:\.(\d{1,10}))?([^\d]{0,12})$/;

/** A rendered number in its parts. */
function figureOf({
  value,
  rendered,
}: Cell): { before: string; number: number; digits: number; after: string } | null {
  if (typeof value !== "number" || !Number.isFinite(value)) return null;
  const [, lead = "", sign, mid = "", whole = "", decimals = "", after = ""] =
    FIGURE.exec(rendered.trim()) ?? [];
  if (sign === undefined) return null;
  const number = Number(`${whole.replaceAll(",", "")}.${decimals}`);
  return { before: lead + mid, number: sign === "-" ? -number : number, digits: decimals.length, after };
}

/** "Cancelled rate > 0.05, Delay > 30": what is marked in the shown columns; null if nothing is. */
export function marksSentence(
  emphasis: readonly Emphasis[],
  table: Table,
  columnsShown: number,
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
  const more = all.length - MARKS_MAX;
  return `${all.slice(0, MARKS_MAX).join(", ")}${more > 0 ? `, and ${count(more)} more` : ""}`;
}

function words(text: string): string {
  return lineText(text, WORDS_CHARS_MAX);
}
