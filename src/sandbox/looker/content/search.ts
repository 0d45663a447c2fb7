import { type Call, flag, wholeNumber } from "../http/call.ts";
import type { Reply } from "../http/reply.ts";

/** What a search may ask of a Look or dashboard, by the name of the parameter. */
export type Searchable = Readonly<Record<string, string | boolean | null>>;

/**
 * Looker's search: text by LIKE, ids singly or as a comma list, `IS NULL` and `NOT NULL`; all conditions together, or any
 * with `filter_or`. What is deleted is found only where `deleted` is asked for.
 */
export function search<T>(call: Call, items: readonly T[], facts: (item: T) => Searchable): T[] {
  const any = flag(call, "filter_or") ?? false;
  const found = items.filter((item) => matches(call, facts(item), any));
  return sorted(call, found, facts);
}

/**
 * The part of a list that is asked for. Where a limit is, the answer has the addresses of its other parts in `Link` (RFC 8288) and how
 * many there are in `X-Total-Count`.
 */
export function pageOf<T>(
  call: Call,
  items: readonly T[],
  shown: (item: T) => unknown,
  webUrl: string,
): Reply {
  const perPage = wholeNumber(call, "per_page", 1);
  const page = wholeNumber(call, "page", 1);
  const limit = wholeNumber(call, "limit", 0) ?? perPage ?? null;
  const offset = wholeNumber(call, "offset", 0) ?? ((page ?? 1) - 1) * (perPage ?? 0);
  const kept = items.slice(offset, limit === null ? undefined : offset + limit);
  const headers =
    limit === null ? {} : { headers: pageHeaders(call, { limit, offset, total: items.length }, webUrl) };
  return { kind: "json", status: 200, value: kept.map(shown), ...headers };
}

interface PageOfList {
  readonly limit: number;
  readonly offset: number;
  readonly total: number;
}

function pageHeaders(
  call: Call,
  { limit, offset, total }: PageOfList,
  webUrl: string,
): Record<string, string> {
  const size = Math.max(1, limit);
  const link = (rel: string, at: number) => {
    const query = new URLSearchParams(call.query);
    for (const name of ["page", "per_page"]) query.delete(name);
    query.set("limit", String(limit));
    query.set("offset", String(at));
    return `<${webUrl}/api/4.0${call.path}?${query}>; rel="${rel}"`;
  };
  const last = Math.max(0, Math.floor((total - 1) / size) * size);
  const links = [
    link("first", 0),
    ...(offset > 0 ? [link("prev", Math.max(0, offset - size))] : []),
    ...(offset + size < total ? [link("next", offset + size)] : []),
    link("last", last),
  ];
  return { link: links.join(", "), "x-total-count": String(total) };
}

function matches(call: Call, facts: Searchable, any: boolean): boolean {
  if (facts.deleted === true && call.query.get("deleted") !== "true") return false;
  const asked = Object.keys(facts).filter((name) => call.query.get(name));
  if (asked.length === 0) return true;
  const holds = (name: string) => valueMatches(facts[name] ?? null, name, call.query.get(name) ?? "");
  return any ? asked.some(holds) : asked.every(holds);
}

function valueMatches(value: string | boolean | null, name: string, wanted: string): boolean {
  if (/^is null$/i.test(wanted)) return value === null;
  if (/^not null$/i.test(wanted)) return value !== null;
  if (value === null) return false;
  if (name === "id" || name.endsWith("_id")) return wanted.split(",").some((id) => id.trim() === value);
  return like(String(value), wanted);
}

function sorted<T>(call: Call, items: T[], facts: (item: T) => Searchable): T[] {
  const [name = "", direction] = (call.query.get("sorts") ?? "").trim().split(/\s+/);
  if (name === "") return items;
  const sign = direction === "desc" ? -1 : 1;
  const key = (item: T) => String(facts(item)[name] ?? "");
  return items.toSorted((one, other) => sign * key(one).localeCompare(key(other), "en", { numeric: true }));
}

/** SQL LIKE as Looker's searches use it: `%` any text, `_` any character, no regard to case. */
function like(text: string, pattern: string): boolean {
  const source = pattern
    .replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")
    .replaceAll("%", ".*")
    .replaceAll("_", ".");
  return new RegExp(`^${source}$`, "is").test(text);
}
