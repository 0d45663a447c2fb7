import type { Remembered } from "../../core/model/memory.ts";
import type { ChartRenderer, Picture } from "../../core/model/picture.ts";
import type { Chosen, Report, SectionPlan } from "../../core/model/report.ts";
import type { Result } from "../../core/model/result.ts";
import type { Run } from "../../core/model/run.ts";
import type { Show } from "../../core/model/show.ts";
import type { Table } from "../../core/model/table.ts";
import type { DrawnFile, DrawOrder } from "../../core/ports/adapter.ts";
import type { Memory } from "../../core/ports/ledger.ts";
import type { Spool } from "../../core/ports/spool.ts";
import type { TemplateKpi } from "../../core/ports/template.ts";
import type { ShownResult } from "../../core/rules/presentation/presentation.ts";

/** One section whose result is in. */
export interface ShowOrder {
  readonly section: SectionPlan;
  /** Its place in the message. */
  readonly index: number;
  /** Its place among the report's sections: that of its dashboard, for a tile. */
  readonly sectionIndex: number;
  /** As the message heads it. */
  readonly title: string;
  /** Labelled as in Looker, with the columns that are hidden there: what is calculated with them is. */
  readonly result: Result;
  /** What of it is read, and what stands out in that. */
  readonly shown: ShownResult;
  readonly report: Report;
  readonly run: Run;
}

export interface ShowDeps {
  readonly chartRenderer: ChartRenderer;
  readonly ledger: Pick<Memory, "recall" | "kept" | "points" | "isImported">;
  readonly spool: Spool;
  /** Aborts at the report's timeout and at shutdown; its reason is the ReportError to end with. */
  readonly signal: AbortSignal;
  /** The section's content as Looker draws it; throws as `Source.draw`, and ReportError `config` where the source cannot. */
  draw(order: DrawOrder): Promise<DrawnFile>;
  /** Runs another content once, for a figure's past. `rowsMax`: how many rows its table is to hold. */
  runHistory(source: Chosen, rowsMax: number): Promise<Result>;
}

export interface MadeShow {
  readonly show: Show;
  readonly pictures: readonly Picture[];
  /** Sentences for the recipients, to be shown with the section. */
  readonly notices: readonly string[];
  /** For the next run; none of a trial. */
  readonly remembered: readonly Remembered[];
  readonly kpi: { readonly field: string; readonly values: TemplateKpi } | null;
  /** What its formatted files have in place of its own rows. */
  readonly fileTable?: Table;
}

/** A show without pictures or anything to remember. */
export function bare(show: Show, notices: readonly string[] = []): MadeShow {
  return { show, pictures: [], notices, remembered: [], kpi: null };
}
