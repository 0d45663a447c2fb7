import type { JobInsert } from "pg-boss";
import { throttled } from "../../core/error.ts";
import type { Work } from "../../core/model/work.ts";
import type { Engine } from "../../core/ports/engine.ts";
import { laneOf } from "../lanes.ts";
import { openFleetBoss, QUEUES } from "./boss.ts";
import { type FleetOptions, fleetEngine } from "./fleet.ts";
import type { JobData } from "./lane.ts";

/** The ledger's connection, within its transaction. */
export interface LedgerTransaction {
  query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

/** The queue that the replicas of a fleet share. It says who does what when; what is true, the ledger alone says. */
export interface FleetQueue {
  /** Enqueues work in the ledger's own transaction: both are written, or neither. */
  announce(work: readonly Work[], client: LedgerTransaction): Promise<void>;
  /** To be called after the commit: what this process has announced, it need not wait for. */
  announced(): void;
  /** The engine that carries out what is enqueued. A command that only announces needs none. */
  engine(options: FleetOptions): Engine;
  /** The same database under another user or password: from now on, connections are made with these. */
  renew(url: string): void;
  /** After the engine was stopped and the ledger closed. No connection is left open. */
  close(): Promise<void>;
}

/**
 * Opens the queue in the ledger's Postgres, in a schema of its own, and makes its tables where they are missing. Opened
 * before the ledger, which announces to it, and closed after it. Rejects with ReportError: `unavailable` (retryable) where
 * the server does not answer, `auth` where it refuses the user, `config` where it has no such database.
 */
export async function openFleetQueue(url: string, trouble: (thrown: unknown) => void): Promise<FleetQueue> {
  const { boss, renew, explain, close } = await openFleetBoss(url, throttled(trouble));
  const engines: Engine[] = [];
  return {
    async announce(work, client) {
      const db = { executeSql: (text: string, values?: unknown[]) => client.query(text, values) };
      for (const [lane, queue] of Object.entries(QUEUES)) {
        const jobs = work.filter((one) => laneOf(one) === lane).map(toJob);
        if (jobs.length > 0) await boss.insert(queue, jobs, { db });
      }
    },
    announced() {
      for (const engine of engines) engine.wake();
    },
    engine(options) {
      const engine = fleetEngine(boss, {
        ...options,
        trouble: (thrown) => options.trouble(explain(thrown)),
      });
      engines.push(engine);
      return engine;
    },
    renew,
    close,
  };
}

/** What is due is given no time: it decides how long pg-boss keeps a job, and a tick caught up may be months old. */
function toJob({ kind, id, at }: Work): JobInsert<JobData> {
  const data = { kind, id, at: at.getTime() };
  return at.getTime() > Date.now() ? { data, startAfter: at } : { data };
}
