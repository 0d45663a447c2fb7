import { randomBytes } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { imageOf } from "../draw/image.ts";
import { pdfOf } from "../draw/pdf.ts";
import type { RenderFault } from "../fault-kinds.ts";
import type { Faults } from "../faults.ts";
import { failureMessage } from "../query/results.ts";
import { plainRun } from "../query/run-request.ts";
import type { QueryTask } from "../query/task/task.ts";
import type { QueryTasks } from "../query/task/tasks.ts";
import { drawPlanned, type TileResult } from "./plan.ts";
import type { RenderRequest, RenderState, RenderTask } from "./task.ts";

const tasksMax = 200;
/** Looker draws as many at one time unless it is started otherwise. */
const threadsMax = 2;

export interface RenderTasksOptions {
  tasks: QueryTasks;
  faults: Faults;
  /** How long a drawing takes, its queries not counted. */
  renderMs: number;
  /** How long a finished drawing can be fetched. */
  resultTtlMs: number;
  now: () => Date;
}

type Entry = { -readonly [K in keyof RenderTask]: RenderTask[K] } & {
  readonly queries: readonly (QueryTask | null)[];
  readonly fault: RenderFault | null;
  /** How often the word of a fault was said in place of the state. */
  wordsSaid: number;
  /** How many fetches after the end are still told to wait. */
  lateFetches: number;
  bytes: Buffer | null;
};

/** What there is to fetch of a render task. */
export type Fetched =
  | { readonly kind: "pending"; readonly retryAfterSeconds: number }
  | { readonly kind: "failed"; readonly detail: string }
  | { readonly kind: "gone" }
  | { readonly kind: "page" }
  | { readonly kind: "bytes"; readonly bytes: Buffer };

/** Every render task of the server. Its queries run as all others do; drawings wait for one of two threads. */
export class RenderTasks {
  readonly #options: RenderTasksOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #closed = new AbortController();
  readonly #waiting: (() => void)[] = [];
  #threads = 0;

  constructor(options: RenderTasksOptions) {
    this.#options = options;
  }

  create(request: RenderRequest): RenderTask {
    const { tasks, faults, now } = this.#options;
    const fault = faults.takeForRender(request.content, request.format);
    const queries = request.planned.tiles.map(({ query }) =>
      query === null ? null : tasks.create(plainRun(query, request.format)),
    );
    const entry: Entry = {
      id: randomBytes(16).toString("hex"),
      request,
      createdAt: now(),
      finalizedAt: null,
      state: "enqueued_for_query",
      detail: null,
      queryRuntimeSeconds: 0,
      renderRuntimeSeconds: 0,
      queries,
      fault,
      wordsSaid: 0,
      lateFetches: fault?.kind === "render_late" ? (fault.fetches ?? 1) : 0,
      bytes: null,
    };
    this.#entries.set(entry.id, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > tasksMax && oldest !== undefined) this.#entries.delete(oldest);
    this.#carryOut(entry).catch((error: unknown) => this.#end(entry, "failure", String(error)));
    return entry;
  }

  find(id: string): RenderTask | null {
    return this.#entries.get(id) ?? null;
  }

  all(): readonly RenderTask[] {
    return [...this.#entries.values()];
  }

  /** What a poll is told. */
  poll(task: RenderTask): string {
    const entry = this.#entries.get(task.id);
    if (entry?.fault?.kind === "render_word" && entry.wordsSaid < (entry.fault.polls ?? Infinity)) {
      entry.wordsSaid += 1;
      return entry.fault.word;
    }
    return stateOf(task, entry?.queries ?? []);
  }

  fetch(task: RenderTask): Fetched {
    const entry = this.#entries.get(task.id);
    if (entry === undefined || entry.fault?.kind === "render_expired") return { kind: "gone" };
    if (entry.state === "failure") return { kind: "failed", detail: entry.detail ?? "" };
    if (entry.state === "success" && entry.lateFetches > 0) {
      entry.lateFetches -= 1;
      const seconds = entry.fault?.kind === "render_late" ? (entry.fault.retryAfter ?? 1) : 1;
      return { kind: "pending", retryAfterSeconds: seconds };
    }
    if (entry.state !== "success") return { kind: "pending", retryAfterSeconds: 1 };
    if (entry.bytes === null) return { kind: "gone" };
    if (entry.fault?.kind === "render_page") return { kind: "page" };
    const cut =
      entry.fault?.kind === "render_truncated" ? (entry.fault.bytes ?? entry.bytes.length / 2) : Infinity;
    return { kind: "bytes", bytes: entry.bytes.subarray(0, Math.floor(Math.min(cut, entry.bytes.length))) };
  }

  close(): void {
    this.#closed.abort();
    this.#entries.clear();
  }

  async #carryOut(entry: Entry): Promise<void> {
    const { tasks, renderMs } = this.#options;
    const stuckAs = entry.fault?.kind === "render_stuck" ? (entry.fault.state ?? "rendering") : null;
    const queried = performance.now();
    await Promise.all(entry.queries.map((task) => task && tasks.settled(task)));
    entry.queryRuntimeSeconds = secondsSince(queried);
    if (stuckAs !== null && stuckAs !== "rendering") {
      entry.state = stuckAs;
      return;
    }
    entry.state = "enqueued_for_render";
    await this.#thread();
    try {
      entry.state = "rendering";
      if (stuckAs === "rendering") return;
      const started = performance.now();
      // Before the drawing: the results of its queries can expire meanwhile.
      const detail = failureDetail(entry);
      const [bytes] = await Promise.all([
        drawn(entry),
        delay(renderMs, undefined, { signal: this.#closed.signal }),
      ]);
      entry.renderRuntimeSeconds = secondsSince(started);
      if (detail === null) entry.bytes = bytes;
      this.#end(entry, detail === null ? "success" : "failure", detail);
    } finally {
      this.#threads -= 1;
      this.#waiting.shift()?.();
    }
  }

  async #thread(): Promise<void> {
    if (this.#threads >= threadsMax) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#threads += 1;
  }

  #end(entry: Entry, state: "success" | "failure", detail: string | null): void {
    entry.state = state;
    entry.detail = detail;
    entry.finalizedAt = this.#options.now();
    setTimeout(() => {
      entry.bytes = null;
    }, this.#options.resultTtlMs).unref();
  }
}

/** While its queries are under way they are what it waits for. */
function stateOf(task: RenderTask, queries: readonly (QueryTask | null)[]): RenderState {
  const isQuerying =
    task.state === "enqueued_for_query" && queries.some((query) => query?.state === "running");
  return isQuerying ? "querying" : task.state;
}

async function drawn({ request, queries }: Entry): Promise<Buffer> {
  const { format, planned, width, height, paper } = request;
  const picture = drawPlanned(planned, queries.map(resultOf), {
    width,
    height: format === "pdf" ? null : height,
    isSingleColumn: request.isSingleColumn,
    hasLongTables: request.hasLongTables,
  });
  if (format !== "pdf") return imageOf(picture, format);
  return pdfOf(picture, paper, planned.kind === "dashboard" ? planned.title : "");
}

function resultOf(task: QueryTask | null): TileResult | null {
  if (task === null) return null;
  if (task.state !== "complete" || task.answer === null) return { error: failureOf(task) };
  return { detail: task.answer.bytes("json_detail") };
}

function failureOf(task: QueryTask): string {
  return task.state === "killed" ? "Query was killed" : failureMessage(task);
}

/** A dashboard shows in the tile that a query failed; a Look or query by itself is not drawn then. */
function failureDetail({ fault, request, queries }: Entry): string | null {
  if (fault?.kind === "render_failure") {
    return fault.detail ?? "RendererNoRenderFinishedEventReceived: no render finished event was received";
  }
  const failed = queries.find((task) => task !== null && task.state !== "complete") ?? null;
  if (failed === null || request.planned.kind === "dashboard") return null;
  return failureOf(failed);
}

function secondsSince(started: number): number {
  return Math.round(performance.now() - started) / 1000;
}
