import { openWarehouse, type QueryBody } from "../warehouse/index.ts";
import { type ShownTask, shownTasks } from "./control.ts";
import { dashboardRoutes } from "./dashboards.ts";
import { Faults } from "./faults.ts";
import { fillShelf, type Look, lookRoutes } from "./looks.ts";
import { modelRoutes } from "./models.ts";
import { peopleRoutes } from "./people.ts";
import type { QueryRoom } from "./query-room.ts";
import { queryRoutes } from "./query-routes.ts";
import { QueryStore } from "./query-store.ts";
import { queryTaskRoutes } from "./query-task-routes.ts";
import { RequestLog, type SeenRequest } from "./request-log.ts";
import type { Route } from "./router.ts";
import { runningQueryRoutes } from "./running-queries.ts";
import { scheduleRoutes } from "./schedules.ts";
import { listen } from "./server.ts";
import { Sessions, sessionRoutes } from "./session.ts";
import { TaskBoard } from "./task-board.ts";
import type { TaskCounts } from "./task-tally.ts";
import { versionRoutes } from "./versions.ts";

export type { ShownTask } from "./control.ts";
export type { Fault } from "./fault-kinds.ts";
export { Faults, type StandingFault } from "./faults.ts";
export type { SeenRequest } from "./request-log.ts";
export type { TaskCounts } from "./task-tally.ts";

export interface SandboxLookerOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  host?: string;
  clientId?: string;
  clientSecret?: string;
  /** How long the database takes over a query; 150 ms by default. */
  queryMs?: number | ((query: QueryBody) => number);
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
  const { queryMs = 150, resultTtlMs = 3_600_000, tokenSeconds = 3600, concurrencyMax = 15 } = options;
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
  const looks = fillShelf(room);
  const site = {
    routes: apiRoutes(room, looks, { sessions, faults, clientId, now }),
    sessions,
    faults,
    log,
    tasks,
    web: { note: warehouse.note, looks, queries },
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
    taskCounts: () => tasks.counts(),
    close: () => {
      closing ??= close();
      return closing;
    },
  };
}

interface ApiParts {
  sessions: Sessions;
  faults: Faults;
  clientId: string;
  now: () => Date;
}

function apiRoutes(
  room: QueryRoom,
  looks: readonly Look[],
  { sessions, faults, clientId, now }: ApiParts,
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
    ...dashboardRoutes(room, looks),
    ...scheduleRoutes(now),
  ];
}
