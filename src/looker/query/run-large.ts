import { ReportError } from "../../core/error.ts";
import type { LargeCsv, Result } from "../../core/model/result.ts";
import type { Table } from "../../core/model/table.ts";
import type { SourceContext, SourceRequest } from "../../core/ports/adapter.ts";
import { count } from "../../core/rules/quantity.ts";
import type { Looker } from "../http/client.ts";
import { columnNames, type KnownColumn, knownColumns } from "../result/column-facts.ts";
import { repeatedLabels } from "../result/columns.ts";
import { tableOfCsv } from "../result/csv-table.ts";
import { csvDates } from "../result/date-facts.ts";
import { hiddenFields, namesColumns, presentationOf } from "../result/presentation.ts";
import { type ReceivedCsv, receiveCsv } from "../result/receive-csv.ts";
import { columnLimitOf, fieldOrder, filtersOf, limitOf } from "./body.ts";
import { type Content, type QueryBody, visConfigOf } from "./content.ts";
import { fetching } from "./fetch-result.ts";
import { runQueryTask, type TaskEnd } from "./task.ts";

/** A failed query has no CSV; one that Looker marks so for a mere notice has. The notice itself is only in json_detail. */
const FAILED_YET_THERE =
  "Looker marks this query as failed and yet returns its data, as it does for notices of development mode. Check it in Looker.";

/** Some releases answer a result without rows so; a proxy that loses the body looks the same. */
const EMPTY_FILE = "Looker sent an empty file, without even headings: it is taken as a result without rows.";

type LargeEnd = TaskEnd<ReceivedCsv> & { readonly isSaidToHaveFailed: boolean };

/** Runs a query whose result may be too large to be held: it streams into a file, or into one of each form. */
export async function runLarge(
  looker: Looker,
  content: Content,
  request: SourceRequest,
  context: SourceContext,
): Promise<Result> {
  const { body } = content.query;
  const shown = await fetchForm(looker, content, request.csv !== "raw", context);
  // One after the other: Looker has the rows of the first in its cache by then, so that the second need not be other ones.
  const further =
    request.csv === "both" ? await fetchForm(looker, content, false, { ...context, expectedMs: null }) : null;
  const visConfig = request.asInLooker === true ? visConfigOf(content) : null;
  const known =
    request.csv === "formatted" && !namesColumns(visConfig)
      ? []
      : await knownColumns(looker, body, shown.result.headings.at(-1) ?? [], context.signal);
  const { table, labels, repeated } = tableOfCsv(shown.result, {
    raw: further !== null && further.result.rowCount === shown.result.rowCount ? further.result.head : null,
    names: await namesOf(looker, body, { shown, known }, context.signal),
    known,
    fields: fieldOrder(body),
    limit: limitOf(body),
    columnLimit: columnLimitOf(body),
  });
  const presentation = presentationOf(visConfig, table.columns);
  const csv = filesOf({ shown, further }, request, { headingRows: headingRowsOf(body), labels });
  return {
    title: null,
    table,
    ...(presentation !== null && { presentation }),
    ...(csv !== null && { csv }),
    filters: filtersOf(body),
    ranAt: shown.startedAt,
    dates: csvDates(body.query_timezone, table),
    fromCache: null,
    url: content.url,
    sql: null,
    tookMs: shown.tookMs,
    warnings: [
      ...(shown.isSaidToHaveFailed ? [FAILED_YET_THERE] : []),
      ...(shown.result.headings.length === 0 ? [EMPTY_FILE] : []),
      ...differingRows(shown, further),
      ...repeatedLabels(repeated),
      ...unknownHidden(visConfig, body, table),
    ],
  };
}

async function fetchForm(
  looker: Looker,
  { query, lookId }: Content,
  formatted: boolean,
  context: SourceContext,
): Promise<LargeEnd> {
  const path = context.spool.path(`${context.prefix}result${formatted ? "" : "-raw"}.csv`);
  const rows = { headingRows: headingRowsOf(query.body), headRowsMax: context.headRowsMax };
  let isSaidToHaveFailed = false;
  const order = { queryId: query.id, lookId, format: "csv", formatted } as const;
  const end = await runQueryTask<ReceivedCsv>(looker, order, context, (incoming, failed) => {
    isSaidToHaveFailed = failed;
    return receiveCsv(incoming, path, rows, {
      spool: context.spool,
      bytesMax: context.resultBytesMax,
      progress: fetching(looker, context),
    });
  });
  return { ...end, isSaidToHaveFailed };
}

function headingRowsOf(body: QueryBody): number {
  return 1 + (body.pivots?.length ?? 0);
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

async function namesOf(
  looker: Looker,
  body: QueryBody,
  { shown, known }: { shown: LargeEnd; known: readonly (KnownColumn | null)[] },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const labels = shown.result.headings.at(-1) ?? [];
  if (known.length === 0) return columnNames(looker, body, labels, signal);
  return known.map((column, index) => column?.name ?? labels[index] ?? "");
}

/** Null where there are no rows: the table is the whole result then. Throws ReportError where only one of two files has headings. */
function filesOf(
  { shown, further }: { readonly shown: LargeEnd; readonly further: LargeEnd | null },
  request: SourceRequest,
  heads: Pick<LargeCsv, "headingRows" | "labels">,
): LargeCsv | null {
  const isHeaded = ({ result }: LargeEnd) => result.headings.length === heads.headingRows;
  if (further !== null && isHeaded(further) !== isHeaded(shown)) {
    throw new ReportError(
      "Looker sent the rows in one of two forms (formatted and raw), and an empty file in the other.",
      {
        code: "protocol",
        retryable: true,
        advice: "Run the report again. If this keeps happening, attach files of one form alone.",
      },
    );
  }
  if (!isHeaded(shown)) return null;
  const [first, second] = [shown.result.file, further?.result.file ?? null];
  return request.csv === "raw"
    ? { ...heads, formatted: null, raw: first }
    : { ...heads, formatted: first, raw: second };
}

function differingRows(shown: LargeEnd, further: LargeEnd | null): string[] {
  if (further === null || further.result.rowCount === shown.result.rowCount) return [];
  const [formatted, raw] = [count(shown.result.rowCount), count(further.result.rowCount)];
  return [
    `The files with formatted and with raw cells differ: ${formatted} and ${raw} rows. The data changed between the two queries.`,
  ];
}
