import { WarehouseError } from "../../warehouse/contract.ts";
import type { Dashboard } from "../content/dashboard/elements.ts";
import { readFilterValues } from "../content/dashboard/elements.ts";
import type { Look } from "../content/looks.ts";
import { svgOf } from "../draw/image.ts";
import type { NewQuery } from "../query/body.ts";
import { drawnRowsMax } from "../query/run-request.ts";
import type { StoredQuery } from "../query/store.ts";
import type { QueryContext } from "../query/task/tasks.ts";
import {
  drawPlanned,
  type Planned,
  planDashboard,
  planLook,
  planQuery,
  type TileResult,
} from "../render/plan.ts";

export interface WebContent {
  looks: readonly Look[];
  dashboards: readonly Dashboard[];
  context: QueryContext;
  now: () => Date;
}

/** A page of Looker: its content as SVG with the data of now, for a wide window and a narrow one, and what it takes to see it. */
export interface WebPage {
  readonly title: string;
  readonly wide: string;
  readonly narrow: string;
  readonly permission: "see_looks" | "see_user_dashboards" | "see_lookml_dashboards" | "explore";
  readonly models: readonly string[];
}

/** `path` is `/looks/42`, `/dashboards/7`, `/x/{slug}` or `/explore/{model}/{view}`. Null where there is no such page. */
export function findContent(path: string, query: URLSearchParams, web: WebContent): WebPage | null {
  const [, kind = "", id = "", view = ""] = path.split("/").map(safelyDecoded);
  switch (kind) {
    case "looks": {
      const look = web.looks.find(({ fixture }) => fixture.id === id && !fixture.forbidden);
      if (look === undefined) return null;
      return shown(`Look ${id}: ${look.fixture.title}`, planLook(look), "see_looks", web);
    }
    case "dashboards":
    case "dashboards-next": {
      const dashboard = web.dashboards.find(({ fixture }) => fixture.id === id || fixture.slug === id);
      if (dashboard === undefined) return null;
      const values = readFilterValues(dashboard, query.toString());
      const { title, lookmlModel } = dashboard.fixture;
      const permission = lookmlModel === undefined ? "see_user_dashboards" : "see_lookml_dashboards";
      const planned = planDashboard(dashboard, values, web.context.queries);
      return shown(`Dashboard ${dashboard.fixture.id}: ${title}`, planned, permission, web);
    }
    case "x": {
      const found = web.context.queries.findBySlug(id);
      return found === null ? null : queryPage(found, web);
    }
    case "explore": {
      if (web.context.warehouse.explore(id, view) === null) return null;
      return queryPage(web.context.queries.create(exploreQuery(id, view, query)), web);
    }
    default:
      return null;
  }
}

function queryPage(query: StoredQuery, web: WebContent): WebPage {
  const title = `Explore ${query.body.model} ${query.body.view}`;
  return shown(title, planQuery(query), "explore", web);
}

function shown(title: string, planned: Planned, permission: WebPage["permission"], web: WebContent): WebPage {
  const results = planned.tiles.map(({ query }) => (query === null ? null : resultOf(query, web)));
  const svg = (width: number, height: number, isSingleColumn: boolean) => {
    const form = { width, isSingleColumn, hasLongTables: false };
    const own = planned.kind === "dashboard" ? null : height;
    return svgOf(drawPlanned(planned, results, { ...form, height: own }));
  };
  const models = planned.tiles.flatMap(({ query }) => query?.body.model ?? []);
  return {
    title,
    wide: svg(1120, 560, false),
    narrow: svg(400, 480, true),
    permission,
    models: [...new Set(models)],
  };
}

function resultOf({ body }: StoredQuery, { context, now }: WebContent): TileResult {
  const ranAt = now();
  try {
    const answer = context.warehouse.run(body, {
      ...drawnRowsMax(body),
      applyFormatting: true,
      generateDrillLinks: false,
      now: ranAt,
      taskId: "page",
      fromCache: false,
      runtimeSeconds: 0,
      ranAt,
    });
    return { detail: [...answer.bytes("json_detail")] };
  } catch (error) {
    if (error instanceof WarehouseError) return { error: error.message };
    throw error;
  }
}

/** The query that an Explore's address spells out: `fields`, `f[field]`, `sorts`, `pivots`, `limit`. */
function exploreQuery(model: string, view: string, query: URLSearchParams): NewQuery {
  const list = (name: string) => (query.get(name) ?? "").split(",").filter((one) => one !== "");
  const filters = [...query].flatMap(([name, value]) => {
    const field = /^f\[(.+)\]$/.exec(name)?.[1];
    return field === undefined ? [] : [[field, value] as const];
  });
  const limit = /^\d{1,4}$/.exec(query.get("limit") ?? "")?.[0] ?? "500";
  return {
    model,
    view,
    fields: list("fields"),
    pivots: list("pivots"),
    filters: Object.fromEntries(filters),
    sorts: list("sorts"),
    limit,
  };
}

/** What is not percent-encoded UTF-8 stays as it came. */
export function safelyDecoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
