import { ReportError } from "../../core/error.ts";
import { count } from "../../core/rules/quantity.ts";

/** As many as a sheet of Excel has (its specifications and limits). */
const COLUMNS_MAX = 16_384;
/** Of a table that is held in memory. Where rows leave cells out, they are more than its bytes let expect. */
const CELLS_MAX = 5_000_000;

/** Before they are made. Throws ReportError `too_large` for more columns, or cells, than a table here may have. */
export function refuseTooMany(columns: number, rows = 0): void {
  if (columns > COLUMNS_MAX) throw tooMany(columns, "columns", COLUMNS_MAX);
  if (columns * rows > CELLS_MAX) throw tooMany(columns * rows, "cells", CELLS_MAX);
}

function tooMany(found: number, what: string, most: number): ReportError {
  return new ReportError(`The result has ${count(found)} ${what}; at most ${count(most)} are taken.`, {
    code: "too_large",
    advice: "Ask for fewer fields, or filter the field that it is pivoted by; or set a lower `limit:`.",
  });
}
