import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Config } from "../config/index.ts";
import { ReportError } from "../core/error.ts";
import { later } from "../core/later.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Engine } from "../core/ports/engine.ts";
import type { Announce, Ledger } from "../core/ports/ledger.ts";
import type { OwnerRole } from "../core/ports/owners.ts";
import { createSlots, type Slots } from "../core/rules/slots.ts";
import { inProcessEngine } from "../engine/in-process.ts";
import { noted } from "../ledger/noted.ts";
import type { LedgerReader } from "../ledger/reader.ts";
import { isFolderLocked, lockFolder } from "../ledger/sqlite/folder-lock.ts";
import { lockPath, type PathLock } from "../ledger/sqlite/path-lock.ts";
import { fullDisk } from "../ledger/sqlite/room.ts";
import { openSqliteLedger } from "../ledger/sqlite/sqlite.ts";
import { withinOpenFiles } from "./open-files.ts";
import { inspectProgram } from "./programs.ts";

export type StoreConfig = Config<unknown>["store"];

/** The ledger, and the engine that goes with it. */
export interface Store {
  readonly ledger: Ledger;
  /** Why the ledger cannot be used at the moment, in words that may hold a secret; null: it can, as far as was tried. */
  failing(): string | null;
  /** One service at a time holds an embedded store. Throws ReportError `config` where another one does. True: it is the only one. */
  lock(owner: string): boolean;
  engine(options: EngineOptions): Engine;
  /** The slots for a Looker's queries, which all workers share. */
  slots(options: SlotsOptions): Slots;
  /** Takes over another user or password of the same database. False: it is another store, which only the next start takes. */
  renew(config: StoreConfig): boolean;
  close(): Promise<void>;
}

export interface EngineOptions {
  readonly owner: () => string;
  readonly role: OwnerRole;
  readonly clock: Clock;
  readonly runsMax: number;
  readonly trouble: (thrown: unknown) => void;
}

export interface SlotsOptions {
  readonly pool: string;
  readonly slotsMax: number;
  readonly owner: () => string;
  readonly clock: Clock;
}

/**
 * Opens what `store:` names. Rejects with ReportError: `unavailable` (retryable) where a server does not answer, `local` where a folder cannot
 * be used.
 */
export function openStore(config: StoreConfig, { trouble, lost }: StoreCallbacks): Promise<Store> {
  return config.kind === "file" ? embedded(config.directory, lost) : fleet(config.url, trouble);
}

export interface StoreCallbacks {
  readonly trouble: (thrown: unknown) => void;
  /** Told once when the ledger cannot be used any more: it is damaged, or its files were moved away or replaced. */
  readonly lost: (error: ReportError) => void;
}

/** Opens it for looking alone: nothing is made or written. Rejects with ReportError `config` where there is none. */
export async function openReader(config: StoreConfig): Promise<LedgerReader> {
  if (config.kind === "file") return (await reader()).openSqliteReader(config.directory);
  const { openPostgresReader } = await import("../ledger/postgres/postgres.ts");
  return openPostgresReader(config.url);
}

/**
 * Where the ledger is, in words. Rejects with ReportError `config` where there is none. What looks has let go of it by then: within one process, SQLite opens the index of
 * a log once for all, and where a reader was first nothing could be written (os_unix.c, unixShmNode).
 */
export async function nameOfExisting(config: StoreConfig): Promise<string> {
  const { name, close } = await openReader(config);
  await close();
  return name;
}

/**
 * Where a new ledger would be made, in words; null: there is one, or that cannot be known before it is opened. Rejects with ReportError
 * `config` where a service lives there all the same: what it knows, who unsubscribed too, was moved away under it.
 */
export async function placeOfNew(config: StoreConfig): Promise<string | null> {
  if (config.kind !== "file") return null;
  const file = join(config.directory, "ledger.sqlite");
  if (existsSync(file)) return null;
  const claimed = await claimStore(config).catch((cause) => {
    throw new ReportError(
      `There is no ledger at ${file}, though a service works with it: it was moved away or removed.`,
      {
        code: "config",
        advice: "Stop the service, put the folder back, and start it again. Nothing was run or made.",
        cause,
      },
    );
  });
  claimed?.release();
  return file;
}

const reader = later(() => import("../ledger/sqlite/read.ts"));

/**
 * Makes this process the only service at an embedded store, before it is opened: a second one must not make a ledger where the first
 * one's was moved away. Rejects with ReportError `config` where another one does; null for a store that several share.
 */
export async function claimStore(config: StoreConfig): Promise<PathLock | null> {
  return config.kind === "file" ? lockPath(config.directory, serviceName()) : null;
}

/** What another service is told of this one. */
export function serviceName(): string {
  return `process ${process.pid}`;
}

/** How many deliveries an embedded service has at hand; how many are made at a time is each destination's care. */
const DELIVERIES_MAX = 200;
/** Fewer in a fleet: what one replica has at hand, the others cannot make. */
const FLEET_DELIVERIES_MAX = 30;

async function embedded(directory: string, lost: StoreCallbacks["lost"]): Promise<Store> {
  const wakes = new Set<() => void>();
  const opened = await openSqliteLedger(
    directory,
    () => wakeAll(wakes),
    lost,
    () => inspectProgram.start({ env: {} }),
  );
  let locked: { release(): void } | null = null;
  const { ledger, failing } = noted({
    ...opened,
    // A suspended service is not dead: a command must not treat its work as lost.
    sweep: async (dead, at) => (locked === null && isFolderLocked(directory) ? [] : opened.sweep(dead, at)),
  });
  const deliveriesMax = withinOpenFiles(DELIVERIES_MAX, "delivery");
  return {
    ledger,
    failing: () => failing() ?? fullDisk(directory),
    lock(owner) {
      locked ??= lockFolder(directory, owner);
      return true;
    },
    engine: (options) => waking(inProcessEngine({ ...options, deliveriesMax, ledger }), wakes),
    slots: ({ slotsMax }) => createSlots(slotsMax),
    renew: (config) => config.kind === "file" && config.directory === directory,
    async close() {
      await ledger.close();
      locked?.release();
    },
  };
}

async function fleet(url: string, trouble: (thrown: unknown) => void): Promise<Store> {
  // Not with `later`: an embedded service does without them, and one of a fleet opens its store before it is ready.
  const [{ openPostgresLedger }, { openFleetQueue }, { fleetSlots }] = await Promise.all([
    import("../ledger/postgres/postgres.ts"),
    import("../engine/fleet/queue.ts"),
    import("../engine/fleet/query-slots.ts"),
  ]);
  const queue = await openFleetQueue(url, trouble);
  const wakes = new Set<() => void>();
  const announced: Announce = () => {
    queue.announced();
    wakeAll(wakes);
  };
  const opened = await openPostgresLedger(url, { announce: queue.announce, announced }).catch(
    async (cause) => {
      await queue.close();
      throw cause;
    },
  );
  const { ledger, failing } = noted(opened);
  return {
    ledger,
    failing,
    lock: () => false,
    engine(options) {
      const all = { ...options, deliveriesMax: withinOpenFiles(FLEET_DELIVERIES_MAX, "delivery"), ledger };
      return options.role === "service" ? queue.engine(all) : waking(inProcessEngine(all), wakes);
    },
    slots: (options) => fleetSlots({ ...options, ledger }),
    renew(config) {
      if (config.kind === "file" || !isSamePlace(config.url, url)) return false;
      opened.renew(config.url);
      queue.renew(config.url);
      return true;
    },
    async close() {
      await ledger.close();
      await queue.close();
    },
  };
}

/** Whether both lead to one database, whatever their user and password. */
function isSamePlace(one: string, other: string): boolean {
  const [first, second] = [one, other].map((text) => {
    const url = new URL(text);
    url.username = "";
    url.password = "";
    url.searchParams.delete("password");
    url.searchParams.delete("user");
    return url.href;
  });
  return first === second;
}

function waking(engine: Engine, wakes: Set<() => void>): Engine {
  wakes.add(() => engine.wake());
  return engine;
}

function wakeAll(wakes: ReadonlySet<() => void>): void {
  for (const wake of wakes) wake();
}
