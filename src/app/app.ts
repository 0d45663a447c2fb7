import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ReportError } from "../core/error.ts";
import type { Listener } from "../core/model/event.ts";
import type { Report } from "../core/model/report.ts";
import type { Run } from "../core/model/run.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Ledger, OwnerRole } from "../core/ports/ledger.ts";
import type { Slots } from "../core/rules/waiting.ts";
import { openChartRenderer } from "../draw/chart-renderer.ts";
import type { Sandbox, SandboxOptions } from "../sandbox/index.ts";
import { spoolFolder } from "../worker/process/spool-folder.ts";
import { startWorker, type Worker } from "../worker/process/worker.ts";
import { startTimetable, type Timetable } from "../worker/schedule/timetable.ts";
import { formatOf } from "./adapters.ts";
import { type AppConfig, type Env, fontFiles, spoolRoot } from "./config.ts";
import { openRooms, type Rooms } from "./connections.ts";
import { ownLinks, sampleLinks } from "./links.ts";
import { openStore, type Store } from "./store.ts";

export { formatProblems, type LocatedProblem } from "../config/problems/problem.ts";
export { testConnection } from "../looker/connection/test-connection.ts";
export { fields, fieldsOfLook, looks } from "../looker/explore/catalogue.ts";
export type { ExploreField } from "../looker/explore/explore.ts";
export type { Looker } from "../looker/http/client.ts";
export type { Sandbox } from "../sandbox/index.ts";
export { startServer } from "../server/server.ts";
export { startHeartbeat } from "../worker/process/heartbeat.ts";
export type { Worker } from "../worker/process/worker.ts";
export { isTick, tickAfter, tickBefore, upcomingTicks } from "../worker/schedule/ticks.ts";
export type { Timetable } from "../worker/schedule/timetable.ts";
export type { AppConfig, Env } from "./config.ts";

/** Runs under way at once: more than the queries that Looker takes at once, so that one is always ready to ask. */
const RUNS_MAX = 40;

const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    sleep(ms, undefined, signal === undefined ? {} : { signal }).catch((cause) => {
      throw signal?.aborted ? signal.reason : cause;
    }),
};

/** The stand-in servers: neither the package nor the image has them, or the development packages they need. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  try {
    const sandbox = await import("../sandbox/index.ts");
    const { slackView } = await import("../deliver/slack/preview/blocks.ts");
    return await sandbox.startSandbox({ slackView, ...options });
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === "ERR_MODULE_NOT_FOUND")
      throw new ReportError("The sandbox is not part of this installation.", {
        code: "config",
        advice: "Run it from a checkout of lookpost, after `npm ci`.",
        cause,
      });
    throw new ReportError(cause instanceof Error ? cause.message : String(cause), {
      code: "local",
      advice: "Choose other ports, or stop the processes that use these.",
      cause,
    });
  }
}

/** The rooms, opened as they are needed and introduced to each other. */
export interface App extends Rooms {
  readonly clock: Clock;
  /** Rejects as `Ledger` says; asked again, it tries again. */
  ledger(): Promise<Ledger>;
  /** Signs this process in as one that carries out runs. A second service at an embedded ledger is refused: ReportError `config`. */
  startWorker(options: WorkerOptions): Promise<Worker>;
  /** Hears the ticks of the configuration's reports, for this worker and all others. */
  startTimetable(worker: Worker, told: Pick<WorkerOptions, "listener" | "trouble">): Promise<Timetable>;
}

export interface WorkerOptions {
  /** The service, or a command that runs beside it. */
  readonly role: OwnerRole;
  readonly listener: Listener;
  readonly trouble: (thrown: unknown) => void;
  readonly dryRun?: boolean;
  /** The report of a name; those of the configuration unless given. */
  readonly report?: (name: string) => Report | null;
}

/** `directory`: what relative paths in the file belong to, in place of its own folder. */
export function openApp(config: AppConfig, env: Env, directory?: string): App {
  let worker: Worker | null = null;
  let trouble: (thrown: unknown) => void = () => undefined;
  let opening: Promise<Store> | null = null;
  let store: Store | null = null;
  const openOnce = (): Promise<Store> => {
    opening ??= openStore(config.store, (thrown) => trouble(thrown)).then(
      (opened) => {
        store = opened;
        return opened;
      },
      (cause) => {
        opening = null;
        throw cause;
      },
    );
    return opening;
  };
  const rooms = openRooms(config, {
    env,
    clock: systemClock,
    directory,
    places(pool, slotsMax) {
      if (config.store.kind === "file") return null;
      const options = { pool, slotsMax, clock: systemClock, owner: () => worker?.owner ?? "" };
      return lateSlots(async () => (await openOnce()).slots(options));
    },
  });
  return Object.assign(rooms, {
    clock: systemClock,
    ledger: async () => (await openOnce()).ledger,
    async startWorker(options: WorkerOptions) {
      trouble = options.trouble;
      worker = await workerOf(await openOnce(), rooms, options);
      return worker;
    },
    async startTimetable(beside: Worker, told: Pick<WorkerOptions, "listener" | "trouble">) {
      const claimed = (runs: readonly Run[]) => {
        // Ticks that were missed, or skipped by a pause, are runs that have ended already.
        for (const run of runs) if (run.endedAt !== null) told.listener({ kind: "run_ended", run });
        beside.wake();
      };
      const { ledger } = await openOnce();
      const options = { ledger, clock: systemClock, newId, claimed, trouble: told.trouble };
      return startTimetable(options, rooms.config.reports);
    },
    close: closing(rooms, () => store),
  });
}

/** The Looker room is opened before the ledger that holds its slots. */
function lateSlots(open: () => Promise<Slots>): Slots {
  let waiting = 0;
  return {
    get waiting() {
      return waiting;
    },
    async take(signal) {
      waiting += 1;
      try {
        return await (await open()).take(signal);
      } finally {
        waiting -= 1;
      }
    },
  };
}

function closing(rooms: Rooms, store: () => Store | null): () => Promise<void> {
  const closeRooms = rooms.close.bind(rooms);
  return async () => {
    // Whatever a module does when it is closed, the ledger is closed in any case.
    try {
      await closeRooms();
    } finally {
      await store()?.close();
    }
  };
}

function workerOf(store: Store, rooms: Rooms, options: WorkerOptions): Promise<Worker> {
  const { role, listener, trouble, dryRun = false } = options;
  const isOnlyService = role === "service" && store.lock(`process ${process.pid}`);
  const report = options.report ?? ((name) => reportsByName(rooms.config).get(name) ?? null);
  return startWorker(
    {
      ledger: store.ledger,
      adapters: {
        source: rooms.source,
        format: formatOf,
        destination: rooms.destination,
        fitPictures: async (...order) => (await import("../render/fit/pictures.ts")).fitPictures(...order),
        fit: async (order) => (await import("../render/fit/artifacts.ts")).fitArtifacts(order),
        chartRenderer: openChartRenderer({
          get fonts() {
            return fontFiles(rooms.config);
          },
        }),
        fill: async () => (await import("../template/fill.ts")).openFill(),
      },
      links: dryRun ? sampleLinks(rooms, systemClock) : ownLinks(store.ledger, rooms, systemClock),
      spools: spoolFolder(spoolRoot(rooms.config)),
      report,
      role,
      clock: systemClock,
      random: Math.random,
      newId,
      listener,
      redact: rooms.redact,
      trouble,
      dryRun,
      keep: () => rooms.config.keep,
      isOnlyService,
    },
    (owner) =>
      store.engine({
        owner,
        role,
        clock: systemClock,
        runsMax: RUNS_MAX,
        trouble,
      }),
  );
}

const byName = new WeakMap<AppConfig, ReadonlyMap<string, Report>>();

function reportsByName(config: AppConfig): ReadonlyMap<string, Report> {
  const known = byName.get(config) ?? new Map(config.reports.map((report) => [report.name, report]));
  byName.set(config, known);
  return known;
}

/** Nine characters that sort by time (milliseconds) and five at random: short enough to be typed, unique enough for a ledger. */
function newId(): string {
  const time = Date.now().toString(36).padStart(9, "0");
  const random = BigInt(`0x${randomBytes(4).toString("hex")}`)
    .toString(36)
    .padStart(7, "0")
    .slice(-5);
  return `${time}${random}`;
}
