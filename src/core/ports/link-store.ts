import type { Artifact } from "../model/artifact.ts";
import type { Download } from "../model/message.ts";
import type { ReportRecipient } from "../model/unsubscription.ts";

/** Gives out addresses of the worker's own that cannot be guessed. */
export interface LinkStore {
  /** Puts a file of a spool where recipients can fetch it. Rejects with ReportError `local` for a file that is in none. */
  file(artifact: Artifact, runId: string): Promise<Download>;
  /** An address that opens one of Looker's pages in a signed session, made again at each click. */
  embed(url: string, runId: string): Promise<string>;
  /** Where this recipient ends that the report is sent to them. It works for as long as the ledger has the run. */
  unsubscribe(who: ReportRecipient, runId: string): Promise<string>;
}
