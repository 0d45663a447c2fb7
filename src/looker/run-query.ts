import type { SourceContext, SourceRequest } from "../core/adapter.ts";
import type { Result } from "../core/result.ts";
import { webUrl } from "./base-url.ts";
import type { Looker } from "./client.ts";
import { columnNames } from "./column-names.ts";
import { explained } from "./explain-failure.ts";
import { readDetail } from "./json-detail.ts";
import { fieldOrder, type KnownQuery, limitOf } from "./query-body.ts";
import { runQueryTask, type TaskEnd, type TaskOrder } from "./query-task.ts";
import type { ReceivedCsv } from "./receive-csv.ts";
import { type ReceivedDetail, receiveDetail } from "./receive-detail.ts";
import { repeatedLabels } from "./repeated-labels.ts";
import { contradictoryForm, isLarge } from "./result-form.ts";

const PROGRESS_BYTES = 1_000_000;

/** A failed query has no CSV; one that Looker marks so for a mere notice has. The notice itself is only in json_detail. */
const FAILED_YET_THERE =
  "Looker marks this query as failed and yet gives its data, as it does for notices of development mode. Check it in Looker.";

/** Some releases answer a result without rows so; a proxy that loses the body looks the same. */
const EMPTY_FILE = "Looker sent an empty file, without even headings: it is taken as a result without rows.";

export interface Content {
  readonly query: KnownQuery;
  readonly lookId: string | null;
  /** Where people find it in Looker. */
  readonly url: string;
}

/** Runs a query that stands at Looker and brings its result back. Throws ReportError. */
export async function runQuery(
  looker: Looker,
  content: Content,
  request: SourceRequest,
  context: SourceContext,
): Promise<Result> {
  const { body } = content.query;
  const contradiction = contradictoryForm(body, request);
  if (contradiction !== null) throw contradiction;
  try {
    return isLarge(body)
      ? await runLarge(looker, content, request, context)
      : await runDetailed(looker, content, context);
  } catch (error) {
    throw await explained(looker, body, error, context.signal);
  }
}

async function runDetailed(looker: Looker, content: Content, context: SourceContext): Promise<Result> {
  const order = orderOf(content, "json_detail", true);
  const path = context.spool.path(`${context.prefix}result.json`);
  const end: TaskEnd<ReceivedDetail> = await runQueryTask(looker, order, context, (incoming, failed) =>
    receiveDetail(incoming, path, failed, fetching(looker, context)),
  );
  const { detail, warnings } = end.result;
  const { body } = content.query;
  const read = readDetail(detail, {
    webUrl: webUrl(looker.baseUrl, content.query.url),
    fieldOrder: fieldOrder(body),
    limit: limitOf(body),
  });
  return {
    title: null,
    table: read.table,
    ranAt: read.ranAt ?? end.startedAt,
    fromCache: read.fromCache,
    url: content.url,
    sql: read.sql,
    tookMs: end.tookMs,
    warnings: [...warnings, ...read.warnings],
  };
}

async function runLarge(
  looker: Looker,
  content: Content,
  request: SourceRequest,
  context: SourceContext,
): Promise<Result> {
  // The parser of CSV is for large results alone: other runs do without its memory.
  const [{ receiveCsv }, { tableOfCsv }] = await Promise.all([
    import("./receive-csv.ts"),
    import("./csv-table.ts"),
  ]);
  const order = orderOf(content, "csv", request.csv !== "raw");
  const path = context.spool.path(`${context.prefix}result.csv`);
  const { body } = content.query;
  const headingRows = 1 + (body.pivots?.length ?? 0);
  const rows = { headingRows, headRowsMax: context.headRowsMax };
  let isSaidToHaveFailed = false;
  const end: TaskEnd<ReceivedCsv> = await runQueryTask(looker, order, context, (incoming, failed) => {
    isSaidToHaveFailed = failed;
    return receiveCsv(incoming, path, rows, fetching(looker, context));
  });
  const names = await columnNames(looker, body, end.result.headings.at(-1) ?? [], context.signal);
  const { table, labels, repeated } = tableOfCsv(end.result, {
    names,
    fields: fieldOrder(body),
    limit: limitOf(body),
  });
  return {
    title: null,
    table,
    // A file that lacks headings has no rows either: the table is the whole result.
    ...(end.result.headings.length === headingRows && {
      csv: { file: end.result.file, headingRows, formatted: order.formatted, labels },
    }),
    ranAt: end.startedAt,
    fromCache: null,
    url: content.url,
    sql: null,
    tookMs: end.tookMs,
    warnings: [
      ...(isSaidToHaveFailed ? [FAILED_YET_THERE] : []),
      ...(end.result.headings.length === 0 ? [EMPTY_FILE] : []),
      ...repeatedLabels(repeated),
    ],
  };
}

function orderOf({ query, lookId }: Content, format: TaskOrder["format"], formatted: boolean): TaskOrder {
  return { queryId: query.id, lookId, format, formatted };
}

/** Tells of the bytes that come in, once for each megabyte. */
function fetching(looker: Looker, context: SourceContext): (bytes: number) => void {
  const startedAt = looker.clock.now().getTime();
  let toldAt = -PROGRESS_BYTES;
  return (bytes) => {
    if (bytes < toldAt + PROGRESS_BYTES) return;
    toldAt = bytes;
    const elapsedMs = looker.clock.now().getTime() - startedAt;
    context.progress({ status: "fetching", elapsedMs, bytes });
  };
}
