import type { Point } from "../model/memory.ts";
import type { KpiRecord, PeriodCount } from "../model/show.ts";
import { duration } from "./dates/calendar.ts";
import { readDate } from "./dates/date-value.ts";
import { unitOf } from "./dates/unfinished.ts";
import type { Figure } from "./figure.ts";
import { inOwnFormat } from "./numbers/own-format.ts";

/** A record of fewer periods is none. */
const RECORD_PERIODS_MIN = 6;

/** What is known of a figure's past. */
export interface KpiPast {
  /** The periods without a gap that end with the figure's own, it included; null where it has no date, or is not among them. */
  readonly span: PeriodCount | null;
  /** It is lower, or higher, than every other of at least six periods in a row; null: neither. */
  readonly record: KpiRecord | null;
}

const NOTHING: KpiPast = { span: null, record: null };

/** `history`: oldest first. `on`: the ISO date of the figure's own period. */
export function pastOf(history: readonly Point[], on: string | null, figure: Figure): KpiPast {
  const { table, dateIndex } = figure;
  const type = dateIndex === null ? null : (table.columns[dateIndex]?.type ?? null);
  const own = on === null ? null : readDate(on, type);
  if (dateIndex === null || own === null || own.grain === "time") return NOTHING;
  const unit = unitOf(own.grain);
  const run: number[] = [];
  let at = own.at;
  for (const { on: date, value } of history.filter((point) => point.on <= own.iso).reverse()) {
    if (readDate(date, type)?.at.equals(at) !== true) break;
    run.push(value);
    at = at.subtract(duration(1, unit));
  }
  const [now, ...before] = run;
  if (now === undefined) return NOTHING;
  return { span: { count: run.length, unit }, record: recordOf(now, before, unit, figure) };
}

function recordOf(
  now: number,
  before: readonly number[],
  unit: PeriodCount["unit"],
  figure: Figure,
): KpiRecord | null {
  const shown = (value: number) => inOwnFormat(value, figure, now);
  for (const side of ["lowest", "highest"] as const) {
    const isBeaten = (value: number) =>
      (side === "lowest" ? now < value : now > value) && shown(now) !== shown(value);
    const end = before.findIndex((value) => !isBeaten(value));
    const count = (end < 0 ? before.length : end) + 1;
    if (count >= RECORD_PERIODS_MIN) return { side, count, unit };
  }
  return null;
}
