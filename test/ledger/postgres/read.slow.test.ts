import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPostgresLedger, openPostgresReader } from "../../../src/ledger/postgres/postgres.ts";
import { type Postgres, startPostgres } from "../../postgres.ts";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

async function execute(url: string, sql: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(sql);
  await client.end();
  return rows;
}

test("a database that is read-only is read, and what would write says that it is", async () => {
  const url = await postgres.createDatabase();
  const writer = await openPostgresLedger(url, {});
  await writer.pause("weekly", null, new Date(0));
  await writer.close();
  await execute(
    url,
    `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET default_transaction_read_only = on`,
  );
  const reader = await openPostgresReader(url);
  expect(await reader.ledger.plans()).toMatchObject([{ report: "weekly" }]);
  expect(await reader.ledger.deadOwners({ silentMs: 1, onlyService: null }, new Date())).toEqual([]);
  expect(reader.name).toContain(`database ${new URL(url).pathname.slice(1)}`);
  expect(reader.readOnly).toMatch(/^It is read-only: `default_transaction_read_only` is on\./);
  await reader.close();
  const refused = await openPostgresLedger(url, {});
  await expect(refused.pause("daily", null, new Date(0))).rejects.toMatchObject({
    retryable: true,
    message: expect.stringContaining("read-only"),
    advice: expect.stringContaining("name the primary"),
  });
  await refused.close();
});

test("where there is no ledger it is said, and none is made", async () => {
  const url = await postgres.createDatabase();
  await expect(openPostgresReader(url)).rejects.toMatchObject({
    code: "config",
    message: expect.stringMatching(/^There is no ledger at .*; the service may use another store/),
  });
  const schemas = await execute(url, "SELECT 1 FROM pg_namespace WHERE nspname = 'lookpost'");
  expect(schemas).toEqual([]);
});
