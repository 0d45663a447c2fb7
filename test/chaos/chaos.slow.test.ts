import { rmSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type CampaignOptions, campaign, type Outcome } from "../../chaos/campaign.ts";
import { openPostgresLedger } from "../../src/ledger/postgres/postgres.ts";
import { openSqliteLedger } from "../../src/ledger/sqlite/sqlite.ts";
import { seededRandom } from "../../src/sandbox/seeded-random.ts";
import { type Postgres, startPostgres } from "../postgres.ts";

// The short form of `npm run chaos`: real workers as processes, killed with SIGKILL over servers that misbehave.

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

async function kill(
  options: Pick<CampaignOptions, "kills" | "replicas" | "store"> & Partial<CampaignOptions>,
): Promise<Outcome> {
  const outcome = await campaign({
    reports: 2,
    queryMs: 100,
    nuisances: true,
    ordeals: [],
    random: seededRandom(7),
    tell: () => undefined,
    ...options,
  });
  rmSync(outcome.folder, { recursive: true, force: true });
  return outcome;
}

function expectAllIsWell({ due, delivered, lost, twice, wrong, unknown, unknownArrived, told }: Outcome) {
  expect({ lost, twice, wrong }).toEqual({ lost: [], twice: [], wrong: [] });
  expect(due).toBeGreaterThanOrEqual(200);
  expect(delivered + (unknown - unknownArrived) + told.length).toBe(due);
}

test.concurrent("a worker that is killed again and again over its folder loses nothing and sends nothing twice", async () => {
  const store = { kind: "folder", open: (folder: string) => openSqliteLedger(folder) } as const;
  const outcome = await kill({ kills: 8, replicas: 1, store });
  expectAllIsWell(outcome);
  expect(outcome.recoveryMs.length).toBeGreaterThan(0);
});

test.concurrent("two workers on one Postgres that are killed in turn take each other's work over, once", async () => {
  const url = await postgres.createDatabase();
  const store = { url, open: () => openPostgresLedger(url, {}) };
  expectAllIsWell(await kill({ kills: 6, replicas: 2, store }));
});

test.concurrent("a worker without descriptors, and one whose servers are away, loses nothing and sends nothing twice", async () => {
  const store = { kind: "folder", open: (folder: string) => openSqliteLedger(folder) } as const;
  const ordeals = ["starve", "unplug"] as const;
  const outcome = await kill({ kills: 5, replicas: 1, store, ordeals, random: seededRandom(3) });
  expectAllIsWell(outcome);
  expect(outcome.ordeals).toMatchObject({ starve: expect.any(Number) });
});
