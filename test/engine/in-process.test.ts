import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Engine } from "../../src/core/ports/engine.ts";
import type { Ledger } from "../../src/core/ports/ledger.ts";
import { type InProcessOptions, inProcessEngine } from "../../src/engine/in-process.ts";
import { openSqliteLedger } from "../../src/ledger/sqlite/sqlite.ts";
import { clock, until } from "./clock.ts";
import { engineContract, plan } from "./contract.ts";
import { createGate, testPipeline } from "./test-pipeline.ts";

engineContract("in process", async () => {
  const directory = await mkdtemp(join(tmpdir(), "lookpost-engine-"));
  const engines: Engine[] = [];
  const ledger = await openSqliteLedger(directory, () => {
    for (const engine of engines) engine.wake();
  });
  return {
    ledger,
    engine(options) {
      const engine = inProcessEngine({ ...options, role: "service", clock });
      engines.push(engine);
      return engine;
    },
    async close() {
      await ledger.close();
      await rm(directory, { recursive: true });
    },
  };
});

describe("the in-process engine", () => {
  let directory: string;
  let ledger: Ledger;
  let engine: Engine;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "lookpost-engine-"));
    // Nobody wakes the engine, and it polls once a minute: what is done at once was not left to a poll.
    ledger = await openSqliteLedger(directory);
    await ledger.signIn("worker", "service", clock.now());
  });
  afterEach(async () => {
    await engine.stop(0);
    await ledger.close();
    await rm(directory, { recursive: true });
  });
  const open = (part: Partial<InProcessOptions> = {}): Engine => {
    engine = inProcessEngine({
      ledger,
      owner: () => "worker",
      role: "service",
      clock,
      runsMax: 5,
      deliveriesMax: 5,
      pollMs: 60_000,
      trouble: (thrown) => expect.fail(String(thrown)),
      ...part,
    });
    return engine;
  };

  /** Ticks of as many reports, claimed in one transaction. */
  async function planMany(count: number): Promise<void> {
    const dueAt = clock.now();
    const reports = Array.from({ length: count }, (_, index) => `report ${index + 1}`);
    const rule = { cron: "0 8 * * *", timezone: "UTC" };
    await ledger.plan(
      reports.map((report) => ({ report, ...rule, nextAt: dueAt })),
      dueAt,
    );
    const claims = reports.map((report) => ({
      report,
      promised: dueAt,
      nextAt: new Date(dueAt.getTime() + 24 * 3_600_000),
      runs: [
        {
          id: `${report} run`,
          report,
          dueAt,
          burst: "",
          trigger: "schedule",
          expectAt: null,
          end: null,
        } as const,
      ],
    }));
    expect(await ledger.claimTicks(claims, dueAt)).toHaveLength(count);
  }

  test("a thousand runs that are due together flow through the places without waiting for a poll", async () => {
    await planMany(1_000);
    const { pipeline, seen } = testPipeline(ledger);
    await open({ runsMax: 30 }).start(pipeline);
    await until(() => seen.log.length === 2_000);
    expect(seen.most.run).toBe(30);
    expect(new Set(seen.log).size).toBe(2_000);
  });

  test("a delivery finds its place behind more runs than one look at the ledger shows", async () => {
    await planMany(700);
    const { gate, open: letGo } = createGate();
    const { pipeline, seen } = testPipeline(ledger, { deliveries: 1, gate });
    await open({ runsMax: 1 }).start(pipeline);
    await until(() => seen.log.length === 1);
    const [first] = [...seen.takenAt.keys()];
    // By now no look is under way that would find the delivery by chance.
    await clock.sleep(200);
    letGo(first);
    await until(() => seen.log.includes(`delivery ${first}-d1`));
  });

  test("hundreds of deliveries under way hold no run up, and end in whatever order", async () => {
    const { pipeline, seen } = testPipeline(ledger, { deliveries: 250 });
    const first = await plan(ledger);
    const { gate, open: letGo } = createGate();
    let most = 0;
    let under = 0;
    const one = open({ deliveriesMax: 200 });
    await one.start({
      async carryOut(work, signal) {
        if (work.kind !== "delivery") return pipeline.carryOut(work, signal);
        under += 1;
        most = Math.max(most, under);
        await gate(work.id);
        under -= 1;
        return pipeline.carryOut(work, signal);
      },
    });
    await until(() => under === 200);
    const second = await plan(ledger);
    one.wake();
    await until(() => seen.log.includes(`end ${second}`));
    letGo(`${first}-d200`);
    await until(() => seen.log.includes(`delivery ${first}-d200`));
    letGo();
    await one.idle();
    expect(most).toBe(200);
    expect((await ledger.run(first))?.state).toBe("delivered");
    expect((await ledger.run(second))?.state).toBe("delivered");
  });

  test("what is busy is not asked again each time that other work ends", async () => {
    const held = await plan(ledger);
    await planMany(50);
    const { pipeline, seen } = testPipeline(ledger, { deliveries: 1, busy: new Map([[held, 1_000]]) });
    await open({ runsMax: 2 }).start(pipeline);
    await until(() => seen.log.length === 50 * 3 + 1);
    expect(seen.log.filter((line) => line === `busy ${held}`)).toHaveLength(1);
  });

  test("a command's engine carries out what is reserved for it and nothing else", async () => {
    await ledger.signIn("command", "command", clock.now());
    const free = await plan(ledger);
    const reserved = await plan(ledger, { reservedFor: "command" });
    const { pipeline, seen } = testPipeline(ledger, { owner: "command" });
    const one = open({ owner: () => "command", role: "command" });
    await one.start(pipeline);
    await one.idle();
    expect(seen.log).toEqual([`run ${reserved}`, `end ${reserved}`]);
    expect((await ledger.run(free))?.state).toBe("planned");
  });

  test("an engine that is not started is idle, and stops at once", async () => {
    await plan(ledger);
    const one = open();
    one.wake();
    await one.idle();
    await one.stop(60_000);
    await expect(one.start(testPipeline(ledger).pipeline)).rejects.toThrow("once");
  });
});
