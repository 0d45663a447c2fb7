import { WarehouseError } from "./contract.ts";
import type { Value } from "./model/field.ts";
import type { Plan } from "./plan.ts";
import { fieldColumn, type Result } from "./result.ts";

const ROWS_DEFAULT = 100_000;
const ROWS_FIELD = "generated.rows";
const ID_FIELD = "generated.id";
const FIRST_DAY_MS = Date.UTC(2020, 0, 1);
const DAY_MS = 86_400_000;

const FIRST_NAMES = ["Ada", "Grace", "Alan", "Edsger", "Barbara", "Donald", "Radia", "Ken"];
const LAST_NAMES = [
  "Lovelace",
  "Hopper",
  "Turing",
  "Dijkstra",
  "Liskov",
  "Knuth",
  "Perlman",
  "Thompson",
  "O'Neill, Jr.",
];
const NAMES = LAST_NAMES.flatMap((last) => FIRST_NAMES.map((first) => `${first} ${last}`));
const DAYS = Array.from({ length: 1461 }, (_, day) =>
  new Date(FIRST_DAY_MS + day * DAY_MS).toISOString().slice(0, 10),
);
const NOTES = [
  "nothing to report",
  "late by a quarter of an hour, twice, and both times because the gate was still taken by the flight before",
  'the tower said "go around", which the crew did without further delay and landed on the parallel runway',
  "crew changed at the gate and the aircraft left with two empty rows at the back to keep its balance right",
  "",
  "de-icing took longer than planned; the slot was missed and the next one came forty minutes later",
  "first line: passengers asked for water\nsecond line: water was brought",
  "diverted",
];
// Rare, because one character beyond Latin-1 makes a whole chunk of text twice as large in memory.
const FOREIGN_NOTE = "Zürich, Łódź and 東京 in one line ✈";
const FOREIGN_EVERY = 5000;

/** What is in the n-th row, counted from 0. The same number always gives the same value. */
const COLUMNS: Readonly<Record<string, (index: number) => Value>> = {
  "generated.id": (index) => index + 1,
  "generated.name": (index) => NAMES[(index * 7) % NAMES.length] ?? null,
  "generated.amount": (index) => (index % 97 === 96 ? null : ((index * 7919) % 1_000_003) / 100),
  "generated.day": (index) => DAYS[index % DAYS.length] ?? null,
  "generated.note": (index) =>
    index % FOREIGN_EVERY === FOREIGN_EVERY - 1 ? FOREIGN_NOTE : (NOTES[(index * 5) % NOTES.length] ?? null),
};

/**
 * Rows that are made while they are read: a result of any size takes no memory.
 * @throws WarehouseError for what would need all rows at once (pivots, sorts), and for filters other than the number of rows.
 */
export function runGenerated(plan: Plan): Result {
  refuseBeyondRows(plan);
  const columns = plan.dimensions.map((field) => fieldColumn(field));
  const makers = plan.dimensions.map((field) => COLUMNS[field.name] ?? (() => null));
  const available = rowsAvailable(plan);
  const rowCount = Math.min(
    plan.rowsMax,
    available ?? (Number.isFinite(plan.rowsMax) ? plan.rowsMax : ROWS_DEFAULT),
  );
  const names = plan.dimensions.map((field) => `    ${field.sql} AS "${field.name}"`);
  return {
    // Rows come in the order of their ids, whatever Looker would have sorted by without being asked.
    plan: { ...plan, sorts: [], addedSorts: null },
    sql: `SELECT\n${names.join(",\n")}\nFROM generated\nLIMIT ${rowCount}`,
    columns,
    pivots: [],
    rows: { [Symbol.iterator]: () => makeRows(makers, rowCount) },
    rowCount,
    totals: null,
    truncated: rowCount >= plan.rowsMax,
    columnsTruncated: false,
  };
}

function refuseBeyondRows(plan: Plan): void {
  const refuse = (what: string) => {
    throw new WarehouseError(`The explore "generated" makes its rows up one by one: it has no ${what}.`);
  };
  if (plan.pivots.length > 0) refuse("pivots");
  if (plan.calculations.length > 0) refuse("table calculations");
  if ([...plan.dimensions, ...plan.measures].some(({ view }) => view === "")) refuse("custom fields");
  if (plan.filters.some(({ field }) => field.name !== ROWS_FIELD)) refuse(`filters but "${ROWS_FIELD}"`);
  if (
    plan.addedSorts === null &&
    plan.sorts.some(({ name, descending }) => name !== ID_FIELD || descending)
  ) {
    refuse(`sorts but "${ID_FIELD}"`);
  }
}

function* makeRows(makers: readonly ((index: number) => Value)[], rowCount: number): Generator<Value[]> {
  const row = new Array<Value>(makers.length).fill(null);
  for (let index = 0; index < rowCount; index += 1) {
    for (let column = 0; column < makers.length; column += 1) row[column] = makers[column]?.(index) ?? null;
    yield row;
  }
}

/** The filter on generated.rows, which has to be one plain number. */
function rowsAvailable(plan: Plan): number | null {
  const filter = plan.filters.find(({ field }) => field.name === ROWS_FIELD);
  if (filter === undefined || filter.expression.trim() === "") return null;
  const rows = /^\d{1,12}$/.exec(filter.expression.trim())?.[0];
  if (rows === undefined) {
    throw new WarehouseError(
      `Invalid filter expression "${filter.expression}" for "${ROWS_FIELD}": it takes one number.`,
    );
  }
  return Number(rows);
}
