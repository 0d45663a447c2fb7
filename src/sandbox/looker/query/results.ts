import type { ResultFormat } from "../../warehouse/index.ts";
import { ApiError, notFound } from "../http/errors.ts";
import { chunked, type Reply } from "../http/reply.ts";
import { failedDetail, failureMessage } from "./failure.ts";
import { isPending, type QueryTask, queryTaskJson } from "./task/task.ts";
import { withWarnings } from "./warnings.ts";

const contentTypes: Record<ResultFormat, string> = {
  json: "application/json;charset=utf-8",
  json_detail: "application/json;charset=utf-8",
  json_bi: "application/json;charset=utf-8",
  inline_json: "application/json;charset=utf-8",
  csv: "text/csv;charset=utf-8",
  txt: "text/plain;charset=utf-8",
  html: "text/html;charset=utf-8",
  md: "text/plain;charset=utf-8",
  sql: "text/plain;charset=utf-8",
};

/**
 * The result of a task that is no longer pending. A database error is 200 with `errors[]` in json_detail and 400 in all
 * other formats, as Looker's API says. What a killed task answers is written nowhere: here it is 400 in every format.
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
