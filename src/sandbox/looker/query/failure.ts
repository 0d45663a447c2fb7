import type { QueryTask } from "./task/task.ts";

/** The json_detail body of a query that failed: everything but data, and `errors[]`. */
export function failedDetail(task: QueryTask): string {
  const { error, answerFault } = task;
  if (error !== null && error.jsonDetail !== "") return error.jsonDetail;
  const sql = error?.sql ?? task.answer?.sql ?? null;
  return JSON.stringify({
    from_cache: false,
    id: task.id,
    supports_pivot_in_db: true,
    null_sort_treatment: "low",
    expired: false,
    ran_at: task.createdAt.toISOString(),
    runtime: task.runtimeSeconds.toFixed(3),
    added_params: {},
    sql,
    fields: { measures: [], dimensions: [], table_calculations: [], pivots: [] },
    fill_fields: [],
    has_totals: false,
    has_row_totals: false,
    applied_filters: {},
    timezone: "UTC",
    data: [],
    errors: [
      {
        message: failureMessage(task),
        message_details:
          answerFault === null
            ? (error?.details ?? null)
            : "canceling statement due to a fault of the sandbox",
        params: sql,
        edit_url: null,
        error_pos: null,
        level: "error",
        fatal: true,
        sql_error_loc: error?.position ?? null,
      },
    ],
  });
}

/** What went wrong, in one sentence: the message of the 400 that the other formats answer. */
export function failureMessage(task: QueryTask): string {
  const fault = task.answerFault;
  if (fault?.kind === "database_error") {
    return fault.message ?? "The database encountered an error while running this query.";
  }
  return task.error?.message ?? "The query failed";
}
