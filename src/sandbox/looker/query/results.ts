import type { ResultFormat } from "../../warehouse/contract.ts";
import { ApiError, notFound } from "../http/errors.ts";
import { chunked, type Reply } from "../http/reply.ts";
import { isPending, type QueryTask, queryTaskJson } from "./task/task.ts";

const contentTypes: Record<ResultFormat, string> = {
  json: "application/json;charset=utf-8",
  json_detail: "application/json;charset=utf-8",
  json_bi: "application/json;charset=utf-8",
  inline_json: "application/json;charset=utf-8",
  csv: "text/csv;charset=utf-8",
  txt: "text/plain;charset=utf-8",
  html: "text/html;charset=utf-8",
  md: "text/plain;charset=utf-8",
  sql: "application/sql",
};

/**
 * The result of a task that is no longer pending. A database error is 200 with `errors[]` in json_detail, a row of json_bi, and 400 in all
 * other formats, as Looker's API says. What a killed task answers is not documented: here it is 400 in every format.
 *
 * @throws ApiError 400 or 404 where there is no result.
 */
export function resultReply(task: QueryTask, webUrl: string): Reply {
  if (isPending(task)) throw new Error(`Task ${task.id} is pending: it has no result yet`);
  const { format } = task.request;
  switch (task.state) {
    case "expired":
      throw notFound();
    case "killed":
      throw new ApiError(400, "Query was killed");
    case "error":
      if (format === "json_bi") return chunked(contentTypes.json_bi, [failedBi(task)]);
      if (format !== "json_detail") throw new ApiError(400, failureMessage(task));
      return chunked(contentTypes.json_detail, [failedDetail(task)]);
    default:
      return chunked(contentTypes[format], resultChunks(task, webUrl));
  }
}

/** The body of a complete task, made while it is read. */
export function resultChunks(task: QueryTask, webUrl: string): Iterable<string> {
  const { answer, answerFault, request } = task;
  if (answer === null) throw new Error(`Task ${task.id} is complete without an answer`);
  switch (answerFault?.kind) {
    case "looker_error": {
      const message = answerFault.message ?? "Query execution failed: out of resources";
      return [JSON.stringify([{ looker_error: message }])];
    }
    case "task_as_data":
      return [JSON.stringify(queryTaskJson(task, task.state, webUrl))];
    case "warnings": {
      const body = answer.bytes(request.format);
      return request.format === "json_detail" ? withWarnings(body, answerFault.message) : body;
    }
    default:
      return answer.bytes(request.format);
  }
}

export function isJson(format: ResultFormat): boolean {
  return contentTypes[format].startsWith("application/json");
}

/** The json_detail body of a query that failed: everything but data, and `errors[]`. */
export function failedDetail(task: QueryTask): string {
  const { error, answerFault } = task;
  if (error !== null && error.jsonDetail !== "") return error.jsonDetail;
  const sql = error?.sql ?? task.answer?.sql ?? null;
  return JSON.stringify({
    from_cache: false,
    id: task.id,
    supports_pivot_in_db: true,
    null_sort_treatment: "low",
    expired: false,
    ran_at: task.createdAt.toISOString(),
    runtime: task.runtimeSeconds.toFixed(3),
    added_params: {},
    sql,
    fields: { measures: [], dimensions: [], table_calculations: [], pivots: [] },
    fill_fields: [],
    has_totals: false,
    has_row_totals: false,
    applied_filters: {},
    timezone: "UTC",
    data: [],
    errors: [
      {
        message: failureMessage(task),
        message_details:
          answerFault === null
            ? (error?.details ?? null)
            : "canceling statement due to a fault of the sandbox",
        params: sql,
        edit_url: null,
        error_pos: null,
        level: "error",
        fatal: true,
        sql_error_loc: error?.position ?? null,
      },
    ],
  });
}

/** As Looker answers json_bi: a row that is the error. */
function failedBi(task: QueryTask): string {
  const fields = { dimensions: [], measures: [], pivots: [], table_calculations: [] };
  const metadata = { big_query_metadata: null, fields, pivots: [], sql: task.error?.sql ?? null };
  return JSON.stringify({ metadata, rows: [{ looker_error: failureMessage(task) }] });
}

/** What went wrong, in one sentence: the message of the 400 that the other formats answer. */
export function failureMessage(task: QueryTask): string {
  const fault = task.answerFault;
  if (fault?.kind === "database_error") {
    return fault.message ?? "The database encountered an error while running this query.";
  }
  return task.error?.message ?? "The query failed";
}

/** Adds a notice to a sound json_detail body as it streams by: it goes before the brace that ends the object. */
function* withWarnings(body: Iterable<string>, message = developmentNotice): Generator<string> {
  const warning = {
    message,
    message_details: null,
    params: null,
    error_pos: null,
    level: "warning",
    fatal: false,
  };
  let held = "";
  for (const chunk of body) {
    yield held;
    held = chunk;
  }
  const end = held.lastIndexOf("}");
  yield `${held.slice(0, end)},"errors":${JSON.stringify([warning])}}`;
}

const developmentNotice = "You are in development mode: results may differ from production.";
