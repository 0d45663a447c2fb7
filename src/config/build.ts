import type {
  ChartPlan,
  Chosen,
  DeliverTo,
  KpiHistory,
  Report,
  SectionPlan,
  SendIf,
  ShowPlan,
} from "../core/model/report.ts";
import { type Comparison, parseComparison } from "../core/rules/comparison.ts";
import { type DurationLimits, parseDuration } from "../core/rules/duration.ts";
import { parseSize } from "../core/rules/size.ts";
import type { Language } from "./language.ts";
import { brandOf } from "./schema/brand-keys.ts";
import { parseCron } from "./schema/cron.ts";
import { BUILT_IN, parseExpectBy, RESULT_LIMITS, RETRY_LIMITS } from "./schema/settings.ts";
import type {
  AttachText,
  DefaultsText,
  DeliveryText,
  FileText,
  HistoryText,
  NoticeText,
  ReportText,
  SectionText,
} from "./schema/shape.ts";
import { parseTimezone } from "./schema/timezone.ts";
import { wordingOf } from "./wording.ts";

/** A checked report with every default filled in: the report's own, the file's, then the built-in one. */
export function buildReport<C>(
  name: string,
  text: ReportText,
  file: Pick<FileText, "defaults" | "brand">,
  language: Language<C>,
): Report {
  const { defaults = {} } = file;
  const brand = brandOf(text.brand, file.brand);
  return {
    name,
    title: text.title ?? titleOf(name),
    owner: text.owner ?? null,
    description: text.description ?? null,
    link: text.link ?? defaults.link ?? BUILT_IN.link,
    ...(Object.keys(brand).length > 0 && { brand }),
    hasLead: (text.lead ?? defaults.lead ?? BUILT_IN.lead) === "auto",
    schedule: scheduleOf(text, defaults),
    timeoutMs: milliseconds(text.timeout ?? defaults.timeout ?? BUILT_IN.timeout),
    timeoutFrom: (text.timeout ?? defaults.timeout) === undefined ? "tries" : "tick",
    resultBytesMax: bytes(text.max_result ?? defaults.max_result ?? BUILT_IN.max_result),
    sendIf: (text.send_if ?? defaults.send_if ?? BUILT_IN.send_if) satisfies SendIf,
    sections: (text.sections ?? [untitled(text)]).map((section) =>
      sectionOf(section, text, defaults, language),
    ),
    deliver: text.deliver.map((delivery) => deliveryOf(delivery, language)),
    catchUp: text.catch_up ?? defaults.catch_up ?? BUILT_IN.catch_up,
    retry: retryOf(text.retry, defaults.retry),
    onUnknown: text.on_unknown ?? defaults.on_unknown ?? BUILT_IN.on_unknown,
    onFailure: noticesOf(text.on_failure ?? defaults.on_failure, language),
    expectBy: expectByOf(text.expect_by ?? defaults.expect_by),
  };
}

/** `on_failure` of a report or of `defaults`: one entry, several or none. */
export function noticesOf<C>(text: ReportText["on_failure"], language: Language<C>): readonly DeliverTo[] {
  return [text ?? []].flat().map((notice: NoticeText) => deliveryOf(notice, language));
}

function scheduleOf(text: ReportText, defaults: DefaultsText): Report["schedule"] {
  const written = typeof text.schedule === "string" ? { cron: text.schedule } : text.schedule;
  const zone =
    ("timezone" in written ? written.timezone : undefined) ??
    text.timezone ??
    defaults.timezone ??
    BUILT_IN.timezone;
  const cron = parseCron(written.cron);
  const timezone = parseTimezone(zone);
  // The schema has refused what is not valid for these two.
  return {
    cron: "cron" in cron ? cron.cron : written.cron,
    timezone: "name" in timezone ? timezone.name : zone,
  };
}

type RetryText = ReportText["retry"];

/** What a report issues out of its mapping is as in `defaults`. */
function retryOf(own: RetryText, ofFile: RetryText): Report["retry"] {
  if ((own ?? ofFile) === "none") return { triesMax: 1, overMs: 0 };
  const [first, second] = [own, ofFile].map((text) => (typeof text === "object" ? text : {}));
  const over = first?.over ?? second?.over ?? BUILT_IN.retry.over;
  return {
    triesMax: first?.tries ?? second?.tries ?? BUILT_IN.retry.tries,
    overMs: milliseconds(over, RETRY_LIMITS),
  };
}

function expectByOf(written: string | undefined): string | null {
  const read = written === undefined ? { time: null } : parseExpectBy(written);
  return "time" in read ? read.time : null;
}

function milliseconds(written: string, limits?: DurationLimits): number {
  const ms = parseDuration(written, limits);
  return typeof ms === "number" ? ms : 0;
}

function bytes(written: string): number {
  const size = parseSize(written, RESULT_LIMITS);
  return typeof size === "number" ? size : 0;
}

/** In the short form the report's title heads the message; its one section keeps the content's own. */
function untitled(text: ReportText): SectionText {
  return { ...text, title: undefined, attach: undefined };
}

function sectionOf<C>(
  section: SectionText,
  report: ReportText,
  defaults: DefaultsText,
  language: Language<C>,
): SectionPlan {
  return {
    title: section.title ?? null,
    text: section.text ?? null,
    source: chosenFrom(section, language.sources),
    filters: { ...report.filters, ...section.filters },
    limit: section.limit ?? null,
    asInLooker: section.as_in_looker ?? report.as_in_looker ?? defaults.as_in_looker ?? BUILT_IN.as_in_looker,
    ...((section.show_filters ?? report.show_filters ?? defaults.show_filters) === true && {
      showFilters: true as const,
    }),
    rowsShown: section.rows ?? defaults.rows ?? BUILT_IN.rows,
    show: showOf(section, (history) => chosenFrom(history, language.sources)),
    wording: wordingOf(section, defaults),
    attach: attachedTo(section, language),
  };
}

function deliveryOf<C>(delivery: DeliveryText, language: Language<C>): DeliverTo {
  return {
    destination: chosenFrom(delivery, language.destinations),
    attach: attachedTo(delivery, language),
  };
}

function attachedTo<C>(
  { attach = [] }: { readonly attach?: DeliveryText["attach"] | undefined },
  language: Language<C>,
): Chosen[] {
  return [attach].flat().map((format) => formatOf(format, language));
}

function formatOf<C>(format: AttachText, language: Language<C>): Chosen {
  if (typeof format !== "string") return chosenFrom(format, language.formats);
  const options = language.formats.find(({ kind }) => kind === format)?.schema.parse({});
  return { kind: format, options };
}

function chosenFrom(
  holder: Readonly<Record<string, unknown>>,
  words: readonly { readonly kind: string }[],
): Chosen {
  const kind = words.find((word) => holder[word.kind] !== undefined)?.kind ?? "";
  return { kind, options: holder[kind] };
}

/** "weekly-delays" -> "Weekly delays" */
function titleOf(name: string): string {
  const words = name.replaceAll(/[-_.]+/g, " ").trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** How a section is shown, as its keys say together. `historyOf` reads the content that a figure's past comes from. */
function showOf(section: SectionText, historyOf: (text: HistoryText) => KpiHistory["source"]): ShowPlan {
  const { kpi, compare, partial, history, chart, vega_lite: spec } = section;
  if (kpi !== undefined)
    return {
      kind: "kpi",
      field: kpi,
      compare: compare ?? BUILT_IN.compare,
      partial: partial ?? BUILT_IN.partial,
      history: history ? { source: historyOf(history), date: history.date, value: history.value } : null,
    };
  if (chart !== undefined) return { kind: "chart", chart: chartOf(chart) };
  if (spec !== undefined) return { kind: "chart", chart: { kind: "vega_lite", spec } };
  switch (section.show) {
    case "none":
      return { kind: "none" };
    case "image":
      return {
        kind: "image",
        width: section.width ?? BUILT_IN.width,
        height: section.height ?? BUILT_IN.height,
      };
    case "changes":
      return { kind: "changes", key: [section.key ?? []].flat() };
    default:
      return { kind: "table", highlight: highlightOf(section) };
  }
}

function chartOf({ mark, x, y, color }: NonNullable<SectionText["chart"]>): ChartPlan {
  return { kind: "fields", mark, x, y: [y].flat(), color: color ?? null };
}

function highlightOf({ highlight = {} }: SectionText) {
  return Object.entries(highlight).flatMap(([field, text]) => {
    // The schema has refused what is not a comparison.
    const when: Comparison | null = parseComparison(text);
    return when === null ? [] : [{ field, when }];
  });
}
