import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ReportError } from "../../../src/core/error.ts";
import type { Engine } from "../../../src/core/ports/engine.ts";
import type { Ledger } from "../../../src/core/ports/ledger.ts";
import type { FleetOptions } from "../../../src/engine/fleet/fleet.ts";
import { type FleetQueue, openFleetQueue } from "../../../src/engine/fleet/queue.ts";
import { openPostgresLedger } from "../../../src/ledger/postgres/postgres.ts";
import { type Postgres, startPostgres } from "../../postgres.ts";
import { clock, until } from "../clock.ts";
import { type EngineOptions, engineContract, plan } from "../contract.ts";
import { createGate, testPipeline } from "../test-pipeline.ts";

const HOUR_MS = 3_600_000;
let postgres: Postgres;
beforeAll(async () => {
  postgres = await startPostgres();
});
afterAll(() => postgres.stop());

/** What one replica, or one command, has open. */
interface Replica {
  readonly ledger: Ledger;
  readonly queue: FleetQueue;
  engine(options: EngineOptions & Partial<FleetOptions>): Engine;
  close(): Promise<void>;
}

async function openReplica(
  url: string,
  trouble: (thrown: unknown) => void = () => undefined,
): Promise<Replica> {
  const queue = await openFleetQueue(url, trouble);
  const ledger = await openPostgresLedger(url, { announce: queue.announce, announced: queue.announced });
  return {
    ledger,
    queue,
    engine: (options) => queue.engine({ clock, ...options }),
    async close() {
      await ledger.close();
      await queue.close();
    },
  };
}

engineContract("fleet", async () => openReplica(await postgres.createDatabase()));

describe("the fleet", () => {
  let url: string;
  let admin: pg.Client;
  let open: (() => Promise<unknown>)[];
  beforeEach(async () => {
    open = [];
    url = await postgres.createDatabase();
    admin = new pg.Client(url);
    await admin.connect();
  });
  afterEach(async () => {
    for (const close of open.toReversed()) await close();
    await admin.end();
  });

  async function replica(name: string, part: Partial<FleetOptions> = {}) {
    const one = await openReplica(url);
    open.push(() => one.close());
    await one.ledger.signIn(name, "service", clock.now());
    const engine = one.engine({
      ledger: one.ledger,
      owner: () => name,
      runsMax: 5,
      deliveriesMax: 5,
      trouble: () => undefined,
      ...part,
    });
    open.push(() => engine.stop(0));
    return { ...one, engine };
  }
  const jobs = async (state: string) =>
    Number(
      (await admin.query("SELECT count(*) FROM lookpost_queue.job WHERE state::text = $1", [state])).rows[0]
        .count,
    );

  test("two replicas do each piece once, and both have their part in it", async () => {
    const [a, b] = [await replica("a"), await replica("b")];
    const slowly = () => clock.sleep(20);
    const [first, second] = [
      testPipeline(a.ledger, { owner: "a", deliveries: 2, gate: slowly }),
      testPipeline(b.ledger, { owner: "b", deliveries: 2, gate: slowly }),
    ];
    const planned = [];
    for (let count = 0; count < 60; count += 1) planned.push(await plan(a.ledger));
    await Promise.all([a.engine.start(first.pipeline), b.engine.start(second.pipeline)]);
    for (const id of planned) await until(async () => (await a.ledger.run(id))?.state === "delivered");
    const log = [...first.seen.log, ...second.seen.log];
    expect(log).toHaveLength(60 * 4);
    expect(new Set(log).size).toBe(60 * 4);
    expect(first.seen.takenAt.size).toBeGreaterThan(0);
    expect(second.seen.takenAt.size).toBeGreaterThan(0);
    await until(async () => (await jobs("completed")) === 60 * 3);
  });

  test("what one process announces, another carries out", async () => {
    const command = await openReplica(url);
    open.push(() => command.close());
    const worker = await replica("worker");
    const { pipeline, seen } = testPipeline(worker.ledger);
    await worker.engine.start(pipeline);
    const id = await plan(command.ledger);
    await until(() => seen.log.includes(`end ${id}`));
  });

  test("an announcement is undone with the transaction that made it", async () => {
    const { queue } = await replica("a");
    const work = [{ kind: "run", id: "r", at: clock.now() } as const];
    await admin.query("BEGIN");
    await queue.announce(work, admin);
    expect(await jobs("created")).toBe(1);
    await admin.query("ROLLBACK");
    expect(await jobs("created")).toBe(0);
  });

  test("work whose job is lost is found in the ledger", async () => {
    const a = await replica("a", { lostMs: 50 });
    const id = await plan(a.ledger);
    await admin.query("DELETE FROM lookpost_queue.job");
    const { pipeline, seen } = testPipeline(a.ledger, { deliveries: 1 });
    await a.engine.start(pipeline);
    await until(() => seen.log.includes(`delivery ${id}-d1`));
    expect(seen.log).toEqual([`run ${id}`, `end ${id}`, `delivery ${id}-d1`]);
  });

  test("a run whose turn was announced to nobody is found in the ledger", async () => {
    const a = await replica("a", { lostMs: 50 });
    const silent = await openPostgresLedger(url, {});
    open.push(() => silent.close());
    const dueAt = new Date(clock.now().getTime() - 1_000);
    const older = await plan(a.ledger, { report: "one", dueAt });
    const newer = await plan(a.ledger, { report: "one" });
    const taken = await a.ledger.takeRun(older, "a", clock.now());
    const { pipeline, seen } = testPipeline(a.ledger);
    await a.engine.start(pipeline);
    // The newer one's job was spent, since it was not its turn.
    await until(async () => (await jobs("completed")) === 2);
    expect(seen.log).toEqual([]);
    const end = { state: "skipped", reason: "A test.", advice: null } as const;
    await silent.endRun({ id: older, attempt: taken!.attempts }, end, clock.now());
    await until(() => seen.log.includes(`end ${newer}`));
  });

  test("a job whose worker is silent is another's", async () => {
    const a = await replica("a", { lostMs: HOUR_MS });
    const id = await plan(a.ledger);
    // As if a process had fetched it and died before it took the run.
    await admin.query(
      "UPDATE lookpost_queue.job SET state = 'active', started_on = now(), heartbeat_on = now() - interval '16 s'",
    );
    const { pipeline, seen } = testPipeline(a.ledger);
    await a.engine.start(pipeline);
    await until(() => seen.log.includes(`end ${id}`));
  });

  test("a job under way is kept from others for as long as it takes", async () => {
    const { gate, open: letGo } = createGate();
    const a = await replica("a");
    const { pipeline, seen } = testPipeline(a.ledger, { gate });
    const id = await plan(a.ledger);
    await a.engine.start(pipeline);
    await until(() => seen.log.length === 1);
    const silentMs = async () =>
      Number(
        (
          await admin.query(
            "SELECT extract(epoch FROM now() - heartbeat_on) * 1000 AS ms FROM lookpost_queue.job",
          )
        ).rows[0].ms,
      );
    await admin.query("UPDATE lookpost_queue.job SET heartbeat_on = now() - interval '7 s'");
    await until(async () => (await silentMs()) < 7_000);
    expect(await jobs("active")).toBe(1);
    letGo();
    await a.engine.idle();
    expect(seen.log).toEqual([`run ${id}`, `end ${id}`]);
  });

  test("where the clock here is behind the server's, work is begun when it is due here", async () => {
    const a = await replica("a", {
      clock: { ...clock, now: () => new Date(Date.now() - 700) },
      lostMs: HOUR_MS,
    });
    const begun: number[] = [];
    await a.engine.start({
      async carryOut() {
        begun.push(Date.now() - 700);
        return "done";
      },
    });
    const at = Date.now();
    await plan(a.ledger);
    await until(() => begun.length > 0);
    expect(begun[0]).toBeGreaterThanOrEqual(at);
  });

  test("a slow run holds up no other", async () => {
    const { gate, open: letGo } = createGate();
    const a = await replica("a", { runsMax: 2 });
    const { pipeline, seen } = testPipeline(a.ledger, { gate });
    const slow = await plan(a.ledger);
    await a.engine.start(pipeline);
    await until(() => seen.log.length === 1);
    const quick: string[] = [];
    for (let count = 0; count < 10; count += 1) quick.push(await plan(a.ledger));
    for (const id of quick) letGo(id);
    await until(() => quick.every((id) => seen.log.includes(`end ${id}`)));
    letGo(slow);
    await a.engine.idle();
    expect(seen.log.filter((line) => line === `run ${slow}`)).toHaveLength(1);
  });

  test("connections that the server cuts cost nothing but a pause", async () => {
    const { gate, open: letGo } = createGate();
    const a = await replica("a");
    const { pipeline, seen } = testPipeline(a.ledger, { deliveries: 1, gate });
    const id = await plan(a.ledger);
    await a.engine.start(pipeline);
    await until(() => seen.log.length === 1);
    await admin.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    );
    letGo();
    await until(async () => (await a.ledger.run(id).catch(() => null))?.state === "delivered");
    const later = await plan(a.ledger);
    await until(async () => (await a.ledger.run(later))?.state === "delivered");
  });

  test("nothing is left open after a stop", async () => {
    const a = await replica("a");
    const { pipeline } = testPipeline(a.ledger);
    await a.engine.start(pipeline);
    await plan(a.ledger);
    await a.engine.idle();
    for (const close of open.splice(0).toReversed()) await close();
    await until(async () => {
      const { rows } = await admin.query(
        "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
      );
      return rows.length === 0;
    });
  });

  test("a server that is not there, or refuses the login, is told by its kind", async () => {
    const nobody = openFleetQueue("postgres://lookpost:secret@127.0.0.1:1/lookpost", () => undefined);
    await expect(nobody).rejects.toMatchObject({ code: "unavailable", retryable: true });
    const missing = new URL(url);
    missing.pathname = "/no_such_database";
    const refused = openFleetQueue(missing.href, () => undefined);
    await expect(refused).rejects.toMatchObject({ code: "config" });
    const stranger = new URL(url);
    stranger.password = "wrong-secret";
    const stopped = openFleetQueue(stranger.href, () => undefined);
    // The server of TEST_DATABASE_URL may trust everybody.
    if (postgres.isOurs) await expect(stopped).rejects.toMatchObject({ code: "auth" });
    else await stopped.then((queue) => queue.close()).catch(() => undefined);
    const garbage = openFleetQueue("postgres//user:secret@host", () => undefined);
    await expect(garbage).rejects.toMatchObject({ code: "config" });
    await expect(nobody).rejects.toBeInstanceOf(ReportError);
    expect(String(await nobody.catch((thrown: unknown) => thrown))).not.toContain("secret");
  });
});

test("a Postgres that restarts while work is under way costs nothing but the time it is away", async (context) => {
  if (!postgres.isOurs) return context.skip();
  const troubles: unknown[] = [];
  const url = await postgres.createDatabase();
  const replica = await openReplica(url, (thrown) => troubles.push(thrown));
  const { gate, open: letGo } = createGate();
  const { pipeline, seen } = testPipeline(replica.ledger, { deliveries: 1, gate });
  await replica.ledger.signIn("worker", "service", clock.now());
  const engine = replica.engine({
    ledger: replica.ledger,
    owner: () => "worker",
    runsMax: 1,
    deliveriesMax: 5,
    trouble: (thrown) => troubles.push(thrown),
  });
  try {
    const planned = [await plan(replica.ledger), await plan(replica.ledger)];
    await engine.start(pipeline);
    await until(() => seen.log.length === 1);
    await postgres.shutDown();
    await until(() => troubles.length > 0);
    await postgres.startAgain();
    letGo();
    for (const id of planned)
      await until(async () => (await replica.ledger.run(id).catch(() => null))?.state === "delivered");
  } finally {
    await engine.stop(0);
    await replica.close();
  }
});
