import type { Answer, ResultFormat, WarehouseError } from "../../../warehouse/contract.ts";
import type { AnswerFault } from "../../fault-kinds.ts";
import type { StoredQuery } from "../store.ts";
import { queryJson } from "../store.ts";

export type TaskState = "added" | "running" | "complete" | "error" | "killed" | "expired";

/** How a query is to be run: the query parameters of `POST /query_tasks`. */
export interface RunRequest {
  readonly query: StoredQuery;
  readonly format: ResultFormat;
  /** The format of the render task whose query it is; null where a client asked for the result itself. */
  readonly drawnAs: "png" | "jpg" | "pdf" | null;
  /** Rows; -1 is all of them. */
  readonly limit: number | undefined;
  readonly applyFormatting: boolean;
  readonly generateDrillLinks: boolean;
  readonly cache: boolean;
  readonly cacheOnly: boolean;
  readonly forceProduction: boolean;
  readonly rebuildPdts: boolean;
  readonly serverTableCalcs: boolean;
  readonly pathPrefix: string | null;
  readonly source: string;
  readonly lookId: string | null;
  readonly dashboardId: string | null;
}

export interface QueryTask {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly request: RunRequest;
  readonly createdAt: Date;
  readonly fromCache: boolean;
  readonly state: TaskState;
  readonly runtimeSeconds: number;
  /** Says it is lost, whatever has become of it. */
  readonly forgotten: boolean;
  readonly answer: Answer | null;
  readonly error: WarehouseError | null;
  readonly answerFault: AnswerFault | null;
}

export function isPending(task: QueryTask): boolean {
  return task.state === "added" || task.state === "running";
}

/** `status` is what the task is said to be, which a fault can make differ from what it is. */
export function queryTaskJson(task: QueryTask, status: string, webUrl: string) {
  const { request } = task;
  const isOver = !isPending(task);
  return {
    can: { show: true, run: true, kill: true },
    id: task.id,
    query_id: request.query.id,
    query: queryJson(request.query, webUrl),
    generate_links: request.generateDrillLinks,
    force_production: request.forceProduction,
    path_prefix: request.pathPrefix,
    cache: request.cache,
    server_table_calcs: request.serverTableCalcs,
    cache_only: request.cacheOnly,
    cache_key: null,
    status,
    source: request.source,
    runtime: isOver ? task.runtimeSeconds : null,
    rebuild_pdts: request.rebuildPdts,
    result_source: isOver ? (task.fromCache ? "cache" : "query") : null,
    look_id: request.lookId,
    dashboard_id: request.dashboardId,
    result_format: request.format,
  };
}
