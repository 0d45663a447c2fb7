import { expect, test } from "vitest";
import type { Work } from "../../../src/core/model/work.ts";
import type { Ledger } from "../../../src/core/ports/ledger.ts";
import { DUE, ended, type OpenStore, plan, type Scene, sent, T, useScene, waits } from "./scene.ts";

const RUNS = 40;
const WORKERS = 4;

/** When work is looked for and taken: after whatever rest its losses cost it. */
const LATER = T(3600);

/** Numbers that look like chance and are the same each time; what runs at the same time is chance enough. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * sides);
  };
}

/** One worker over the list of work, which now and then fails, hands back, or dies with what it has in hand. */
class Worker {
  readonly #ledger: Ledger;
  readonly #name: string;
  readonly #roll: (sides: number) => number;
  #life = 0;

  constructor(ledger: Ledger, name: string, roll: (sides: number) => number) {
    this.#ledger = ledger;
    this.#name = name;
    this.#roll = roll;
  }

  get owner(): string {
    return `${this.#name}, life ${this.#life}`;
  }

  async beat(): Promise<void> {
    if (await this.#ledger.beat(this.owner, T(10))) return;
    this.#life += 1;
    await this.#ledger.signIn(this.owner, "service", T(10));
  }

  async carryOut({ kind, id }: Work, die: () => Promise<void>): Promise<void> {
    if (kind === "run") return this.#makeRun(id, die);
    if (kind === "delivery") return this.#makeDelivery(id, die);
    await this.#ledger.planNotices(id, kind, [plan(`${kind} ${id} by ${this.owner}`, "boss")], T(10));
  }

  async #makeRun(id: string, die: () => Promise<void>): Promise<void> {
    const run = await this.#ledger.takeRun(id, this.owner, LATER);
    if (run === null) return;
    const fence = { id, attempt: run.attempts };
    const postponed = { nextAt: T(10), reason: "503", advice: null, end: "again" } as const;
    const what = this.#roll(8);
    if (what === 0) await die();
    else if (what === 1) await this.#ledger.handBackRun(fence, T(10));
    else if (what === 2) await this.#ledger.postponeRun(fence, postponed, T(10));
    else if (what === 3)
      await this.#ledger.endRun(fence, { state: "failed", reason: "404", advice: null }, T(10));
    else {
      const plans = ["x", "y", "z"].map((target) => plan(`${id} ${target} ${run.attempts}`, target));
      await this.#ledger.planDeliveries(fence, plans, 1, T(10));
    }
  }

  async #makeDelivery(id: string, die: () => Promise<void>): Promise<void> {
    const delivery = await this.#ledger.takeDelivery(id, this.owner, LATER);
    if (delivery === null) return;
    const fence = { id, attempt: delivery.attempts };
    const what = this.#roll(10);
    if (what === 0) return die();
    if (!(await this.#ledger.commitDelivery(fence, T(10)))) return;
    if (what === 1) return die();
    const settlements = [waits({ nextAt: T(10) }), ended("refused"), ended("unknown")];
    await this.#ledger.settleDelivery(fence, settlements[what - 2] ?? sent(), T(10));
  }
}

/** What must hold at any moment and at the end, whatever happens in between. */
export function stormContract(open: OpenStore): void {
  const scene = useScene(open);

  test("whatever dies, is cancelled and reopened meanwhile, every run ends and nothing is left in hand", async () => {
    const { ledger, peer } = scene();
    for (let index = 0; index < RUNS; index += 1)
      await scene().planned({
        id: `r${index}`,
        report: `report ${index % 8}`,
        dueAt: T(index),
        expectAt: DUE,
      });
    let isOver = false;
    const workers = Array.from({ length: WORKERS }, (_, index) =>
      work(scene(), index % 2 === 0 ? ledger : peer, index, () => isOver),
    );
    await Promise.all([meddle(ledger, 1), meddle(peer, 2)]);
    await settledDown(scene());
    isOver = true;
    const owners = await Promise.all(workers);
    await expectOrder(scene(), owners.flat());
  });
}

async function work(store: Scene, ledger: Ledger, seed: number, isOver: () => boolean): Promise<string[]> {
  const roll = dice(seed + 7);
  const worker = new Worker(ledger, `worker ${seed}`, roll);
  const lives = new Set<string>();
  while (!isOver()) {
    await worker.beat();
    lives.add(worker.owner);
    const works = await ledger.work(worker.owner, "service", LATER, 30);
    const first = roll(Math.max(works.length, 1));
    for (const one of works.slice(first, first + 4))
      await worker.carryOut(one, () => store.silence(worker.owner));
    await ledger.sweep({ silentMs: 15_000, onlyService: null }, T(10));
    // The SQLite ledger never waits: a person must get a turn too.
    await new Promise((resolve) => setImmediate(resolve));
  }
  await ledger.signOff(worker.owner, T(10));
  return [...lives];
}

async function meddle(ledger: Ledger, seed: number): Promise<void> {
  const roll = dice(seed);
  for (let times = 0; times < 60; times += 1) {
    const id = `r${roll(RUNS)}`;
    const what = roll(4);
    if (what === 0) await ledger.cancelRun(id, "enough", T(10));
    else if (what === 1) await ledger.reopenRun(id, "from_start", null, T(10));
    else if (what === 2) await ledger.reopenRun(id, "failed_only", null, T(10));
    else {
      const deliveries = await ledger.deliveries(id);
      const chosen = deliveries[roll(Math.max(deliveries.length, 1))];
      if (chosen !== undefined) await ledger.resendDelivery(chosen.id, null, T(10));
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

/** Waits until nothing is due and every run has ended, as a person would look at `history`. */
async function settledDown({ ledger }: Scene): Promise<void> {
  for (;;) {
    const runs = await ledger.runs({ limit: RUNS });
    const due = await ledger.work("nobody", "service", LATER, 1);
    const deliveries = await Promise.all(runs.map(({ id }) => ledger.deliveries(id)));
    const open = deliveries.flat().filter(({ settledAt }) => settledAt === null);
    if (due.length + open.length === 0 && runs.every(({ endedAt }) => endedAt !== null)) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function expectOrder({ ledger }: Scene, owners: readonly string[]): Promise<void> {
  expect(owners.length).toBeGreaterThan(WORKERS);
  for (const run of await ledger.runs({ limit: RUNS })) {
    const attempts = await ledger.runAttempts(run.id);
    expect(run).toMatchObject({ owner: null, attempts: attempts.length });
    expect(attempts.every(({ end, endedAt }) => end !== null && endedAt !== null)).toBe(true);
    for (const delivery of await ledger.deliveries(run.id)) {
      const tries = await ledger.deliveryAttempts(delivery.id);
      expect(delivery).toMatchObject({ owner: null, nextAt: null, attempts: tries.length });
      expect(tries.every(({ end }) => end !== null)).toBe(true);
      // Whatever is said to be sent was, and by an attempt that is there.
      if (delivery.state === "sent") expect(tries.at(-1)?.end).toBe("sent");
    }
    const states = (await ledger.deliveries(run.id)).filter(({ purpose }) => purpose === "report");
    if (run.state === "delivered") expect(states.every(({ state }) => state === "sent")).toBe(true);
    if (run.state === "failed") expect(states.some(({ state }) => state === "sent")).toBe(false);
  }
}
