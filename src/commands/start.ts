import type { Logger } from "pino";
import { type App, startHeartbeat, startServer, type Timetable, type Worker } from "../app.ts";
import { type ReportError, toReportError } from "../core/error.ts";
import type { Event } from "../core/event.ts";
import { duration } from "../core/quantity.ts";
import { aborted, type ConfigOption, DONE, type Io, wholeConfig, withApp } from "./context.ts";
import { readinessOf, type Standing, whatIsWrong } from "./readiness.ts";
import { watchReports } from "./reload.ts";
import { eventLine, serviceLog } from "./service-log.ts";

export interface StartOptions extends ConfigOption {
  readonly graceSeconds: number;
}

const WAIT_FIRST_MS = 500;
const WAIT_MAX_MS = 10_000;

/** `lookpost start`: the service. Runs until it is asked to stop; everything it does is one line of JSON on stdout. */
export async function startCommand(options: StartOptions, io: Io): Promise<number> {
  const config = wholeConfig(options.config, io);
  await withApp(config, io, (app) => serve(app, options, io));
  return DONE;
}

/** What the parts of the service have in common. */
interface Service {
  readonly app: App;
  readonly log: Logger;
  readonly trouble: (thrown: unknown) => void;
  readonly standing: Standing;
  readonly io: Io;
}

async function serve(app: App, { graceSeconds }: StartOptions, io: Io): Promise<void> {
  const log = serviceLog(io);
  const trouble = (thrown: unknown) => {
    const { message, advice } = toReportError(thrown);
    log.error({ reason: app.redact(message), advice }, "trouble");
  };
  const service: Service = {
    app,
    log,
    trouble,
    io,
    standing: { worker: null, timetable: null, fileProblem: null },
  };
  const server = await openServer(service);
  try {
    openAll(app);
    const worker = await startPatiently(service);
    if (worker !== null) await work(service, worker, graceSeconds * 1000);
  } finally {
    await server?.close();
    log.info("stopped");
  }
}

async function openServer({ app, standing, trouble, log }: Service) {
  if (app.config.server === null) return null;
  const server = await startServer({
    ...app.config.server,
    health: () => ({ status: "ok" }),
    ready: () => readinessOf(standing),
    trouble,
  });
  log.info({ url: server.url }, "answers /healthz and /readyz");
  return server;
}

/** A database that is not up yet is waited for; null where the process is stopped meanwhile. Rejects for what waiting cannot mend. */
async function startPatiently({ app, log, trouble, standing, io }: Service): Promise<Worker | null> {
  for (let waitMs = WAIT_FIRST_MS; !io.stop.aborted; waitMs = Math.min(waitMs * 2, WAIT_MAX_MS)) {
    try {
      return await app.startWorker({
        role: "service",
        listener: (event) => eventLine(event, log),
        trouble,
      });
    } catch (thrown) {
      const error = toReportError(thrown);
      if (!error.retryable) throw error;
      const reason = app.redact(error.message);
      standing.waitsFor = reason;
      log.warn({ reason, advice: error.advice, next: duration(waitMs) }, "waiting for the ledger");
      await pause(waitMs, io.stop);
    }
  }
  return null;
}

async function work(service: Service, worker: Worker, graceMs: number): Promise<void> {
  const { app, log, standing, trouble, io } = service;
  standing.worker = worker;
  const endings: (() => Promise<void> | void)[] = [];
  try {
    const listener = (event: Event) => eventLine(event, log);
    const timetable = await app.startTimetable(worker, { listener, trouble });
    standing.timetable = timetable;
    endings.push(() => timetable.stop());
    endings.push(watch(service, timetable));
    const { heartbeat, store } = app.config;
    if (heartbeat !== null) endings.push(beatHeart(heartbeat, service));
    log.info({ reports: timetable.size, config: app.config.file, store: storeName(store) }, "started");
    await aborted(io.stop);
    log.info(
      { grace: duration(graceMs) },
      "stopping: no new ticks; what runs may end, the rest is handed back",
    );
  } finally {
    for (const end of endings.reverse()) await end();
    await worker.stop(graceMs);
  }
}

function beatHeart(url: string, { app, standing, trouble }: Service): () => void {
  const heart = startHeartbeat({
    url,
    clock: app.clock,
    well: async () => whatIsWrong(standing),
    trouble,
  });
  return () => heart.stop();
}

function watch({ app, log, io, standing, trouble }: Service, timetable: Timetable): () => void {
  return watchReports(app.config.file, io.env, {
    trouble,
    async good(config) {
      standing.fileProblem = null;
      for (const key of ["store", "server", "heartbeat"] as const)
        if (JSON.stringify(config[key]) !== JSON.stringify(app.config[key]))
          log.warn(`${key} has changed in the file: it takes effect at the next start`);
      const { store, server, heartbeat } = app.config;
      app.update({ ...config, store, server, heartbeat });
      await timetable.update(config.reports);
      log.info({ reports: timetable.size }, "reports.yaml was read again");
    },
    bad(error: ReportError) {
      // Anybody who reaches the port reads it there: the log has the lines themselves.
      standing.fileProblem =
        "reports.yaml is broken; the last good one is in use, and the log says what is wrong.";
      log.error(
        { reason: app.redact(error.message) },
        "reports.yaml is broken: the last good one stays in use",
      );
    },
  });
}

/** A connection that is wrong by itself is better found now than at 08:05 on Monday. */
function openAll(app: App): void {
  app.looker();
  const kinds = app.config.reports.flatMap(({ deliver, onFailure }) =>
    [...deliver, ...onFailure].map(({ destination }) => destination.kind),
  );
  for (const kind of new Set(kinds)) app.destination(kind);
}

/** A database's URL may hold a password. */
function storeName(store: App["config"]["store"]): string {
  return store.kind === "file" ? store.directory : new URL(store.url).host;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const timer = new AbortController();
  const wait = setTimeout(() => timer.abort(), ms);
  await aborted(AbortSignal.any([signal, timer.signal]));
  clearTimeout(wait);
}
