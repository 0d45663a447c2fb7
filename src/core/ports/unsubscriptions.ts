import type { ReportRecipient, UnsubscribedBy, Unsubscription } from "../model/unsubscription.ts";

/** Who does not want a report any more. Kept until it is lifted, whatever becomes of the report. */
export interface Unsubscriptions extends UnsubscriptionReads {
  /** False where it was so already; then the first time counts. */
  unsubscribe(who: ReportRecipient, how: UnsubscribedBy, at: Date): Promise<boolean>;
  /** The report is sent to them again. False where it was all the time. */
  resubscribe(who: ReportRecipient): Promise<boolean>;
}

export interface UnsubscriptionReads {
  /** By report and recipient. `report` null: of all reports. Recipients are in lower case. */
  unsubscribed(report: string | null): Promise<readonly Unsubscription[]>;
}
