import type { QueryStore, StoredQuery } from "../../query/store.ts";
import type { Dashboard, Tile } from "./elements.ts";

/**
 * A tile's query with what the dashboard's filters lay over it: each filter that the tile listens to overrides the query's
 * own filter on that field, with its value or its default. Null for a tile that shows no data.
 */
export function tileQuery(
  { shelved }: Dashboard,
  tile: Tile,
  values: ReadonlyMap<string, string>,
  queries: QueryStore,
): StoredQuery | null {
  if (tile.query === null) return null;
  const { body } = tile.query;
  const filters = { ...body.filters };
  for (const [name, field] of Object.entries(tile.shelved.listen ?? {})) {
    const filter = shelved.filters.find((one) => one.name === name);
    const value = values.get(name) ?? filter?.defaultValue;
    if (value !== undefined && value !== null) filters[field] = value;
  }
  return queries.create({ ...body, filters });
}

/** A dashboard's filters in a URL's query string, by their names or titles; what the dashboard has not is left out. */
export function readFilterValues({ shelved }: Dashboard, query: string | null): Map<string, string> {
  const given = new URLSearchParams(query ?? "");
  const values = new Map<string, string>();
  for (const { name, title } of shelved.filters) {
    const value = given.get(name) ?? given.get(title);
    if (value !== null) values.set(name, value);
  }
  return values;
}
