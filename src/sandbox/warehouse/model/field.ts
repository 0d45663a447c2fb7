/** A cell as the database gives it. Yesno fields hold the words Yes and No, as in Looker's results. */
export type Value = string | number | null;

export type FilterKind = "string" | "number" | "date" | "yesno";

/** How a measure is computed; kept apart so that a filtered custom measure can be made from it. */
export interface Aggregate {
  kind: "count" | "count_distinct" | "sum" | "average" | "min" | "max" | "ratio";
  /** What is aggregated; for `count` nothing, for `ratio` the whole SQL expression. */
  sql: string;
}

export interface Link {
  label: string;
  /** Absolute, or relative to Looker's own address. `{{ value }}` is replaced by the URL-encoded value. */
  url: string;
}

export interface TimeFrame {
  /** The dimension group without its view: `date` for flights.date_week. */
  group: string;
  groupLabel: string;
  variant: string;
  interval: "second" | "day" | "week" | "month" | "quarter" | "year" | null;
}

/** One field of an explore. Names are case-sensitive and read `view.field`; custom fields have no view. */
export interface Field {
  name: string;
  view: string;
  viewLabel: string;
  labelShort: string;
  description: string | null;
  category: "dimension" | "measure" | "filter";
  type: string;
  filterKind: FilterKind;
  isNumeric: boolean;
  sql: string;
  /** What filters compare, where that is not the selected expression: a date_month is filtered by its time. */
  filterSql: string;
  /** What orders the values, where that is not the value itself: Monday before Tuesday. */
  sortSql: string;
  aggregate: Aggregate | null;
  valueFormat: string | null;
  valueFormatName: string | null;
  timeFrame: TimeFrame | null;
  primaryKey: boolean;
  links: readonly Link[];
  drillFields: readonly string[];
  /** LookML's `html` parameter; the result comes with the value, never instead of it. */
  html: ((value: Value) => string) | null;
  tags: readonly string[];
}

export interface FieldExtras {
  label?: string;
  viewLabel?: string;
  description?: string;
  valueFormat?: string;
  valueFormatName?: string;
  primaryKey?: boolean;
  links?: readonly Link[];
  drillFields?: readonly string[];
  html?: (value: Value) => string;
  sortSql?: string;
  tags?: readonly string[];
}

/** The label in file headers: the view's label before the field's own. */
export function fullLabel(field: Field): string {
  return field.viewLabel === "" ? field.labelShort : `${field.viewLabel} ${field.labelShort}`;
}

export interface ViewName {
  name: string;
  label: string;
}

export function dimension(
  view: ViewName,
  name: string,
  type: "string" | "number" | "yesno",
  sql: string,
  extras: FieldExtras = {},
): Field {
  const expression = type === "yesno" ? `CASE WHEN ${sql} THEN 'Yes' ELSE 'No' END` : sql;
  return {
    ...common(view, name, extras),
    category: "dimension",
    type,
    filterKind: type,
    isNumeric: type === "number",
    sql: expression,
    filterSql: expression,
    sortSql: extras.sortSql ?? expression,
    aggregate: null,
  };
}

export function measure(view: ViewName, name: string, aggregate: Aggregate, extras: FieldExtras = {}): Field {
  const sql = aggregateSql(aggregate);
  return {
    ...common(view, name, extras),
    category: "measure",
    type: aggregate.kind === "ratio" ? "number" : aggregate.kind,
    filterKind: "number",
    isNumeric: true,
    sql,
    filterSql: sql,
    sortSql: sql,
    aggregate,
  };
}

/** A field that can only be filtered on: it selects nothing. */
export function filterOnly(view: ViewName, name: string, kind: FilterKind, extras: FieldExtras = {}): Field {
  return {
    ...common(view, name, extras),
    category: "filter",
    type: kind,
    filterKind: kind,
    isNumeric: kind === "number",
    sql: "NULL",
    filterSql: "NULL",
    sortSql: "NULL",
    aggregate: null,
  };
}

/** The SQL of a measure, over the rows that meet `condition` only where one is given. */
export function aggregateSql(aggregate: Aggregate, condition?: string): string {
  const counted = aggregate.kind === "count" ? "1" : aggregate.sql;
  const over = condition === undefined ? counted : `CASE WHEN ${condition} THEN ${counted} END`;
  switch (aggregate.kind) {
    case "count":
      return condition === undefined ? "COUNT(*)" : `COUNT(${over})`;
    case "count_distinct":
      return `COUNT(DISTINCT ${over})`;
    case "sum":
      return `COALESCE(SUM(${over}), 0)`;
    case "average":
      return `AVG(${over})`;
    case "ratio":
      return aggregate.sql;
    default:
      return `${aggregate.kind.toUpperCase()}(${over})`;
  }
}

function common(view: ViewName, name: string, extras: FieldExtras) {
  return {
    name: view.name === "" ? name : `${view.name}.${name}`,
    view: view.name,
    viewLabel: extras.viewLabel ?? view.label,
    labelShort: extras.label ?? titleCase(name),
    description: extras.description ?? null,
    valueFormat: extras.valueFormat ?? null,
    valueFormatName: extras.valueFormatName ?? null,
    timeFrame: null,
    primaryKey: extras.primaryKey ?? false,
    links: extras.links ?? [],
    drillFields: extras.drillFields ?? [],
    html: extras.html ?? null,
    tags: extras.tags ?? [],
  };
}

function titleCase(name: string): string {
  return name
    .split("_")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(" ");
}
