import type { Work } from "../../core/model/work.ts";
import { type Dialect, type Query, type Row, run, type Steps } from "../steps.ts";
import { TABLES } from "./schema.ts";

/** A connection, or a pool of them. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }>;
}

export interface Announcements {
  readonly work: Work[];
  /** That which any worker may take. */
  readonly free: Work[];
}

/** Carries out steps on a connection. What they announce is added to `announced`. */
export async function postgresSteps<T>(
  client: Queryable,
  steps: Steps<T>,
  announced: Announcements,
): Promise<T> {
  for (let step = steps.next([]); ; ) {
    if (step.done === true) return step.value;
    if ("sql" in step.value) {
      step = steps.next(await ask(client, step.value));
    } else {
      announced.work.push(...step.value.announced);
      if (step.value.reservedFor === null) announced.free.push(...step.value.announced);
      step = steps.next([]);
    }
  }
}

async function ask(client: Queryable, { sql, values }: Query): Promise<readonly Row[]> {
  return (await client.query(inPostgres(sql), [...values])).rows as Row[];
}

/** Statements are a fixed set of texts: each is put into Postgres's words once. */
const texts = new Map<string, string>();

function inPostgres(sql: string): string {
  const known = texts.get(sql);
  if (known !== undefined) return known;
  let count = 0;
  const numbered = sql.replace(/\?/g, () => {
    count += 1;
    return `$${count}`;
  });
  // Named in full, so that no connection needs a setting: a pooler may hand each transaction another one.
  const text = numbered.replace(NAMED, "$1lookpost.$2");
  texts.set(sql, text);
  return text;
}

const NAMED = new RegExp(`\\b((?:FROM|JOIN|INTO|UPDATE) )(${TABLES.join("|")})\\b`, "g");

const TYPES = { text: "text", whole: "bigint", real: "double precision" } as const;

export const postgresDialect: Dialect = {
  // Keys never change: foreign keys may go on looking at a locked row.
  forUpdate: " FOR NO KEY UPDATE",
  // The clocks of replicas differ: only the server's says who is silent. The caller's is asked for and never used.
  now: "coalesce((extract(epoch FROM clock_timestamp()) * 1000)::bigint, ?)",
  rows(alias, columns) {
    const typed = Object.entries(columns).map(([name, type]) => `${name} ${TYPES[type]}`);
    return `json_to_recordset(?::json) AS ${alias}(${typed.join(", ")})`;
  },
  *lock(name) {
    yield* run("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", `lookpost ${name}`);
  },
};
