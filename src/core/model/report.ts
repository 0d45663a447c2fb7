import type { Comparison } from "../rules/comparison.ts";
import type { RetryPolicy } from "../rules/retry.ts";
import type { Brand } from "./brand.ts";
import type { Wording } from "./wording.ts";

/** One report of reports.yaml, checked and with every default filled in. */
export interface Report {
  /** Its identity: runs and deliveries are kept under this name. */
  readonly name: string;
  /** May be a template until `fill` (core/template) has filled it. */
  readonly title: string;
  readonly owner: string | null;
  /** What it is for. */
  readonly description: string | null;
  /** Where "Open in Looker" leads: to Looker, to a signed embed session for people without an account, or nowhere. */
  readonly link: "looker" | "embed" | "none";
  /** Absent: lookpost's own in all. */
  readonly brand?: Brand;
  /** Whether the message begins with a sentence made from its data. Absent: it does. */
  readonly hasLead?: boolean;
  readonly schedule: Schedule;
  /** How long a run may take until its files are made, all its tries together. */
  readonly timeoutMs: number;
  /** Where the file says how long, it counts from the tick, waits between tries included; else the tries alone count. */
  readonly timeoutFrom: "tick" | "tries";
  /** The most bytes that the result of one section, or of one tile of a dashboard, may have. */
  readonly resultBytesMax: number;
  readonly sendIf: SendIf;
  readonly sections: readonly SectionPlan[];
  readonly deliver: readonly DeliverTo[];
  readonly catchUp: CatchUp;
  readonly retry: RetryPolicy;
  /** What to do about a delivery that may have arrived where that cannot be looked up: leave it to a person, or send it again. */
  readonly onUnknown: "hold" | "resend";
  /** Who hears, once, of a run that did not end well or is late. */
  readonly onFailure: readonly DeliverTo[];
  /** Local time of the tick's day by which something should be delivered, "09:30"; null: never late. */
  readonly expectBy: string | null;
}

/** Which missed ticks are run after all: the latest, all (at most 25), none. */
export type CatchUp = "latest" | "all" | "none";

export interface Schedule {
  /** Five-field crontab. */
  readonly cron: string;
  /** IANA time zone the crontab is read in. */
  readonly timezone: string;
}

export type SendIf = "always" | "has_results" | "no_results";

/** One part of the digest: what to ask Looker for, and what to make of it. */
export interface SectionPlan {
  readonly title: string | null;
  /** Words ahead of the data: CommonMark without HTML. */
  readonly text: string | null;
  readonly source: Chosen;
  /** A hash of source and filters as they are written, which tells its past from that of others; absent until a run has filled them in. */
  readonly identity?: string;
  /** Looker filter expressions by field, laid over the content's own. */
  readonly filters: Readonly<Record<string, string>>;
  /** Row limit in place of the content's own; -1 is unlimited. */
  readonly limit: number | null;
  readonly rowsShown: number;
  /** Whether what is read of it is as its page in Looker shows it: without hidden fields, in its order, under its labels. */
  readonly asInLooker: boolean;
  /** Whether the message says what its query was filtered by. Absent: no. */
  readonly showFilters?: true;
  readonly show: ShowPlan;
  /** Absent: fields are called as the model calls them. */
  readonly wording?: Wording;
  /** Files of this section alone; every delivery of the report gets them. */
  readonly attach: readonly Chosen[];
}

/** How a section is to be shown. Fields are Looker's names, `view.field`. */
export type ShowPlan =
  | { readonly kind: "table"; readonly highlight: readonly Highlight[] }
  | { readonly kind: "none" }
  | {
      readonly kind: "kpi";
      readonly field: string;
      readonly compare: CompareWith;
      /** What is made of a period that is not over when Looker runs the query. */
      readonly partial: PartialPeriod;
      /** Where the figure's past is imported from, once. */
      readonly history: KpiHistory | null;
    }
  | { readonly kind: "chart"; readonly chart: ChartPlan }
  | { readonly kind: "image"; readonly width: number; readonly height: number }
  | { readonly kind: "changes"; readonly key: readonly string[] };

export interface Highlight {
  readonly field: string;
  readonly when: Comparison;
}

/**
 * What a KPI is compared with: the row before its own, the value of the last delivered run, or the value one such period before
 * its own date.
 */
export type CompareWith = "previous" | "run" | "day" | "week" | "month" | "quarter" | "year" | "none";

export type PartialPeriod = "show" | "hide";

/** A Look or query with a row for each date of a metric's past. */
export interface KpiHistory {
  readonly source: Chosen;
  readonly date: string;
  readonly value: string;
}

export type ChartPlan =
  | {
      readonly kind: "fields";
      readonly mark: "line" | "bar" | "area" | "arc" | "point";
      readonly x: string;
      /** Several: a line or a colour each. */
      readonly y: readonly string[];
      readonly color: string | null;
    }
  /** A whole Vega-Lite specification (https://vega.github.io/vega-lite/docs/spec.html); the rows are its data. */
  | { readonly kind: "vega_lite"; readonly spec: Readonly<Record<string, unknown>> };

export interface DeliverTo {
  readonly destination: Chosen;
  readonly attach: readonly Chosen[];
}

/** An adapter named by its word in the YAML, with the options its own schema has read. */
export interface Chosen {
  readonly kind: string;
  readonly options: unknown;
}

/** Why a report is not sent this time, or null if it is. `rows` counts the rows of all its sections. */
export function reasonToSkip(sendIf: SendIf, rows: number): string | null {
  if (sendIf === "has_results" && rows === 0)
    return "No rows, and the report is sent only when there are some.";
  if (sendIf === "no_results" && rows > 0)
    return "There are rows, and the report is sent only when there are none.";
  return null;
}
