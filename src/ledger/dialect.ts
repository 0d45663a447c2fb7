import type { Steps } from "./steps.ts";

/** Where the two databases want to be told different things. All else of the SQL is the same. */
export interface Dialect {
  /** At the end of a SELECT: nobody else changes its rows before this transaction ends. */
  readonly forUpdate: string;
  /** The moment by the clock that owners are measured by, in milliseconds, made of one value: the caller's clock. */
  readonly now: string;
  /** A table of rows made of one value, a JSON list of objects. */
  rows(alias: string, columns: Readonly<Record<string, "text" | "whole" | "real">>): string;
  /** Transactions that lock the same name go one after the other. */
  lock(name: string): Steps<void>;
}
