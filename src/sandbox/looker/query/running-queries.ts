import { apiUser } from "../content/people.ts";
import { param } from "../http/call.ts";
import { empty, json } from "../http/reply.ts";
import type { Route } from "../http/router.ts";
import { notFoundPage } from "../web/pages.ts";
import { queryJson } from "./json.ts";
import type { QueryRoom } from "./module.ts";
import type { QueryTask } from "./task/task.ts";

export function runningQueryRoutes({ tasks, webUrl }: QueryRoom): Route[] {
  return [
    {
      operation: "all_running_queries",
      method: "GET",
      path: "/running_queries",
      answer: () => json(tasks.pending().map((task) => runningQueryJson(task, webUrl()))),
    },
    {
      operation: "kill_query",
      method: "DELETE",
      path: "/running_queries/{query_task_id}",
      // A query that has finished is answered with a page, not with JSON: so it is in Looker.
      answer: (call) => (tasks.kill(param(call, "query_task_id")) ? empty(204) : notFoundPage()),
    },
  ];
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
