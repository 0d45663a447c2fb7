import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { ReportError } from "../../core/error.ts";
import type { Work } from "../../core/model/work.ts";
import type { Announce, Ledger } from "../../core/ports/ledger.ts";
import { passwordOf, postgresFault, stateOf } from "../../core/rules/postgres-fault.ts";
import type { LedgerReader } from "../reader.ts";
import type { Steps } from "../steps.ts";
import { ledgerVerbs } from "../verbs/verbs.ts";
import { migratePostgres, refuseOtherVersion } from "./schema.ts";
import { type Announcements, postgresDialect, postgresSteps, type Queryable } from "./steps.ts";

export interface PostgresOptions {
  /**
   * Gets the work that any worker may take, within the transaction that makes it and with its connection, before it is
   * committed. Where it rejects, nothing is written.
   */
  readonly announce?: (work: readonly Work[], client: Queryable) => Promise<void>;
  /** Gets all work right after the commit. */
  readonly announced?: Announce;
}

export interface PostgresLedger extends Ledger {
  /** The same database under another user or password: from now on, connections are made with these. */
  renew(url: string): void;
}

const CONNECTIONS_MAX = 10;
const CONNECT_MS_MAX = 10_000;
const STATEMENT_MS_MAX = 30_000;
/** A little longer than the server's own limit: it counts when the server is gone without a word. */
const ANSWER_MS_MAX = 35_000;
/** A process that is stopped within a transaction must not keep its rows from those who take its work over. */
const STANDSTILL_MS_MAX = 5_000;

const BEGIN = `BEGIN ISOLATION LEVEL READ COMMITTED; SET LOCAL statement_timeout = ${STATEMENT_MS_MAX};
  SET LOCAL idle_in_transaction_session_timeout = ${STANDSTILL_MS_MAX}`;

/**
 * Opens the ledger in the schema `lookpost` of a Postgres database, making its tables if need be. Rejects with ReportError:
 * `unavailable` (retryable) where the server does not answer, `auth` where it refuses the user, `config` where the URL is wrong or
 * the database is not there, `local` where a newer lookpost has written it.
 */
export async function openPostgresLedger(url: string, options: PostgresOptions): Promise<PostgresLedger> {
  const place = placeOf(url);
  let password = passwordOf(url);
  const fault = (how: string, cause: unknown) =>
    postgresFault(`The ledger in Postgres (${place}) cannot be ${how}`, cause, password);
  const pool = openPool(url);
  try {
    await inTransaction(pool, (client) => migratePostgres(client));
  } catch (cause) {
    await pool.end();
    throw fault("opened", cause);
  }
  return {
    ...ledgerVerbs(postgresDialect, {
      async write<T>(begin: () => Steps<T>): Promise<T> {
        try {
          return await write(pool, begin, options);
        } catch (cause) {
          throw fault("written", cause);
        }
      },
      async read<T>(begin: () => Steps<T>): Promise<T> {
        try {
          return await postgresSteps(pool, begin(), { work: [], free: [] });
        } catch (cause) {
          throw fault("read", cause);
        }
      },
    }),
    async compact() {
      // Autovacuum sees to it.
    },
    renew(next) {
      password = passwordOf(next);
      pool.options.connectionString = next;
    },
    async inspect() {
      // The server reads its own disk.
    },
    close: () => pool.end(),
  };
}

/**
 * Opens the ledger for looking alone, which a read-only server (a standby, `default_transaction_read_only`) allows. Rejects as
 * `openPostgresLedger` does, and with `config` where there is none.
 */
export async function openPostgresReader(url: string): Promise<LedgerReader> {
  const place = placeOf(url);
  const pool = openPool(url);
  const fault = (cause: unknown) =>
    postgresFault(`The ledger in Postgres (${place}) cannot be read`, cause, passwordOf(url));
  let readOnly: string | null;
  try {
    await refuseOtherVersion(pool, place);
    readOnly = await whyReadOnly(pool);
  } catch (cause) {
    await pool.end();
    throw fault(cause);
  }
  const reading = async <T>(begin: () => Steps<T>): Promise<T> => {
    try {
      return await postgresSteps(pool, begin(), { work: [], free: [] });
    } catch (cause) {
      throw fault(cause);
    }
  };
  const ledger = ledgerVerbs(postgresDialect, {
    read: reading,
    write: () => Promise.reject(new Error("It only reads.")),
  });
  return { name: place, readOnly, ledger, close: () => pool.end() };
}

/** In sentences; null: it can be written. */
async function whyReadOnly(pool: pg.Pool): Promise<string | null> {
  const { rows } = await pool.query(
    "SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only') = 'on' AS refuses",
  );
  if (rows[0]?.standby === true)
    return "It is read-only: a standby, which may be a moment behind its primary. To change something, name the primary in the store's URL, or promote this one.";
  return rows[0]?.refuses === true
    ? "It is read-only: `default_transaction_read_only` is on. To change something, set it to off, or name another server in the store's URL."
    : null;
}

async function write<T>(pool: pg.Pool, begin: () => Steps<T>, options: PostgresOptions): Promise<T> {
  const { announce, announced: afterCommit } = options;
  const { value, announced } = await retried(() =>
    inTransaction(pool, async (client) => {
      const announced: Announcements = { work: [], free: [] };
      const value = await postgresSteps(client, begin(), announced);
      if (announced.free.length > 0) await announce?.(announced.free, client);
      return { value, announced };
    }),
  );
  if (announced.work.length > 0) afterCommit?.(announced.work);
  return value;
}

/** Serialization failure, deadlock: nothing was written, and it works another time. */
const AGAIN: ReadonlySet<string> = new Set(["40001", "40P01"]);
const TRIES_MAX = 5;
const AGAIN_MS_MAX = 50;

async function retried<T>(transaction: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transaction();
    } catch (cause) {
      if (tries === TRIES_MAX || !AGAIN.has(stateOf(cause))) throw cause;
      await sleep(Math.random() * AGAIN_MS_MAX * tries);
    }
  }
}

async function inTransaction<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  // A connection that breaks says so twice: to the query under way, which rejects, and here, where no one else listens.
  const ignore = () => undefined;
  client.on("error", ignore);
  let isSound = false;
  try {
    await client.query(BEGIN);
    const value = await work(client);
    await client.query("COMMIT");
    isSound = true;
    return value;
  } finally {
    client.off("error", ignore);
    // The server rolls back what is open on a connection that is closed: it need not be asked, and may not answer.
    client.release(!isSound);
  }
}

function openPool(url: string): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: "lookpost",
    max: CONNECTIONS_MAX,
    connectionTimeoutMillis: CONNECT_MS_MAX,
    query_timeout: ANSWER_MS_MAX,
    keepAlive: true,
  });
  // An idle connection that breaks (the server restarts) loses nothing: the next query opens another.
  pool.on("error", () => undefined);
  return pool;
}

/** Where the ledger is, in words without the password. */
function placeOf(url: string): string {
  try {
    const { host, port, database } = new pg.Client({ connectionString: url });
    return `${host}:${port}, database ${database}`;
  } catch {
    // Without the cause, which may hold the URL and with it the password.
    throw new ReportError("The store's URL cannot be read, or names a certificate file that cannot be.", {
      code: "config",
      advice:
        "Write it as postgres://user:password@host:5432/database, with special characters percent-encoded.",
    });
  }
}
