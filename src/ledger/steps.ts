import type { Work } from "../core/model/work.ts";
import type { Ledger } from "../core/ports/ledger.ts";

/** Bytes are written as they are. */
export type Value = string | number | Uint8Array | null;

/** What the database returns for one row of a table. Whole numbers may come as text: rows.ts reads both. */
export type Row = Readonly<Record<string, unknown>>;

/** One statement, with a `?` for each value. */
export interface Query {
  readonly sql: string;
  readonly values: readonly Value[];
}

/** Work that the transaction makes. */
export interface Announcement {
  readonly announced: readonly Work[];
  /** The command that alone may carry it out, or null. */
  readonly reservedFor: string | null;
}

/**
 * A verb of the ledger, step by step: it says what to ask the database, and goes on with the rows. So the same verb runs
 * synchronously in SQLite, where an await inside a transaction would hold up all others, and awaited in Postgres.
 */
export type Steps<T> = Generator<Query | Announcement, T, readonly Row[]>;

/** The verbs that are transactions. The others are each store's own. */
export type Verb = Exclude<keyof Ledger, "close" | "compact" | "inspect">;

/** Those that are nothing but a transaction. */
export type PlainVerb = Exclude<Verb, "remember">;

/** Each such verb as its steps. */
export type VerbSteps = {
  readonly [V in PlainVerb]: (...values: Parameters<Ledger[V]>) => Steps<Awaited<ReturnType<Ledger[V]>>>;
};

/** Where the SQL of the two databases differs. All the rest of it is the same. */
export interface Dialect {
  /** At the end of a SELECT: no other transaction changes its rows before this one ends. */
  readonly forUpdate: string;
  /** The moment by the clock that owners are measured by, in milliseconds, made of one value: the caller's clock. */
  readonly now: string;
  /** A table of rows made of one value, a JSON list of objects. */
  rows(alias: string, columns: Readonly<Record<string, "text" | "whole" | "real">>): string;
  /** Transactions that lock the same name go one after the other. */
  lock(name: string): Steps<void>;
}

export function* all(sql: string, ...values: readonly Value[]): Steps<readonly Row[]> {
  return yield query(sql, values);
}

export function* one(sql: string, ...values: readonly Value[]): Steps<Row | null> {
  const rows = yield query(sql, values);
  return rows[0] ?? null;
}

export function* run(sql: string, ...values: readonly Value[]): Steps<void> {
  yield query(sql, values);
}

export function* announce(work: readonly Work[], reservedFor: string | null): Steps<void> {
  if (work.length > 0) yield { announced: work, reservedFor };
}

/** Lists and objects as one value of a statement. Its texts are made fit here: within it, what is not fit is escaped. */
export function json(value: object): string {
  return JSON.stringify(value, (_, part: unknown) => (typeof part === "string" ? storable(part) : part));
}

function query(sql: string, values: readonly Value[]): Query {
  return { sql, values: values.map((value) => (typeof value === "string" ? storable(value) : value)) };
}

/**
 * Postgres takes no NUL character and no half of a surrogate pair, and an answer from outside may hold either: an outcome with such a
 * text could never be written down.
 */
function storable(text: string): string {
  return text.replaceAll("\0", "").toWellFormed();
}
