import type { Result } from "../../core/model/result.ts";
import type { SourceContext, SourceRequest } from "../../core/ports/adapter.ts";
import { hasAllPeriods } from "../../core/rules/dates/all-periods.ts";
import { webUrl } from "../connection/base-url.ts";
import type { Looker } from "../http/client.ts";
import { detailDates } from "../result/date-facts.ts";
import { type ReceivedDetail, readDetail, receiveDetail } from "../result/json-detail.ts";
import { presentationOf } from "../result/presentation.ts";
import { appliedFilters } from "./applied-filters.ts";
import { columnLimitOf, fieldOrder, filtersOf, limitOf, sortOf } from "./body.ts";
import { type Content, visConfigOf } from "./content.ts";
import { fetching } from "./fetch-result.ts";
import { runQueryTask, type TaskEnd, type TaskOrder } from "./task.ts";

/** Up to here a result is held in memory with all its detail; beyond, it streams to a file as CSV. */
export const DETAIL_ROWS_MAX = 5_000;

/** Runs a query of at most `DETAIL_ROWS_MAX` rows. */
export async function runDetailed(
  looker: Looker,
  content: Content,
  { asInLooker }: Pick<SourceRequest, "asInLooker">,
  context: SourceContext,
): Promise<Result> {
  const { query, lookId, url } = content;
  const order: TaskOrder = { queryId: query.id, lookId, format: "json_detail", formatted: true };
  const path = context.spool.path(`${context.prefix}result.json`);
  const end: TaskEnd<ReceivedDetail> = await runQueryTask(looker, order, context, (incoming, failed) =>
    receiveDetail(incoming, path, failed, {
      spool: context.spool,
      bytesMax: context.resultBytesMax,
      progress: fetching(looker, context),
    }),
  );
  const { detail, warnings } = end.result;
  const read = readDetail(detail, {
    webUrl: webUrl(looker.baseUrl, query.url),
    fieldOrder: fieldOrder(query.body),
    limit: limitOf(query.body),
    columnLimit: columnLimitOf(query.body),
  });
  const placed = read.table.columns.map((column, index) => ({
    ...column,
    pivotKey: read.pivotKeys[index] ?? null,
  }));
  const presentation = asInLooker === true ? presentationOf(visConfigOf(content), placed) : null;
  const applied = appliedFilters(detail, query.body, read.table);
  const filters = filtersOf(query.body);
  const ranAt = read.ranAt ?? end.startedAt;
  const dates = detailDates(detail, read.table);
  const isWhole = read.table.rowCountIsExact || hasAllPeriods({ table: read.table, filters, ranAt, dates });
  return {
    title: null,
    table: { ...read.table, rowCountIsExact: isWhole },
    ...(presentation !== null && { presentation }),
    ...sortOf(query.body),
    filters,
    ...(applied !== undefined && { applied }),
    ranAt,
    dates,
    fromCache: read.fromCache,
    url,
    sql: read.sql,
    tookMs: end.tookMs,
    warnings: [...warnings, ...read.warnings],
  };
}
