import type { Dashboard } from "../content/dashboard/elements.ts";
import { readFilterValues } from "../content/dashboard/elements.ts";
import { findDashboard, findTile } from "../content/dashboard/routes.ts";
import type { Look } from "../content/looks.ts";
import { paperSizes } from "../draw/pdf.ts";
import { type Call, flag, jsonObject, param, wholeNumber } from "../http/call.ts";
import { ApiError, type FieldProblem, missingField, notFound, validationFailed } from "../http/errors.ts";
import { bytes, empty, json, page, type Reply } from "../http/reply.ts";
import type { Route } from "../http/router.ts";
import type { QueryStore } from "../query/store.ts";
import { type Planned, planDashboard, planElement, planLook, planQuery } from "./plan.ts";
import { type RenderFormat, type RenderRequest, type RenderTask, renderTaskJson } from "./task.ts";
import type { Fetched, RenderTasks } from "./tasks.ts";

/** In pixels, of either side. */
const sideMax = 10_000;
/** Of the whole picture: its memory is four bytes each. */
const pixelsMax = 40_000_000;

const contentTypes: Record<RenderFormat, string> = {
  png: "image/png",
  jpg: "image/jpeg",
  pdf: "application/pdf",
};

export interface Rendered {
  renders: RenderTasks;
  looks: readonly Look[];
  dashboards: readonly Dashboard[];
  queries: QueryStore;
}

export function renderRoutes({ renders, looks, dashboards, queries }: Rendered): Route[] {
  const created = (
    call: Call,
    content: string,
    plan: () => Planned,
    extra?: Partial<RenderRequest>,
  ): Reply => {
    const request = { ...readRequest(call, content, plan()), ...extra };
    // The answer is always that it waits, however fast the queries are.
    return json(renderTaskJson({ ...renders.create(request) }, "enqueued_for_query"));
  };
  const named = (call: Call): RenderTask => {
    const task = renders.find(param(call, "render_task_id"));
    if (task === null) throw notFound();
    return task;
  };
  return [
    post("create_look_render_task", "looks", "look_id", (call, id) =>
      created(call, `looks/${id}`, () => planLook(visible(looks, id))),
    ),
    post("create_query_render_task", "queries", "query_id", (call, id) =>
      created(call, `queries/${id}`, () => {
        const query = queries.find(id);
        if (query === null) throw notFound();
        return planQuery(query);
      }),
    ),
    post("create_dashboard_element_render_task", "dashboard_elements", "dashboard_element_id", (call, id) =>
      created(call, `dashboard_elements/${id}`, () => {
        const { dashboard, tile } = findTile(dashboards, id);
        return planElement(dashboard, tile, queries);
      }),
    ),
    post("create_dashboard_render_task", "dashboards", "dashboard_id", (call, id) => {
      const dashboard = findDashboard(dashboards, id);
      const asked = readDashboardBody(call);
      const values = readFilterValues(dashboard, asked.dashboardFilters);
      return created(
        call,
        `dashboards/${dashboard.fixture.id}`,
        () => planDashboard(dashboard, values, queries),
        asked,
      );
    }),
    {
      operation: "render_task",
      method: "GET",
      path: "/render_tasks/{render_task_id}",
      answer: (call) => {
        const task = named(call);
        return json(renderTaskJson(task, renders.poll(task)));
      },
    },
    {
      operation: "render_task_results",
      method: "GET",
      path: "/render_tasks/{render_task_id}/results",
      answer: (call) => {
        const task = named(call);
        return fetchedReply(renders.fetch(task), task.request.format);
      },
    },
  ];
}

function post(
  operation: string,
  kind: string,
  name: string,
  answer: (call: Call, id: string) => Reply,
): Route {
  const path = `/render_tasks/${kind}/{${name}}/{result_format}`;
  return { operation, method: "POST", path, answer: (call) => answer(call, param(call, name)) };
}

function visible(looks: readonly Look[], id: string): Look {
  const look = looks.find(({ fixture }) => fixture.id === id && !fixture.forbidden);
  if (look === undefined) throw notFound();
  return look;
}

function fetchedReply(fetched: Fetched, format: RenderFormat): Reply {
  switch (fetched.kind) {
    case "pending":
      return empty(202, { "retry-after": String(fetched.retryAfterSeconds) });
    case "gone":
      throw notFound();
    case "failed":
      // What a failed task's results answer is not documented.
      throw new ApiError(400, fetched.detail);
    case "page":
      return page("<!DOCTYPE html><html><head><title>Log in</title></head><body>Please log in</body></html>");
    case "bytes":
      return bytes(contentTypes[format], fetched.bytes);
  }
}

/** @throws ApiError 400 for what is not a number, 422 for what is missing or out of bounds. */
function readRequest(call: Call, content: string, planned: Planned): RenderRequest {
  const isDashboard = content.startsWith("dashboards/");
  const format = param(call, "result_format");
  const width = wholeNumber(call, "width", Number.MIN_SAFE_INTEGER);
  const height = wholeNumber(call, "height", Number.MIN_SAFE_INTEGER);
  const paperSize = call.query.get("pdf_paper_size") || null;
  const problems = [
    ...formatProblems(format, isDashboard),
    ...sideProblems("width", width),
    ...sideProblems("height", height),
    ...paperProblems(paperSize),
  ];
  if (problems.length === 0 && (width ?? 0) * (height ?? 0) > pixelsMax) {
    problems.push({
      field: "width",
      code: "invalid",
      message: `times height is more than ${pixelsMax} pixels`,
    });
  }
  if (problems.length > 0) throw validationFailed(...problems);
  const isLandscape = flag(call, "pdf_landscape") ?? false;
  return {
    content,
    format: format === "jpg" || format === "pdf" ? format : "png",
    width: width ?? 0,
    height: height ?? 0,
    dashboardFilters: null,
    isSingleColumn: false,
    hasLongTables: flag(call, "long_tables") ?? false,
    paper: paperSize === null ? null : { size: paperSize, isLandscape },
    planned,
  };
}

function formatProblems(format: string, isDashboard: boolean): FieldProblem[] {
  const known = isDashboard ? ["png", "jpg", "pdf"] : ["png", "jpg"];
  if (known.includes(format)) return [];
  return [{ field: "result_format", code: "invalid", message: `must be one of: ${known.join(", ")}` }];
}

function sideProblems(field: string, pixels: number | undefined): FieldProblem[] {
  if (pixels === undefined) return [missingField(field)];
  if (pixels >= 1 && pixels <= sideMax) return [];
  return [{ field, code: "invalid", message: `must be from 1 to ${sideMax}` }];
}

function paperProblems(size: string | null): FieldProblem[] {
  if (size === null || paperSizes.includes(size)) return [];
  return [{ field: "pdf_paper_size", code: "invalid", message: `must be one of: ${paperSizes.join(", ")}` }];
}

function readDashboardBody(call: Call) {
  const body = jsonObject(call);
  const text = (name: string): string | null => {
    const value = body[name] ?? null;
    if (value !== null && typeof value !== "string")
      throw validationFailed({ field: name, code: "invalid", message: "should be a string" });
    return value;
  };
  const style = text("dashboard_style") ?? "tiled";
  if (style !== "tiled" && style !== "single_column")
    throw validationFailed({ field: "dashboard_style", code: "invalid", message: "tiled or single_column" });
  return { dashboardFilters: text("dashboard_filters"), isSingleColumn: style === "single_column" };
}
