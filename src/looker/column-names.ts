import type { Looker } from "./client.ts";
import { exploreFields } from "./explore.ts";
import { fieldOrder, type QueryBody } from "./query-body.ts";

/**
 * Field names for the columns of a CSV, which bears only labels: dimensions first, then measures, each in the query's
 * order. Empty where that cannot be told. Asks Looker which is which only if labels repeat, where names tell them apart.
 */
export async function columnNames(
  looker: Looker,
  body: QueryBody,
  labels: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = fieldOrder(body);
  if ((body.pivots?.length ?? 0) > 0 || names.length !== labels.length) return [];
  if (new Set(labels).size === labels.length) return names;
  const known = await exploreFields(looker, body.model, body.view, signal).catch(() => null);
  if (known === null) return [];
  const measures = new Set(known.filter(({ kind }) => kind === "measure").map(({ name }) => name));
  return [...names.filter((name) => !measures.has(name)), ...names.filter((name) => measures.has(name))];
}
