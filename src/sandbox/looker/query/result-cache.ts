import type { RunRequest } from "./task/task.ts";

const entriesMax = 1000;

/** When each query was last run, for as long as its result counts as fresh. The rows themselves are made again: they are the same. */
export class ResultCache {
  readonly #ttlMs: number;
  readonly #ranAt = new Map<string, { ranAt: Date; keptMs: number }>();

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs;
  }

  find(request: RunRequest): { ranAt: Date } | null {
    const key = keyOf(request);
    const entry = this.#ranAt.get(key);
    if (entry === undefined) return null;
    if (performance.now() - entry.keptMs < this.#ttlMs) return entry;
    this.#ranAt.delete(key);
    return null;
  }

  keep(request: RunRequest, ranAt: Date): void {
    const key = keyOf(request);
    if (this.#ranAt.get(key)?.ranAt === ranAt) return;
    this.#ranAt.set(key, { ranAt, keptMs: performance.now() });
    const [oldest] = this.#ranAt.keys();
    if (this.#ranAt.size > entriesMax && oldest !== undefined) this.#ranAt.delete(oldest);
  }
}

function keyOf({ query, limit }: RunRequest): string {
  return `${query.id} ${limit ?? ""}`;
}
