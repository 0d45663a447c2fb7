import type { SourceRequest } from "../core/adapter.ts";
import { ReportError } from "../core/error.ts";
import { count } from "../core/quantity.ts";
import { limitOf, type QueryBody } from "./query-body.ts";

/** Up to here a result is held in memory with all its detail; beyond, it streams to a file as CSV. */
const DETAIL_ROWS_MAX = 5_000;

/** Whether the query may bring more rows than are held in memory. */
export function isLarge(body: QueryBody): boolean {
  const limit = limitOf(body);
  return limit === -1 || limit > DETAIL_ROWS_MAX;
}

/** ReportError `config` where the attached files want a large result, which is fetched once, both raw and as rendered; else null. */
export function contradictoryForm(body: QueryBody, { csv }: SourceRequest): ReportError | null {
  if (csv !== "both" || !isLarge(body)) return null;
  const limit = limitOf(body);
  const size = limit === -1 ? "is without a limit" : `has a limit of ${count(limit)}`;
  return new ReportError(
    `The query ${size}: such a result is fetched once, so csv cannot be raw for one file and formatted for another.`,
    {
      code: "config",
      advice: `Set raw: true for all csv files of this report or for none, or set a limit of at most ${count(DETAIL_ROWS_MAX)}.`,
    },
  );
}
