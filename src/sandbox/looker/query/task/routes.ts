import type { Faults } from "../../faults.ts";
import { type Call, jsonObject, param } from "../../http/call.ts";
import { ApiError, missingField, notFound, validationFailed } from "../../http/errors.ts";
import { empty, json, type Reply } from "../../http/reply.ts";
import type { Route } from "../../http/router.ts";
import type { QueryRoom } from "../module.ts";
import { multiResults } from "../multi-results.ts";
import { resultReply } from "../results.ts";
import { formatProblem, readFormat, runRequest } from "../run-request.ts";
import { isPending, type QueryTask, queryTaskJson } from "./task.ts";

export function queryTaskRoutes(room: QueryRoom, faults: Faults): Route[] {
  const { tasks } = room;
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
        const task = createTask(call, room);
        // The answer is always "added", however fast the query is.
        return json(queryTaskJson({ ...task, state: "added" }, "added", room.webUrl()));
      },
    },
    {
      operation: "query_task_multi_results",
      method: "GET",
      path: "/query_tasks/multi_results",
      answer: (call) => multiResults(call, room),
    },
    {
      operation: "query_task",
      method: "GET",
      path: "/query_tasks/{query_task_id}",
      answer: (call) => {
        const task = named(call);
        return json(queryTaskJson(task, tasks.poll(task), room.webUrl()));
      },
    },
    {
      operation: "query_task_results",
      method: "GET",
      path: "/query_tasks/{query_task_id}/results",
      answer: (call) => taskResults(named(call), room, faults),
    },
  ];
}

function createTask(call: Call, room: QueryRoom): QueryTask {
  const body = jsonObject(call);
  const queryId = identifier(body.query_id);
  const format = typeof body.result_format === "string" ? body.result_format : "";
  if (queryId === null) {
    const alsoWrong = format === "" ? [formatProblem(format)] : [];
    throw validationFailed(missingField("query_id"), ...alsoWrong);
  }
  const resultFormat = readFormat(format);
  const query = room.queries.find(queryId);
  if (query === null) throw notFound();
  const source = typeof body.source === "string" ? body.source : null;
  const lookId = identifier(body.look_id);
  const dashboardId = identifier(body.dashboard_id);
  return room.tasks.create(runRequest(call, { query, format: resultFormat, source, lookId, dashboardId }));
}

/** Ids are strings in API 4.0; clients written for older versions send numbers. */
function identifier(value: unknown): string | null {
  return (typeof value === "string" && value !== "") || typeof value === "number" ? String(value) : null;
}

function taskResults(task: QueryTask, room: QueryRoom, faults: Faults): Reply {
  const stuckAs = room.tasks.stuckAs(task);
  if (stuckAs === "expired" || stuckAs === "missing") throw notFound();
  if (stuckAs === "error" || stuckAs === "failure") throw new ApiError(400, "Query failed");
  if (stuckAs !== null || isPending(task)) return empty(faults.pendingAs204 ? 204 : 202);
  return resultReply(task, room.webUrl());
}
