import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connectionProblems } from "./check.ts";
import { type Config, type Loaded, readConfig } from "./config/index.ts";
import type { Destination, Source } from "./core/adapter.ts";
import type { Clock } from "./core/clock.ts";
import { ReportError } from "./core/error.ts";
import type { Listener } from "./core/event.ts";
import type { Ledger, OwnerRole } from "./core/ledger.ts";
import type { Chosen, Report } from "./core/report.ts";
import { redact } from "./core/secret.ts";
import { inProcessEngine } from "./engine/in-process.ts";
import { type Looker, openLooker, resolveConnection } from "./looker/index.ts";
import { type Connections, destinationOf, formatOf, language, openStore, sourceOf } from "./registry.ts";
import { fitArtifacts } from "./render/index.ts";
import type { Sandbox, SandboxOptions } from "./sandbox/index.ts";
import type { Adapters } from "./worker/adapters.ts";
import { spoolFolder } from "./worker/spool-folder.ts";
import { ownerName, startWorker, type Worker } from "./worker/worker.ts";

export { checkOnline } from "./check.ts";
export { formatProblems, jsonSchema, type Problem, reference } from "./config/index.ts";
export {
  type ExploreField,
  fields,
  fieldsOfLook,
  type Looker,
  looks,
  testConnection,
} from "./looker/index.ts";
export { language, sandboxConnections } from "./registry.ts";
export type { Sandbox } from "./sandbox/index.ts";
export { startScheduler } from "./worker/scheduler.ts";
export { isTick, tickBefore, upcomingTicks } from "./worker/ticks.ts";
export type { Worker } from "./worker/worker.ts";

export type AppConfig = Config<Connections>;
export type Env = Readonly<Record<string, string | undefined>>;

type Closing = () => Promise<void> | void;

const DELIVERIES_MAX = 10;
/** Access tokens of Looker that are hidden wherever they turn up: the latest, one an hour. */
const TOKENS_KEPT = 10;

const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    sleep(ms, undefined, signal === undefined ? {} : { signal }).catch((cause) => {
      throw signal?.aborted ? signal.reason : cause;
    }),
};

/** Reads and checks a reports.yaml. Throws ReportError `config` when there is no such file. */
export function readReports(file: string, env: Env): Loaded<Connections> {
  const readFile = (path: string) => readFileSync(path, "utf8");
  const loaded = readConfig(readText(file), { file, env, readFile, language });
  if (loaded.config === null) return loaded;
  // A relative store belongs to the file, not to where a command happens to be run: one file, one ledger.
  const store = { ...loaded.config.store, directory: resolve(dirname(file), loaded.config.store.directory) };
  const config = { ...loaded.config, store };
  return { config, problems: [...loaded.problems, ...connectionProblems(config)] };
}

function readText(file: string): string {
  try {
    // Fatal: a title in Latin-1 must not arrive as "Zo\uFFFD". A byte order mark is dropped.
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (cause) {
    throw new ReportError(unreadable(file, cause), {
      code: "config",
      advice: "Run lookpost in the folder of your reports.yaml, or name the file.",
      cause,
    });
  }
}

function unreadable(file: string, cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code ?? "";
  if (code === "ENOENT") return `There is no file ${file}.`;
  if (code === "EISDIR") return `${file} is a folder.`;
  if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return `${file} is not in UTF-8: save it so.`;
  return `${file} cannot be read: ${code}.`;
}

/** A configuration that names nothing: for commands that need a Looker only, which the environment may name. */
export function bareConfig(): AppConfig {
  const store = { kind: "file", directory: "data" } as const;
  return { file: "", store, connections: {}, reports: [], secrets: [], locate: () => null };
}

/** Reads what a person wrote on the command line as one destination of reports.yaml. Throws ReportError `config`. */
export function readDestination(kind: string, text: string, { connections }: AppConfig): Chosen {
  const { options: schema, findings } = destinationOf(kind);
  const connection = connections[kind as keyof Connections];
  if (connection === undefined) throw unconnected(kind);
  const read = schema.safeParse(text);
  if (!read.success)
    throw new ReportError(read.error.issues[0]?.message ?? `"${text}" is no ${kind}.`, { code: "config" });
  const [finding] = findings?.(read.data, connection) ?? [];
  if (finding !== undefined)
    throw new ReportError(`${finding.message}.`, { code: "config", advice: finding.advice });
  return { kind, options: read.data };
}

/** The stand-in servers. They need packages of the project's development, which the image does not have. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const room = await import("./sandbox/index.ts").catch((cause) => {
    throw new ReportError("The sandbox's packages are not installed.", {
      code: "config",
      advice: "Run it from a checkout of lookpost, after `npm ci`.",
      cause,
    });
  });
  return room.startSandbox(options).catch((cause) => {
    throw new ReportError(cause instanceof Error ? cause.message : String(cause), {
      code: "local",
      advice: "Name other ports, or end what holds these.",
      cause,
    });
  });
}

/** The rooms, opened as they are needed and introduced to each other. */
export interface App {
  readonly config: AppConfig;
  /** Takes the configuration's secrets out of a text. */
  redact(text: string): string;
  ledger(): Promise<Ledger>;
  /** Throws ReportError `config` when no connection is configured. */
  looker(): Looker;
  source(kind: string): Source<unknown>;
  destination(kind: string): Destination<unknown>;
  /** Signs this process in as one that carries out runs. */
  startWorker(options: WorkerOptions): Promise<Worker>;
  close(): Promise<void>;
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

export function openApp(config: AppConfig, env: Env): App {
  const closing: Closing[] = [];
  const once = <T>(make: () => T): (() => T) => {
    let made: { value: T } | undefined;
    return () => {
      made ??= { value: make() };
      return made.value;
    };
  };
  const secrets = [...config.secrets];
  const tokens: string[] = [];
  const looker = once(() => {
    const connection = resolveConnection(config.connections.looker, env);
    secrets.push(connection.clientSecret);
    const secretsSeen = (token: string) =>
      tokens.splice(0, Number.POSITIVE_INFINITY, token, ...tokens.slice(0, TOKENS_KEPT - 1));
    const opened = openLooker(connection, { clock: systemClock, secretsSeen });
    closing.push(() => opened.close());
    return opened;
  });
  const ledger = once(async () => {
    const opened = await openStore(config.store);
    closing.push(() => opened.close());
    return opened;
  });
  const app: App = {
    config,
    redact: (text) => redact(text, [...secrets, ...tokens]),
    ledger,
    looker,
    source: (kind) => sourceOf(kind, looker()),
    destination: destinationsOf(config, closing),
    startWorker: (options) => workerOf(app, options),
    async close() {
      // In reverse: what was opened last may still need what was opened first. One that fails does not keep the others open.
      for (const close of closing.reverse()) await Promise.resolve(close()).catch(() => undefined);
    },
  };
  return app;
}

function destinationsOf({ connections }: AppConfig, closing: Closing[]): App["destination"] {
  const opened = new Map<string, Destination<unknown>>();
  return (kind) => {
    const standing = opened.get(kind);
    if (standing !== undefined) return standing;
    const connection = connections[kind as keyof Connections];
    if (connection === undefined) throw unconnected(kind);
    const destination = destinationOf(kind).open(connection, systemClock);
    closing.push(() => destination.close());
    opened.set(kind, destination);
    return destination;
  };
}

function unconnected(kind: string): ReportError {
  return new ReportError(`There is no connection for "${kind}".`, {
    code: "config",
    advice: `Write a top-level block \`${kind}:\` into reports.yaml.`,
  });
}

async function workerOf(app: App, options: WorkerOptions): Promise<Worker> {
  const reports = new Map(app.config.reports.map((report) => [report.name, report]));
  const adapters: Adapters = {
    source: app.source,
    format: formatOf,
    destination: app.destination,
    fit: fitArtifacts,
  };
  return startWorker(
    {
      ledger: await app.ledger(),
      adapters,
      spools: spoolFolder(join(app.config.store.directory, "spool")),
      report: options.report ?? ((name) => reports.get(name) ?? null),
      owner: ownerName(newId()),
      role: options.role,
      clock: systemClock,
      newId,
      listener: options.listener,
      redact: app.redact,
      trouble: options.trouble,
      dryRun: options.dryRun ?? false,
    },
    inProcessEngine({ deliveriesMax: DELIVERIES_MAX }),
  );
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
