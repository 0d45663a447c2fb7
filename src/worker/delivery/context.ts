import type { Report } from "../../core/model/report.ts";
import type { Delivery, Run } from "../../core/model/run.ts";
import type { WorkerContext } from "../process/context.ts";
import type { Lease } from "../process/lease.ts";

/** One attempt at a delivery, taken and under way. */
export interface DeliveryAttempt {
  readonly delivery: Delivery;
  readonly run: Run;
  readonly takenAt: Date;
  readonly lease: Lease;
  /** Aborts with the ReportError that says why. */
  readonly signal: AbortSignal;
  /** Brings the next try forward, once this one is written down. */
  readonly hasten: () => void;
}

/** The same, with all that it needs. */
export interface DeliveryContext extends DeliveryAttempt {
  readonly report: Report;
  readonly worker: WorkerContext;
}
