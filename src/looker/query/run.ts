import type { Result } from "../../core/model/result.ts";
import type { SourceContext, SourceRequest } from "../../core/ports/adapter.ts";
import { webUrl } from "../connection/base-url.ts";
import type { Looker } from "../http/client.ts";
import { readDetail } from "../result/json-detail.ts";
import { type ReceivedDetail, receiveDetail } from "../result/receive-detail.ts";
import { fieldOrder, filtersOf, limitOf } from "./body.ts";
import type { Content } from "./content.ts";
import { explained } from "./explain-failure.ts";
import { fetching } from "./fetch-progress.ts";
import { isLarge } from "./result-form.ts";
import { runQueryTask, type TaskEnd, type TaskOrder } from "./task.ts";

/** Runs a query that stands at Looker and brings its result back. Throws ReportError. */
export async function runQuery(
  looker: Looker,
  content: Content,
  request: SourceRequest,
  context: SourceContext,
): Promise<Result> {
  const { body } = content.query;
  try {
    if (!isLarge(body)) return await runDetailed(looker, content, context);
    // The parser of CSV is for large results alone: other runs do without its memory.
    const { runLarge } = await import("./run-large.ts");
    return await runLarge(looker, content, request, context);
  } catch (error) {
    throw await explained(looker, body, error, context.signal);
  }
}

async function runDetailed(looker: Looker, content: Content, context: SourceContext): Promise<Result> {
  const { query, lookId, url } = content;
  const order: TaskOrder = { queryId: query.id, lookId, format: "json_detail", formatted: true };
  const path = context.spool.path(`${context.prefix}result.json`);
  const end: TaskEnd<ReceivedDetail> = await runQueryTask(looker, order, context, (incoming, failed) =>
    receiveDetail(incoming, path, failed, fetching(looker, context)),
  );
  const { detail, warnings } = end.result;
  const read = readDetail(detail, {
    webUrl: webUrl(looker.baseUrl, query.url),
    fieldOrder: fieldOrder(query.body),
    limit: limitOf(query.body),
  });
  return {
    title: null,
    table: read.table,
    filters: filtersOf(query.body),
    ranAt: read.ranAt ?? end.startedAt,
    fromCache: read.fromCache,
    url,
    sql: read.sql,
    tookMs: end.tookMs,
    warnings: [...warnings, ...read.warnings],
  };
}
