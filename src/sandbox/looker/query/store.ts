import { createHash } from "node:crypto";
import type { NewQuery } from "./body.ts";

const queriesMax = 100_000;

export interface StoredQuery {
  readonly id: string;
  /** Short, as in the address of a shared query. */
  readonly slug: string;
  /** 22 characters, as in `/x/{client_id}`. */
  readonly clientId: string;
  readonly body: NewQuery;
}

/** Queries are immutable and known by their content: the same content is the same query, whoever makes it. */
export class QueryStore {
  readonly #byContent = new Map<string, StoredQuery>();
  readonly #byName = new Map<string, StoredQuery>();
  #lastId = 1000;

  create(body: NewQuery): StoredQuery {
    const content = contentHash(body);
    const known = this.#byContent.get(content);
    if (known !== undefined) return known;
    if (this.#byContent.size >= queriesMax)
      throw new Error(`The sandbox keeps at most ${queriesMax} queries`);
    this.#lastId += 1;
    const query = { id: String(this.#lastId), slug: content.slice(0, 7), clientId: content, body };
    this.#byContent.set(content, query);
    this.#byName.set(`id:${query.id}`, query);
    this.#byName.set(`slug:${query.slug}`, query);
    this.#byName.set(`slug:${query.clientId}`, query);
    return query;
  }

  find(id: string): StoredQuery | null {
    return this.#byName.get(`id:${id}`) ?? null;
  }

  /** By the slug of either length. */
  findBySlug(slug: string): StoredQuery | null {
    return this.#byName.get(`slug:${slug}`) ?? null;
  }
}

/** 22 letters and digits. The order of properties and of filters says nothing, an empty one is as good as none. */
function contentHash(body: NewQuery): string {
  const said = Object.entries(body).filter(([, value]) => !isEmpty(value));
  const canonical = JSON.stringify(Object.fromEntries(said), (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value) ? sortedByName(value) : value,
  );
  return createHash("sha256").update(canonical).digest("base64").replaceAll(/[+/=]/g, "x").slice(0, 22);
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

function sortedByName(value: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
