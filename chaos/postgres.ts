import { openPostgresLedger } from "../src/ledger/postgres/postgres.ts";
import { startPostgres } from "../test/postgres.ts";
import type { CampaignOptions } from "./campaign.ts";

/** A Postgres of the campaign's own, or that of TEST_DATABASE_URL, for as long as `work` takes. */
export async function withPostgres<T>(work: (store: CampaignOptions["store"]) => Promise<T>): Promise<T> {
  const postgres = await startPostgres();
  try {
    const url = await postgres.createDatabase();
    return await work({ url, open: () => openPostgresLedger(url, {}) });
  } finally {
    await postgres.stop();
  }
}
