import { limitOf, type QueryBody } from "./body.ts";

/** Up to here a result is held in memory with all its detail; beyond, it streams to a file as CSV. */
const DETAIL_ROWS_MAX = 5_000;

/** Whether the query may bring more rows than are held in memory. */
export function isLarge(body: QueryBody): boolean {
  const limit = limitOf(body);
  return limit === -1 || limit > DETAIL_ROWS_MAX;
}
