import { dirname } from "node:path";
import { later } from "../core/later.ts";
import type { RenderMail, RenderSlack } from "../core/model/digest.ts";
import type { Problem } from "../core/model/problem.ts";
import type { Source } from "../core/ports/adapter.ts";
import type { Clock } from "../core/ports/clock.ts";
import { type OpenDestination, openDestination, type Surroundings } from "../core/ports/destination.ts";
import { redact } from "../core/rules/redact.ts";
import type { Slots } from "../core/rules/slots.ts";
import { resolveConnection } from "../looker/connection/connection.ts";
import { type Looker, openLooker } from "../looker/http/client.ts";
import { sourceOf } from "./adapters.ts";
import type { AppConfig, Env } from "./config.ts";
import { destinationOf, unconnected } from "./destinations.ts";

/** Looker and the destinations, opened as they are needed, for the configuration as it is at the moment. */
export interface Connections {
  readonly config: AppConfig;
  /** From now on this one counts. What its connections leave unchanged stays open. Says which are others than before: "looker", "email". */
  update(config: AppConfig): readonly string[];
  /** Takes the secrets of every configuration so far out of a text. */
  redact(text: string): string;
  /** Throws ReportError `config` when no connection is configured. */
  looker(): Looker;
  /** A signed address for one of Looker's pages, good for one use within minutes; null where `looker.embed` is not set up. */
  embed(url: string, signal: AbortSignal): Promise<string | null>;
  source(kind: string): Source<unknown>;
  destination(kind: string): OpenDestination;
  close(): Promise<void>;
}

export interface ConnectionsOptions {
  readonly env: Env;
  readonly clock: Clock;
  /** What relative paths in the file are relative to; its own folder unless given. */
  readonly directory?: string | undefined;
  /** The slots for queries: of this process, or of all that share the pool. */
  readonly slots: (pool: string, slotsMax: number) => Slots;
}

const mail = later(() => import("../render/mail/mail.ts"));
const post = later(() => import("../render/slack/slack.ts"));
const embedding = later(() => import("../looker/connection/embed-url.ts"));

const renderMail: RenderMail = async (...order) => (await mail()).renderMail(...order);
const renderSlack: RenderSlack = async (...order) => (await post()).renderSlack(...order);

type Closing = () => Promise<void> | void;

/** Access tokens of Looker that are hidden wherever they turn up: the latest, one an hour. */
const PASSING_KEPT = 10;

export function openConnections(
  first: AppConfig,
  { env, clock, slots, directory }: ConnectionsOptions,
): Connections {
  let config = first;
  const closing: Closing[] = [];
  const secrets = knownSecrets(first.secrets);
  /** By connection: a changed one is opened as another. The old one stays open until the end, for what still uses it. */
  const lookers = new Map<string, Looker>();
  const destinations = openDestinations(
    () => ({
      clock,
      directory: directory ?? dirname(config.file),
      renderMail,
      renderSlack,
      redact: secrets.redact,
    }),
    (opened) => void closing.push(() => opened.close()),
  );
  const blockOf = (kind: string) => config.connections[kind] ?? null;

  function looker(): Looker {
    const name = lookerName(config);
    const known = lookers.get(name);
    if (known !== undefined) return known;
    if (config.unset.looker !== undefined) throw unconnected("looker", config.unset.looker);
    const connection = resolveConnection(config.connections.looker, env);
    secrets.add(connection.clientSecret);
    const secretsSeen = secrets.addPassing;
    const own = slots(`looker ${connection.baseUrl}`, connection.maxConcurrentQueries);
    const opened = openLooker(connection, { clock, secretsSeen, redact: secrets.redact, slots: own });
    closing.push(() => opened.close());
    lookers.set(name, opened);
    return opened;
  }

  return {
    get config() {
      return config;
    },
    update(next) {
      const changed = changedConnections(config, next);
      config = next;
      destinations.releaseOthers(blockOf);
      for (const secret of next.secrets) secrets.add(secret);
      // What is under way goes on with the new key: the old one may be refused by now.
      const opened = changed.includes("looker") ? lookers.get(lookerName(config)) : undefined;
      opened?.renew(resolveConnection(config.connections.looker, env));
      return changed;
    },
    redact: secrets.redact,
    looker,
    async embed(url, signal) {
      const { embed } = resolveConnection(config.connections.looker, env);
      if (embed === null) return null;
      const { embedUrl } = await embedding();
      return embedUrl(looker(), url, embed, signal);
    },
    source: (kind) => sourceOf(kind, looker()),
    destination: (kind) => destinations.open(kind, blockOf(kind), config.unset[kind]),
    async close() {
      // In reverse: what was opened last may still need what was opened first. One that fails does not keep the others open.
      for (const close of closing.reverse()) await (async () => close())().catch(() => undefined);
    },
  };
}

interface Destinations {
  /** Opened where it is not yet. */
  open(kind: string, block: unknown, unset: Problem | undefined): OpenDestination;
  /** What is open over another block than the present one of its kind is used no more. */
  releaseOthers(blockOf: (kind: string) => unknown): void;
}

function openDestinations(
  surroundings: () => Surroundings,
  opening: (opened: OpenDestination) => void,
): Destinations {
  const known = new Map<string, OpenDestination>();
  const nameOf = (kind: string, block: unknown) => JSON.stringify([kind, block]);
  return {
    open(kind, block, unset) {
      const type = destinationOf(kind);
      if (block === null && type.needsConnection) throw unconnected(kind, unset);
      const name = nameOf(kind, block);
      const before = known.get(name);
      if (before !== undefined) return before;
      const opened = openDestination(type, block, surroundings());
      opening(opened);
      known.set(name, opened);
      return opened;
    },
    releaseOthers(blockOf) {
      for (const [name, opened] of known) {
        if (name === nameOf(opened.kind, blockOf(opened.kind))) continue;
        known.delete(name);
        opened.release?.();
      }
    },
  };
}

/** Those of every configuration so far: what was replaced may still turn up. */
function knownSecrets(first: readonly string[]) {
  const all = new Set(first);
  const passing: string[] = [];
  return {
    add: (secret: string) => void all.add(secret),
    addPassing(secret: string) {
      passing.unshift(secret);
      passing.length = Math.min(passing.length, PASSING_KEPT);
    },
    redact: (text: string) => redact(text, [...all, ...passing]),
  };
}

/** By all but the key, which can be replaced. */
function lookerName({ connections: { looker } }: AppConfig): string {
  return JSON.stringify({ ...looker, client_id: undefined, client_secret: undefined });
}

function changedConnections({ connections: before }: AppConfig, { connections: after }: AppConfig): string[] {
  const kinds = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...kinds].filter((kind) => JSON.stringify(before[kind]) !== JSON.stringify(after[kind]));
}
