import { z } from "zod";
import { EXPLORE_URL, SHARE_URL } from "./read.ts";

const fieldName = z.string().min(1);

/** A field, a direction, and for pivots the number of the column. */
const sort = z
  .string()
  .trim()
  .regex(/^\S+(?:\s+(?:asc|desc))?(?:\s+\d+)?$/i, {
    error: "a sort is a field, and after a blank `asc` or `desc`: flights.count desc",
  });

const inlineQuery = z.strictObject({
  model: z.string().min(1).describe("Name of the LookML model; case-sensitive."),
  explore: z.string().min(1).describe("Name of the explore; case-sensitive."),
  fields: z.array(fieldName).min(1).describe("Columns, as view.field: dimensions, measures, custom fields."),
  filters: z
    .record(z.string(), z.string())
    .optional()
    .describe("Looker filter expressions by field, such as flights.date: 7 days."),
  sorts: z.array(sort).optional().describe('Fields to sort by; "view.field desc" for descending.'),
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
    [
      z.int().positive(),
      z.string().trim().regex(/^\w+$/),
      z.string().trim().regex(SHARE_URL),
      z.string().trim().regex(EXPLORE_URL),
      inlineQuery,
    ],
    {
      error:
        "query has to be the slug of a query, a link to it (…/x/… or …/explore/…?qid=…), or a mapping with model, explore and fields",
    },
  )
  .describe(
    "A query: its slug (the last part of a share link), the link itself, the address of an exploration that has qid=, or model, explore and fields written here.",
  );

export type QueryOptions = z.infer<typeof queryOptions>;
export type InlineQuery = z.infer<typeof inlineQuery>;
