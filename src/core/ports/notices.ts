import type { DeliveryPlan } from "../model/entry.ts";
import type { Delivery, NoticePurpose, Run } from "../model/run.ts";

/** What people are told of by `on_failure`, and know already. A part of the ledger. */
export interface Notices {
  /**
   * Plans the notices of a run, once for each purpose: a second call returns those that exist. With no plans it is only noted; so it is
   * where another run of the schedule was told of within a day, the report has gone on failing (or being late) since, and nothing of it
   * fails that did not fail then.
   */
  planNotices(
    runId: string,
    purpose: NoticePurpose,
    plans: readonly DeliveryPlan[],
    at: Date,
  ): Promise<readonly Delivery[]>;
  /**
   * reports.yaml is broken: a run of kind "file" in state "failed", whose notice is to be planned, unless it is known to be broken already.
   * `quietMs`: so is one that was broken for the same reason until then, since another worker of the fleet may see it later. Null where
   * nothing is new.
   */
  fileBroken(broken: BrokenFile, at: Date): Promise<Run | null>;
  /** It is whole: the run is "delivered", which is told where it was told that it is broken. Null where it was not broken. */
  fileWhole(at: Date): Promise<Run | null>;
}

export interface BrokenFile {
  /** Of the new run. */
  readonly id: string;
  readonly reason: string;
  readonly quietMs: number;
}
