import { ReportError } from "../../core/error.ts";
import type { LargeCsv, Result } from "../../core/model/result.ts";
import type { Table } from "../../core/model/table.ts";
import type { SourceContext, SourceRequest } from "../../core/ports/adapter.ts";
import type { CsvForm } from "../../core/ports/csv-on-the-way.ts";
import { count } from "../../core/rules/quantity.ts";
import type { Looker } from "../http/client.ts";
import { repeatedLabels } from "../result/columns.ts";
import { tableOfCsv } from "../result/csv-table.ts";
import { csvDates } from "../result/date-facts.ts";
import { hiddenFields, namesColumns, presentationOf } from "../result/presentation.ts";
import type { ReceivedCsv } from "../result/receive-csv.ts";
import { appliedFilters } from "./applied-filters.ts";
import { fieldOrder, filtersOf, sortOf } from "./body.ts";
import { type Content, type QueryBody, visConfigOf } from "./content.ts";
import { fetchForm, fetchHead, type LargeEnd } from "./fetch-form.ts";
import { largeHeads } from "./large-heads.ts";
import { shownRows } from "./shown-rows.ts";

/** A failed query has no CSV; one that Looker marks so for a mere notice has. The notice itself is only in json_detail. */
const FAILED_YET_THERE =
  "Looker marks this query as failed and yet returns its data, as it does for notices of development mode. Check it in Looker.";

/** Some releases answer a result without rows so; a proxy that loses the body looks the same. */
const EMPTY_FILE = "Looker sent an empty file, without even headings: it is taken as a result without rows.";

const ROWS_NOT_LEFT_OUT =
  "Its page in Looker shows only some of the rows. All are in the message and its files, since the result is a large one. Give the query a limit of at most 5,000.";

/** What was fetched: in one form whole, and where it is wanted in the other as well, that one whole or its first rows. */
interface FetchedForms {
  readonly whole: LargeEnd;
  readonly other: LargeEnd | null;
  /** The first rows in both forms; raw null: only one is known. */
  readonly head: {
    readonly formatted: readonly (readonly string[])[];
    readonly raw: readonly (readonly string[])[] | null;
  };
}

/** Runs a query whose result may be too large to be held: it streams into files. */
export async function runLarge(
  looker: Looker,
  content: Content,
  request: SourceRequest,
  context: SourceContext,
): Promise<Result> {
  const { body } = content.query;
  const visConfig = request.asInLooker === true ? visConfigOf(content) : null;
  const isShownOtherwise = namesColumns(visConfig);
  const wanted = { types: request.csv !== "formatted", names: isShownOtherwise };
  const heads = largeHeads(looker, body, wanted, context.signal);
  const asked = isShownOtherwise ? keepingShown(request) : request;
  const { whole, other, head } = await fetchForms(looker, content, { request: asked, heads }, context);
  const { headings, rowCount } = whole.result;
  const facts = await heads.facts(headings);
  const received = { headings, head: head.formatted, rowCount };
  const { table, labels, repeated } = tableOfCsv(received, { ...facts, raw: head.raw });
  const presentation = presentationOf(visConfig, table.columns);
  const applied = appliedFilters(null, body, table);
  const csv = filesOf([whole, other], { headingRows: heads.headingRows, labels });
  return {
    title: null,
    table,
    ...(presentation !== null && { presentation }),
    ...(csv !== null && { csv }),
    ...sortOf(body),
    filters: filtersOf(body),
    ...(applied !== undefined && { applied }),
    ranAt: whole.startedAt,
    dates: csvDates(body.query_timezone, table),
    fromCache: null,
    url: content.url,
    sql: null,
    tookMs: whole.tookMs,
    warnings: [
      ...(whole.isSaidToHaveFailed ? [FAILED_YET_THERE] : []),
      ...(headings.length === 0 ? [EMPTY_FILE] : []),
      ...differingRows(whole, other),
      ...repeatedLabels(repeated),
      ...unknownHidden(visConfig, body, table),
      ...(presentation?.rows === undefined || csv === null ? [] : [ROWS_NOT_LEFT_OUT]),
    ],
  };
}

async function fetchForms(
  looker: Looker,
  content: Content,
  { request, heads }: { readonly request: SourceRequest; readonly heads: ReturnType<typeof largeHeads> },
  context: SourceContext,
): Promise<FetchedForms> {
  const { csv } = request;
  const asked: readonly CsvForm[] = csv === "both" ? ["formatted", "raw"] : [csv];
  const wanted = asked.filter((form) => isWantedWhole(form, request));
  const first = wanted[0] ?? asked[0] ?? "formatted";
  const whole = await fetchForm(looker, content, { form: first, request, heads }, context);
  const second = asked.find((form) => form !== first);
  if (second === undefined) return { whole, other: null, head: { formatted: whole.result.head, raw: null } };
  // One after the other: Looker has the rows of the first in its cache by then, so that the second need not be other ones.
  const later = { ...context, expectedMs: null };
  if (wanted.includes(second)) {
    const other = await fetchForm(looker, content, { form: second, request, heads }, later);
    return { whole, other, head: bothHeads(first, whole, other) };
  }
  const shown =
    (await shownRows(looker, content, { form: first, whole: whole.result }, later)) ??
    (await fetchHead(looker, content, { form: second, request, heads }, later)).result.head;
  return { whole, other: null, head: bothOf(first, whole.result.head, shown) };
}

/** As the files want it; where they do not say, each form that is asked for is kept. */
function isWantedWhole(form: CsvForm, { whole }: SourceRequest): boolean {
  if (whole === undefined) return true;
  return whole.kept.includes(form) || whole.onTheWay.some((way) => way.form === form);
}

/** Files that show what Looker's page shows may lack columns, or have others' labels: they are written once all is known. */
function keepingShown(request: SourceRequest): SourceRequest {
  const { whole } = request;
  if (whole === undefined) return request;
  const { onTheWay, kept } = whole;
  const later = onTheWay.filter(({ isWhole }) => !isWhole).map(({ form }) => form);
  return {
    ...request,
    whole: { kept: [...new Set([...kept, ...later])], onTheWay: onTheWay.filter(({ isWhole }) => isWhole) },
  };
}

/** A file has labels: where Looker does not say whose they are, what is hidden cannot be told from the others. */
function unknownHidden(visConfig: unknown, body: QueryBody, { columns }: Table): string[] {
  const selected = new Set(fieldOrder(body));
  const found = new Set(columns.map(({ name }) => name));
  const lacking = hiddenFields(visConfig).filter((name) => selected.has(name) && !found.has(name));
  return lacking.length === 0
    ? []
    : [
        `Hidden in Looker, and not told apart here: ${lacking.join(", ")}. Give its column a label of its own.`,
      ];
}

type Head = ReceivedCsv["head"];

function bothOf(form: CsvForm, head: Head, other: Head): FetchedForms["head"] {
  const [formatted, raw] = form === "raw" ? [other, head] : [head, other];
  // Other rows than those of the file would be shown as if they were in it.
  return formatted.length === raw.length ? { formatted, raw } : { formatted: head, raw: null };
}

function bothHeads(form: CsvForm, { result }: LargeEnd, other: LargeEnd): FetchedForms["head"] {
  if (result.rowCount === other.result.rowCount) return bothOf(form, result.head, other.result.head);
  return { formatted: form === "raw" ? other.result.head : result.head, raw: null };
}

/** Null where there are no rows: the table is the whole result then. Throws ReportError where only one of two files has headings. */
function filesOf(
  ends: readonly (LargeEnd | null)[],
  heads: Pick<LargeCsv, "headingRows" | "labels">,
): LargeCsv | null {
  const results = ends.filter((end) => end !== null);
  const headed = results.filter(({ result }) => result.headings.length === heads.headingRows);
  if (headed.length === 0) return null;
  if (headed.length < results.length) {
    throw new ReportError(
      "Looker sent the rows in one of two forms (formatted and raw), and an empty file in the other.",
      {
        code: "protocol",
        retryable: true,
        advice: "Run the report again. If this keeps happening, attach files of one form alone.",
      },
    );
  }
  const kept = (form: CsvForm) => results.find((end) => end.form === form)?.result.file ?? null;
  return {
    ...heads,
    formatted: kept("formatted"),
    raw: kept("raw"),
    written: Object.assign({}, ...results.map(({ result }) => result.written)),
  };
}

function differingRows(whole: LargeEnd, other: LargeEnd | null): string[] {
  if (other === null || other.result.rowCount === whole.result.rowCount) return [];
  const rows = (form: CsvForm) => count((whole.form === form ? whole : other).result.rowCount);
  return [
    `The files with formatted and with raw cells differ: ${rows("formatted")} and ${rows("raw")} rows. The data changed between the two queries.`,
  ];
}
