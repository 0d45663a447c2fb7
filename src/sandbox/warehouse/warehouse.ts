import type { DatabaseSync } from "node:sqlite";
import {
  type Answer,
  type Problem,
  type QueryBody,
  type ResultFormat,
  type RunOptions,
  type SqlPosition,
  type Warehouse,
  WarehouseError,
} from "./contract.ts";
import { openDataset } from "./dataset.ts";
import { sqlText } from "./filter/string.ts";
import { runFlat } from "./flat.ts";
import { runGenerated } from "./generated.ts";
import { describeExplore, describeModel } from "./model/explore-shape.ts";
import type { Value } from "./model/field.ts";
import { findField } from "./model/model.ts";
import { findExplore, findModel, MODELS } from "./model/models.ts";
import { type Query, runPivoted } from "./pivot.ts";
import { type Plan, planQuery } from "./plan.ts";
import type { Result } from "./result.ts";
import { chunks, writeDelimited } from "./write/delimited.ts";
import { envelopeHead } from "./write/envelope.ts";
import { writeJson, writeJsonBi } from "./write/json.ts";
import { failedJsonDetail, writeJsonDetail } from "./write/json-detail.ts";
import { writeHtml, writeMarkdown } from "./write/table.ts";

const SUGGESTIONS_MAX = 100;

/** Loads the data (about 0.2 s) and answers queries on it. `now` decides which day the data ends on, once. */
export function openWarehouse(options: { now?: () => Date } = {}): Warehouse {
  const { db, note } = openDataset(options.now?.() ?? new Date());
  return {
    note,
    models: () => MODELS.map(describeModel),
    explore: (modelName, name) => {
      const model = findModel(modelName);
      const explore = findExplore(modelName, name);
      return model === undefined || explore === undefined ? null : describeExplore(model, explore);
    },
    suggestions: (model, view, field, term) => suggestions(db, model, view, field, term ?? ""),
    validate: validateQuery,
    run: (query, runOptions) => run(db, query, runOptions),
    close: () => db.close(),
  };
}

function run(db: DatabaseSync, query: QueryBody, options: RunOptions): Answer {
  let plan: Plan | null = null;
  try {
    plan = planQuery(query, options);
    return answer(execute(db, plan, options.now), options);
  } catch (error) {
    if (!(error instanceof WarehouseError)) throw error;
    const head = plan === null ? null : envelopeHead(plan, error.sql ?? "", false, options);
    error.jsonDetail = failedJsonDetail(head, error, options);
    throw error;
  }
}

function execute(db: DatabaseSync, plan: Plan, now: Date): Result {
  if (plan.explore.generated) return runGenerated(plan);
  const query: Query = (sql) => queryRows(db, sql);
  return plan.pivots.length > 0 ? runPivoted(plan, query, now) : runFlat(plan, query, now);
}

function answer(result: Result, options: RunOptions): Answer {
  return {
    rowCount: result.rowCount,
    sql: result.sql,
    bytes: (format) => chunks(write(result, format, options)),
  };
}

function write(result: Result, format: ResultFormat, options: RunOptions): Iterable<string> {
  const formatted = options.applyFormatting;
  switch (format) {
    case "json_detail":
      return writeJsonDetail(result, options);
    case "json_bi":
      return writeJsonBi(result);
    case "csv":
      return writeDelimited(result, ",", formatted);
    case "txt":
      return writeDelimited(result, "\t", formatted);
    case "html":
      return writeHtml(result, formatted);
    case "md":
      return writeMarkdown(result, formatted);
    case "sql":
      return [result.sql];
    default:
      return writeJson(result, formatted);
  }
}

function queryRows(db: DatabaseSync, sql: string): Value[][] {
  try {
    const statement = db.prepare(sql);
    statement.setReturnArrays(true);
    return statement.all() as unknown as Value[][];
  } catch (cause) {
    const details = cause instanceof Error ? cause.message : String(cause);
    const position = errorPosition(sql, details);
    throw new WarehouseError("The SQLite database encountered an error while running this query.", {
      details: position === null ? details : `${details} at line ${position.line}, column ${position.column}`,
      sql,
      ...(position !== null && { position }),
      cause,
    });
  }
}

/** SQLite names what it did not understand, not where: the first place of that name is the answer. */
function errorPosition(sql: string, details: string): SqlPosition | null {
  const name = /no such column: (\S+)|near "([^"]+)"/.exec(details)?.slice(1).find(Boolean);
  const at = name === undefined ? -1 : sql.indexOf(name);
  if (at < 0) return null;
  const before = sql.slice(0, at).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function suggestions(db: DatabaseSync, model: string, view: string, name: string, term: string): string[] {
  const explore = findExplore(model, view);
  const field = explore === undefined ? undefined : findField(explore, name);
  if (explore === undefined || field?.category !== "dimension" || explore.generated) return [];
  const join = explore.joins.find((candidate) => candidate.name === field.view);
  const from =
    join === undefined ? `${explore.sqlTable} AS ${explore.view}` : `${join.sqlTable} AS ${join.name}`;
  const sql = `SELECT DISTINCT ${field.sql} FROM ${from} WHERE ${field.sql} IS NOT NULL
    AND INSTR(LOWER(${field.sql}), LOWER(${sqlText(term)})) > 0 ORDER BY 1 LIMIT ${SUGGESTIONS_MAX}`;
  return queryRows(db, sql).map(([value]) => String(value));
}

/** What `POST /queries` refuses with 422. Fields are not looked up: Looker does that when the query runs. */
function validateQuery(query: QueryBody): Problem[] {
  const problems: Problem[] = [];
  if (!isText(query.model)) problems.push(missing("model"));
  if (!isText(query.view)) problems.push(missing("view"));
  if (problems.length === 0) problems.push(...unknownNames(query));
  for (const name of ["fields", "pivots", "sorts"] as const) {
    const value: unknown = query[name];
    if (value !== undefined && value !== null && !isTextList(value)) {
      problems.push(invalid(name, `${name} must be a list of strings.`));
    }
  }
  const filters: unknown = query.filters;
  if (filters !== undefined && filters !== null && !isTextRecord(filters)) {
    problems.push(invalid("filters", "filters must be an object of strings."));
  }
  return problems;
}

function unknownNames(query: QueryBody): Problem[] {
  if (findModel(query.model) === undefined) {
    return [invalid("model", `Model "${query.model}" does not exist, or you may not see it.`)];
  }
  if (findExplore(query.model, query.view) === undefined) {
    return [invalid("view", `Explore "${query.view}" does not exist in model "${query.model}".`)];
  }
  return [];
}

function missing(field: string): Problem {
  return { field, code: "missing_field", message: "This field is required." };
}

function invalid(field: string, message: string): Problem {
  return { field, code: "invalid", message };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isTextRecord(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((item) => typeof item === "string");
}
