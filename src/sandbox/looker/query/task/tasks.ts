import { randomBytes } from "node:crypto";
import { type Warehouse, WarehouseError } from "../../../warehouse/contract.ts";
import type { LifeFault } from "../../fault-kinds.ts";
import type { Faults } from "../../faults.ts";
import { ResultCache } from "../result-cache.ts";
import type { QueryStore } from "../store.ts";
import { type TaskCounts, TaskTally } from "./tally.ts";
import { isPending, type QueryTask, type RunRequest } from "./task.ts";

const tasksMax = 10_000;
/** How long a query waits for its turn before Looker gives it up. */
const queuedMsMax = 600_000;

/** What running a query takes. */
export interface QueryContext {
  queries: QueryStore;
  tasks: QueryTasks;
  warehouse: Warehouse;
  /** The address of the web side, without a trailing slash. */
  webUrl: () => string;
}

export interface QueryTasksOptions {
  warehouse: Warehouse;
  faults: Faults;
  /** How long the database takes over a query. */
  queryMs: (request: RunRequest) => number;
  /** Queries of the user at one time. */
  concurrencyMax: number;
  /** How long a result is kept, and answers the same query again. */
  resultTtlMs: number;
  now: () => Date;
}

type Entry = { -readonly [K in keyof QueryTask]: QueryTask[K] } & {
  ranAt: Date;
  /** Polls until the server forgets the task. */
  rememberedPolls: number;
  /** What the next polls are told instead of the state. */
  script: string[];
  /** What every poll after the script is told instead of the state. */
  stuckAs: string | null;
  startedMs: number;
  timer: NodeJS.Timeout | undefined;
  settled: PromiseWithResolvers<void>;
};

/** Every query task of the server: added, running (so many at once), then complete, error or killed, at last expired. */
export class QueryTasks {
  readonly #options: QueryTasksOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #cache: ResultCache;
  readonly #tally = new TaskTally();

  constructor(options: QueryTasksOptions) {
    this.#options = options;
    this.#cache = new ResultCache(options.resultTtlMs);
  }

  create(request: RunRequest): QueryTask {
    const { faults } = this.#options;
    const { drawnAs } = request;
    // The query of a render task is never polled.
    const life = drawnAs === null ? faults.takeForLife(request.query.id, request.format) : null;
    const entry: Entry = {
      id: randomBytes(16).toString("hex"),
      request,
      createdAt: this.#options.now(),
      fromCache: false,
      state: "added",
      runtimeSeconds: 0,
      ranAt: this.#options.now(),
      forgotten: life?.kind === "forgotten" && life.polls === undefined,
      rememberedPolls: life?.kind === "forgotten" ? (life.polls ?? 0) : Infinity,
      answer: null,
      error: null,
      answerFault:
        drawnAs === null
          ? faults.takeForAnswer(request.query.id, request.format)
          : faults.takeForDrawnQuery(request.query.id, drawnAs),
      ...scriptOf(life),
      startedMs: 0,
      timer: undefined,
      settled: Promise.withResolvers<void>(),
    };
    entry.timer = setTimeout(() => this.#giveUp(entry), queuedMsMax).unref();
    this.#entries.set(entry.id, entry);
    this.#tally.created(request.query.id);
    this.#forgetTheOldest();
    this.#startQueued();
    return entry;
  }

  find(id: string): QueryTask | null {
    const entry = this.#entries.get(id);
    return entry === undefined || entry.forgotten ? null : entry;
  }

  /** What a poll is told. A task whose status is scripted by a fault moves one word on. */
  poll(task: QueryTask): string {
    const entry = this.#entries.get(task.id);
    if (entry !== undefined) {
      entry.rememberedPolls -= 1;
      if (entry.rememberedPolls <= 0) entry.forgotten = true;
    }
    return entry?.script.shift() ?? entry?.stuckAs ?? task.state;
  }

  /** The word that every poll is told from now on, where a fault says so. */
  stuckAs(task: QueryTask): string | null {
    const entry = this.#entries.get(task.id);
    return entry !== undefined && entry.script.length === 0 ? entry.stuckAs : null;
  }

  /** False where there is nothing left to kill. */
  kill(id: string): boolean {
    const entry = this.#entries.get(id);
    if (entry === undefined || !isPending(entry)) return false;
    this.#settle(entry, "killed");
    return true;
  }

  /** Resolves when the task is complete, failed or killed. */
  async settled(task: QueryTask): Promise<void> {
    await this.#entries.get(task.id)?.settled.promise;
  }

  all(): readonly QueryTask[] {
    return [...this.#entries.values()];
  }

  counts(): TaskCounts {
    return this.#tally.counts();
  }

  pending(): readonly QueryTask[] {
    return this.all().filter(isPending);
  }

  close(): void {
    for (const entry of this.#entries.values()) clearTimeout(entry.timer);
    this.#entries.clear();
  }

  #startQueued(): void {
    const limit = Math.min(this.#options.concurrencyMax, this.#options.faults.concurrencyMax);
    for (const entry of this.#entries.values()) {
      if (this.#tally.running >= limit) return;
      if (entry.state === "added") this.#start(entry);
    }
  }

  #start(entry: Entry): void {
    const cached = entry.request.cache ? this.#cache.find(entry.request) : null;
    entry.fromCache = cached !== null;
    entry.state = "running";
    this.#tally.started();
    entry.startedMs = performance.now();
    clearTimeout(entry.timer);
    const takesMs = cached === null ? this.#options.queryMs(entry.request) : 0;
    entry.timer = setTimeout(() => this.#run(entry, cached?.ranAt ?? this.#options.now()), takesMs);
  }

  #run(entry: Entry, ranAt: Date): void {
    entry.ranAt = ranAt;
    entry.runtimeSeconds = Math.round(performance.now() - entry.startedMs) / 1000;
    try {
      if (entry.request.cacheOnly && !entry.fromCache)
        throw new WarehouseError("Query results not found in cache");
      entry.answer = this.#options.warehouse.run(
        entry.request.query.body,
        runOptions(entry, this.#options.now()),
      );
      const failed = entry.answerFault?.kind === "database_error";
      if (!failed) this.#cache.keep(entry.request, ranAt);
      this.#settle(entry, failed ? "error" : "complete");
    } catch (error) {
      // Whatever it is, the server goes on and says it.
      const message = `The sandbox could not run the query: ${String(error)}`;
      entry.error = error instanceof WarehouseError ? error : new WarehouseError(message, { cause: error });
      this.#settle(entry, "error");
    }
  }

  #giveUp(entry: Entry): void {
    entry.error = new WarehouseError(`The query waited ${queuedMsMax / 1000} seconds for its turn`);
    this.#settle(entry, "error");
  }

  #settle(entry: Entry, state: "complete" | "error" | "killed"): void {
    clearTimeout(entry.timer);
    this.#tally.settled(entry.state === "running", state);
    entry.state = state;
    entry.timer = setTimeout(() => this.#expire(entry), this.#options.resultTtlMs).unref();
    entry.settled.resolve();
    this.#startQueued();
  }

  #expire(entry: Entry): void {
    entry.state = "expired";
    entry.answer = null;
    entry.error = null;
  }

  #forgetTheOldest(): void {
    for (const entry of this.#entries.values()) {
      if (this.#entries.size <= tasksMax) return;
      if (isPending(entry)) continue;
      clearTimeout(entry.timer);
      this.#entries.delete(entry.id);
    }
  }
}

function scriptOf(fault: LifeFault | null): Pick<Entry, "script" | "stuckAs"> {
  switch (fault?.kind) {
    case "false_expired":
      return { script: ["added", "added", "expired"], stuckAs: null };
    case "expired":
      return { script: [], stuckAs: "expired" };
    case "status_word":
      return fault.polls === undefined
        ? { script: [], stuckAs: fault.word }
        : { script: Array.from({ length: fault.polls }, () => fault.word), stuckAs: null };
    default:
      return { script: [], stuckAs: null };
  }
}

function runOptions(entry: Entry, now: Date) {
  const { limit, applyFormatting, generateDrillLinks } = entry.request;
  const { id, fromCache, runtimeSeconds, ranAt } = entry;
  const options = { applyFormatting, generateDrillLinks, now, taskId: id, fromCache, runtimeSeconds, ranAt };
  return limit === undefined ? options : { ...options, limit };
}
