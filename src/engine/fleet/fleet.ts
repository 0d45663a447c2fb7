import type { PgBoss } from "pg-boss";
import { throttled } from "../../core/error.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Engine, Pipeline } from "../../core/ports/engine.ts";
import type { Ledger } from "../../core/ports/ledger.ts";
import { createResting, type Lane, type Lanes, laneOf, openLanes } from "../lanes.ts";
import { type Repeated, repeat } from "../repeat.ts";
import { untilIdle } from "../until-idle.ts";
import { QUEUES, SUPERVISE_MS } from "./boss.ts";
import { type FleetLane, fleetLane } from "./lane.ts";

export interface FleetOptions {
  readonly ledger: Ledger;
  readonly owner: () => string;
  readonly clock: Clock;
  /** Runs, and deliveries with notices, that are under way in this process at the same time. */
  readonly runsMax: number;
  readonly deliveriesMax: number;
  /** How often the ledger is looked at for work whose job was lost, in milliseconds: 15,000 by default. */
  readonly lostMs?: number;
  /** Gets what goes wrong, the same thing at most every 30 s. The engine goes on. */
  readonly trouble: (thrown: unknown) => void;
}

interface Going {
  readonly lanes: Lanes;
  readonly queues: readonly FleetLane[];
  readonly searches: Repeated;
  readonly supervisions: Repeated;
}

const LOST_MS = 15_000;
const LOST_MAX = 1_000;
/** As long as a job that was busy. */
const REST_MS = 2_000;

/** The engine of one replica: it carries out what the queue hands it, and what the ledger knows of and the queue does not. */
export function fleetEngine(boss: PgBoss, options: FleetOptions): Engine {
  const { ledger, owner, clock } = options;
  const trouble = throttled(options.trouble);
  let going: Going | null = null;
  let isStopped = false;
  const wake = () => {
    for (const queue of going?.queues ?? []) queue.wake();
  };

  return {
    async start(pipeline: Pipeline) {
      if (going !== null || isStopped) throw new Error("An engine is started once.");
      going = go(boss, pipeline, wake, { ...options, trouble });
    },
    wake,
    async idle() {
      if (going === null) return;
      const { lanes, searches } = going;
      await untilIdle({
        underWay: () => lanes.underWay,
        ended: () => lanes.ended(),
        isAnyDue: async () => (await ledger.work(owner(), "service", clock.now(), 1)).length > 0,
        wake() {
          wake();
          searches.wake();
        },
        isStopped: () => isStopped,
        trouble,
      });
    },
    async stop(graceMs) {
      isStopped = true;
      if (going === null) return;
      const { lanes, queues, searches, supervisions } = going;
      const stopped = Promise.all([searches, supervisions, ...queues].map((one) => one.stop()));
      await lanes.close(graceMs);
      await stopped;
      await Promise.all(queues.map((queue) => queue.close()));
    },
  };
}

function go(boss: PgBoss, pipeline: Pipeline, wake: () => void, options: FleetOptions): Going {
  const { clock, runsMax, deliveriesMax, trouble, lostMs = LOST_MS } = options;
  const lanes = openLanes({ pipeline, runsMax, deliveriesMax, trouble });
  const open = (lane: Lane) =>
    fleetLane({ boss, queue: QUEUES[lane], lane, lanes, clock, onEnded: wake, trouble });
  const queues = { runs: open("runs"), deliveries: open("deliveries") };
  return {
    lanes,
    queues: Object.values(queues),
    searches: repeat(searching(lanes, queues, wake, options), { everyMs: lostMs, rest: 1, trouble }),
    supervisions: repeat(() => boss.supervise(), { everyMs: SUPERVISE_MS, rest: 0, trouble }),
  };
}

/**
 * What is due although its queue has no more to give has lost its job: it is carried out without one. So a job lost costs
 * some seconds, never a report; another replica that finds the same comes too late in the ledger.
 */
function searching(
  lanes: Lanes,
  queues: Readonly<Record<Lane, FleetLane>>,
  wake: () => void,
  { ledger, owner, clock }: FleetOptions,
): () => Promise<void> {
  const resting = createResting(REST_MS);
  return async () => {
    if (!queues.runs.isDry && !queues.deliveries.isDry) return;
    const due = await ledger.work(owner(), "service", clock.now(), LOST_MAX);
    for (const work of due) {
      if (!queues[laneOf(work)].isDry || resting.has(work)) continue;
      void lanes.begin(work)?.then((how) => {
        if (how === "busy") resting.add(work);
        wake();
      });
    }
  };
}
