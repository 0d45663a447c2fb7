import type { Artifact } from "./artifact.ts";
import type { Table } from "./table.ts";

/**
 * What is delivered, before any destination gives it a form. Plain JSON (dates are ISO 8601 strings in UTC): it is kept
 * in the spool, so that a delivery can be taken up again after a kill.
 */
export interface Message {
  /** Stable name of this delivery (run, destination, recipient group): the Message-ID, Slack's metadata key. No secrets, no data. */
  readonly key: string;
  readonly run: RunLabel;
  /** "notice": it tells of a run that went wrong; it has an intro and no data. */
  readonly purpose: "report" | "notice";
  readonly subject: string;
  /** Words of the report's author ahead of the data, or null. Plain text. */
  readonly intro: string | null;
  readonly sections: readonly MessageSection[];
  /** Sentences the recipient must read: what was cut, what could not be attached. */
  readonly notices: readonly string[];
  readonly artifacts: readonly Artifact[];
}

export interface RunLabel {
  readonly id: string;
  readonly report: string;
  readonly title: string;
  /** Who to ask: an address or a name. */
  readonly owner: string | null;
  /** The tick that was due, which everything in the message speaks of. */
  readonly dueAt: string;
  /** IANA name: how dueAt is shown. */
  readonly timezone: string;
}

export interface MessageSection {
  readonly title: string;
  /** Its rows are at most `rowsShown`: a head, for showing. `rowCount` tells of the whole. */
  readonly table: Table;
  readonly rowsShown: number;
  readonly show: "table" | "none";
  readonly url: string;
  readonly ranAt: string;
  readonly fromCache: boolean | null;
  readonly notices: readonly string[];
}
