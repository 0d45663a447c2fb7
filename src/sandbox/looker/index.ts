import { openWarehouse, type QueryBody } from "../warehouse/index.ts";
import { type Dashboard, hangUp } from "./content/dashboard/elements.ts";
import { operations } from "./content/dashboard/fixtures.ts";
import { inLookml, oddities } from "./content/dashboard/odd-fixtures.ts";
import { dashboardRoutes } from "./content/dashboard/routes.ts";
import { fillShelf, type Look, lookRoutes } from "./content/looks.ts";
import { modelRoutes } from "./content/models.ts";
import { peopleRoutes } from "./content/people.ts";
import { scheduleRoutes } from "./content/schedules.ts";
import { type ShownRender, type ShownTask, shownRenders, shownTasks } from "./control.ts";
import { Faults } from "./faults.ts";
import { RequestLog, type SeenRequest } from "./http/request-log.ts";
import type { Route } from "./http/router.ts";
import { listen } from "./http/server.ts";
import { Sessions, sessionRoutes } from "./http/session.ts";
import { versionRoutes } from "./http/versions.ts";
import type { QueryRoom } from "./query/module.ts";
import { queryRoutes } from "./query/routes.ts";
import { runningQueryRoutes } from "./query/running-queries.ts";
import { QueryStore } from "./query/store.ts";
import { queryTaskRoutes } from "./query/task/routes.ts";
import type { TaskCounts } from "./query/task/tally.ts";
import { TaskBoard } from "./query/task/tasks.ts";
import { renderRoutes } from "./render/routes.ts";
import { RenderBoard } from "./render/tasks.ts";
import { EmbedUrls, embedRoutes } from "./web/embed.ts";

export type { ShownRender, ShownTask } from "./control.ts";
export type { Fault } from "./fault-kinds.ts";
export { Faults, type StandingFault } from "./faults.ts";
export type { SeenRequest } from "./http/request-log.ts";
export type { TaskCounts } from "./query/task/tally.ts";

export interface SandboxLookerOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  host?: string;
  clientId?: string;
  clientSecret?: string;
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
  const { clientId = "sandbox", clientSecret = "sandbox-secret", now = () => new Date() } = options;
  const {
    queryMs = 150,
    renderMs = 200,
    resultTtlMs = 3_600_000,
    tokenSeconds = 3600,
    concurrencyMax = 15,
  } = options;
  const warehouse = openWarehouse({ now });
  const faults = new Faults();
  const log = new RequestLog();
  const queries = new QueryStore();
  const sessions = new Sessions({ clientId, clientSecret, tokenSeconds, now });
  const tasks = new TaskBoard({
    warehouse,
    faults,
    queryMs: ({ query }) => (typeof queryMs === "number" ? queryMs : queryMs(query.body)),
    concurrencyMax,
    resultTtlMs,
    now,
  });
  let url = "";
  const webUrl = () => url;
  const room = { queries, tasks, warehouse, webUrl };
  const { looks, dashboards } = contentOf(room);
  const renders = new RenderBoard({ tasks, faults, renderMs, resultTtlMs, now });
  const embeds = new EmbedUrls(webUrl, now);
  const site = {
    routes: apiRoutes(room, { looks, dashboards, renders, embeds, sessions, faults, clientId, now }),
    sessions,
    faults,
    log,
    tasks,
    web: { note: warehouse.note, content: { looks, dashboards, room, now }, embeds },
    renders,
    webUrl,
    now,
  };
  const server = await listen(site, options.host ?? "127.0.0.1", options.port ?? 0).catch(
    (error: unknown) => {
      warehouse.close();
      throw error;
    },
  );
  url = server.url;
  let closing: Promise<void> | undefined;
  const close = async () => {
    renders.close();
    tasks.close();
    await server.close();
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
      closing ??= close();
      return closing;
    },
  };
}

function contentOf(room: QueryRoom) {
  const looks = fillShelf(room);
  const dashboards = [operations, oddities, inLookml].map((shelved) => hangUp(shelved, room, looks));
  return { looks, dashboards };
}

interface ApiParts {
  looks: readonly Look[];
  dashboards: readonly Dashboard[];
  renders: RenderBoard;
  embeds: EmbedUrls;
  sessions: Sessions;
  faults: Faults;
  clientId: string;
  now: () => Date;
}

function apiRoutes(
  room: QueryRoom,
  { looks, dashboards, renders, embeds, sessions, faults, clientId, now }: ApiParts,
): Route[] {
  const models = room.warehouse.models().map(({ name }) => name);
  return [
    ...sessionRoutes(sessions),
    ...versionRoutes(room.webUrl),
    ...peopleRoutes(clientId, models),
    ...lookRoutes(room, looks),
    ...queryRoutes(room),
    ...queryTaskRoutes(room, faults),
    ...runningQueryRoutes(room),
    ...modelRoutes(room.warehouse),
    ...dashboardRoutes(dashboards, room.webUrl),
    ...renderRoutes({ board: renders, looks, dashboards, queries: room.queries }),
    ...embedRoutes(embeds),
    ...scheduleRoutes(now),
  ];
}
