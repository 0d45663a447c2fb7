import type { Job, PgBoss } from "pg-boss";
import type { WorkKey } from "../../core/model/work.ts";
import type { Clock } from "../../core/ports/clock.ts";
import type { Lane, Lanes } from "../lanes.ts";
import { repeat } from "../repeat.ts";

/** What a job says. */
export interface JobData extends WorkKey {
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** One queue, as this process works on it. */
export interface FleetLane {
  /** Fetch now: a slot has become free, or there are new jobs. */
  wake(): void;
  /** Whether the last fetch found fewer jobs than there were slots: the queue has no more that are due. */
  readonly isDry: boolean;
  /** Fetches nothing more. */
  stop(): Promise<void>;
  /** After all work has ended: reports to the queue how. Where that fails, its jobs go to others after a while, who find them done. */
  close(): Promise<void>;
}

export interface FleetLaneOptions {
  readonly boss: PgBoss;
  readonly queue: string;
  readonly lane: Lane;
  readonly lanes: Lanes;
  readonly clock: Clock;
  /** A piece of work has ended: a slot is free, and there may be more to do in any queue. */
  readonly onEnded: () => void;
  readonly trouble: (thrown: unknown) => void;
}

const FETCH_MS = 2_000;
/** Three beats within the queue's patience. */
const BEAT_MS = 5_000;
const REPORT_MS = 2_000;

/**
 * Fetches as many jobs as there are slots, each carried out for itself: pg-boss's own workers take the next batch only when
 * the slowest of the last one is done, or poll once for each slot.
 */
export function fleetLane(options: FleetLaneOptions): FleetLane {
  const { boss, queue, lane, lanes, clock, onEnded, trouble } = options;
  const held = new Map<string, Job<JobData>>();
  const done: Job<JobData>[] = [];
  const thrownBack: Job<JobData>[] = [];
  let isDry = false;

  async function fetch(): Promise<void> {
    const slots = lanes.free(lane);
    if (slots === 0) return;
    const jobs = await boss.fetch<JobData>(queue, { batchSize: slots });
    isDry = jobs.length < slots;
    for (const job of jobs) take(job);
  }

  function take(job: Job<JobData>): void {
    held.set(job.id, job);
    // Where our clock is behind the server's, the ledger would not give it to us yet, and the job would be spent.
    const isEarly = job.data.at > clock.now().getTime();
    // A second job for what is under way may be about what comes after it: it is asked for again.
    const carried = isEarly ? null : lanes.begin(job.data);
    if (carried === null) {
      thrownBack.push(job);
      reports.wake();
      return;
    }
    void carried.then((how) => {
      (how === "done" ? done : thrownBack).push(job);
      reports.wake();
      onEnded();
    });
  }

  async function report(): Promise<void> {
    await settle(done, (jobs) => boss.complete(queue, jobs));
    await settle(thrownBack, (jobs) => boss.fail(queue, jobs));
  }

  /** What could not be reported stays in the list, and is held, for the next time. */
  async function settle(
    jobs: Job<JobData>[],
    write: (ended: Job<JobData>[]) => Promise<unknown>,
  ): Promise<void> {
    if (jobs.length === 0) return;
    const ended = [...jobs];
    await write(ended);
    jobs.splice(0, ended.length);
    for (const job of ended) held.delete(job.id);
  }

  async function beat(): Promise<void> {
    if (held.size > 0) await boss.touch(queue, [...held.values()]);
  }

  const reports = repeat(report, { everyMs: REPORT_MS, rest: 0, trouble });
  const beats = repeat(beat, { everyMs: BEAT_MS, rest: 0, trouble });
  const fetches = repeat(fetch, { everyMs: FETCH_MS, rest: 1, trouble });
  return {
    wake: () => fetches.wake(),
    get isDry() {
      return isDry;
    },
    stop: () => fetches.stop(),
    async close() {
      await Promise.all([reports.stop(), beats.stop()]);
      await report().catch(trouble);
    },
  };
}
