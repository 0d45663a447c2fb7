import type { Dialect } from "./dialect.ts";

/** A write transaction has the whole file for itself: nothing is to be locked. There is one clock, the machine's. */
export const sqliteDialect: Dialect = {
  forUpdate: "",
  now: "?",
  rows(alias, columns) {
    const values = Object.keys(columns).map((name) => `value ->> '${name}' AS ${name}`);
    return `(SELECT ${values.join(", ")} FROM json_each(?)) AS ${alias}`;
  },
  *lock() {
    // See above.
  },
};
