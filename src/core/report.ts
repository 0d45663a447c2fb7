import type { RetryPolicy } from "./retry.ts";

/** One report of reports.yaml, checked and with every default filled in. */
export interface Report {
  /** Its identity: runs and deliveries are kept under this name. */
  readonly name: string;
  readonly title: string;
  readonly owner: string | null;
  readonly schedule: Schedule;
  readonly timeoutMs: number;
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

/** One part of the digest: what to ask Looker for, and how much of it to show. */
export interface SectionPlan {
  readonly title: string | null;
  readonly source: Chosen;
  /** Looker filter expressions by field, laid over the content's own. */
  readonly filters: Readonly<Record<string, string>>;
  /** Row limit in place of the content's own; -1 is unlimited. */
  readonly limit: number | null;
  readonly rowsShown: number;
  readonly show: "table" | "none";
}

export interface DeliverTo {
  readonly destination: Chosen;
  readonly attach: readonly Chosen[];
}

/** An adapter named by its word in the YAML, with the options its own schema has read. */
export interface Chosen {
  readonly kind: string;
  readonly options: unknown;
}
