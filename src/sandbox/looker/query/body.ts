import { z } from "zod";
import type { QueryBody } from "../../warehouse/contract.ts";
import { type FieldProblem, missingField, validationFailed } from "../http/errors.ts";

/** What a client may say in a Query; everything else in the body is read-only and ignored. */
export interface NewQuery extends QueryBody {
  vis_config?: Readonly<Record<string, unknown>> | null;
  filter_config?: Readonly<Record<string, unknown>> | null;
  visible_ui_sections?: string | null;
}

const name = z.string("should be a string").trim().min(1, "can't be blank");
// Looker takes the number 500 where its document says the string "500".
const text = z
  .union([z.string(), z.number().transform(String)], "should be a string")
  .nullable()
  .exactOptional();
const rowLimit = z
  .union(
    [z.string().regex(/^(-1|\d*)$/), z.int().min(-1).transform(String)],
    "should be a whole number, or -1",
  )
  .nullable()
  .exactOptional();
const texts = z.array(z.string(), "should be an array of strings").nullable().exactOptional();
const anObject = z.record(z.string(), z.unknown(), "should be an object").nullable().exactOptional();

const bodySchema = z.object({
  model: name,
  view: name,
  fields: texts,
  pivots: texts,
  fill_fields: texts,
  filters: z
    .union(
      // An empty list is taken as none.
      [z.record(z.string(), z.string()), z.tuple([]).transform((): Record<string, string> => ({}))],
      "should be an object of strings",
    )
    .nullable()
    .exactOptional(),
  filter_expression: text,
  sorts: texts,
  limit: rowLimit,
  column_limit: rowLimit,
  total: z.boolean("should be a boolean").nullable().exactOptional(),
  row_total: text,
  subtotals: texts,
  vis_config: anObject,
  filter_config: anObject,
  visible_ui_sections: text,
  dynamic_fields: text,
  query_timezone: text,
});

/** @throws ApiError 422 that names every property of the wrong type and every one that is missing. */
export function readQueryBody(body: Record<string, unknown>): NewQuery {
  const read = bodySchema.safeParse(body);
  if (read.success) return read.data;
  throw validationFailed(...read.error.issues.map((issue) => fieldProblem(issue, body)));
}

function fieldProblem(issue: z.core.$ZodIssue, body: Record<string, unknown>): FieldProblem {
  const field = String(issue.path[0] ?? "");
  const given = body[field];
  if (given === undefined || given === null || given === "") return missingField(field);
  return { field, code: "invalid", message: issue.message };
}
