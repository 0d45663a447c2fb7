import { readFileSync } from "node:fs";
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { RunClaim } from "../../../src/core/model/entry.ts";
import type { Work } from "../../../src/core/model/work.ts";
import type { Ledger } from "../../../src/core/ports/ledger.ts";
import { openPostgresLedger, type PostgresOptions } from "../../../src/ledger/postgres/postgres.ts";
import { TABLES } from "../../../src/ledger/postgres/schema.ts";
import { type Postgres, startPostgres } from "../../postgres.ts";

let postgres: Postgres;
let url: string;
let admin: pg.Client;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

const ledgers: Ledger[] = [];
async function open(options: PostgresOptions = {}, at = url): Promise<Ledger> {
  const ledger = await openPostgresLedger(at, options);
  ledgers.push(ledger);
  return ledger;
}

beforeEach(async () => {
  url = await postgres.createDatabase();
  admin = new pg.Client({ connectionString: url });
  // What a server that is shut down does to this connection is not what is tested.
  admin.on("error", () => undefined);
  await admin.connect();
});
afterEach(async () => {
  await postgres.startAgain();
  for (const ledger of ledgers.splice(0)) await ledger.close();
  await admin.end();
});

const AT = new Date("2026-11-16T13:00:00Z");
const claim = (id: string, part: Partial<RunClaim> = {}): RunClaim => ({
  id,
  report: id,
  dueAt: AT,
  burst: "",
  trigger: "schedule",
  reservedFor: null,
  kind: "tick",
  expectAt: null,
  at: AT,
  ...part,
});

const changed = (part: (url: URL) => void) => {
  const other = new URL(url);
  part(other);
  return other.href;
};

describe("opening", () => {
  test("by several replicas at once makes the tables once", async () => {
    const opened = await Promise.all([open(), open(), open(), open()]);
    await opened[0]?.claimRun(claim("r1"));
    expect(await opened[3]?.run("r1")).toMatchObject({ state: "planned" });
    const { rows } = await admin.query("SELECT version FROM lookpost.versions");
    expect(rows).toEqual([1, 2, 3, 4, 5].map((version) => ({ version })));
  });

  test("makes no table that statements would not find by its name", async () => {
    await open();
    const { rows } = await admin.query("SELECT tablename FROM pg_tables WHERE schemaname = 'lookpost'");
    expect(rows.map(({ tablename }) => tablename).sort()).toEqual([...TABLES, "versions"].sort());
  });

  test("needs no setting of the connection: a pooler may hand out another each time", async () => {
    await admin.query("CREATE SCHEMA decoy; CREATE TABLE decoy.runs (id text)");
    const user = changed(({ searchParams }) => searchParams.set("options", "-c search_path=decoy"));
    const ledger = await open({}, user);
    expect(await ledger.claimRun(claim("r1"))).not.toBeNull();
    expect(await ledger.runs({ limit: 5 })).toHaveLength(1);
  });

  test("of a ledger that lookpost 0.1 wrote keeps what is in it, and brings the tables up to date", async () => {
    await admin.query(readFileSync(new URL("versions/postgres-1.sql", import.meta.url), "utf8"));
    await admin.query(
      `INSERT INTO lookpost.runs (id, report, due_at, burst, trigger, state, is_trial, claimed_at)
       VALUES ('old', 'weekly', ${AT.getTime()}, '', 'schedule', 'planned', 0, ${AT.getTime()})`,
    );
    const [ledger] = await Promise.all([open(), open()]);
    expect(await ledger?.takeRun("old", "a", AT)).toMatchObject({ attempts: 1 });
    const kept = [{ name: "rows", data: "[]", comparedWith: null }];
    expect(await ledger?.remember({ id: "old", attempt: 1 }, kept, AT)).toBe(true);
    expect(await ledger?.kept("old", "rows")).toMatchObject({ data: "[]", dueAt: AT });
  });

  test("of a ledger whose runs had no kind gives each the kind that it is, also to what an older replica still writes", async () => {
    const runs = (when: string) => `
      INSERT INTO lookpost.runs (id, report, due_at, burst, trigger, state, is_trial, claimed_at) VALUES
        ('${when} due', '${when}', 1, '', 'schedule', 'planned', 0, 1),
        ('${when} caught up', '${when}', 2, '', 'catch_up', 'running', 0, 1),
        ('${when} manual', '${when}', 3, '', 'manual', 'planned', 0, 1),
        ('${when} to', '${when}', 3, 'manual 1', 'manual', 'planned', 1, 1),
        ('${when} again', '${when}', 3, 'manual 2', 'manual', 'cut_short', 0, 1)`;
    await admin.query(readFileSync(new URL("versions/postgres-2.sql", import.meta.url), "utf8"));
    await admin.query(runs("before"));
    const [ledger] = await Promise.all([open(), open()]);
    await admin.query(runs("after"));
    expect(await ledger?.run("before again")).toMatchObject({ kind: "repeat", state: "interrupted" });
    const { rows } = await admin.query('SELECT id, kind FROM lookpost.runs ORDER BY id COLLATE "C"');
    expect(rows.map(({ id, kind }) => `${id}: ${kind}`)).toEqual(
      ["after", "before"].flatMap((when) => [
        `${when} again: repeat`,
        `${when} caught up: tick`,
        `${when} due: tick`,
        `${when} manual: by_hand`,
        `${when} to: trial`,
      ]),
    );
  });

  test("of a ledger of a newer lookpost is refused, and it is left as it is", async () => {
    await open();
    await admin.query("INSERT INTO lookpost.versions (version) VALUES (99)");
    await expect(open()).rejects.toMatchObject({
      code: "local",
      message: expect.stringContaining("version 99"),
      advice: expect.stringContaining("newer lookpost"),
    });
    expect((await admin.query("SELECT max(version) FROM lookpost.versions")).rows).toEqual([{ max: 99 }]);
  });

  test.each([
    ["a wrong password", { password: "hunter2" }, "auth", /password/],
    ["no such database", { pathname: "/nowhere" }, "config", /"nowhere" does not exist/],
    ["nobody listening", { port: "1" }, "unavailable", /ECONNREFUSED/],
    ["a host that is not there", { hostname: "db.invalid" }, "unavailable", /db\.invalid/],
    ["no TLS there", { search: "sslmode=verify-full" }, "config", /SSL/],
  ])("with %s says so, and not the password", async (_what, part, code, message) => {
    const wrong = changed((to) => Object.assign(to, part));
    const failure = await openPostgresLedger(wrong, {}).catch((cause) => cause);
    expect(failure).toMatchObject({
      name: "ReportError",
      code,
      retryable: code === "unavailable",
      message: expect.stringMatching(message),
      advice: expect.any(String),
    });
    expect(`${failure.message} ${failure.advice}`).not.toContain(new URL(wrong).password);
  });

  test("with a URL that is none says nothing of what is in it", async () => {
    const failure = await openPostgresLedger("postgres://me:hunter2@host:port/x", {}).catch((cause) => cause);
    expect(failure).toMatchObject({ name: "ReportError", code: "config", advice: expect.any(String) });
    expect(JSON.stringify([failure.message, failure.cause, failure.advice])).not.toContain("hunter2");
  });

  test("without the right to make a schema says which right is missing; one that exists needs none", async () => {
    const name = `reader_${process.pid}_${Date.now()}`;
    await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD 'secret'`);
    const asReader = changed((to) => {
      to.username = name;
      to.password = "secret";
    });
    await expect(open({}, asReader)).rejects.toMatchObject({
      code: "auth",
      advice: expect.stringContaining("CREATE"),
    });
    await admin.query(`CREATE SCHEMA lookpost AUTHORIZATION ${name}`);
    const ledger = await open({}, asReader);
    expect(await ledger.claimRun(claim("r1"))).not.toBeNull();
    await ledgers.pop()?.close();
    await admin.query(`DROP OWNED BY ${name}; DROP ROLE ${name}`);
  });

  test("names its connections, so that an administrator knows whose they are", async () => {
    const ledger = await open();
    await ledger.claimRun(claim("r1"));
    const { rows } = await admin.query(
      "SELECT DISTINCT application_name FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    expect(rows).toEqual([{ application_name: "lookpost" }]);
  });
});

describe("work", () => {
  test("is announced within its transaction, and told after it", async () => {
    const said: string[] = [];
    const peer = await open();
    const ledger = await open({
      async announce(work, client) {
        const within = await client.query("SELECT id FROM lookpost.runs");
        said.push(`within: ${work.map(({ kind, id }) => `${kind} ${id}`)}, ${within.rows.length} there`);
        said.push(`peer: ${(await peer.runs({ limit: 5 })).length} there`);
      },
      announced: (work) => said.push(`after: ${work.length}`),
    });
    await ledger.claimRun(claim("r1"));
    await ledger.claimRun(claim("r1"));
    expect(said).toEqual(["within: run r1, 1 there", "peer: 0 there", "after: 1"]);
  });

  test("whose announcement fails is not made", async () => {
    const announced: Work[] = [];
    const ledger = await open({
      announce: () => Promise.reject(new Error("the queue is out")),
      announced: (work) => announced.push(...work),
    });
    await expect(ledger.claimRun(claim("r1"))).rejects.toMatchObject({
      name: "ReportError",
      message: expect.stringContaining("the queue is out"),
    });
    expect(await ledger.run("r1")).toBeNull();
    expect(announced).toEqual([]);
  });

  test("that is a command's own is not put on the queue; it is once the command is gone", async () => {
    const queued: string[] = [];
    const announced: string[] = [];
    const ledger = await open({
      announce: async (work) => void queued.push(...work.map(({ id }) => id)),
      announced: (work) => announced.push(...work.map(({ id }) => id)),
    });
    await ledger.signIn("cli", "command", AT);
    await ledger.claimRun(claim("r1", { reservedFor: "cli" }));
    expect([queued, announced]).toEqual([[], ["r1"]]);
    await ledger.signOff("cli", AT);
    expect(queued).toEqual(["r1"]);
  });

  test.each(["40001", "40P01"])("is made on the next try where the server says %s", async (code) => {
    let tries = 0;
    const announced: Work[] = [];
    const ledger = await open({
      async announce(work) {
        tries += 1;
        expect(work).toHaveLength(1);
        if (tries < 3) throw Object.assign(new Error("could not serialize access"), { code });
      },
      announced: (work) => announced.push(...work),
    });
    expect(await ledger.claimRun(claim("r1"))).toMatchObject({ id: "r1" });
    expect([tries, announced.length]).toEqual([3, 1]);
  });

  test("that never gets through is given up as passing", async () => {
    const ledger = await open({
      announce: () => Promise.reject(Object.assign(new Error("deadlock detected"), { code: "40P01" })),
    });
    await expect(ledger.claimRun(claim("r1"))).rejects.toMatchObject({
      code: "unavailable",
      retryable: true,
    });
  });
});

test("who is silent is measured by the server's clock, whatever a replica's own says", async () => {
  const ledger = await open();
  await ledger.signIn("slow clock", "service", new Date(0));
  await ledger.signIn("fast clock", "service", new Date("2099-01-01"));
  const sweep = () => ledger.sweep({ silentMs: 15_000, onlyService: null }, new Date("2099-01-01"));
  await sweep();
  expect(await ledger.beat("slow clock", new Date(0))).toBe(true);
  const { rows } = await admin.query("SELECT extract(epoch FROM now()) * 1000 AS now");
  const last = await ledger.lastServiceBeat();
  expect(Math.abs((last?.getTime() ?? 0) - Number(rows[0].now))).toBeLessThan(30_000);
  await admin.query("UPDATE lookpost.owners SET beat_at = beat_at - 60000 WHERE owner = 'fast clock'");
  await sweep();
  expect(await ledger.beat("fast clock", new Date("2099-01-01"))).toBe(false);
  expect(await ledger.beat("slow clock", new Date(0))).toBe(true);
});

test("a process that is stopped within a transaction does not keep its rows from others", async () => {
  let stopped = () => {};
  const standstill = new Promise<void>((resolve) => {
    stopped = resolve;
  });
  const others = await open();
  await others.claimRun(claim("r1"));
  await others.takeRun("r1", "zombie", AT);
  let goOn = () => {};
  const zombie = await open({
    announce: () =>
      new Promise((resolve) => {
        goOn = resolve;
        stopped();
      }),
  });
  const handedBack = zombie.handBackRun({ id: "r1", attempt: 1 }, AT).catch((cause: unknown) => cause);
  await standstill;
  // It holds the run's row now, and says nothing more.
  expect(await others.sweep({ silentMs: 15_000, onlyService: null }, AT)).toMatchObject([
    { state: "planned" },
  ]);
  goOn();
  expect(await handedBack).toMatchObject({ code: "unavailable", retryable: true });
  expect(await others.runAttempts("r1")).toMatchObject([{ end: "lost" }]);
});

describe("a server that goes away", () => {
  test("is `unavailable` while it is, and used again when it is back", async ({ skip }) => {
    if (!postgres.isOurs) skip("the server of TEST_DATABASE_URL cannot be restarted");
    const ledger = await open();
    // Several connections lie idle when it goes.
    await Promise.all(["r1", "r2", "r3", "r4"].map((id) => ledger.claimRun(claim(id))));
    await postgres.shutDown();
    for (const call of [() => ledger.claimRun(claim("r5")), () => ledger.run("r1")])
      await expect(call()).rejects.toMatchObject({
        name: "ReportError",
        code: "unavailable",
        retryable: true,
        message: expect.not.stringContaining(new URL(url).password),
      });
    await expect(openPostgresLedger(url, {})).rejects.toMatchObject({ code: "unavailable", retryable: true });
    await postgres.startAgain();
    expect(await ledger.claimRun(claim("r5"))).toMatchObject({ id: "r5" });
    expect(await ledger.runs({ limit: 10 })).toHaveLength(5);
  });

  test("in the middle of a transaction leaves nothing of it, and no error unheard", async ({ skip }) => {
    if (!postgres.isOurs) skip("the server of TEST_DATABASE_URL cannot be restarted");
    const ledger = await open({
      async announce(_work, client) {
        await postgres.shutDown();
        await client.query("SELECT 1");
      },
    });
    await expect(ledger.claimRun(claim("r1"))).rejects.toMatchObject({
      code: "unavailable",
      retryable: true,
    });
    await postgres.startAgain();
    expect(await ledger.run("r1")).toBeNull();
  });
});
