import { connect, createServer, type Socket } from "node:net";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPostgresLedger } from "../../src/ledger/postgres/postgres.ts";
import { type Postgres, startPostgres } from "../postgres.ts";
import { DAILY, type Desk, flat, ofType, openDesk, received } from "./desk.ts";
import { until, whenFinished } from "./program.ts";

/** Two servers as they are in production: a primary, and a hot standby that follows it and is promoted. */
let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const WEEKLY = `  weekly: { schedule: "${DAILY}", look: 42, retry: { tries: 5, over: 5s }, deliver: [{ email: weekly@example.com }] }
`;

function onPort(url: string, port: number): string {
  const other = new URL(url);
  other.port = String(port);
  return other.href;
}

/** An address of a database that leads to one server or the other, as a failover moves it; connections through it break then. */
async function movingAddress(url: string): Promise<{ readonly url: string; leadTo(port: number): void }> {
  let port = Number(new URL(url).port);
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on("error", () => one.destroy());
      one.on("close", () => {
        open.delete(one);
        other.destroy();
      });
      one.pipe(other);
    }
  });
  const breakAll = () => {
    for (const socket of open) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  whenFinished(() => {
    server.close();
    breakAll();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("It has no port.");
  return {
    url: onPort(url, address.port),
    leadTo(next) {
      port = next;
      breakAll();
    },
  };
}

/** Until the standby has all that the primary has written. */
async function caughtUp(primary: string, standby: string): Promise<void> {
  const ask = async (url: string, sql: string, ...values: unknown[]) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    const { rows } = await client.query(sql, values).finally(() => client.end());
    return rows[0]?.found;
  };
  const at = await ask(primary, "SELECT pg_current_wal_lsn() AS found");
  await until(
    async () => (await ask(standby, "SELECT pg_last_wal_replay_lsn() >= $1 AS found", at)) === true,
  );
}

/** A desk whose service is at `url`, and whose ticks were promised at `primary`. */
function deskOn(url: string, queryMs: number, primary = url): Promise<Desk> {
  return openDesk({
    reports: WEEKLY,
    queryMs,
    env: { DATABASE_URL: url },
    openLedger: () => openPostgresLedger(primary, {}),
  });
}

test("a standby is read, refuses changes in words, is waited for, and once it is promoted the service goes on by itself", async ({
  skip,
}) => {
  if (!postgres.isOurs) skip("the server of TEST_DATABASE_URL is not ours to copy");
  const url = await postgres.createDatabase();
  const { port, promote } = await postgres.addStandby();
  const standby = onPort(url, port);
  const desk = await deskOn(standby, 5, url);
  await desk.promise(["weekly"]);
  await caughtUp(url, standby);

  expect(await desk.words()).toMatch(
    /Nothing has run yet\. Read from the ledger .* It is read-only: a standby, .* name the primary in the store's URL, or promote this one\. $/,
  );
  const [last] = (await desk.history()).slice(-1);
  expect(last).toMatchObject({
    type: "ledger",
    readOnly: expect.stringMatching(/^It is read-only: a standby/),
  });
  const paused = await desk.lookpost("pause", "weekly");
  expect(paused).toMatchObject({ code: 1, err: expect.stringContaining("read-only") });
  expect(flat(paused.err)).toContain("name the primary in the store's URL");

  const service = desk.start();
  expect(await service.says("waiting for the ledger")).toMatchObject({
    reason: expect.stringMatching(/read-only|recovery/),
    advice: expect.stringContaining("as a standby is: name the primary"),
  });
  expect(await service.ready()).toMatchObject({ status: 503, checks: { ledger: { ok: false } } });
  await promote();
  await service.says("run delivered");
  expect(await service.ready()).toMatchObject({ status: 200 });
  expect(await received(desk)).toEqual(["weekly@example.com"]);
  const after = await desk.words();
  expect(after).toMatch(/weekly .* delivered/);
  expect(after).not.toContain("read-only");
});

test("the primary stops while a report is under way: the service waits for the standby to be promoted, and the report comes once", async ({
  skip,
}) => {
  if (!postgres.isOurs) skip("the server of TEST_DATABASE_URL is not ours to stop");
  const url = await postgres.createDatabase();
  const { port, promote } = await postgres.addStandby();
  const address = await movingAddress(url);
  const desk = await deskOn(address.url, 2_000);
  await desk.promise(["weekly"]);
  const service = desk.start();
  await until(() => desk.sandbox.looker.tasks().length > 0);
  // Stopped in order, it has sent the standby all it has written.
  await postgres.shutDown();
  address.leadTo(port);
  expect(
    await service.says("trouble", ({ advice }) => String(advice).includes("as a standby is")),
  ).toMatchObject({ advice: expect.stringContaining("goes on by itself once it can write") });
  await until(async () => (await service.ready()).status === 503);
  expect(await desk.words()).toMatch(/It is read-only: a standby/);
  await promote();
  await service.says("run delivered");
  await until(async () => (await service.ready()).status === 200);
  expect(await received(desk)).toEqual(["weekly@example.com"]);
  expect(desk.sandbox.looker.taskCounts()).toMatchObject({ created: 1 });
  expect(ofType(await desk.history(), "run")).toMatchObject([{ status: "delivered" }]);
  expect(service.process.exitCode).toBeNull();
  expect(service.err()).toBe("");
});
