import type { Logger } from "pino";
import type { App, AppConfig, Timetable, Worker } from "../../app/app.ts";
import { configNotes } from "../../app/notes.ts";
import { type ReportError, toReportError } from "../../core/error.ts";
import type { Event } from "../../core/model/event.ts";
import { duration } from "../../core/rules/quantity.ts";
import { type Read, wholeOf, withApp } from "../context.ts";
import { aborted, type Io, spelling } from "../io.ts";
import { watchFileState } from "./file-state.ts";
import { heartbeatOf, type ServiceHeartbeat } from "./heartbeat.ts";
import { ledgerLoss } from "./ledger-loss.ts";
import { eventLine, serviceLog } from "./log.ts";
import { type Watched, watchReports } from "./reload.ts";
import { type ServiceServer, serviceServer } from "./server.ts";
import type { ServiceState } from "./state.ts";

/** What was read of the file, what it refers to, and the stamp it had before. */
export interface StampedRead extends Read, Pick<Watched, "stamp" | "files" | "includes"> {}

const WAIT_FIRST_MS = 500;
const WAIT_MAX_MS = 10_000;

/** Runs until it is asked to stop; everything it does is one line of JSON on stdout. Throws ReportError `config` for a file with problems. */
export async function serve(read: StampedRead, graceMs: number, io: Io): Promise<void> {
  const config = wholeOf(read, io.err.isTTY === true);
  await withApp(config, io, (app) => run(serviceOver(app, read, io), graceMs));
}

/** What the parts of the service have in common. */
interface Service {
  readonly app: App;
  readonly log: Logger;
  readonly callbacks: {
    readonly listener: (event: Event) => void;
    readonly trouble: (thrown: unknown) => void;
    readonly ledgerLost: (error: ReportError) => void;
  };
  readonly state: ServiceState;
  readonly watched: Watched;
  readonly heartbeat: ServiceHeartbeat;
  readonly server: ServiceServer;
  readonly io: Io;
}

function serviceOver(app: App, { stamp, files, includes }: StampedRead, io: Io): Service {
  const log = serviceLog(io);
  const ledgerFailing = () => app.ledgerFailing();
  const unread = { fileProblem: null, missingFiles: null };
  const state: ServiceState = { worker: null, timetable: null, ledgerFailing, ...unread };
  const trouble = (thrown: unknown) => {
    const { message, advice } = toReportError(thrown);
    const reason = app.redact(message);
    // Said once: all that still asks the ledger meets it again and again.
    if (reason !== state.ledgerLost) log.error({ reason, advice }, "trouble");
  };
  const heartbeat = heartbeatOf(app, state, trouble);
  return {
    app,
    log,
    callbacks: {
      listener: (event) => eventLine(event, log),
      trouble,
      ledgerLost: ledgerLoss({ app, log, state, heartbeat, io }),
    },
    state,
    watched: { file: app.config.file, stamp, files, includes },
    heartbeat,
    server: serviceServer(app, state, log, trouble),
    io,
  };
}

async function run(service: Service, graceMs: number): Promise<void> {
  const { app, log, callbacks, heartbeat, server } = service;
  try {
    openAll(app);
    sayNotes(service, new Set());
    const how = { role: "service", ...callbacks, ...spelling(service.io) } as const;
    const worker = await onceOpen(service, () => app.startWorker(how));
    if (worker !== null) await work(service, worker, graceMs);
  } catch (thrown) {
    const { message, advice } = toReportError(thrown);
    log.error({ reason: app.redact(message), advice }, "cannot go on");
    throw thrown;
  } finally {
    heartbeat.stop();
    await server.close();
    log.info("stopped");
  }
}

/** What is allowed and not safe is said at each start, and when a file brings it. */
function sayNotes({ app, log, io }: Service, said: ReadonlySet<string>): void {
  for (const note of configNotes(app.config, io.env)) if (!said.has(note)) log.warn(note);
}

/** A connection that is wrong by itself is better found now than at 08:05 on Monday. */
function openAll(app: App): void {
  app.looker();
  const kinds = app.config.reports.flatMap(({ deliver, onFailure }) =>
    [...deliver, ...onFailure].map(({ destination }) => destination.kind),
  );
  for (const kind of new Set(kinds)) app.destination(kind);
}

/** Waits for a database that is not up yet; null where the process is stopped meanwhile. Rejects for what waiting does not solve. */
async function onceOpen<T>(
  { app, log, state, heartbeat, server, io }: Service,
  open: () => Promise<T>,
): Promise<T | null> {
  for (let waitMs = WAIT_FIRST_MS; !io.stop.aborted; waitMs = Math.min(waitMs * 2, WAIT_MAX_MS)) {
    try {
      return await open();
    } catch (thrown) {
      const error = toReportError(thrown);
      if (!error.retryable) throw error;
      const reason = app.redact(error.message);
      state.waitsFor = reason;
      await server.open();
      heartbeat.start();
      log.warn({ reason, advice: error.advice, next: duration(waitMs) }, "waiting for the ledger");
      // It rejects only when the service is stopped, which the loop sees.
      await app.clock.sleep(waitMs, io.stop).catch(() => undefined);
    }
  }
  return null;
}

async function work(service: Service, worker: Worker, graceMs: number): Promise<void> {
  const { app, log, state, callbacks, heartbeat, io } = service;
  state.worker = worker;
  const endings: (() => Promise<void> | void)[] = [() => worker.stop(graceOf(state, graceMs))];
  try {
    await service.server.open();
    const timetable = await onceOpen(service, () => app.startTimetable(worker, callbacks));
    if (timetable === null) return;
    state.timetable = timetable;
    endings.push(() => timetable.stop(), watch(service, worker, timetable));
    heartbeat.start();
    const { store } = app.config;
    log.info({ reports: timetable.size, config: app.config.file, store: storeName(store) }, "started");
    await aborted(io.stop);
    log.info(
      { grace: duration(graceMs) },
      "stopping: no new ticks; runs under way may finish, the rest is handed back",
    );
  } finally {
    heartbeat.stop();
    // All at once: a ledger that hangs must not cost the runs their grace.
    const ended = await Promise.allSettled(endings.map(async (end) => end()));
    for (const { reason } of ended.filter((one) => one.status === "rejected")) callbacks.trouble(reason);
  }
}

/** What is being sent is let through; nothing else can come to an end without the ledger. */
const GRACE_WITHOUT_LEDGER_MS = 5_000;

function graceOf({ ledgerLost }: ServiceState, graceMs: number): number {
  return ledgerLost === undefined ? graceMs : Math.min(graceMs, GRACE_WITHOUT_LEDGER_MS);
}

function watch(service: Service, worker: Worker, timetable: Timetable): () => void {
  const { app, log, io, state, callbacks, watched } = service;
  /** Until the ledger has been told, which may take several tries. */
  const changed = new Set<string>();
  const fileState = watchFileState(worker, { clock: app.clock, stop: io.stop, trouble: callbacks.trouble });
  return watchReports(watched, io.env, {
    ...callbacks,
    async good(config) {
      state.fileProblem = "reports.yaml has changed, and the ledger has not taken over its schedules yet.";
      const notes = new Set(configNotes(app.config, io.env));
      for (const kind of takeOver(config, service)) changed.add(kind);
      sayNotes(service, notes);
      await timetable.update(config.reports);
      state.fileProblem = null;
      fileState.whole();
      log.info({ reports: timetable.size }, "reports.yaml was read again");
      if (changed.size === 0) return;
      const connections = [...changed];
      const tried = await worker.renewed(connections);
      changed.clear();
      log.info({ connections, tried }, "connections have changed: what was refused is tried again");
    },
    unread({ message, advice }: ReportError) {
      state.fileProblem =
        "reports.yaml has changed, and could not be read yet: it is tried again, and the log says why.";
      log.warn({ reason: app.redact(message), advice }, "reports.yaml could not be read: it is tried again");
    },
    bad(error: ReportError) {
      // Where it could not be read for another reason, the file itself may be well.
      if (error.code === "config") fileState.broken(error.message);
      // Anyone who reaches the port can read it: the lines themselves are only in the log.
      state.fileProblem =
        "reports.yaml is broken; the last good one is in use, and the log says what is wrong.";
      log.error(
        { reason: app.redact(error.message) },
        "reports.yaml is broken: the last good one stays in use",
      );
    },
    missing(files) {
      state.missingFiles =
        files.length === 0
          ? null
          : "A file that reports.yaml refers to is missing or empty; its last value is in use.";
      if (files.length > 0)
        log.warn(
          { files },
          "files that reports.yaml refers to are missing or empty: their last values stay in use",
        );
      else log.info("the files that reports.yaml refers to are all there again");
    },
  });
}

/** What the next start alone takes over is said. Returns the connections that are others now. */
function takeOver(config: AppConfig, { app, log, heartbeat }: Service): readonly string[] {
  const { store, server } = app.config;
  const isStoreTaken = app.renewStore(config.store);
  for (const [key, isTaken] of [
    ["store", isStoreTaken || JSON.stringify(config.store) === JSON.stringify(store)],
    ["server", JSON.stringify(config.server) === JSON.stringify(server)],
  ] as const)
    if (!isTaken) log.warn(`${key} has changed in the file: it takes effect at the next start`);
  const changed = app.update({ ...config, store: isStoreTaken ? config.store : store, server });
  heartbeat.follow(config.heartbeat);
  return changed;
}

/** A database's URL may hold a password. */
function storeName(store: App["config"]["store"]): string {
  return store.kind === "file" ? store.directory : new URL(store.url).host;
}
