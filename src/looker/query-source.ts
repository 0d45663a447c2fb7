import { z } from "zod";
import type { Finding, Source } from "../core/adapter.ts";
import { checkQuery } from "./check-query.ts";
import type { Looker } from "./client.ts";
import { overridden, type QueryBody } from "./query-body.ts";
import { readQuery, SHARE_URL } from "./read-query.ts";
import { exploreUrl, runBody, runContent } from "./run-content.ts";

const fieldName = z.string().min(1);

const inlineQuery = z.strictObject({
  model: z.string().min(1).describe("Name of the LookML model; case-sensitive."),
  explore: z.string().min(1).describe("Name of the explore; case-sensitive."),
  fields: z.array(fieldName).min(1).describe("Columns, as view.field: dimensions, measures, custom fields."),
  filters: z
    .record(z.string(), z.string())
    .optional()
    .describe("Looker filter expressions by field, such as flights.date: 7 days."),
  sorts: z.array(fieldName).optional().describe('Fields to sort by; "view.field desc" for descending.'),
  pivots: z.array(fieldName).optional().describe("Dimensions of `fields` whose values go across the top."),
  limit: z
    .union([z.int().positive(), z.literal(-1)])
    .optional()
    .describe("Rows at most; 5000 if left out, -1 for all. Above 5000 the result streams as CSV."),
  column_limit: z.int().positive().optional().describe("Pivot columns at most."),
  totals: z.boolean().optional().describe("Whether to add a row of column totals."),
  row_totals: z.boolean().optional().describe("Whether to add row totals to the right of the pivot columns."),
  dynamic_fields: z
    .union([z.string().min(2), z.array(z.record(z.string(), z.unknown()))])
    .optional()
    .describe("Table calculations and custom fields, as a list or as the JSON that Looker shows."),
  filter_expression: z
    .string()
    .min(1)
    .optional()
    .describe("A custom filter, in Looker's expression language."),
  timezone: z.string().min(1).optional().describe("IANA time zone in which the query reads and shows dates."),
});

/** The id or slug of a query, the address it is shared by, or the query itself. */
export const queryOptions = z
  .union(
    [z.int().positive(), z.string().trim().regex(/^\w+$/), z.string().trim().regex(SHARE_URL), inlineQuery],
    {
      error: "Expected a query's id or slug, or a query with model, explore and fields.",
    },
  )
  .describe(
    "A query: its id, its slug (the last part of a share link), or model, explore and fields written here.",
  );

export type QueryOptions = z.infer<typeof queryOptions>;
type InlineQuery = z.infer<typeof inlineQuery>;

/** Runs a query that is written in the YAML, or one that stands at Looker. */
export function querySource(looker: Looker): Source<QueryOptions> {
  return {
    kind: "query",
    describe: (options) =>
      typeof options === "object" ? `${options.model}/${options.explore}` : `query ${options}`,
    async run(options, request, context) {
      if (typeof options === "object") {
        const body = overridden(bodyOf(options), request.filters, request.limit);
        return runBody(looker, body, request, context);
      }
      const query = await readQuery(looker, options, context.signal);
      const url = query.url ?? exploreUrl(looker, query.body);
      return runContent(looker, { query, lookId: null, url }, request, context);
    },
    async check(options, request, signal): Promise<readonly Finding[]> {
      const read = async () =>
        typeof options === "object" ? bodyOf(options) : (await readQuery(looker, options, signal)).body;
      return checkQuery(looker, read, request, signal);
    },
  };
}

function bodyOf(options: InlineQuery): QueryBody {
  const { dynamic_fields: dynamic } = options;
  return {
    model: options.model,
    view: options.explore,
    fields: options.fields,
    ...(options.filters && { filters: options.filters }),
    ...(options.sorts && { sorts: options.sorts }),
    ...(options.pivots && { pivots: options.pivots }),
    ...(options.limit !== undefined && { limit: String(options.limit) }),
    ...(options.column_limit !== undefined && { column_limit: String(options.column_limit) }),
    ...(options.totals && { total: true }),
    // Looker names the side on which the row totals stand.
    ...(options.row_totals && { row_total: "right" }),
    ...(dynamic && { dynamic_fields: typeof dynamic === "string" ? dynamic : JSON.stringify(dynamic) }),
    ...(options.filter_expression && { filter_expression: options.filter_expression }),
    ...(options.timezone && { query_timezone: options.timezone }),
  };
}
