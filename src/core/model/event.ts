import type { Delivery, Run } from "./run.ts";

/** How far a query is at Looker, for a person who watches. */
export interface Progress {
  /** Looker's own word (added, running, complete, …), or "waiting" for a free place, "fetching" while the result streams in. */
  readonly status: string;
  readonly elapsedMs: number;
  /** Bytes fetched so far, while fetching. */
  readonly bytes?: number;
}

export type Event =
  | { readonly kind: "run_started"; readonly run: Run }
  | {
      readonly kind: "section_progress";
      readonly run: Run;
      readonly section: number;
      readonly title: string;
      readonly progress: Progress;
    }
  | {
      readonly kind: "section_done";
      readonly run: Run;
      readonly section: number;
      readonly title: string;
      /** What was asked for, as the source describes it. */
      readonly content: string;
      readonly rows: number;
      readonly columns: number;
      readonly tookMs: number;
      readonly fromCache: boolean | null;
      readonly warnings: readonly string[];
    }
  /** Something of the section could not be had as its report asks for it, and it goes out otherwise. For the report's author: recipients read less. */
  | {
      readonly kind: "section_incomplete";
      readonly run: Run;
      readonly section: number;
      readonly title: string;
      readonly reason: string;
      readonly advice: string | null;
    }
  /** It is to be tried again at `delivery.nextAt`. */
  | { readonly kind: "delivery_postponed"; readonly run: Run; readonly delivery: Delivery }
  | { readonly kind: "delivery_settled"; readonly run: Run; readonly delivery: Delivery }
  /** It is to be tried again at `run.nextAt`, or was handed back. */
  | { readonly kind: "run_postponed"; readonly run: Run }
  /** `deliveries`: its own and its notices, as they are then; of a run that ended as it should they may be left out. */
  | { readonly kind: "run_ended"; readonly run: Run; readonly deliveries: readonly Delivery[] };

/** Told of everything that happens; logs, metrics and the terminal are made of it. Must not throw. */
export type Listener = (event: Event) => void;
