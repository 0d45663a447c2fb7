import { valueFormatOf } from "../value-format.ts";
import { type Field, fullLabel } from "./field.ts";
import type { LookmlModel, LookmlModelExplore, LookmlModelExploreField } from "./lookml.ts";
import type { Explore, Model } from "./model.ts";

const PROJECT = "sandbox";

export function describeModel(model: Model): LookmlModel {
  return {
    name: model.name,
    label: model.label,
    project_name: PROJECT,
    has_content: true,
    unlimited_db_connections: false,
    allowed_db_connection_names: ["warehouse"],
    explores: model.explores.map((explore) => ({
      name: explore.name,
      label: explore.label,
      description: explore.description,
      hidden: false,
      group_label: model.label,
    })),
    can: { index: true, show: true },
  };
}

export function describeExplore(model: Model, explore: Explore): LookmlModelExplore {
  const described = explore.fields.map((field) => describeField(explore, field));
  return {
    id: `${model.name}::${explore.name}`,
    name: explore.name,
    label: explore.label,
    title: explore.label,
    description: explore.description,
    model_name: model.name,
    view_name: explore.view,
    project_name: PROJECT,
    connection_name: "warehouse",
    dialect_name: "sqlite",
    null_sort_treatment: "low",
    group_label: model.label,
    hidden: false,
    can_total: explore.generated === undefined,
    can_develop: false,
    can_see_lookml: false,
    can_save: true,
    can_explain: false,
    can_pivot_in_db: false,
    can_subtotal: false,
    has_timezone_support: false,
    supports_cost_estimate: false,
    lookml_link: null,
    source_file: `${model.name}.model.lkml`,
    files: [`${model.name}.model.lkml`],
    sql_table_name: explore.sqlTable,
    tags: [],
    scopes: [explore.view, ...explore.joins.map((join) => join.name)],
    sets: [],
    aliases: [],
    always_filter: [],
    access_filter_fields: [],
    index_fields: [],
    always_join: [],
    errors: null,
    fields: {
      dimensions: described.filter((field) => field.category === "dimension"),
      measures: described.filter((field) => field.category === "measure"),
      filters: described.filter((field) => field.category === "filter"),
      parameters: [],
    },
    joins: explore.joins.map((join) => ({
      name: join.name,
      type: "left_outer",
      relationship: "many_to_one",
      sql_on: join.sqlOn,
      from: join.sqlTable,
      view_label: join.viewLabel,
    })),
    supported_measure_types: [
      { dimension_type: "string", measure_types: ["count_distinct"] },
      { dimension_type: "number", measure_types: ["sum", "average", "min", "max", "count_distinct"] },
    ],
  };
}

export function describeField(explore: Explore, field: Field): LookmlModelExploreField {
  const frame = field.timeFrame;
  const suggestable = field.category === "dimension" && field.type === "string";
  return {
    name: field.name,
    label: fullLabel(field),
    label_short: field.labelShort,
    view: field.view,
    view_label: field.viewLabel,
    description: field.description,
    type: field.type,
    category: field.category,
    measure: field.category === "measure",
    is_numeric: field.isNumeric,
    is_filter: field.category === "filter",
    is_timeframe: frame !== null,
    is_fiscal: false,
    can_filter: true,
    can_time_filter: field.filterKind === "date",
    align: field.isNumeric ? "right" : "left",
    value_format: valueFormatOf(field),
    value_format_name: field.valueFormatName,
    strict_value_format: false,
    hidden: false,
    primary_key: field.primaryKey,
    parameter: false,
    dynamic: field.view === "",
    dimension_group: frame === null ? null : `${field.view}.${frame.group}`,
    field_group_label: frame?.groupLabel ?? null,
    field_group_variant: frame?.variant ?? field.labelShort,
    ...(frame?.interval && {
      time_interval: { name: frame.interval, count: 1 },
      fill_style: "range" as const,
    }),
    week_start_day: "monday",
    fiscal_month_offset: 0,
    default_filter_value: null,
    enumerations: field.type === "yesno" ? ["Yes", "No"].map((word) => ({ label: word, value: word })) : null,
    suggestable,
    suggest_dimension: field.name,
    suggest_explore: explore.name,
    suggestions: null,
    has_allowed_values: field.type === "yesno",
    has_drills_metadata: field.drillFields.length > 0,
    drill_fields: [...field.drillFields],
    links: field.links.length === 0 ? null : field.links.map((link) => ({ ...link, icon_url: null })),
    sortable: true,
    requires_refresh_on_sort: false,
    tags: [...field.tags],
    synonyms: [],
    sql: field.sql,
    scope: field.view,
    original_view: field.view,
    source_file: `views/${field.view}.view.lkml`,
    source_file_path: `${PROJECT}/views/${field.view}.view.lkml`,
    lookml_link: null,
    project_name: PROJECT,
    label_from_parameter: null,
    permanent: null,
    error: null,
  };
}
