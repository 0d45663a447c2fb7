import pg from "pg";
import { PgBoss } from "pg-boss";
import { ReportError } from "../../core/error.ts";
import { passwordOf, postgresFault } from "../../core/rules/postgres-fault.ts";
import type { Lane } from "../lanes.ts";

const SCHEMA = "lookpost_queue";
export const QUEUES: Readonly<Record<Lane, string>> = { runs: "runs", deliveries: "deliveries" };

/** How often pg-boss looks for jobs whose worker is silent, and deletes what is done. Its defaults are 60 s and a day. */
export const SUPERVISE_MS = 5_000;
/** A job whose worker is silent for this long is another's. Runs and deliveries are freed by the ledger, in about the same time. */
const HEARTBEAT_S = 15;

/** Each try of a job is one question to the ledger, which counts the real attempts: the queue must never be the one to give up. */
const TRIES_MAX = 1_000_000;
const BUSY_AGAIN_S = 2;
/** The longest that pg-boss allows: a query may take hours, and a dead worker is known by its silence. */
const EXPIRE_S = 24 * 3600;
const KEEP_DONE_S = 60;
/** What is not taken for this long is deleted, and found again by a look at the ledger. */
const KEEP_WAITING_S = 30 * 24 * 3600;

const CONNECTIONS_MAX = 4;
/** A server that is gone without a word (a cut network) must not hold up the queue for as long as TCP would. */
const QUERY_MS_MAX = 30_000;
const CONNECT_MS_MAX = 10_000;

export interface FleetBoss {
  readonly boss: PgBoss;
  /** The same database under another user or password. */
  renew(url: string): void;
  /** What was thrown in words, with what to do, where it is of this queue's database; anything else as it is. */
  explain(thrown: unknown): unknown;
  /** Leaves no connection open. */
  close(): Promise<void>;
}

/** pg-boss over a pool of our own, with its tables and both queues made. Rejects as openFleetQueue does. */
export async function openFleetBoss(url: string, onTrouble: (thrown: unknown) => void): Promise<FleetBoss> {
  const place = placeOf(url);
  let password = passwordOf(url);
  const fault = (how: string, cause: unknown) =>
    postgresFault(`The queue in Postgres (${place}) cannot be ${how}`, cause, password);
  const trouble = (cause: unknown) => onTrouble(fault("used", cause));
  const pool = openPool(url, trouble);
  // pg-boss reads the states of some and passes on the rest: they are put into words only by those who tell of them.
  const failures = new WeakSet<object>();
  const failed = (cause: object) => {
    failures.add(cause);
    throw cause;
  };
  const boss = new PgBoss({
    // A connection that any statement fails on is given up by the pool: it may be within a transaction that pg-boss began in the same text, or
    // be that of a server which was made a standby meanwhile.
    db: { executeSql: (text, values) => pool.query(text, values).catch(failed) },
    schema: SCHEMA,
    // The engine supervises, while it works: a command that only announces does not.
    supervise: false,
    schedule: false,
    monitorIntervalSeconds: SUPERVISE_MS / 1000 - 1,
    maintenanceIntervalSeconds: SUPERVISE_MS / 1000 - 1,
    monitorVacuum: false,
  });
  boss.on("error", trouble);
  const close = async () => {
    await boss.stop({ graceful: false }).catch(trouble);
    await pool.end();
  };
  try {
    await boss.start();
    for (const queue of Object.values(QUEUES)) await settle(boss, queue);
  } catch (cause) {
    await close();
    throw fault("opened", cause);
  }
  const renew = (next: string) => {
    password = passwordOf(next);
    pool.options.connectionString = next;
  };
  const explain = (thrown: unknown) =>
    typeof thrown === "object" && thrown !== null && failures.has(thrown) ? fault("used", thrown) : thrown;
  return { boss, renew, explain, close };
}

function openPool(url: string, trouble: (thrown: unknown) => void): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "lookpost queue",
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    query_timeout: QUERY_MS_MAX,
    keepAlive: true,
  });
  // A connection that breaks while it is idle has no other listener, and would end the process.
  pool.on("error", trouble);
  return pool;
}

/** Whatever an earlier version set, these settings hold from now on. */
async function settle(boss: PgBoss, queue: string): Promise<void> {
  const settings = {
    heartbeatSeconds: HEARTBEAT_S,
    expireInSeconds: EXPIRE_S,
    retryLimit: TRIES_MAX,
    retryDelay: BUSY_AGAIN_S,
    retryBackoff: false,
    deleteAfterSeconds: KEEP_DONE_S,
    retentionSeconds: KEEP_WAITING_S,
  };
  await boss.createQueue(queue, settings);
  await boss.updateQueue(queue, settings);
}

/** Where the queue is, in words without the password. Throws ReportError `config` where the URL is not one. */
function placeOf(url: string): string {
  if (!URL.canParse(url))
    throw new ReportError("The store's URL is not one.", {
      code: "config",
      advice:
        "Write it as postgres://user:password@host:5432/database, with special characters percent-encoded.",
    });
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}
