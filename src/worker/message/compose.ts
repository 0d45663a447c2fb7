import type { MessageSection, RowOrder, RunLabel, SectionData } from "../../core/model/message.ts";
import type { Picture } from "../../core/model/picture.ts";
import type { Report } from "../../core/model/report.ts";
import type { Result } from "../../core/model/result.ts";
import type { Run } from "../../core/model/run.ts";
import type { Show } from "../../core/model/show.ts";
import { wordFor } from "../../core/model/wording.ts";
import { periodOf } from "../../core/rules/dates/period.ts";
import { filterSentences } from "../../core/rules/filters/sentences.ts";
import { nothingShown } from "../../core/rules/presentation/presentation.ts";
import { type Phrases, phrasesIn } from "../../core/words/phrases.ts";
import type { Part } from "../run/parts.ts";
import type { ShownBrand } from "./brand.ts";
import type { StoredMessage } from "./message-file.ts";

/** What a part's content brought, and what is made of it. */
export interface PartData {
  readonly result: Result;
  /** Its columns as they are read: those that its page in Looker shows. */
  readonly shown: Result;
  /** What its formatted files have in place of that. */
  readonly inFiles?: Result;
  readonly show: Show;
  readonly url: string | null;
  readonly order?: RowOrder;
}

/** A part of the report with all that the message says of it. */
export interface MadePart {
  readonly part: Part;
  readonly data: PartData | null;
  readonly pictures: readonly Picture[];
  readonly notices: readonly string[];
}

/** `report`: with its templates filled. `redact`: takes secrets out of what the message says of the data. */
export function composeMessage(
  run: Run,
  report: Report,
  made: readonly MadePart[],
  redact: (text: string) => string,
  { brand, pictures }: ShownBrand = { brand: null, pictures: [] },
): StoredMessage["message"] {
  const phrases = phrasesOf(report);
  const locale = report.brand?.language;
  const periods = made.map(({ data }) => (data === null ? null : periodOfData(data, phrases)));
  const first = made.findIndex(({ data }) => data !== null);
  const period = periods[first] ?? null;
  return {
    run: { ...runLabel(run, report), ...(locale !== undefined && { locale }) },
    purpose: "report",
    subject: report.title,
    intro: null,
    period,
    ...(brand !== null && { brand }),
    ...(report.hasLead === false && { hasLead: false }),
    // The head says the period of the first; others are said where they differ from it.
    sections: made.map((one, index) => {
      const own = periods[index] ?? null;
      return composeSection(one, { report, redact, period: own === period || saysItself(one) ? null : own });
    }),
    notices: [],
    pictures: [...pictures, ...made.flatMap((one) => one.pictures)],
  };
}

/** A figure with a date is of that date alone, whatever its query covers. */
function periodOfData({ result, show }: PartData, { dates }: Phrases): string | null {
  return show.kind === "kpi" && show.kpi.period !== undefined ? show.kpi.period : periodOf(result, dates);
}

/** "Week from 9 November" is next to the figure. */
function saysItself({ data }: MadePart): boolean {
  return data?.show.kind === "kpi" && data.show.kpi.period !== undefined;
}

/** The language of a report's messages. */
export function phrasesOf({ brand }: Pick<Report, "brand">): Phrases {
  return phrasesIn(brand?.language);
}

/** Without a language: notices are in English, whatever their report is in. */
export function runLabel(run: Run, report: Report): RunLabel {
  return {
    id: run.id,
    report: report.name,
    title: report.title,
    owner: report.owner,
    dueAt: run.dueAt.toISOString(),
    timezone: report.schedule.timezone,
    cron: report.schedule.cron,
  };
}

function composeSection(
  { part, data, notices }: MadePart,
  { report, redact, period }: { report: Report; redact: (text: string) => string; period: string | null },
): MessageSection {
  const nothing = data === null ? null : nothingShown(data.result, phrasesOf(report).tables);
  // What Looker or its model warns of is for the report's author: `check` and `history` tell it.
  const all = [
    ...(part.notice === null ? [] : [part.notice]),
    ...(nothing === null ? [] : [nothing]),
    ...notices,
  ];
  const filters = part.plan.showFilters === true ? filtersInWords(data, redact, phrasesOf(report)) : [];
  const figure = data?.show.kind === "kpi" ? data.show.kpi.label : null;
  return {
    title: part.title ?? figure ?? data?.result.title ?? (part.text === null ? report.title : ""),
    text: part.text,
    data:
      data === null
        ? null
        : {
            ...sectionData(part, data),
            ...(period !== null && { period }),
            ...(filters.length > 0 && { filters }),
          },
    notices: all.map(redact),
  };
}

/** What a part's content was filtered by. */
export function filtersInWords(
  data: PartData | null,
  redact: (text: string) => string,
  phrases: Phrases,
): readonly string[] {
  const applied = data?.result.applied;
  return applied === undefined ? [] : filterSentences(applied, phrases).map(redact);
}

function sectionData({ plan }: Part, { result, shown, show, url, order }: PartData): SectionData {
  const noun =
    plan.wording === undefined ? null : wordFor(plan.wording.noun, shown.table.columns[0]?.name ?? "");
  return {
    show,
    ...(noun !== null && { noun }),
    ...(order !== undefined && { order }),
    table: { ...shown.table, rows: shown.table.rows.slice(0, plan.rowsShown) },
    rowsShown: plan.rowsShown,
    url,
    ranAt: result.ranAt.toISOString(),
    fromCache: result.fromCache,
  };
}
