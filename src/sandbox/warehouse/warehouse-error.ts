/** A place in the SQL text, both counted from 1. */
export interface SqlPosition {
  line: number;
  column: number;
}

export interface WarehouseErrorFacts {
  /** What the database or the compiler said. */
  details?: string;
  sql?: string;
  position?: SqlPosition;
  cause?: unknown;
}

/**
 * A query that gave no result. `jsonDetail` is the whole body that a json_detail result has then (status 200 with
 * `errors[]` and no rows); every other format is answered with 400 and `message`.
 */
export class WarehouseError extends Error {
  readonly details: string;
  readonly sql: string | null;
  readonly position: SqlPosition | null;
  #jsonDetail = "";

  constructor(message: string, facts: WarehouseErrorFacts = {}) {
    super(message, { cause: facts.cause });
    this.name = "WarehouseError";
    this.details = facts.details ?? message;
    this.sql = facts.sql ?? null;
    this.position = facts.position ?? null;
  }

  get jsonDetail(): string {
    return this.#jsonDetail;
  }

  /** Set by the warehouse, which alone knows the query that failed. Not enumerable: it would drown every log line. */
  set jsonDetail(body: string) {
    this.#jsonDetail = body;
  }
}
