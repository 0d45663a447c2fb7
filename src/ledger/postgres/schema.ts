import { ReportError } from "../../core/error.ts";
import { noLedger } from "../reader.ts";
import { VERSION_1 } from "./version/v1.ts";
import { VERSION_2 } from "./version/v2.ts";
import { VERSION_3 } from "./version/v3.ts";
import { VERSION_4 } from "./version/v4.ts";
import { VERSION_5 } from "./version/v5.ts";

/** One entry for each released version of the tables, applied in order and never edited afterwards. */
const MIGRATIONS: readonly string[] = [VERSION_1, VERSION_2, VERSION_3, VERSION_4, VERSION_5];

/** Those that any version has made, by their names without the schema. */
export const TABLES: readonly string[] = MIGRATIONS.flatMap((migration) =>
  [...migration.matchAll(/\bCREATE TABLE lookpost\.(\w+)/g)].map(([, name = ""]) => name),
);

/** A connection within a transaction. */
interface Client {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: readonly Record<string, unknown>[] }>;
}

/**
 * Brings the tables in the schema `lookpost` to this version, making the schema if need be. Refuses a ledger that a newer lookpost has
 * written. To be called within a transaction.
 */
export async function migratePostgres(client: Client): Promise<void> {
  // Of several replicas that start at once on an empty database, one makes the tables.
  await client.query("SELECT pg_advisory_xact_lock(hashtextextended('lookpost migrations', 0))");
  const version = await versionOf(client);
  if (version > MIGRATIONS.length) throw tooNew(version);
  for (const [index, migration] of MIGRATIONS.entries()) {
    if (index < version) continue;
    await client.query(migration);
    await client.query("INSERT INTO lookpost.versions (version) VALUES ($1)", [index + 1]);
  }
}

/** Makes nothing. Throws ReportError: `config` where there is no ledger (`place`: where it would be), `local` where its tables are of another version. */
export async function refuseOtherVersion(client: Client, place: string): Promise<void> {
  const table = (await client.query("SELECT to_regclass('lookpost.versions') AS name")).rows[0]?.name;
  if (table === null) throw noLedger(place);
  const { rows } = await client.query("SELECT max(version) AS version FROM lookpost.versions");
  const version = Number(rows[0]?.version ?? 0);
  if (version > MIGRATIONS.length) throw tooNew(version);
  if (version < MIGRATIONS.length) throw tooOld(version);
}

function tooOld(version: number): ReportError {
  return new ReportError(
    `The ledger in Postgres is of version ${version}; this lookpost reads version ${MIGRATIONS.length}.`,
    {
      code: "local",
      advice:
        "Start a worker of this version, which brings it up to date, or look with the version that wrote it.",
    },
  );
}

/** Makes schema and table only where they are missing: a user that may not make them can use a ledger that exists. */
async function versionOf(client: Client): Promise<number> {
  const exists = "SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = 'lookpost'";
  if ((await client.query(exists)).rows.length === 0) await client.query("CREATE SCHEMA lookpost");
  const table = (await client.query("SELECT to_regclass('lookpost.versions') AS name")).rows[0]?.name;
  if (table === null) {
    await client.query(
      "CREATE TABLE lookpost.versions (version INTEGER PRIMARY KEY, since TIMESTAMPTZ NOT NULL DEFAULT now())",
    );
  }
  const { rows } = await client.query("SELECT max(version) AS version FROM lookpost.versions");
  return Number(rows[0]?.version ?? 0);
}

function tooNew(version: number): ReportError {
  return new ReportError(
    `The ledger in Postgres is of version ${version}; this lookpost knows up to ${MIGRATIONS.length}.`,
    {
      code: "local",
      advice: "Start the newer lookpost that wrote it, or name another database under `store:`.",
    },
  );
}
