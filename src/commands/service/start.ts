import type { Logger } from "pino";
import { type App, startHeartbeat, startServer, type Timetable, type Worker } from "../../app/app.ts";
import { type ReportError, toReportError } from "../../core/error.ts";
import type { Event } from "../../core/model/event.ts";
import { duration } from "../../core/rules/quantity.ts";
import { type ConfigOption, type Read, wholeOf, withApp } from "../context.ts";
import { aborted, DONE, type Io } from "../io.ts";
import { readinessOf, type Standing, whatIsWrong } from "./readiness.ts";
import { watchReports } from "./reload.ts";
import { servedLinks } from "./served-links.ts";
import { eventLine, serviceLog } from "./service-log.ts";

export interface StartOptions extends ConfigOption {
  readonly graceSeconds: number;
}

/** What was read of the file, and the stamp it had before. */
export interface StampedRead extends Read {
  readonly stamp: string;
}

const WAIT_FIRST_MS = 500;
const WAIT_MAX_MS = 10_000;

/** The service. Runs until it is asked to stop; everything it does is one line of JSON on stdout. */
export async function startCommand(read: StampedRead, options: StartOptions, io: Io): Promise<number> {
  const config = wholeOf(read, io.err.isTTY === true);
  await withApp(config, io, (app) => serve(app, { ...options, stamp: read.stamp }, io));
  return DONE;
}

/** What the parts of the service have in common. */
interface Service {
  readonly app: App;
  readonly log: Logger;
  readonly told: {
    readonly listener: (event: Event) => void;
    readonly trouble: (thrown: unknown) => void;
  };
  readonly standing: Standing;
  /** Of the file, before it was first read. */
  readonly stamp: string;
  readonly heart: Heart;
  readonly door: Door;
  readonly io: Io;
}

/** /healthz, /readyz and what recipients follow links to, where the file wants them. */
interface Door {
  open(): Promise<void>;
  close(): Promise<void>;
}

/** The pings of the heartbeat, from when there is something to say. */
interface Heart {
  begin(): void;
  stop(): void;
}

async function serve(
  app: App,
  { graceSeconds, stamp }: StartOptions & Pick<StampedRead, "stamp">,
  io: Io,
): Promise<void> {
  const log = serviceLog(io);
  const trouble = (thrown: unknown) => {
    const { message, advice } = toReportError(thrown);
    log.error({ reason: app.redact(message), advice }, "trouble");
  };
  const standing: Standing = { worker: null, timetable: null, fileProblem: null };
  const told = { listener: (event: Event) => eventLine(event, log), trouble };
  const service: Service = {
    app,
    log,
    told,
    io,
    standing,
    stamp,
    heart: heartOf(app, standing, trouble),
    door: doorOf(app, standing, log, trouble),
  };
  try {
    openAll(app);
    const worker = await patiently(service, () => app.startWorker({ role: "service", ...told }));
    if (worker !== null) await work(service, worker, graceSeconds * 1000);
  } finally {
    service.heart.stop();
    await service.door.close();
    log.info("stopped");
  }
}

/** Opened once there is something to say: that another service has the folder is said before that its port is taken. */
function doorOf(app: App, standing: Standing, log: Logger, trouble: (thrown: unknown) => void): Door {
  const { server: wanted } = app.config;
  let server: Awaited<ReturnType<typeof startServer>> | null = null;
  return {
    async open() {
      if (wanted === null || server !== null) return;
      const ready = () => readinessOf(standing);
      const { host, port } = wanted;
      const links = servedLinks(app);
      server = await startServer({
        ...{ host, port, health: () => ({ status: "ok" }), ready, trouble },
        ...(links !== null && { links }),
      });
      const recipients = links === null ? {} : { recipients: links.url };
      log.info({ url: server.url, ...recipients }, "answers /healthz and /readyz");
    },
    close: async () => server?.close(),
  };
}

/** A database that is not up yet is waited for; null where the process is stopped meanwhile. Rejects for what waiting cannot mend. */
async function patiently<T>(
  { app, log, standing, heart, door, io }: Service,
  open: () => Promise<T>,
): Promise<T | null> {
  for (let waitMs = WAIT_FIRST_MS; !io.stop.aborted; waitMs = Math.min(waitMs * 2, WAIT_MAX_MS)) {
    try {
      return await open();
    } catch (thrown) {
      const error = toReportError(thrown);
      if (!error.retryable) throw error;
      const reason = app.redact(error.message);
      standing.waitsFor = reason;
      await door.open();
      heart.begin();
      log.warn({ reason, advice: error.advice, next: duration(waitMs) }, "waiting for the ledger");
      // It rejects only when the service is stopped, which the loop sees.
      await app.clock.sleep(waitMs, io.stop).catch(() => undefined);
    }
  }
  return null;
}

async function work(service: Service, worker: Worker, graceMs: number): Promise<void> {
  const { app, log, standing, told, heart, io } = service;
  standing.worker = worker;
  const endings: (() => Promise<void> | void)[] = [() => worker.stop(graceMs)];
  try {
    await service.door.open();
    const timetable = await patiently(service, () => app.startTimetable(worker, told));
    if (timetable === null) return;
    standing.timetable = timetable;
    endings.push(() => timetable.stop(), watch(service, timetable));
    heart.begin();
    const { store } = app.config;
    log.info({ reports: timetable.size, config: app.config.file, store: storeName(store) }, "started");
    await aborted(io.stop);
    log.info(
      { grace: duration(graceMs) },
      "stopping: no new ticks; what runs may end, the rest is handed back",
    );
  } finally {
    heart.stop();
    // All at once: a ledger that hangs must not cost the runs their grace.
    const ended = await Promise.allSettled(endings.map(async (end) => end()));
    for (const { reason } of ended.filter((one) => one.status === "rejected")) told.trouble(reason);
  }
}

function heartOf(app: App, standing: Standing, trouble: (thrown: unknown) => void): Heart {
  const url = app.config.heartbeat;
  const well = async () => whatIsWrong(standing);
  let heart: ReturnType<typeof startHeartbeat> | null = null;
  return {
    begin() {
      if (url !== null) heart ??= startHeartbeat({ url, clock: app.clock, well, trouble });
    },
    stop: () => heart?.stop(),
  };
}

function watch({ app, log, io, standing, told, stamp }: Service, timetable: Timetable): () => void {
  return watchReports({ file: app.config.file, stamp }, io.env, {
    ...told,
    async good(config) {
      standing.fileProblem = "reports.yaml has changed, and the ledger has not taken it over yet.";
      for (const key of ["store", "server", "heartbeat"] as const)
        if (JSON.stringify(config[key]) !== JSON.stringify(app.config[key]))
          log.warn(`${key} has changed in the file: it takes effect at the next start`);
      const { store, server, heartbeat } = app.config;
      app.update({ ...config, store, server, heartbeat });
      await timetable.update(config.reports);
      standing.fileProblem = null;
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
