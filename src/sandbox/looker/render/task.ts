import { apiUser } from "../content/people.ts";
import type { Planned } from "./plan.ts";

export type RenderFormat = "png" | "jpg" | "pdf";

export type RenderState =
  | "enqueued_for_query"
  | "querying"
  | "enqueued_for_render"
  | "rendering"
  | "success"
  | "failure";

export interface RenderRequest {
  /** The content as in its address: `looks/42`, `queries/1003`, `dashboards/7`, `dashboard_elements/701`. */
  readonly content: string;
  readonly format: RenderFormat;
  /** In pixels. */
  readonly width: number;
  readonly height: number;
  /** As they came: a URL's query string. */
  readonly dashboardFilters: string | null;
  readonly isSingleColumn: boolean;
  readonly hasLongTables: boolean;
  readonly paper: { readonly size: string; readonly isLandscape: boolean } | null;
  readonly planned: Planned;
}

export interface RenderTask {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly request: RenderRequest;
  readonly createdAt: Date;
  readonly finalizedAt: Date | null;
  readonly state: RenderState;
  readonly detail: string | null;
  readonly queryRuntimeSeconds: number;
  readonly renderRuntimeSeconds: number;
}

/** `status` is what the task is said to be, which a fault can make differ from what it is. */
export function renderTaskJson(task: RenderTask, status: string) {
  const { request } = task;
  const [kind, id = ""] = request.content.split("/");
  const isOver = task.finalizedAt !== null && (status === "success" || status === "failure");
  return {
    can: { show: true },
    id: task.id,
    created_at: task.createdAt.toISOString(),
    finalized_at: isOver ? (task.finalizedAt?.toISOString() ?? null) : null,
    dashboard_filters: request.dashboardFilters,
    dashboard_id: kind === "dashboards" && !id.includes("::") ? id : null,
    lookml_dashboard_id: kind === "dashboards" && id.includes("::") ? id : null,
    dashboard_style: kind === "dashboards" ? (request.isSingleColumn ? "single_column" : "tiled") : null,
    dashboard_element_id: kind === "dashboard_elements" ? id : null,
    look_id: kind === "looks" ? id : null,
    query_id: kind === "queries" ? id : null,
    width: request.width,
    height: request.height,
    result_format: request.format,
    query_runtime: isOver ? task.queryRuntimeSeconds : null,
    render_runtime: isOver ? task.renderRuntimeSeconds : null,
    runtime: isOver ? task.queryRuntimeSeconds + task.renderRuntimeSeconds : null,
    status,
    status_detail: task.detail,
    user_id: apiUser.id,
  };
}
