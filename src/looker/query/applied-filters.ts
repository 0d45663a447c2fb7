import type { AppliedFilters } from "../../core/model/applied-filters.ts";
import type { Table } from "../../core/model/table.ts";
import { type JsonObject, objectIn, textIn } from "../http/loose-json.ts";
import { filtersOf } from "./body.ts";
import type { QueryBody } from "./content.ts";

/**
 * What a query was filtered by. A json_detail result names each filter's field, and those that the model applies by itself
 * (`applied_filters`, API 4.0); of a CSV (`detail` null) a field is known where it is a column too. Undefined: nothing.
 */
export function appliedFilters(
  detail: JsonObject | null,
  body: QueryBody,
  { columns }: Table,
): AppliedFilters | undefined {
  const told = objectIn(detail?.applied_filters);
  const own = filtersOf(body);
  const names = [...new Set([...Object.keys(own), ...Object.keys(told)])];
  const fields = names.flatMap((name) => {
    const applied = objectIn(told[name]);
    const field = objectIn(applied.field);
    const column = columns.find((one) => one.name === name);
    const expression = textIn(applied.value) ?? own[name] ?? "";
    const label = textIn(field.label_short) ?? textIn(field.label) ?? column?.label ?? fromName(name);
    return [{ label, type: textIn(field.type) ?? column?.type ?? null, expression }];
  });
  const expression = textIn(detail?.applied_filter_expression) ?? textIn(body.filter_expression);
  const isSaid = expression !== null && expression.trim() !== "";
  return fields.length > 0 || isSaid ? { fields, expression: isSaid ? expression : null } : undefined;
}

/** "orders.created_date": "Created Date", as Looker makes a label of a name. */
function fromName(name: string): string {
  const words = name.slice(name.lastIndexOf(".") + 1).split("_");
  // The day of a dimension group that is called "date".
  if (words.length > 1 && words.at(-1) === words.at(-2)) words.pop();
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ");
}
