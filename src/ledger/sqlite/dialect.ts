import type { Dialect } from "../dialect.ts";

/** A write transaction has the whole file for itself: nothing is to be locked. There is one clock, the machine's. */
export const sqliteDialect: Dialect = {
  forUpdate: "",
  now: "?",
  rows(alias, columns) {
    const values = Object.entries(columns).map(([name, type]) => {
      const part = `value ->> '${name}'`;
      return `${type === "real" ? `CAST(${part} AS REAL)` : part} AS ${name}`;
    });
    return `(SELECT ${values.join(", ")} FROM json_each(?)) AS ${alias}`;
  },
  *lock() {
    // See above.
  },
};
