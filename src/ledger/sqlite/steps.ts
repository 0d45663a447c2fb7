import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Work } from "../../core/model/work.ts";
import type { Steps } from "../steps.ts";

/**
 * Carries out steps on one connection, without ever giving way to other work. Every statement is prepared once: their texts are
 * a fixed set. What the steps announce is added to `announced`.
 */
export function sqliteSteps(database: DatabaseSync): <T>(steps: Steps<T>, announced: Work[]) => T {
  const statements = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const known = statements.get(sql);
    if (known !== undefined) return known;
    const statement = database.prepare(sql);
    statements.set(sql, statement);
    return statement;
  };
  return (steps, announced) => {
    for (let step = steps.next([]); ; ) {
      if (step.done === true) return step.value;
      if ("sql" in step.value) {
        step = steps.next(prepared(step.value.sql).all(...step.value.values));
      } else {
        announced.push(...step.value.announced);
        step = steps.next([]);
      }
    }
  };
}
