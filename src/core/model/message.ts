import type { Locale } from "../words/locale.ts";
import type { Artifact } from "./artifact.ts";
import type { MessageBrand } from "./brand.ts";
import type { Picture } from "./picture.ts";
import type { Show } from "./show.ts";
import type { Table } from "./table.ts";

/**
 * What is delivered, before any destination gives it a form. Plain JSON (dates are ISO 8601 strings in UTC): it is kept
 * in the spool, so that a delivery can be taken up again after a kill.
 */
export interface Message {
  /** Stable name of this delivery (run, destination, recipient group): the Message-ID, Slack's metadata key. No secrets, no data. */
  readonly key: string;
  readonly run: RunLabel;
  /**
   * "notice": it tells of a run that went wrong; it has an intro and no data. "service": the same of the service itself, with a label in
   * place of a run's.
   */
  readonly purpose: "report" | "notice" | "service";
  /** Of a notice: "good" where it tells that something works again. Absent: it is an alarm. */
  readonly tone?: "good";
  readonly subject: string;
  /** Words of the report's author ahead of the data, or null. Plain text. */
  readonly intro: string | null;
  /** What time the data covers, in words: "9 to 15 November 2026"; null where that is not known. */
  readonly period: string | null;
  /** Whose message it is. Absent: lookpost's own. */
  readonly brand?: MessageBrand;
  /** Whether it begins with a sentence made from its data. Absent: it does. */
  readonly hasLead?: boolean;
  readonly sections: readonly MessageSection[];
  /** Sentences the recipient must read: what was cut, what could not be attached. */
  readonly notices: readonly string[];
  readonly artifacts: readonly Artifact[];
  /** Files too large to be attached that can be fetched from the worker. */
  readonly downloads: readonly Download[];
  /** Pictures that sections show, by their names. */
  readonly pictures: readonly Picture[];
}

/** Of a message that has words alone, all but those. */
export const WITHOUT_DATA = {
  period: null,
  sections: [],
  notices: [],
  artifacts: [],
  downloads: [],
  pictures: [],
} as const satisfies Partial<Message>;

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
  /** Of its fixed words. Absent: English. */
  readonly locale?: Locale;
  /** The report's crontab; absent where it does not say why someone gets the message. */
  readonly cron?: string;
}

/** One part of a message: words, data, or both. */
export interface MessageSection {
  readonly title: string;
  /** Words of the author's, or of a dashboard's text tile: CommonMark, with tables of pipes; raw HTML is shown as it is written. Null: none. */
  readonly text: string | null;
  /** Null: it has words alone, or its content could not be had; then the notices say why. */
  readonly data: SectionData | null;
  readonly notices: readonly string[];
}

export interface SectionData {
  readonly show: Show;
  /** Its rows are at most `rowsShown`: a head, for showing. `rowCount` tells of the whole. */
  readonly table: Table;
  readonly rowsShown: number;
  /** What its rows are, in the plural: "airports". Absent: rows. */
  readonly noun?: string;
  /** Absent: it has none that is certain. */
  readonly order?: RowOrder;
  /** Where a person finds this in Looker; null: the report wants no links. */
  readonly url: string | null;
  /** What time it covers, in words, where not all sections cover the same; absent: as the message says, or not known. */
  readonly period?: string;
  /** What its query was filtered by, a sentence each; absent: nothing, or it is not to be said. */
  readonly filters?: readonly string[];
  /** When Looker ran it. */
  readonly ranAt: string;
  /** Null where Looker does not tell. */
  readonly fromCache: boolean | null;
}

/** How a table's rows are sorted, by the column of this label: what a part of them is the first of. */
export interface RowOrder {
  readonly kind: "newest" | "oldest" | "highest" | "lowest" | "most" | "fewest" | "ascending" | "descending";
  readonly label: string;
}

/** A file that waits on the worker's disk, behind an address that cannot be guessed. */
export interface Download {
  readonly filename: string;
  readonly url: string;
  readonly bytes: number;
  readonly rows: number | null;
  /** Which sections of the message it holds, by their indexes. */
  readonly sections: readonly number[];
  readonly expiresAt: string;
}

/** An entry's own subject speaks of its report: what is said of the service has its own. */
export function subjectOf(message: Message, own: string | null): string {
  return message.purpose === "service" ? message.subject : (own ?? message.subject);
}

/**
 * The words ahead of the data: those of the delivery's own options where it has any. Ahead of a notice they come on top, since
 * there the message's words are the message.
 */
export function introOf(message: Message, own: string | null): string | null {
  if (own === null) return message.intro;
  return message.purpose !== "report" && message.intro !== null ? `${own}\n\n${message.intro}` : own;
}
