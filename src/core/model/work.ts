/**
 * Something to be done, by the worker that takes it first. The ledger announces it in the transaction that makes it; an
 * engine may get it twice, or late, or after it was done: the ledger decides when it is taken.
 */
export interface Work {
  readonly kind:
    | "run" // id of a run: ask Looker, make files, plan the deliveries
    | "delivery" // id of a delivery: make it, or look it up
    | "failed" // id of a run that ended badly: plan the notices of it
    | "late" // id of a run that is not delivered by its `expect_by`: the same
    | "missed" // id of the latest tick that an outage cost its report: the same
    | "recovered"; // id of a run that was delivered after its report had failed or was late: the same
  readonly id: string;
  /** Not before. */
  readonly at: Date;
}

/** What a piece of work is known by: the id of a run alone names several kinds. */
export type WorkKey = Pick<Work, "kind" | "id">;
