import { apiUser } from "../../content/people.ts";
import type { Faults } from "../../faults.ts";
import { type Call, jsonObject, param } from "../../http/call.ts";
import { ApiError, missingField, notFound, validationFailed } from "../../http/errors.ts";
import { chunked, empty, json, type Reply } from "../../http/reply.ts";
import type { Route } from "../../http/router.ts";
import { notFoundPage } from "../../web/pages.ts";
import { failedDetail, isJson, resultChunks, resultReply } from "../results.ts";
import { formatProblem, readFormat, runRequest } from "../run-request.ts";
import { queryJson } from "../store.ts";
import { isPending, type QueryTask, queryTaskJson } from "./task.ts";
import type { QueryContext } from "./tasks.ts";

const idsMax = 200;

export function queryTaskRoutes(context: QueryContext, faults: Faults): Route[] {
  const { tasks } = context;
  const named = (call: Call): QueryTask => {
    const task = tasks.find(param(call, "query_task_id"));
    if (task === null) throw notFound();
    return task;
  };
  return [
    {
      operation: "create_query_task",
      method: "POST",
      path: "/query_tasks",
      answer: (call) => {
        const task = createTask(call, context);
        // The answer is always "added", however fast the query is.
        return json(queryTaskJson({ ...task, state: "added" }, "added", context.webUrl()));
      },
    },
    {
      operation: "query_task_multi_results",
      method: "GET",
      path: "/query_tasks/multi_results",
      answer: (call) => multiResults(call, context),
    },
    {
      operation: "query_task",
      method: "GET",
      path: "/query_tasks/{query_task_id}",
      answer: (call) => {
        const task = named(call);
        return json(queryTaskJson(task, tasks.poll(task), context.webUrl()));
      },
    },
    {
      operation: "query_task_results",
      method: "GET",
      path: "/query_tasks/{query_task_id}/results",
      answer: (call) => taskResults(named(call), context, faults),
    },
  ];
}

/** Those of all users are for admins alone; anyone may end a query of his own. */
export function runningQueryRoutes({ tasks, webUrl }: QueryContext, isAdmin: boolean): Route[] {
  return [
    {
      operation: "all_running_queries",
      method: "GET",
      path: "/running_queries",
      answer: () => {
        if (!isAdmin) throw notFound();
        return json(tasks.pending().map((task) => runningQueryJson(task, webUrl())));
      },
    },
    {
      operation: "kill_query",
      method: "DELETE",
      path: "/running_queries/{query_task_id}",
      // A query that has finished is answered with a page, not with JSON: as in Looker.
      answer: (call) => (tasks.kill(param(call, "query_task_id")) ? empty(204) : notFoundPage()),
    },
  ];
}

function createTask(call: Call, context: QueryContext): QueryTask {
  const body = jsonObject(call);
  const queryId = identifier(body.query_id);
  const format = typeof body.result_format === "string" ? body.result_format : "";
  if (queryId === null) {
    const alsoWrong = format === "" ? [formatProblem(format)] : [];
    throw validationFailed(missingField("query_id"), ...alsoWrong);
  }
  const resultFormat = readFormat(format);
  const query = context.queries.find(queryId);
  if (query === null) throw notFound();
  const source = typeof body.source === "string" ? body.source : null;
  const lookId = identifier(body.look_id);
  const dashboardId = identifier(body.dashboard_id);
  return context.tasks.create(runRequest(call, { query, format: resultFormat, source, lookId, dashboardId }));
}

/** Ids are strings in API 4.0; clients written for older versions send numbers. */
function identifier(value: unknown): string | null {
  return (typeof value === "string" && value !== "") || typeof value === "number" ? String(value) : null;
}

function taskResults(task: QueryTask, context: QueryContext, faults: Faults): Reply {
  const stuckAs = context.tasks.stuckAs(task);
  if (stuckAs === "expired" || stuckAs === "missing") throw notFound();
  if (stuckAs === "error" || stuckAs === "failure") throw new ApiError(400, "Query failed");
  if (stuckAs !== null || isPending(task)) return empty(faults.pendingAs204 ? 204 : 202);
  return resultReply(task, context.webUrl());
}

/** Maps each id to its status, and to its data once it is complete; an unknown id is `missing`. */
function multiResults(call: Call, context: QueryContext): Reply {
  const ids = (call.query.get("query_task_ids") ?? "").split(",").filter((id) => id !== "");
  if (ids.length === 0) throw new ApiError(400, "Parameter 'query_task_ids' is required");
  if (ids.length > idsMax) throw new ApiError(400, `At most ${idsMax} query_task_ids at once`);
  // Every poll happens here and now; only the data waits for the reader.
  const found = [...new Set(ids)].map((id) => {
    const task = context.tasks.find(id);
    return { id, task, status: task === null ? "missing" : context.tasks.poll(task) };
  });
  return chunked("application/json;charset=utf-8", entries(found, context.webUrl()));
}

interface Found {
  id: string;
  task: QueryTask | null;
  status: string;
}

function* entries(found: readonly Found[], webUrl: string): Generator<string> {
  let before = "{";
  for (const { id, task, status } of found) {
    yield `${before}${JSON.stringify(id)}:{"status":${JSON.stringify(status)}`;
    if (task !== null && status === task.state && !isPending(task)) yield* inlined(task, webUrl);
    yield "}";
    before = ",";
  }
  yield "}";
}

function* inlined(task: QueryTask, webUrl: string): Generator<string> {
  if (task.state === "killed" || task.state === "expired") return;
  yield `,"result_source":${JSON.stringify(task.fromCache ? "cache" : "query")}`;
  if (task.state === "error") {
    if (task.request.format === "json_detail") yield `,"data":${failedDetail(task)}`;
    return;
  }
  yield ',"data":';
  const chunks = resultChunks(task, webUrl);
  if (isJson(task.request.format)) yield* chunks;
  else yield* jsonString(chunks);
}

/** A long text as one JSON string, without ever holding all of it. */
function* jsonString(chunks: Iterable<string>): Generator<string> {
  yield '"';
  for (const chunk of chunks) yield JSON.stringify(chunk).slice(1, -1);
  yield '"';
}

function runningQueryJson(task: QueryTask, webUrl: string) {
  const { id, first_name, last_name, display_name } = apiUser;
  return {
    can: { kill: true },
    id: task.id,
    user: { can: {}, id, first_name, last_name, display_name },
    query: queryJson(task.request.query, webUrl),
    created_at: task.createdAt.toISOString(),
    completed_at: null,
    query_id: task.request.query.id,
    source: task.request.source,
    slug: task.request.query.slug,
    query_task_id: task.id,
    connection_name: "sandbox",
    dialect: "sqlite",
    status: task.state,
    runtime: null,
    sql: null,
  };
}
