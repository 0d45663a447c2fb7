import { later } from "../../core/later.ts";
import type { Clock } from "../../core/ports/clock.ts";
import { abortable } from "../../core/rules/abortable.ts";
import type { Redact } from "../../core/rules/redact.ts";
import { createSlots, type Slots } from "../../core/rules/slots.ts";
import { webUrl } from "../connection/base-url.ts";
import type { Connection } from "../connection/connection.ts";
import type { KnownQuery } from "../query/content.ts";
import { type RecentTimes, recentTimes } from "../query/pace.ts";
import { openExchange } from "./exchange.ts";
import type { Sdk, Send } from "./sdk.ts";
import type { Incoming } from "./transport.ts";

export interface LookerDeps {
  readonly clock: Clock;
  /** From 0 up to 1: spreads polls and retries. Default: Math.random. */
  readonly random?: () => number;
  /** Slots for queries under way, where several processes share them. Default: as many as the connection says, for this process. */
  readonly slots?: Slots;
  /** Takes secrets other than this Looker's own out of what it says. */
  readonly redact?: Redact;
  /** Told every secret that comes up (the client secret, access tokens), for logs to leave out. */
  readonly secretsSeen?: (secret: string) => void;
}

/** One Looker, logged in when first needed. Every method rejects with ReportError. */
export interface Looker {
  /** Address of the API, without `/api/4.0`. */
  readonly baseUrl: string;
  /** Where people open it, as far as the API's address says. */
  readonly webUrl: string;
  readonly clock: Clock;
  readonly random: () => number;
  /** Slots for queries under way. */
  readonly slots: Slots;
  /** Query tasks under way that a slot was taken for in this process. */
  readonly tasksInSlots: Set<string>;
  /** How long this Looker's queries took recently. */
  readonly recent: RecentTimes;
  /** Queries known in this process: those made, by the digest of their body; those read, by `name:` and id or slug. */
  readonly queries: Map<string, KnownQuery>;
  call<T>(send: Send<T>, signal?: AbortSignal): Promise<T>;
  /** GET of a path below `/api/4.0` without a login: says whether an API is there at all. */
  reach(path: string, signal: AbortSignal): Promise<void>;
  /** GET of a path below `/api/4.0` as a stream. */
  download(path: string, signal: AbortSignal): Promise<Incoming>;
  /** Another API key from now on, for what is under way too: the session of the one before is given back. */
  renew(key: Pick<Connection, "clientId" | "clientSecret">): void;
  /** Logs out, for no longer than a few seconds, and lets go of the connections. */
  close(): Promise<void>;
}

/** Looker's SDK is 400 operations of code: a command that asks Looker nothing neither waits nor pays for it. */
const sdkCode = later(() => import("./sdk.ts"));

/** Throws ReportError `config` when the file of `ca` cannot be read; nothing is sent yet. */
export function openLooker(connection: Connection, deps: LookerDeps): Looker {
  const seen = deps.secretsSeen ?? (() => undefined);
  seen(connection.clientSecret);
  const exchange = openExchange(connection.ca);
  let opened: Sdk | null = null;
  let key: Pick<Connection, "clientId" | "clientSecret"> = connection;
  const sdk = async () => {
    const { openSdk } = await sdkCode();
    opened ??= openSdk({ ...connection, ...key }, exchange, { seen, redact: deps.redact ?? String });
    return opened;
  };

  return {
    baseUrl: connection.baseUrl,
    webUrl: webUrl(connection.baseUrl),
    clock: deps.clock,
    random: deps.random ?? Math.random,
    slots: deps.slots ?? createSlots(connection.maxConcurrentQueries),
    tasksInSlots: new Set(),
    recent: recentTimes(),
    queries: new Map(),
    call: async (send, signal) => (await sdk()).call(send, signal),
    reach: async (path, signal) => (await sdk()).reach(path, signal),
    download: async (path, signal) => (await sdk()).download(path, signal),
    renew(next) {
      if (next.clientId === key.clientId && next.clientSecret === key.clientSecret) return;
      key = { clientId: next.clientId, clientSecret: next.clientSecret };
      seen(key.clientSecret);
      opened?.renew(key);
    },
    async close() {
      await opened?.logOut();
      exchange.close();
    },
  };
}

interface Kept<T> {
  readonly at: number;
  readonly answer: Promise<T>;
}

/** Asks; or gives the answer that another has asked for under the same key. The signal ends only the caller's own waiting. */
export type Briefly<T> = (
  looker: Looker,
  key: string,
  signal: AbortSignal,
  ask: () => Promise<T>,
) => Promise<T>;

/**
 * Asks each Looker once within `keptMs` for all who want the same. `ask` has no signal, since others may wait for it too: the
 * time limit of each request ends it. A failure is not kept.
 */
export function keptBriefly<T>(keptMs: number, keptMax: number): Briefly<T> {
  const ofLookers = new WeakMap<Looker, Map<string, Kept<T>>>();
  return async (looker, key, signal, ask) => {
    signal.throwIfAborted();
    const kept = ofLookers.get(looker) ?? new Map<string, Kept<T>>();
    ofLookers.set(looker, kept);
    const now = looker.clock.now().getTime();
    const known = kept.get(key);
    if (known !== undefined && now - known.at < keptMs) return abortable(known.answer, signal);
    if (kept.size >= keptMax) kept.clear();
    const answer = ask();
    kept.set(key, { at: now, answer });
    answer.catch(() => kept.delete(key));
    return abortable(answer, signal);
  };
}
