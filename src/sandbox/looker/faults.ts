import { type ActiveFault, faultList } from "../fault-list.ts";
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

/**
 * What is to go wrong, in the order in which it was asked for. One request meets at most one request fault and one run
 * at most one fault of its life and one of its answer, so that several faults on one operation make a sequence.
 */
export class Faults {
  readonly #list = faultList(faultSchema, [], usualTimes);

  /** @throws TypeError that names what is wrong with the fault. */
  add(fault: Fault): ActiveFault<Fault> {
    return this.#list.add(fault);
  }

  list(): readonly ActiveFault<Fault>[] {
    return this.#list.list();
  }

  /** One by its id, or all. */
  clear(id?: string): void {
    this.#list.clear(id);
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
    return this.list().some(({ fault }) => fault.kind === "pending_as_204");
  }

  get concurrencyMax(): number {
    const limits = this.list().map(({ fault }) => (fault.kind === "concurrency" ? fault.max : Infinity));
    return Math.min(Infinity, ...limits);
  }

  #take<F extends Fault>(is: (fault: Fault) => fault is F, hits: (fault: F) => boolean): F | null {
    const { fault } = this.#list.strike((one) => is(one) && hits(one));
    return fault !== undefined && is(fault) ? fault : null;
  }
}

/** A setting lasts until it is cleared, and so does what strikes by chance; all else strikes once. */
function usualTimes(fault: Fault & { chance?: number | undefined }): number {
  const isSetting = fault.kind === "pending_as_204" || fault.kind === "concurrency";
  return isSetting || fault.chance !== undefined ? Number.POSITIVE_INFINITY : 1;
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
