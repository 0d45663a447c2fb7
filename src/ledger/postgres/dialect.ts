import type { Dialect } from "../dialect.ts";
import { run } from "../steps.ts";

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
