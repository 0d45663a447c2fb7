export interface TaskCounts {
  /** Since the server was started. */
  readonly created: number;
  readonly running: number;
  /** Made, and waiting for their turn. */
  readonly queued: number;
  /** Most that ever ran at once. */
  readonly runningMax: number;
  readonly complete: number;
  readonly failed: number;
  readonly killed: number;
  /** Tasks made for each query, by its id. */
  readonly byQuery: Readonly<Record<string, number>>;
}

/** Counts every query task there ever was, also those that are forgotten by now. */
export class TaskTally {
  #running = 0;
  #runningMax = 0;
  #created = 0;
  readonly #ended = { complete: 0, error: 0, killed: 0 };
  #neverRan = 0;
  #started = 0;
  readonly #byQuery = new Map<string, number>();

  get running(): number {
    return this.#running;
  }

  created(queryId: string): void {
    this.#created += 1;
    this.#byQuery.set(queryId, (this.#byQuery.get(queryId) ?? 0) + 1);
  }

  started(): void {
    this.#started += 1;
    this.#running += 1;
    this.#runningMax = Math.max(this.#runningMax, this.#running);
  }

  settled(wasRunning: boolean, end: "complete" | "error" | "killed"): void {
    this.#ended[end] += 1;
    if (wasRunning) this.#running -= 1;
    else this.#neverRan += 1;
  }

  counts(): TaskCounts {
    const { complete, error, killed } = this.#ended;
    return {
      created: this.#created,
      running: this.#running,
      queued: this.#created - this.#started - this.#neverRan,
      runningMax: this.#runningMax,
      complete,
      failed: error,
      killed,
      byQuery: Object.fromEntries(this.#byQuery),
    };
  }
}
