import { setTimeout as sleep } from "node:timers/promises";
import type { ReportError } from "../core/error.ts";
import { later } from "../core/later.ts";
import type { Run } from "../core/model/run.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Ledger } from "../core/ports/ledger.ts";
import { createSlots, type Slots } from "../core/rules/slots.ts";
import type { LedgerReader } from "../ledger/reader.ts";
import {
  everyOnFailure,
  type ServiceNotice,
  type TellDeps,
  tellDirectly,
} from "../worker/delivery/tell-directly.ts";
import type { Worker } from "../worker/process/worker.ts";
import { startTimetable, type Timetable } from "../worker/schedule/timetable.ts";
import type { AppConfig, Env } from "./config.ts";
import { type Connections, openConnections } from "./connections.ts";
import { withinOpenFiles } from "./open-files.ts";
import { claimStore, nameOfExisting, openReader, openStore, placeOfNew, type Store } from "./store.ts";
import { newId, openWorker, type WorkerOptions } from "./worker.ts";

export { formatProblems, type LocatedProblem } from "../config/problems/problem.ts";
export type { LedgerReader } from "../ledger/reader.ts";
export { type ConnectionReport, testConnection } from "../looker/connection/test-connection.ts";
export { explores, fields, fieldsOfLook, looks } from "../looker/explore/catalogue.ts";
export type { ExploreField } from "../looker/explore/explore.ts";
export type { Looker } from "../looker/http/client.ts";
export { startServer } from "../server/server.ts";
export { startHeartbeat } from "../worker/process/heartbeat.ts";
export type { Worker } from "../worker/process/worker.ts";
export { isTick, tickAfter, tickBefore, upcomingTicks } from "../worker/schedule/ticks.ts";
export type { Timetable } from "../worker/schedule/timetable.ts";
export type { AppConfig, Env } from "./config.ts";

const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    sleep(ms, undefined, signal === undefined ? {} : { signal }).catch((cause) => {
      throw signal?.aborted ? signal.reason : cause;
    }),
};

/** The connections, opened as they are needed and introduced to each other. */
export interface App extends Connections {
  readonly clock: Clock;
  /** Rejects as `Ledger` says; asked again, it tries again. */
  ledger(): Promise<Ledger>;
  /** Why the ledger that is open cannot be used at the moment, in words free of secrets; null: it can, as far as was tried. */
  ledgerFailing(): string | null;
  /** Takes over another user or password of the same store. False: it takes effect at the next start. */
  renewStore(config: AppConfig["store"]): boolean;
  /** The ledger for looking alone; closed with the app. Rejects with ReportError `config` where there is none. */
  reader(): Promise<LedgerReader>;
  /** The ledger, where there is one. Rejects as `reader` does, and makes nothing. */
  existingLedger(): Promise<{ readonly name: string; readonly ledger: Ledger }>;
  /** Where `ledger` will make a new one, in words; null: there is one. */
  newLedger(): Promise<string | null>;
  /** Signs this process in as one that carries out runs. A second service at an embedded ledger is refused: ReportError `config`. */
  startWorker(options: WorkerOptions): Promise<Worker>;
  /** Claims the ticks of the configuration's reports, for this worker and all others. */
  startTimetable(worker: Worker, callbacks: Pick<WorkerOptions, "listener" | "trouble">): Promise<Timetable>;
  /** Tells what is wrong with the service itself, without the ledger. `to`: those of `defaults.on_failure`, or of the whole file. Never rejects. */
  tell(notice: ServiceNotice, to: "defaults" | "everyone", how: TellOptions): Promise<void>;
}

export type TellOptions = Pick<TellDeps, "signal" | "told">;

/** `directory`: what relative paths in the file are relative to, in place of its own folder. */
export function openApp(config: AppConfig, env: Env, directory?: string): App {
  let worker: Worker | null = null;
  let claimed: { release(): void } | null = null;
  let trouble: (thrown: unknown) => void = () => undefined;
  let ledgerLost: (error: ReportError) => void = () => undefined;
  let opening: Promise<Store> | null = null;
  let store: Store | null = null;
  const openOnce = (): Promise<Store> => {
    const callbacks = {
      trouble: (thrown: unknown) => trouble(thrown),
      lost: (error: ReportError) => ledgerLost(error),
    };
    opening ??= openStore(config.store, callbacks).then(
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
  let reading: Promise<LedgerReader> | null = null;
  const readOnce = () => {
    reading ??= openReader(config.store);
    return reading;
  };
  const connections = openConnections(config, {
    env,
    clock: systemClock,
    directory,
    slots(pool, slotsMax) {
      if (config.store.kind === "file") return createSlots(withinOpenFiles(slotsMax, "query"));
      const options = { pool, slotsMax, clock: systemClock, owner: () => worker?.owner ?? "" };
      return lateSlots(async () => (await openOnce()).slots(options));
    },
  });
  return Object.assign(connections, {
    clock: systemClock,
    ledger: async () => (await openOnce()).ledger,
    ledgerFailing: () => withoutSecrets(store?.failing() ?? null, connections),
    reader: readOnce,
    async existingLedger() {
      const name = await nameOfExisting(config.store);
      return { name, ledger: (await openOnce()).ledger };
    },
    newLedger: () => placeOfNew(config.store),
    renewStore: (next: AppConfig["store"]) => store?.renew(next) ?? false,
    async startWorker(options: WorkerOptions) {
      trouble = options.trouble;
      ledgerLost = options.ledgerLost ?? ledgerLost;
      if (options.role === "service") claimed ??= await claimStore(config.store);
      worker = await openWorker({ store: await openOnce(), connections, clock: systemClock }, options);
      return worker;
    },
    async startTimetable(owner: Worker, callbacks: Pick<WorkerOptions, "listener" | "trouble">) {
      const claimed = (runs: readonly Run[]) => {
        sayEnded(runs, callbacks);
        owner.wake();
      };
      const { ledger } = await openOnce();
      const options = { ledger, clock: systemClock, newId, claimed, trouble: callbacks.trouble };
      return startTimetable(options, connections.config.reports);
    },
    tell: telling(connections),
    close: closing(connections, async () => {
      await reading?.then((reader) => reader.close()).catch(() => undefined);
      await store?.close();
      claimed?.release();
    }),
  });
}

/** Ticks that were missed, or skipped by a pause, are runs that have ended already. */
function sayEnded(runs: readonly Run[], { listener }: Pick<WorkerOptions, "listener">): void {
  for (const run of runs) if (run.endedAt !== null) listener({ kind: "run_ended", run, deliveries: [] });
}

function withoutSecrets(words: string | null, { redact }: Connections): string | null {
  return words === null ? null : redact(words);
}

const templates = later(() => import("../template/fill.ts"));

function telling(connections: Connections): App["tell"] {
  return (notice, to, how) => {
    const { config: now, destination, redact } = connections;
    const adapters = { destination, fill: async () => (await templates()).openFill() };
    const file = to === "everyone" ? now : { onFailure: now.onFailure, reports: [] };
    return tellDirectly(everyOnFailure(file, adapters), notice, {
      ...how,
      adapters,
      redact,
      clock: systemClock,
    });
  };
}

/** Looker is opened before the ledger that holds its slots. */
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

function closing(connections: Connections, closeStore: () => Promise<void>): () => Promise<void> {
  const closeConnections = connections.close.bind(connections);
  return async () => {
    // The ledger is closed in any case, whatever a connection does when it is closed.
    try {
      await closeConnections();
    } finally {
      await closeStore();
    }
  };
}
