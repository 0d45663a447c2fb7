import { z } from "zod";
import { seededRandom } from "../seeded-random.ts";
import {
  type AnswerFault,
  type Fault,
  faultSchema,
  isAnswerFault,
  isLifeFault,
  isRenderFault,
  isRequestFault,
  type LifeFault,
  type RenderFault,
  type RequestFault,
} from "./fault-kinds.ts";

export interface StandingFault {
  readonly id: string;
  readonly fault: Fault;
  /** How often it will still strike. */
  readonly left: number | "always";
}

interface Entry {
  readonly id: string;
  readonly fault: Fault;
  left: number;
  /** Whether it strikes this time. */
  readonly drawn: () => boolean;
}

/**
 * What is to go wrong, in the order in which it was asked for. One request meets at most one request fault and one run
 * at most one fault of its life and one of its answer, so that several faults on one operation make a sequence.
 */
export class Faults {
  #standing: Entry[] = [];
  #lastId = 0;

  /** @throws TypeError that names what is wrong with the fault. */
  add(fault: Fault): StandingFault {
    const read = faultSchema.safeParse(fault);
    if (!read.success) throw new TypeError(`Not a fault: ${z.prettifyError(read.error)}`);
    this.#lastId += 1;
    const drawn = drawer(read.data, this.#lastId);
    const entry = { id: String(this.#lastId), fault: read.data, left: timesOf(read.data), drawn };
    this.#standing.push(entry);
    return shown(entry);
  }

  list(): readonly StandingFault[] {
    return this.#standing.map(shown);
  }

  /** One by its id, or all. */
  clear(id?: string): void {
    this.#standing = id === undefined ? [] : this.#standing.filter((entry) => entry.id !== id);
  }

  takeForRequest(operation: string, method: string, path: string): RequestFault | null {
    return this.#take(isRequestFault, (fault) => {
      if (fault.kind === "login_refused") return operation === "login";
      if (fault.kind === "token_expired" && operation === "login") return false;
      return fault.on === undefined || fault.on === operation || pathMatches(fault.on, `${method} ${path}`);
    });
  }

  takeForLife(queryId: string, format: string): LifeFault | null {
    return this.#take(isLifeFault, (fault) => concerns(fault, queryId, format));
  }

  takeForAnswer(queryId: string, format: string): AnswerFault | null {
    return this.#take(isAnswerFault, (fault) => concerns(fault, queryId, format));
  }

  /** Of the faults of an answer, only the database's own reach a query whose result is drawn. */
  takeForDrawnQuery(queryId: string, format: string): AnswerFault | null {
    return this.#take(isAnswerFault, (fault) => {
      return fault.kind === "database_error" && concerns(fault, queryId, format);
    });
  }

  /** `content` as in the address of what is drawn: `looks/42`. */
  takeForRender(content: string, format: string): RenderFault | null {
    return this.#take(isRenderFault, (fault) => {
      return (fault.format ?? format) === format && (fault.of ?? content) === content;
    });
  }

  get pendingAs204(): boolean {
    return this.#standing.some(({ fault }) => fault.kind === "pending_as_204");
  }

  get concurrencyMax(): number {
    const limits = this.#standing.map(({ fault }) => (fault.kind === "concurrency" ? fault.max : Infinity));
    return Math.min(Infinity, ...limits);
  }

  #take<F extends Fault>(is: (fault: Fault) => fault is F, hits: (fault: F) => boolean): F | null {
    for (const entry of this.#standing) {
      const { fault } = entry;
      if (!is(fault) || !hits(fault) || !entry.drawn()) continue;
      entry.left -= 1;
      if (entry.left <= 0) this.clear(entry.id);
      return fault;
    }
    return null;
  }
}

function concerns(fault: LifeFault | AnswerFault, queryId: string, format: string): boolean {
  return (fault.queryId ?? queryId) === queryId && (fault.format ?? format) === format;
}

function pathMatches(pattern: string, methodAndPath: string): boolean {
  const source = pattern
    .split("*")
    .map((literal) => literal.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"))
    .join(".*");
  return new RegExp(`^${source}$`, "i").test(methodAndPath);
}

function timesOf(fault: Fault): number {
  if (!("times" in fault) || fault.times === undefined) return isLasting(fault) ? Infinity : 1;
  return fault.times === "always" ? Infinity : fault.times;
}

function isLasting(fault: Fault): boolean {
  return (
    fault.kind === "pending_as_204" ||
    fault.kind === "concurrency" ||
    ("chance" in fault && fault.chance !== undefined)
  );
}

function drawer(fault: Fault, number: number): () => boolean {
  if (!("chance" in fault) || fault.chance === undefined) return () => true;
  const { chance, seed = number } = fault;
  const random = seededRandom(seed);
  return () => random() < chance;
}

function shown({ id, fault, left }: Entry): StandingFault {
  return { id, fault, left: left === Infinity ? "always" : left };
}
