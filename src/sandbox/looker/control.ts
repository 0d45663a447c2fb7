import { addFaults } from "../fault-list.ts";
import type { Faults } from "./faults.ts";
import { json, type Reply } from "./http/reply.ts";
import type { RequestLog } from "./http/request-log.ts";
import type { QueryTasks } from "./query/task/tasks.ts";
import type { RenderTasks } from "./render/tasks.ts";

export interface Controlled {
  faults: Faults;
  log: RequestLog;
  tasks: QueryTasks;
  renders: RenderTasks;
}

/**
 * The sandbox's own side, not part of Looker's API, for drivers outside this process: `POST /sandbox/faults` with a fault
 * as JSON (or an array of them), `GET` to list those still active, `DELETE` to clear them; `GET /sandbox/requests` and
 * `GET /sandbox/tasks` to see what came, `GET /sandbox/tasks/counts` for how many, `GET /sandbox/renders` for
 * the render tasks. Null where the path is none of these.
 */
export function controlReply(
  method: string,
  path: string,
  body: string,
  { faults, log, tasks, renders }: Controlled,
): Reply | null {
  const [, topic, id] = /^\/sandbox\/(faults|requests|tasks|renders)(?:\/([^/]+))?$/.exec(path) ?? [];
  if (topic === "requests" && method === "GET") return json(log.seen);
  if (topic === "tasks" && method === "GET")
    return json(id === "counts" ? tasks.counts() : shownTasks(tasks));
  if (topic === "renders" && method === "GET") return json(shownRenders(renders));
  if (topic !== "faults") return null;
  switch (method) {
    case "GET":
      return json(faults.list());
    case "DELETE":
      faults.clear(id);
      return json(faults.list());
    case "POST":
      return added(faults, body);
    default:
      return json({ message: "GET, POST or DELETE" }, 405);
  }
}

export interface ShownTask {
  readonly id: string;
  readonly queryId: string;
  readonly format: string;
  readonly state: string;
  readonly fromCache: boolean;
}

export function shownTasks(tasks: QueryTasks): ShownTask[] {
  return tasks.all().map(({ id, request, state, fromCache }) => {
    return { id, queryId: request.query.id, format: request.format, state, fromCache };
  });
}

export interface ShownRender {
  readonly id: string;
  /** `looks/42`, `queries/1003`, `dashboards/7`, `dashboard_elements/701`. */
  readonly content: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly dashboardFilters: string | null;
  readonly state: string;
}

export function shownRenders(renders: RenderTasks): ShownRender[] {
  return renders.all().map(({ id, request, state }) => {
    const { content, format, width, height, dashboardFilters } = request;
    return { id, content, format, width, height, dashboardFilters, state };
  });
}

function added(faults: Faults, body: string): Reply {
  try {
    return json(addFaults(faults, JSON.parse(body)));
  } catch (error) {
    return json({ message: error instanceof Error ? error.message : String(error) }, 400);
  }
}
