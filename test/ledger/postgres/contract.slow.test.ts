import pg from "pg";
import { afterAll, beforeAll } from "vitest";
import type { Work } from "../../../src/core/model/work.ts";
import type { Ledger } from "../../../src/core/ports/ledger.ts";
import { openPostgresLedger } from "../../../src/ledger/postgres/postgres.ts";
import { TABLES } from "../../../src/ledger/postgres/schema.ts";
import { type Postgres, startPostgres } from "../../postgres.ts";
import { ledgerContract } from "../contract/contract.ts";

/** In one message: this is done ahead of each of two hundred tests. */
const EMPTY_ALL = [...TABLES]
  // Those that refer to others were made after them.
  .reverse()
  .map((name) => `DELETE FROM lookpost.${name};`)
  .join("");

let postgres: Postgres;
let admin: pg.Client;
let ledger: Ledger;
let peer: Ledger;
const announced: Work[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
  const url = await postgres.createDatabase();
  ledger = await openPostgresLedger(url, { announced: (work) => announced.push(...work) });
  peer = await openPostgresLedger(url, {});
  admin = new pg.Client({ connectionString: url });
  await admin.connect();
});

afterAll(async () => {
  await admin.end();
  await ledger.close();
  await peer.close();
  await postgres.stop();
});

// A ledger keeps nothing in memory: emptied tables are a new store, and sooner had than a new database.
ledgerContract("Postgres", async () => {
  await admin.query(EMPTY_ALL);
  announced.length = 0;
  return {
    ledger,
    peer,
    announced,
    async silence(owner) {
      await admin.query("UPDATE lookpost.owners SET beat_at = beat_at - 60000 WHERE owner = $1", [owner]);
    },
    close: async () => undefined,
  };
});
