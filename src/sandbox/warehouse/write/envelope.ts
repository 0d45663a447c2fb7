import type { RunOptions } from "../contract.ts";
import type { TableCalculation } from "../model/dynamic-fields.ts";
import { describeField } from "../model/explore-shape.ts";
import type { Field } from "../model/field.ts";
import type { Explore } from "../model/model.ts";
import type { Plan } from "../plan.ts";
import { valueFormatOf } from "../value-format.ts";

/** The members of a json_detail result before its rows, in Looker's order. */
export function envelopeHead(
  plan: Plan,
  sql: string,
  truncated: boolean,
  options: RunOptions,
): Record<string, unknown> {
  return {
    from_cache: options.fromCache,
    id: options.taskId,
    ...(truncated && { truncated: true }),
    supports_pivot_in_db: false,
    null_sort_treatment: "low",
    expired: false,
    // Looker writes times to the second and with an offset: 2022-01-14T17:45:06+00:00.
    ran_at: `${options.ranAt.toISOString().slice(0, 19)}+00:00`,
    aggregate_table_used_info: null,
    runtime: options.runtimeSeconds.toFixed(3),
    added_params: plan.addedSorts === null ? {} : { sorts: plan.addedSorts },
    forecast_result: null,
    sql,
    sql_explain: `EXPLAIN ${sql}`,
    fields: fieldsByRole(plan),
    fill_fields: [],
    has_totals: plan.hasTotals,
    has_row_totals: plan.hasRowTotals,
    applied_filters: Object.fromEntries(
      plan.filters.map(({ field, expression }) => [
        field.name,
        { field: describeInResult(plan.explore, field), value: expression },
      ]),
    ),
    applied_filter_expression: plan.query.filter_expression ?? null,
    number_format: "1,234.56",
    explore: { name: plan.explore.name, label: plan.explore.label, description: plan.explore.description },
    timezone: plan.query.query_timezone ?? "UTC",
  };
}

/** What follows the rows. */
export function envelopeTail(): Record<string, unknown> {
  return { drill_menu_build_time: 0.001, has_subtotals: false };
}

function fieldsByRole(plan: Plan) {
  const describe = (field: Field) => ({
    ...describeInResult(plan.explore, field),
    ...sorted(plan, field.name),
  });
  return {
    measures: plan.measures.map(describe),
    dimensions: plan.dimensions.map(describe),
    table_calculations: plan.calculations.map((calculation) => describeCalculation(plan, calculation)),
    pivots: plan.pivots.map(describe),
  };
}

/**
 * A field as results describe it: with members that answers of real servers have but that cannot be in an explore,
 * where the API document allows them no null, or no list.
 */
function describeInResult(explore: Explore, field: Field) {
  return {
    time_interval: null,
    fill_style: null,
    map_layer: null,
    sql_case: null,
    filters: null,
    user_attribute_filter_types: userAttributeTypes(field),
    ...describeField(explore, field),
  };
}

function userAttributeTypes(field: Field): string[] {
  switch (field.filterKind) {
    case "number":
      return ["number", "advanced_filter_number"];
    case "date":
      return ["datetime", "advanced_filter_datetime"];
    case "yesno":
      return ["yesno"];
    default:
      return ["string", "advanced_filter_string"];
  }
}

export function describeCalculation(plan: Plan, calculation: TableCalculation) {
  return {
    name: calculation.name,
    label: calculation.label,
    label_short: calculation.label,
    expression: calculation.source,
    type: "number",
    is_numeric: true,
    is_table_calculation: true,
    measure: true,
    can_pivot: true,
    dynamic: true,
    align: "right",
    value_format: valueFormatOf(calculation),
    value_format_name: calculation.valueFormatName,
    view_label: "",
    ...sorted(plan, calculation.name),
  };
}

function sorted(plan: Plan, name: string) {
  const index = plan.sorts.findIndex((sort) => sort.name === name);
  return index < 0 ? {} : { sorted: { sort_index: index, desc: plan.sorts[index]?.descending ?? false } };
}
