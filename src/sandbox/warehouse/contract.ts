import type { LookmlModel, LookmlModelExplore } from "./model/lookml.ts";

/** The writable part of a Looker `Query` that decides its result. `view` holds the explore's name, as in Looker's API. */
export interface QueryBody {
  model: string;
  view: string;
  fields?: readonly string[] | null;
  pivots?: readonly string[] | null;
  fill_fields?: readonly string[] | null;
  filters?: Readonly<Record<string, string>> | null;
  filter_expression?: string | null;
  sorts?: readonly string[] | null;
  limit?: string | null;
  column_limit?: string | null;
  total?: boolean | null;
  row_total?: string | null;
  subtotals?: readonly string[] | null;
  dynamic_fields?: string | null;
  query_timezone?: string | null;
}

/** One entry of `errors` in a 422 answer to `POST /queries`. */
export interface Problem {
  field: string;
  code: string;
  message: string;
}

/** What a query task adds to its query, and what the result says of the run. */
export interface RunOptions {
  /** Overrides the query's own limit. -1 asks for every row. */
  limit?: number;
  applyFormatting: boolean;
  generateDrillLinks: boolean;
  /** What relative dates such as `7 days` are counted from. */
  now: Date;
  taskId: string;
  fromCache: boolean;
  runtimeSeconds: number;
  ranAt: Date;
}

export const RESULT_FORMATS = [
  "json",
  "json_detail",
  "json_bi",
  "inline_json",
  "csv",
  "txt",
  "html",
  "md",
  "sql",
] as const;

export type ResultFormat = (typeof RESULT_FORMATS)[number];

export interface Answer {
  readonly rowCount: number;
  readonly sql: string;
  /** Chunks of about 64 kB of text, made while they are read: generated rows are never held together. */
  bytes(format: ResultFormat): Iterable<string>;
}

export interface Warehouse {
  /** Says which data this is and by how many days its dates were moved. */
  readonly note: string;
  /** The answer to `GET /lookml_models`. */
  models(): LookmlModel[];
  /** The answer to `GET /lookml_models/{model}/explores/{explore}`, or null where there is none. */
  explore(model: string, name: string): LookmlModelExplore | null;
  /** At most 100 distinct values of a dimension that contain `term`. */
  suggestions(model: string, view: string, field: string, term?: string): string[];
  /** What `POST /queries` refuses with 422. Unknown fields are accepted there and found when the query runs. */
  validate(query: QueryBody): Problem[];
  /** @throws WarehouseError when the query cannot be compiled, asks for too much, or fails in the database. */
  run(query: QueryBody, options: RunOptions): Answer;
  close(): void;
}

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
