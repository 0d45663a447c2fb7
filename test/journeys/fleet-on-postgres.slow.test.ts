import { renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Ledger } from "../../src/core/ports/ledger.ts";
import { openPostgresLedger } from "../../src/ledger/postgres/postgres.ts";
import { type Postgres, startPostgres } from "../postgres.ts";
import { DAILY, type Desk, ofType, openDesk, received } from "./desk.ts";
import { healthchecks } from "./healthchecks.ts";
import { journey, until, whenFinished } from "./program.ts";

let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const report = (name: string) =>
  `  ${name}: { schedule: "${DAILY}", look: 42, retry: { tries: 5, over: 5s }, deliver: [{ email: ${name}@example.com }] }
`;

/** A desk whose store is a new database, with the ledger open for tests to look at. */
async function fleetDesk(
  reports: string,
  queryMs = 5,
  head = "",
): Promise<Desk & { readonly url: string; ledger(): Promise<Ledger> }> {
  const url = await postgres.createDatabase();
  const desk = await openDesk({
    reports,
    queryMs,
    head,
    env: { DATABASE_URL: url },
    openLedger: () => openPostgresLedger(url, {}),
  });
  return {
    ...desk,
    url,
    async ledger() {
      const ledger = await openPostgresLedger(url, {});
      whenFinished(() => ledger.close());
      return ledger;
    },
  };
}

test("a database that is down at the start is waited for, and /readyz says so until it is up", async ({
  skip,
}) => {
  if (!postgres.isOurs) skip("the server of TEST_DATABASE_URL is not ours to stop");
  const { url, pings } = await healthchecks();
  const desk = await fleetDesk(report("weekly"), 5, `heartbeat: ${url}/ping/0b0e\n`);
  await desk.promise(["weekly"]);
  await postgres.shutDown();
  const service = desk.start();
  const waits = await service.says("waiting for the ledger");
  expect(waits).toMatchObject({
    reason: expect.stringMatching(/ECONNREFUSED/),
    advice: expect.stringContaining("See that Postgres runs"),
  });
  expect(await service.ready()).toMatchObject({
    status: 503,
    checks: { ledger: { ok: false, message: expect.stringMatching(/ECONNREFUSED/) } },
  });
  await until(() => pings.length > 0);
  expect(pings).toEqual([expect.stringMatching(/^POST \/ping\/0b0e\/fail: .*ECONNREFUSED/)]);
  await postgres.startAgain();
  await service.says("started");
  expect(await service.ready()).toMatchObject({ status: 200, checks: { ledger: { ok: true } } });
  await service.says("run delivered");
  expect(await received(desk)).toEqual(["weekly@example.com"]);
});

test("a database that restarts while a report is under way: the process lives, and the report comes once", async ({
  skip,
}) => {
  if (!postgres.isOurs) skip("the server of TEST_DATABASE_URL is not ours to stop");
  const desk = await fleetDesk(report("weekly"), 2_000);
  await desk.promise(["weekly"]);
  const service = desk.start();
  await until(() => desk.sandbox.looker.tasks().length > 0);
  await postgres.shutDown();
  await service.says("trouble");
  await postgres.startAgain();
  await service.says("run delivered");
  expect(service.process.exitCode).toBeNull();
  expect(await received(desk)).toEqual(["weekly@example.com"]);
  expect(desk.sandbox.looker.taskCounts()).toMatchObject({ created: 1 });
  await until(async () => (await service.ready()).status === 200);
  expect(service.err()).toBe("");
});

/** As a standby is, for all connections from now on; those that are open break, as they do when a standby takes over. */
async function readOnly(url: string, isReadOnly: boolean): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const name = new URL(url).pathname.slice(1);
  await client.query("SET default_transaction_read_only = off");
  await client.query(
    `ALTER DATABASE ${name} SET default_transaction_read_only = ${isReadOnly ? "on" : "off"}`,
  );
  await client.query(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
  );
  await client.end();
}

test.each(["new", "used"] as const)(
  "a %s database that is read-only is waited for at the start, with what to do, until it can be written",
  async (which) => {
    const desk = await fleetDesk(report("weekly"));
    if (which === "used") await desk.promise(["weekly"]);
    await readOnly(desk.url, true);
    const service = desk.start();
    expect(await service.says("waiting for the ledger")).toMatchObject({
      reason: expect.stringMatching(/read-only/),
      advice: expect.stringContaining("name the primary in the store's URL"),
    });
    expect(await service.ready()).toMatchObject({ status: 503, checks: { ledger: { ok: false } } });
    await readOnly(desk.url, false);
    await service.says("started");
    if (which === "used") await service.says("run delivered");
    expect(await service.ready()).toMatchObject({ status: 200 });
  },
);

test("a database that becomes read-only under the service, as in a failover: it says so, and goes on by itself", async () => {
  const desk = await fleetDesk(report("weekly"), 2_000);
  await desk.promise(["weekly"]);
  const service = desk.start();
  await until(() => desk.sandbox.looker.tasks().length > 0);
  await readOnly(desk.url, true);
  expect(
    await service.says("trouble", ({ reason }) => String(reason).includes("read-only transaction")),
  ).toMatchObject({
    advice: expect.stringContaining("goes on by itself once it can write"),
  });
  await until(async () => (await service.ready()).status === 503);
  await readOnly(desk.url, false);
  await service.says("run delivered");
  await until(async () => (await service.ready()).status === 200);
  expect(await received(desk)).toEqual(["weekly@example.com"]);
  expect(desk.sandbox.looker.taskCounts()).toMatchObject({ created: 1 });
});

test("the password of the database is rotated in its file under the service, which goes on with the new one", async ({
  skip,
}) => {
  if (!postgres.isOurs) skip("the server of TEST_DATABASE_URL is not ours to change");
  const admin = await postgres.createDatabase();
  const execute = async (sql: string) => {
    const client = new pg.Client({ connectionString: admin });
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  const user = `rotated_${Date.now()}`;
  await execute(`CREATE ROLE ${user} LOGIN PASSWORD 'password-of-yesterday'`);
  await execute(`GRANT CREATE ON DATABASE ${new URL(admin).pathname.slice(1)} TO ${user}`);
  const urlWith = (password: string) => {
    const url = new URL(admin);
    url.username = user;
    url.password = password;
    return url.href;
  };
  const desk = await openDesk({
    reports: report("weekly"),
    openLedger: () => openPostgresLedger(urlWith("password-of-yesterday"), {}),
  });
  const file = join(desk.folder, "store");
  writeFileSync(file, `${urlWith("password-of-yesterday")}\n`);
  desk.write(report("weekly"), `store: "\${file:${file}}"\n`);
  const service = desk.start();
  await service.says("started");
  await execute(`ALTER ROLE ${user} PASSWORD 'password-of-today'`);
  await execute(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${user}'`);
  await until(async () => (await service.ready()).status === 503);
  writeFileSync(`${file}.new`, `${urlWith("password-of-today")}\n`);
  renameSync(`${file}.new`, file);
  await until(async () => (await service.ready()).status === 200);
  const run = await desk.lookpost("run", "weekly");
  expect(run).toMatchObject({ code: 0 });
  expect(await received(desk)).toEqual(["weekly@example.com"]);
  service.kill("SIGTERM");
  await service.ended;
  expect(service.out() + service.err()).not.toMatch(/of-yesterday|of-today/);
});

journey("a wrong password ends the start at once, and is in none of its words", async ({ skip }) => {
  const url = new URL(await postgres.createDatabase());
  if (url.password === "" || !postgres.isOurs) skip("the server of TEST_DATABASE_URL may take any password");
  url.password = "hunter2-wrong";
  const desk = await openDesk({ reports: report("weekly"), env: { DATABASE_URL: url.href } });
  for (const args of [["start"], ["history"]]) {
    const { code, out, err } = await desk.lookpost(...args);
    expect({ args, code }).toEqual({ args, code: 1 });
    expect(err).toMatch(/password authentication failed/);
    expect(err).toContain("Correct user and password in the store's URL");
    expect(out + err).not.toContain("hunter2");
  }
});

journey("a dead replica's run is taken over, and its query is polled on", async () => {
  const desk = await fleetDesk(report("weekly"), 2_000);
  await desk.promise(["weekly"]);
  const first = desk.start();
  const started = await first.says("run started");
  const ledger = await desk.ledger();
  // Known to the ledger, not only to Looker: a query that was not written down is asked again.
  await until(async () => (await ledger.sections(String(started.run))).some(({ taskId }) => taskId !== null));
  first.kill("SIGKILL");
  await first.ended;
  const second = desk.start();
  await until(() => second.said("run started").length > 0);
  await second.says("run delivered");
  expect(await received(desk)).toEqual(["weekly@example.com"]);
  expect(desk.sandbox.looker.taskCounts()).toMatchObject({ created: 1 });
  const [run] = ofType(await desk.history(), "run");
  expect(run).toMatchObject({ status: "delivered", attempts: 2 });
  expect(await desk.words("--run", String(run?.run))).toMatch(
    /attempt 1 .*: lost: the worker died, or was suspended for too long .*attempt 2 .*: done/,
  );
});

journey(
  "a replica that was stopped while it sent, and continued, sends nothing twice and lives on under a new name",
  async () => {
    const desk = await fleetDesk(report("weekly") + report("later"));
    const ledger = await desk.ledger();
    const { faults } = desk.sandbox.smtp;
    faults.add({ at: "rcpt", delayMs: 2_000, times: 1 });
    await desk.promise(["weekly"]);
    const zombie = desk.start();
    const { run } = await zombie.says("run started");
    // In the middle of its conversation with the mail server, before the message.
    await until(() => faults.list().length === 0);
    const [before] = await ledger.deliveries(String(run));
    zombie.kill("SIGSTOP");
    const other = desk.start();
    await until(() => other.said("run delivered").length > 0);
    expect(await received(desk)).toEqual(["weekly@example.com"]);
    other.kill("SIGTERM");
    await other.ended;

    zombie.kill("SIGCONT");
    await zombie.says("trouble", ({ reason }) => /gave no sign of life for a while/.test(String(reason)));
    await desk.promise(["later"]);
    zombie.kill("SIGHUP");
    const later = await zombie.says("run delivered", (line) => line.report === "later");
    const [attempt] = await ledger.runAttempts(String(later.run));
    expect(attempt?.owner.split(":")[1]).toBe(String(zombie.process.pid));
    expect(attempt?.owner).not.toBe(before?.owner);
    expect(await received(desk)).toEqual(["later@example.com", "weekly@example.com"]);
    expect(await ledger.deliveryAttempts(before?.id ?? "")).toMatchObject([{ end: "lost" }, { end: "sent" }]);
  },
);
