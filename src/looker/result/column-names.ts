import { exploreFields } from "../explore/explore.ts";
import type { Looker } from "../http/client.ts";
import { fieldOrder, type QueryBody } from "../query/body.ts";

/**
 * Field names for the columns of a CSV, which bears only labels; empty where that cannot be told. A label that is simply the
 * name in words ("Flights Count" for flights.count) tells. Only where labels repeat, so that names must tell them apart, is
 * Looker asked: the file has dimensions first, then measures, each in the query's order.
 */
export async function columnNames(
  looker: Looker,
  body: QueryBody,
  labels: readonly string[],
  signal: AbortSignal,
): Promise<readonly string[]> {
  const names = fieldOrder(body);
  if ((body.pivots?.length ?? 0) > 0 || names.length !== labels.length) return [];
  if (new Set(labels).size === labels.length) {
    const named = new Map(names.map((name) => [name.replace(/[._]+/g, " ").toLowerCase(), name]));
    const told = labels.map((label) => named.get(label.toLowerCase()));
    return told.every((name) => name !== undefined) ? told : [];
  }
  const known = await exploreFields(looker, body.model, body.view, signal).catch(() => null);
  if (known === null) return [];
  const measures = new Set(known.filter(({ kind }) => kind === "measure").map(({ name }) => name));
  return [...names.filter((name) => !measures.has(name)), ...names.filter((name) => measures.has(name))];
}
