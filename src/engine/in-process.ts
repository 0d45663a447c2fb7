import { throttled } from "../core/error.ts";
import type { Work } from "../core/model/work.ts";
import type { Clock } from "../core/ports/clock.ts";
import type { Engine, Pipeline } from "../core/ports/engine.ts";
import type { Ledger } from "../core/ports/ledger.ts";
import type { OwnerRole } from "../core/ports/owners.ts";
import { createResting, type Lane, type Lanes, laneOf, openLanes } from "./lanes.ts";
import { type Repeated, repeat } from "./repeat.ts";
import { untilIdle } from "./until-idle.ts";

export interface InProcessOptions {
  readonly ledger: Ledger;
  readonly owner: () => string;
  /** A command takes only what is reserved for it. */
  readonly role: OwnerRole;
  readonly clock: Clock;
  /** Runs, and deliveries with notices, that are under way at the same time. */
  readonly runsMax: number;
  readonly deliveriesMax: number;
  /** How often the ledger is looked at where nothing wakes the engine, in milliseconds: 1,000 by default. */
  readonly pollMs?: number;
  /** Gets what goes wrong, the same thing at most every 30 s. The engine goes on. */
  readonly trouble: (thrown: unknown) => void;
}

/** How much of the ledger's list is read at first. */
const LOOK_FIRST = 500;
const LOOK_MAX = 100_000;

/** A look at a long list waits this many times its own time: it takes at most a quarter of the process. */
const LOOK_REST = 3;

/**
 * The engine without a queue: it asks the ledger what is due, and keeps nothing but what it has in hand. What the ledger said
 * last is begun as slots become free, without asking again.
 */
export function inProcessEngine(options: InProcessOptions): Engine {
  const { ledger, owner, role, clock, runsMax, deliveriesMax, pollMs = 1_000 } = options;
  const trouble = throttled(options.trouble);
  let going: { readonly lanes: Lanes; readonly looks: Repeated } | null = null;
  let isStopped = false;

  return {
    async start(pipeline: Pipeline) {
      if (going !== null || isStopped) throw new Error("An engine is started once.");
      const lanes = openLanes({ pipeline, runsMax, deliveriesMax, trouble });
      const look = looking(options, lanes, pollMs, () => looks.wake());
      const looks = repeat(look, { everyMs: pollMs, rest: LOOK_REST, trouble });
      going = { lanes, looks };
    },
    wake: () => going?.looks.wake(),
    async idle() {
      if (going === null) return;
      const { lanes, looks } = going;
      await untilIdle({
        underWay: () => lanes.underWay,
        ended: () => lanes.ended(),
        isAnyDue: async () => (await ledger.work(owner(), role, clock.now(), 1)).length > 0,
        wake: () => looks.wake(),
        isStopped: () => isStopped,
        trouble,
      });
    },
    async stop(graceMs) {
      isStopped = true;
      const looked = going?.looks.stop();
      await going?.lanes.close(graceMs);
      await looked;
    },
  };
}

/** One look at the ledger. */
function looking(
  { ledger, owner, role, clock }: InProcessOptions,
  lanes: Lanes,
  pollMs: number,
  wake: () => void,
): () => Promise<void> {
  const waiting: Record<Lane, Work[]> = { runs: [], deliveries: [] };
  const resting = createResting(pollMs);
  let limit = LOOK_FIRST;

  function fill(lane: Lane): void {
    while (lanes.free(lane) > 0) {
      const next = waiting[lane].shift();
      if (next === undefined) return;
      if (resting.has(next)) continue;
      void lanes.begin(next)?.then((how) => ended(next, how));
    }
  }

  function ended(work: Work, how: "done" | "busy"): void {
    if (how === "busy") resting.add(work);
    fill(laneOf(work));
    // What was done may have made more to do; what is busy would only be found busy again.
    if (how === "done") wake();
  }

  /** The list is oldest first: where it is cut, a delivery that a lane has room for may be behind thousands of runs. */
  function adaptLimit(found: number): void {
    const hasRoom = lanes.free("runs") > 0 || lanes.free("deliveries") > 0;
    if (found === limit && hasRoom && limit < LOOK_MAX) {
      limit = Math.min(limit * 8, LOOK_MAX);
      wake();
    } else if (found < limit / 16) {
      limit = LOOK_FIRST;
    }
  }

  return async () => {
    if (lanes.free("runs") === 0 && lanes.free("deliveries") === 0) return;
    const found = await ledger.work(owner(), role, clock.now(), limit);
    for (const lane of ["runs", "deliveries"] as const) {
      // The last look's list ends here: it is the oldest first in its turn, hence taken from the front.
      waiting[lane] = found.filter((work) => laneOf(work) === lane && !lanes.has(work));
      fill(lane);
    }
    adaptLimit(found.length);
  };
}
