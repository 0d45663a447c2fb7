import type { SourceContext, SourceRequest } from "../../core/ports/adapter.ts";
import type { CsvForm } from "../../core/ports/csv-on-the-way.ts";
import type { Looker } from "../http/client.ts";
import { type CsvOrder, type ReceivedCsv, receiveCsv } from "../result/receive-csv.ts";
import type { Content } from "./content.ts";
import { fetching } from "./fetch-result.ts";
import type { LargeHeads } from "./large-heads.ts";
import { runQueryTask, type TaskEnd } from "./task.ts";

export type LargeEnd = TaskEnd<ReceivedCsv> & {
  readonly form: CsvForm;
  readonly isSaidToHaveFailed: boolean;
};

export interface FormOrder {
  readonly form: CsvForm;
  readonly request: SourceRequest;
  readonly heads: LargeHeads;
}

/** The whole result in one form: into a file as it came where that is kept, and into those that are written on the way. */
export function fetchForm(
  looker: Looker,
  content: Content,
  order: FormOrder,
  context: SourceContext,
): Promise<LargeEnd> {
  const { form, request } = order;
  const { spool, prefix } = context;
  const suffix = form === "raw" ? "-raw" : "";
  const isKept = request.whole === undefined || request.whole.kept.includes(form);
  return fetched(looker, content, order, context, {
    path: isKept ? spool.path(`${prefix}result${suffix}.csv`) : null,
    onTheWay: (request.whole?.onTheWay ?? []).filter((way) => way.form === form),
    pathOf: (index) => spool.path(`${prefix}file-${index + 1}${suffix}.csv`),
    isHeadOnly: false,
  });
}

/** Its first rows alone: the rest of the result is not fetched. */
export function fetchHead(
  looker: Looker,
  content: Content,
  order: FormOrder,
  context: SourceContext,
): Promise<LargeEnd> {
  const pathOf = () => context.spool.path(`${context.prefix}head.csv`);
  return fetched(looker, content, order, context, { path: null, onTheWay: [], pathOf, isHeadOnly: true });
}

async function fetched(
  looker: Looker,
  { query, lookId }: Content,
  { form, heads }: FormOrder,
  context: SourceContext,
  wanted: Pick<CsvOrder, "path" | "onTheWay" | "pathOf" | "isHeadOnly">,
): Promise<LargeEnd> {
  const order = {
    ...wanted,
    headingRows: heads.headingRows,
    headRowsMax: context.headRowsMax,
    headsOf: heads.of,
  };
  let isSaidToHaveFailed = false;
  const task = { queryId: query.id, lookId, format: "csv", formatted: form === "formatted" } as const;
  const end = await runQueryTask<ReceivedCsv>(looker, task, context, (incoming, failed) => {
    isSaidToHaveFailed = failed;
    return receiveCsv(incoming, order, {
      spool: context.spool,
      bytesMax: context.resultBytesMax,
      progress: fetching(looker, context),
    });
  });
  return { ...end, form, isSaidToHaveFailed };
}
