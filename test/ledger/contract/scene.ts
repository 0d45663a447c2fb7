import { afterEach, beforeEach, expect } from "vitest";
import type { DeliveryPlan, RunClaim, Settlement } from "../../../src/core/model/entry.ts";
import type { Delivery, Run } from "../../../src/core/model/run.ts";
import type { Work } from "../../../src/core/model/work.ts";
import type { Ledger } from "../../../src/core/ports/ledger.ts";

/** One store, opened twice as two processes would. */
export interface Store {
  readonly ledger: Ledger;
  readonly peer: Ledger;
  /** What `ledger` has announced, to whom it was told after the commit. */
  readonly announced: Work[];
  /** Makes it look as if an owner had not beaten for a minute. */
  silence(owner: string): Promise<void>;
  close(): Promise<void>;
}

export type OpenStore = () => Promise<Store>;

export const DUE = new Date("2026-11-16T13:00:00Z");
/** That many seconds after the tick. */
export const T = (seconds: number) => new Date(DUE.getTime() + seconds * 1000);

/** The steps that many tests begin with. */
export interface Scene extends Store {
  claim(part?: Partial<RunClaim>): RunClaim;
  planned(part?: Partial<RunClaim>): Promise<Run>;
  running(part?: Partial<RunClaim> & { by?: string }): Promise<Run>;
  /** A run with one delivery for each target. */
  delivering(targets: readonly string[], part?: Partial<RunClaim>): Promise<{ run: Run; ids: string[] }>;
  /** Taken and settled. */
  make(id: string, settlement?: Settlement, by?: string): Promise<Delivery>;
  state(runId: string): Promise<string | undefined>;
  deliveryStates(runId: string): Promise<string[]>;
  work(owner?: string, role?: "service" | "command", seconds?: number): Promise<string[]>;
}

export const sent = (part: Partial<Extract<Settlement, { state: "sent" }>> = {}): Settlement => ({
  state: "sent",
  externalId: "<1@example.com>",
  refused: [],
  reason: null,
  bytes: 345,
  ...part,
});

export const ended = (state: "refused" | "gave_up" | "unknown" | "cancelled"): Settlement => ({
  state,
  reason: `because ${state}`,
  advice: "Look.",
  bytes: null,
});

type Waiting = Extract<Settlement, { state: "waiting" }>;
export const waits = (part: Partial<Waiting> = {}): Waiting => ({
  state: "waiting",
  nextAt: T(60),
  reason: "451 later",
  advice: null,
  end: "again",
  served: null,
  isUncertain: false,
  ...part,
});

export const plan = (id: string, target = id): DeliveryPlan => ({
  id,
  kind: "email",
  target,
  recipients: "",
  identity: `identity of ${target}`,
  entry: `entry of ${target}`,
});

/** A new store for each test of the file or block that calls it. */
export function useScene(open: OpenStore): () => Scene {
  let scene: Scene;
  beforeEach(async () => {
    scene = sceneOf(await open());
  });
  afterEach(() => scene.close());
  return () => scene;
}

function sceneOf(store: Store): Scene {
  const { ledger } = store;
  let ids = 0;
  const scene: Scene = {
    ...store,
    claim(part = {}) {
      ids += 1;
      return {
        id: `run${ids}`,
        report: "weekly",
        dueAt: DUE,
        burst: "",
        trigger: "schedule",
        reservedFor: null,
        kind: "tick",
        expectAt: null,
        at: T(1),
        ...part,
      };
    },
    async planned(part) {
      const run = await ledger.claimRun(scene.claim(part));
      expect(run).not.toBeNull();
      return run!;
    },
    async running({ by = "a", ...part } = {}) {
      const { id } = await scene.planned(part);
      const run = await ledger.takeRun(id, by, T(1));
      expect(run).not.toBeNull();
      return run!;
    },
    async delivering(targets, part = {}) {
      const run = await scene.running({ ...part, by: part.reservedFor ?? "a" });
      const plans = targets.map((target) => plan(`${run.id}-${target}`, target));
      const deliveries = await ledger.planDeliveries({ id: run.id, attempt: 1 }, plans, 12, T(2));
      return { run: (await ledger.run(run.id))!, ids: deliveries!.map(({ id }) => id) };
    },
    async make(id, settlement = sent(), by = "a") {
      const taken = await ledger.takeDelivery(id, by, T(3));
      expect(taken).toMatchObject({ id, state: "sending", owner: by });
      const settled = await ledger.settleDelivery({ id, attempt: taken!.attempts }, settlement, T(4));
      return settled!.delivery;
    },
    async state(runId) {
      return (await ledger.run(runId))?.state;
    },
    async deliveryStates(runId) {
      return (await ledger.deliveries(runId)).map(({ state }) => state);
    },
    async work(owner = "a", role = "service", seconds = 10) {
      const works = await ledger.work(owner, role, T(seconds), 100);
      return works.map(({ kind, id }) => `${kind} ${id}`);
    },
  };
  return scene;
}
