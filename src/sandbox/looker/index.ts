import { close, listen } from "../loopback.ts";
import type { QueryBody } from "../warehouse/contract.ts";
import { openWarehouse } from "../warehouse/warehouse.ts";
import { type Dashboard, openDashboard } from "./content/dashboard/elements.ts";
import { operations } from "./content/dashboard/fixtures.ts";
import { inLookml, oddities } from "./content/dashboard/odd-fixtures.ts";
import { dashboardRoutes } from "./content/dashboard/routes.ts";
import { type Look, lookRoutes, openLooks } from "./content/looks.ts";
import { modelRoutes } from "./content/models.ts";
import { peopleRoutes } from "./content/people.ts";
import { scheduleRoutes } from "./content/schedules.ts";
import { type ShownRender, type ShownTask, shownRenders, shownTasks } from "./control.ts";
import { Faults } from "./faults.ts";
import { versionRoutes } from "./http/api.ts";
import { RequestLog, type SeenRequest } from "./http/request-log.ts";
import type { Route } from "./http/router.ts";
import { siteServer } from "./http/server.ts";
import { Sessions, sessionRoutes } from "./http/session.ts";
import { queryRoutes } from "./query/routes.ts";
import { QueryStore } from "./query/store.ts";
import { queryTaskRoutes, runningQueryRoutes } from "./query/task/routes.ts";
import type { TaskCounts } from "./query/task/tally.ts";
import type { QueryContext } from "./query/task/tasks.ts";
import { QueryTasks } from "./query/task/tasks.ts";
import { renderRoutes } from "./render/routes.ts";
import { RenderTasks } from "./render/tasks.ts";
import { EmbedUrls, embedRoutes } from "./web/embed.ts";

export type { ShownRender, ShownTask } from "./control.ts";
export type { Fault } from "./fault-kinds.ts";
export { Faults } from "./faults.ts";
export type { SeenRequest } from "./http/request-log.ts";
export type { TaskCounts } from "./query/task/tally.ts";

export interface SandboxLookerOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  clientId?: string;
  clientSecret?: string;
  /** Whether the API user may see the running queries of all users. False by default: most API users may not. */
  isAdmin?: boolean;
  /** How long the database takes over a query; 150 ms by default. */
  queryMs?: number | ((query: QueryBody) => number);
  /** How long a render task draws, its queries not counted; 200 ms by default. */
  renderMs?: number;
  /** Queries that run at one time; the rest queue. 15 by default, as in Looker. */
  concurrencyMax?: number;
  /** What relative dates are counted from, and what tokens expire by. */
  now?: () => Date;
  /** How long a login is good for; an hour by default. */
  tokenSeconds?: number;
  /** How long a result is kept, and answers the same query again from cache; an hour by default. */
  resultTtlMs?: number;
}

export interface SandboxLooker {
  /** `http://127.0.0.1:PORT`, without `/api/4.0`. */
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Says which data this is and how its dates were moved. */
  readonly note: string;
  readonly faults: Faults;
  /** The last 10,000 requests, oldest first. */
  readonly requests: readonly SeenRequest[];
  tasks(): readonly ShownTask[];
  /** Every render task, oldest first. */
  renders(): readonly ShownRender[];
  taskCounts(): TaskCounts;
  close(): Promise<void>;
}

/**
 * A stand-in for a Looker, API 4.0, on loopback, over real data.
 *
 * @throws Error with the code EADDRINUSE and the like where it cannot listen.
 */
export async function startSandboxLooker(options: SandboxLookerOptions = {}): Promise<SandboxLooker> {
  const {
    clientId = "sandbox",
    clientSecret = "sandbox-secret",
    isAdmin = false,
    now = () => new Date(),
  } = options;
  const { queryMs = 150, renderMs = 200, resultTtlMs = 3_600_000 } = options;
  const { tokenSeconds = 3600, concurrencyMax = 15 } = options;
  const warehouse = openWarehouse({ now });
  const faults = new Faults();
  const log = new RequestLog();
  const queries = new QueryStore();
  const sessions = new Sessions({ clientId, clientSecret, tokenSeconds, now });
  const tasks = new QueryTasks({
    warehouse,
    faults,
    queryMs: ({ query }) => (typeof queryMs === "number" ? queryMs : queryMs(query.body)),
    concurrencyMax,
    resultTtlMs,
    now,
  });
  let url = "";
  const webUrl = () => url;
  const context = { queries, tasks, warehouse, webUrl };
  const content = contentOf(context);
  const renders = new RenderTasks({ tasks, faults, renderMs, resultTtlMs, now });
  const embeds = new EmbedUrls(webUrl, now);
  const site = {
    routes: apiRoutes(context, { ...content, renders, embeds, sessions, faults, clientId, isAdmin, now }),
    sessions,
    faults,
    log,
    tasks,
    web: { note: warehouse.note, content: { ...content, context, now }, embeds },
    renders,
    webUrl,
    now,
  };
  const server = siteServer(site);
  const port = await listen(server, options.port ?? 0).catch((error: unknown) => {
    warehouse.close();
    throw error;
  });
  url = `http://127.0.0.1:${port}`;
  let closing: Promise<void> | undefined;
  const closeAll = async () => {
    renders.close();
    tasks.close();
    await close(server);
    warehouse.close();
  };
  return {
    url,
    clientId,
    clientSecret,
    note: warehouse.note,
    faults,
    requests: log.seen,
    tasks: () => shownTasks(tasks),
    renders: () => shownRenders(renders),
    taskCounts: () => tasks.counts(),
    close: () => {
      closing ??= closeAll();
      return closing;
    },
  };
}

function contentOf(context: QueryContext) {
  const looks = openLooks(context);
  const dashboards = [operations, oddities, inLookml].map((fixture) =>
    openDashboard(fixture, context, looks),
  );
  return { looks, dashboards };
}

interface ApiParts {
  looks: readonly Look[];
  dashboards: readonly Dashboard[];
  renders: RenderTasks;
  embeds: EmbedUrls;
  sessions: Sessions;
  faults: Faults;
  clientId: string;
  isAdmin: boolean;
  now: () => Date;
}

function apiRoutes(
  context: QueryContext,
  { looks, dashboards, renders, embeds, sessions, faults, clientId, isAdmin, now }: ApiParts,
): Route[] {
  const models = context.warehouse.models().map(({ name }) => name);
  return [
    ...sessionRoutes(sessions),
    ...versionRoutes(context.webUrl),
    ...peopleRoutes(clientId, models, context.webUrl),
    ...lookRoutes(context, looks),
    ...queryRoutes(context),
    ...queryTaskRoutes(context, faults),
    ...runningQueryRoutes(context, isAdmin),
    ...modelRoutes(context.warehouse),
    ...dashboardRoutes(dashboards, context.webUrl),
    ...renderRoutes({ renders, looks, dashboards, queries: context.queries }),
    ...embedRoutes(embeds),
    ...scheduleRoutes(now),
  ];
}
