import { type Call, jsonObject, param } from "../http/call.ts";
import { notFound, validationFailed } from "../http/errors.ts";
import { json, type Reply } from "../http/reply.ts";
import type { Route } from "../http/router.ts";
import { readQueryBody } from "./body.ts";
import { resultReply } from "./results.ts";
import { type RunOrigin, readFormat, runRequest } from "./run-request.ts";
import type { StoredQuery } from "./store.ts";
import { queryJson } from "./store.ts";
import type { QueryContext } from "./task/tasks.ts";

export function queryRoutes(context: QueryContext): Route[] {
  const { queries } = context;
  const shown = (query: StoredQuery | null) => {
    if (query === null) throw notFound();
    return json(queryJson(query, context.webUrl()));
  };
  return [
    {
      operation: "create_query",
      method: "POST",
      path: "/queries",
      answer: (call) => shown(createQuery(call, context)),
    },
    {
      operation: "query",
      method: "GET",
      path: "/queries/{query_id}",
      answer: (call) => shown(queries.find(param(call, "query_id"))),
    },
    {
      operation: "query_for_slug",
      method: "GET",
      path: "/queries/slug/{slug}",
      answer: (call) => shown(queries.findBySlug(param(call, "slug"))),
    },
    {
      operation: "run_query",
      method: "GET",
      path: "/queries/{query_id}/run/{result_format}",
      answer: (call) => {
        const query = queries.find(param(call, "query_id"));
        if (query === null) throw notFound();
        return runAndWait(call, context, { query, format: readFormat(param(call, "result_format")) });
      },
    },
    {
      operation: "run_inline_query",
      method: "POST",
      path: "/queries/run/{result_format}",
      answer: (call) => {
        const format = readFormat(param(call, "result_format"));
        return runAndWait(call, context, { query: createQuery(call, context), format });
      },
    },
  ];
}

/** The synchronous way: the connection waits as long as the query takes, and hanging up ends the query. */
export async function runAndWait(call: Call, context: QueryContext, origin: RunOrigin): Promise<Reply> {
  const task = context.tasks.create(runRequest(call, origin));
  const kill = () => context.tasks.kill(task.id);
  call.gone.addEventListener("abort", kill);
  await context.tasks.settled(task);
  call.gone.removeEventListener("abort", kill);
  return resultReply(task, context.webUrl());
}

function createQuery(call: Call, { queries, warehouse }: QueryContext): StoredQuery {
  const body = readQueryBody(jsonObject(call));
  // A model or explore that is not there, or not for this user, is simply not found.
  if (warehouse.explore(body.model, body.view) === null) throw notFound();
  const problems = warehouse.validate(body);
  if (problems.length > 0) throw validationFailed(...problems);
  return queries.create(body);
}
