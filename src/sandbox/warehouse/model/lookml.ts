/** The shapes in which Looker's API describes a semantic model (API 4.0, LookmlModel and what hangs on it). */

export interface LookmlModel {
  name: string;
  label: string;
  project_name: string;
  has_content: boolean;
  unlimited_db_connections: boolean;
  allowed_db_connection_names: string[];
  explores: LookmlModelNavExplore[];
  can: Record<string, boolean>;
}

export interface LookmlModelNavExplore {
  name: string;
  label: string;
  description: string | null;
  hidden: boolean;
  group_label: string;
}

export interface LookmlFieldLink {
  label: string;
  url: string;
  icon_url: string | null;
}

export interface LookmlModelExploreField {
  name: string;
  label: string;
  label_short: string;
  view: string;
  view_label: string;
  description: string | null;
  type: string;
  category: "dimension" | "measure" | "filter";
  measure: boolean;
  is_numeric: boolean;
  is_filter: boolean;
  is_timeframe: boolean;
  is_fiscal: boolean;
  can_filter: boolean;
  can_time_filter: boolean;
  align: "left" | "right";
  value_format: string | null;
  value_format_name: string | null;
  strict_value_format: boolean;
  hidden: boolean;
  primary_key: boolean;
  parameter: boolean;
  dynamic: boolean;
  dimension_group: string | null;
  field_group_label: string | null;
  field_group_variant: string;
  time_interval?: { name: string; count: number };
  fill_style?: "range" | "enumeration";
  week_start_day: "monday";
  fiscal_month_offset: number;
  default_filter_value: string | null;
  enumerations: { label: string; value: string }[] | null;
  suggestable: boolean;
  suggest_dimension: string;
  suggest_explore: string;
  suggestions: string[] | null;
  has_allowed_values: boolean;
  has_drills_metadata: boolean;
  drill_fields: string[];
  links: LookmlFieldLink[] | null;
  sortable: boolean;
  requires_refresh_on_sort: boolean;
  tags: string[];
  synonyms: string[];
  sql: string;
  scope: string;
  original_view: string;
  source_file: string;
  source_file_path: string;
  lookml_link: string | null;
  project_name: string;
  label_from_parameter: string | null;
  permanent: boolean | null;
  error: string | null;
}

export interface LookmlModelExplore {
  id: string;
  name: string;
  label: string;
  title: string;
  description: string | null;
  model_name: string;
  view_name: string;
  project_name: string;
  connection_name: string;
  dialect_name: string;
  null_sort_treatment: string;
  group_label: string;
  hidden: boolean;
  can_total: boolean;
  can_develop: boolean;
  can_see_lookml: boolean;
  can_save: boolean;
  can_explain: boolean;
  can_pivot_in_db: boolean;
  can_subtotal: boolean;
  has_timezone_support: boolean;
  supports_cost_estimate: boolean;
  lookml_link: string | null;
  source_file: string;
  files: string[];
  sql_table_name: string;
  tags: string[];
  scopes: string[];
  sets: { name: string; value: string[] }[];
  aliases: { name: string; value: string }[];
  always_filter: { name: string; value: string }[];
  access_filter_fields: string[];
  index_fields: string[];
  always_join: string[];
  errors: { message: string; details: string; error_pos: string; field_error: boolean }[] | null;
  fields: {
    dimensions: LookmlModelExploreField[];
    measures: LookmlModelExploreField[];
    filters: LookmlModelExploreField[];
    parameters: LookmlModelExploreField[];
  };
  joins: {
    name: string;
    type: string;
    relationship: string;
    sql_on: string;
    from: string | null;
    view_label: string | null;
  }[];
  supported_measure_types: { dimension_type: string; measure_types: string[] }[];
}
