import { afterEach, beforeEach, expect, test } from "vitest";
import { ReportError } from "../../src/core/error.ts";
import type { RunClaim } from "../../src/core/model/entry.ts";
import type { Engine } from "../../src/core/ports/engine.ts";
import type { Ledger } from "../../src/core/ports/ledger.ts";
import { clock, until } from "./clock.ts";
import { createGate, testPipeline } from "./test-pipeline.ts";

export interface EngineOptions {
  readonly ledger: Ledger;
  readonly owner: () => string;
  readonly runsMax: number;
  readonly deliveriesMax: number;
  readonly trouble: (thrown: unknown) => void;
}

/** An empty ledger, and engines over it that hear what is announced in it. */
export interface Rig {
  readonly ledger: Ledger;
  engine(options: EngineOptions): Engine;
  close(): Promise<void>;
}

let ids = 0;

/** A run that is free for any worker, of a report of its own by default. */
export async function plan(ledger: Ledger, part: Partial<RunClaim> = {}): Promise<string> {
  ids += 1;
  const id = part.id ?? `r${ids}`;
  const at = clock.now();
  const claim: RunClaim = {
    id,
    report: `report ${id}`,
    dueAt: at,
    burst: "",
    trigger: "schedule",
    reservedFor: null,
    kind: "tick",
    expectAt: null,
    at,
    ...part,
  };
  if ((await ledger.claimRun(claim)) === null) throw new Error("The run's key exists already.");
  return id;
}

/** What every engine owes, whatever it learns of work by. */
export function engineContract(name: string, open: () => Promise<Rig>): void {
  let rig: Rig;
  let engines: Engine[];
  let troubles: unknown[];
  beforeEach(async () => {
    rig = await open();
    engines = [];
    troubles = [];
    await rig.ledger.signIn("worker", "service", clock.now());
  });
  afterEach(async () => {
    for (const engine of engines) await engine.stop(0);
    await rig.close();
  });

  function engine(part: Partial<EngineOptions> = {}): Engine {
    const made = rig.engine({
      ledger: rig.ledger,
      owner: () => "worker",
      runsMax: 5,
      deliveriesMax: 5,
      trouble: (thrown) => troubles.push(thrown),
      ...part,
    });
    engines.push(made);
    return made;
  }
  const stateOf = async (id: string) => (await rig.ledger.run(id))?.state;

  test(`${name}: what is announced is carried out once, and so are the deliveries it makes`, async () => {
    const { pipeline, seen } = testPipeline(rig.ledger, { deliveries: 3 });
    const one = engine();
    await one.start(pipeline);
    const planned = [];
    for (let count = 0; count < 20; count += 1) planned.push(await plan(rig.ledger));
    await one.idle();
    for (const id of planned) expect(await stateOf(id)).toBe("delivered");
    const expected = planned.flatMap((id) => [
      `run ${id}`,
      `end ${id}`,
      ...[1, 2, 3].map((index) => `delivery ${id}-d${index}`),
    ]);
    expect(seen.log.toSorted()).toEqual(expected.toSorted());
    expect(troubles).toEqual([]);
  });

  test(`${name}: what was announced while no engine ran is found by the next`, async () => {
    const id = await plan(rig.ledger);
    const { pipeline } = testPipeline(rig.ledger, { deliveries: 1 });
    const one = engine();
    await one.start(pipeline);
    await until(async () => (await stateOf(id)) === "delivered");
  });

  test(`${name}: what is to be tried again later comes later`, async () => {
    const id = await plan(rig.ledger);
    const taken = await rig.ledger.takeRun(id, "worker", clock.now());
    const nextAt = new Date(clock.now().getTime() + 400);
    const postponed = { nextAt, reason: "A test.", advice: null, end: "again" } as const;
    await rig.ledger.postponeRun({ id, attempt: taken!.attempts }, postponed, clock.now());
    const { pipeline, seen } = testPipeline(rig.ledger);
    const one = engine();
    await one.start(pipeline);
    await one.idle();
    const idleAt = clock.now();
    // What is due later is not waited for (unless the machine slept that long).
    if (idleAt < nextAt) expect(seen.log).toEqual([]);
    await until(() => seen.log.includes(`end ${id}`));
    expect(seen.takenAt.get(id)!.getTime()).toBeGreaterThanOrEqual(nextAt.getTime());
  });

  test(`${name}: what is busy is asked again until it is not`, async () => {
    const id = await plan(rig.ledger);
    const { pipeline, seen } = testPipeline(rig.ledger, { busy: new Map([[id, 2]]) });
    const one = engine();
    await one.start(pipeline);
    await one.idle();
    expect(seen.log).toEqual([`busy ${id}`, `busy ${id}`, `run ${id}`, `end ${id}`]);
  });

  test(`${name}: runs of one report are carried out one after the other, the oldest first, each once the one before it is sent`, async () => {
    const { pipeline, seen } = testPipeline(rig.ledger, { deliveries: 1 });
    const planned: string[] = [];
    const dueAt = clock.now().getTime();
    for (let count = 0; count < 20; count += 1)
      planned.push(await plan(rig.ledger, { report: "one", dueAt: new Date(dueAt - 20_000 + count) }));
    const one = engine();
    await one.start(pipeline);
    // Nobody looks at the ledger for what has no job: each is announced by the one before it.
    for (const id of planned) await until(async () => (await stateOf(id)) === "delivered");
    expect(seen.log).toEqual(planned.flatMap((id) => [`run ${id}`, `end ${id}`, `delivery ${id}-d1`]));
  });

  test(`${name}: a bad end is told of, once`, async () => {
    const id = await plan(rig.ledger);
    const taken = await rig.ledger.takeRun(id, "worker", clock.now());
    const end = { state: "failed", reason: "A test.", advice: null } as const;
    await rig.ledger.endRun({ id, attempt: taken!.attempts }, end, clock.now());
    const { pipeline, seen } = testPipeline(rig.ledger);
    const one = engine();
    await one.start(pipeline);
    await one.idle();
    expect(seen.log).toEqual([`failed ${id}`]);
  });

  test(`${name}: no more is under way than there are slots, and runs that wait hold no delivery up`, async () => {
    const { gate, open } = createGate();
    const { pipeline, seen } = testPipeline(rig.ledger, { deliveries: 2, gate });
    const planned = [];
    for (let count = 0; count < 30; count += 1) planned.push(await plan(rig.ledger));
    const one = engine({ runsMax: 3, deliveriesMax: 2 });
    await one.start(pipeline);
    await until(() => seen.log.length === 3);
    const [first] = [...seen.takenAt.keys()];
    open(first);
    await until(async () => (await stateOf(first!)) === "delivered");
    expect(seen.most.run).toBe(3);
    open();
    await one.idle();
    for (const id of planned) expect(await stateOf(id)).toBe("delivered");
    expect(seen.most).toEqual({ run: 3, delivery: 2 });
  });

  test(`${name}: at a stop, what is under way may end within the grace, and nothing is begun`, async () => {
    const { gate, open } = createGate();
    const { pipeline, seen } = testPipeline(rig.ledger, { gate });
    const first = await plan(rig.ledger);
    const one = engine({ runsMax: 1 });
    await one.start(pipeline);
    await until(() => seen.log.length === 1);
    const second = await plan(rig.ledger);
    const stopped = one.stop(60_000);
    open();
    await stopped;
    one.wake();
    await one.idle();
    expect(seen.log).toEqual([`run ${first}`, `end ${first}`]);
    expect(await stateOf(second)).toBe("planned");
  });

  test(`${name}: after the grace the rest is aborted and handed back, for the next worker to take at once`, async () => {
    const { gate, open } = createGate();
    const { pipeline, seen } = testPipeline(rig.ledger, { gate });
    const id = await plan(rig.ledger);
    const one = engine();
    await one.start(pipeline);
    await until(() => seen.log.length === 1);
    await one.stop(1);
    expect(seen.log).toEqual([`run ${id}`, `aborted ${id}`]);
    expect(seen.reasons).toEqual([expect.any(ReportError)]);
    expect(seen.reasons[0]).toMatchObject({ code: "cancelled", message: "The worker was stopped." });
    expect(await stateOf(id)).toBe("planned");
    open();
    const next = testPipeline(rig.ledger, { owner: "next", gate });
    const another = engine({ owner: () => "next" });
    await another.start(next.pipeline);
    await another.idle();
    expect(next.seen.log).toEqual([`run ${id}`, `end ${id}`]);
  });

  test(`${name}: what a dead owner had in hand is carried out by another, once it is swept up`, async () => {
    await rig.ledger.signIn("dead", "service", new Date(clock.now().getTime() - 60_000));
    const id = await plan(rig.ledger);
    await rig.ledger.takeRun(id, "dead", clock.now());
    const { pipeline, seen } = testPipeline(rig.ledger, { deliveries: 1 });
    const one = engine();
    await one.start(pipeline);
    await one.idle();
    expect(seen.log).toEqual([]);
    await clock.sleep(2_100);
    await rig.ledger.beat("worker", clock.now());
    await rig.ledger.sweep({ silentMs: 2_000, onlyService: null }, clock.now());
    await until(async () => (await stateOf(id)) === "delivered");
    expect(seen.log).toEqual([`run ${id}`, `end ${id}`, `delivery ${id}-d1`]);
  });

  test(`${name}: a ledger that fails for a while is told of once, and the work goes on after`, async () => {
    let isDown = true;
    const fail = async () => {
      throw new ReportError("The ledger is out.", { code: "unavailable" });
    };
    const failing: Ledger = {
      ...rig.ledger,
      work: (...args) => (isDown ? fail() : rig.ledger.work(...args)),
      takeRun: (...args) => (isDown ? fail() : rig.ledger.takeRun(...args)),
    };
    const id = await plan(rig.ledger);
    const { pipeline } = testPipeline(failing);
    const one = engine({ ledger: failing });
    await one.start(pipeline);
    const idle = one.idle();
    await until(() => troubles.length > 0);
    one.wake();
    await clock.sleep(300);
    isDown = false;
    await idle;
    expect(await stateOf(id)).toBe("skipped");
    expect(troubles).toHaveLength(1);
  });

  test(`${name}: a pipeline that throws costs its own work a pause, and no other work`, async () => {
    const [bad, good] = [await plan(rig.ledger), await plan(rig.ledger)];
    const { pipeline, seen } = testPipeline(rig.ledger);
    let thrown = 0;
    const one = engine();
    await one.start({
      async carryOut(work, signal) {
        if (work.id === bad && thrown++ === 0) throw new Error("A defect.");
        return pipeline.carryOut(work, signal);
      },
    });
    await one.idle();
    expect(seen.log.toSorted()).toEqual(
      [`end ${bad}`, `end ${good}`, `run ${bad}`, `run ${good}`].toSorted(),
    );
    expect(troubles).toEqual([new Error("A defect.")]);
  });
}
