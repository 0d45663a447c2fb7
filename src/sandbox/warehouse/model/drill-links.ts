import type { Column, Result } from "../result.ts";
import type { Field, Value } from "./field.ts";

export interface CellLink {
  label: string;
  url: string;
  type: string;
  type_label?: string;
}

/** The links that the model gives to a dimension's values. */
export function modelLinks(field: Field, value: Value): CellLink[] {
  if (value === null) return [];
  return field.links.map((link) => ({
    label: link.label.replaceAll("{{ value }}", String(value)),
    url: link.url.replaceAll("{{ value }}", encodeURIComponent(String(value))),
    type: "url",
  }));
}

/** Where Looker's drill menu leads: dates to the next finer time frame, measures to the rows behind them. */
export function drillLinks(result: Result, column: Column, value: Value, row: readonly Value[]): CellLink[] {
  if (value === null || column.source.kind !== "field") return [];
  const { field } = column.source;
  if (field.category === "measure") return measureLinks(result, column, field, value, row);
  return field.timeFrame === null ? [] : dateLinks(result, field, value);
}

const FINER: Readonly<Record<string, string>> = {
  year: "quarter",
  quarter: "month",
  month: "week",
  week: "date",
  day: "time",
};

function dateLinks(result: Result, field: Field, value: Value): CellLink[] {
  const finer = FINER[field.timeFrame?.interval ?? ""];
  if (finer === undefined) return [];
  const name = `${field.view}.${field.timeFrame?.group}_${finer}`;
  const target = result.plan.explore.fields.find((candidate) => candidate.name === name);
  if (target === undefined) return [];
  const fields = [target.name, ...result.plan.measures.map((measure) => measure.name)];
  return [
    {
      label: `by ${target.labelShort}`,
      url: exploreUrl(result, fields, { ...plainFilters(result), [field.name]: String(value) }),
      type: "drill",
      type_label: `Drill into ${value}`,
    },
  ];
}

function measureLinks(
  result: Result,
  column: Column,
  field: Field,
  value: Value,
  row: readonly Value[],
): CellLink[] {
  if (field.drillFields.length === 0) return [];
  const filters: Record<string, string> = { ...plainFilters(result) };
  result.columns.forEach((other, index) => {
    if (other.pivot !== null || other.source.kind !== "field" || other.source.field.category !== "dimension")
      return;
    filters[other.name] = filterValue(row[index] ?? null);
  });
  for (const [name, pivoted] of Object.entries(column.pivot?.data ?? {}))
    filters[name] = filterValue(pivoted);
  return [
    {
      label: `Show All ${column.render(value)}`,
      url: exploreUrl(result, field.drillFields, filters),
      type: "measure_default",
    },
  ];
}

function plainFilters(result: Result): Record<string, string> {
  return Object.fromEntries(result.plan.filters.map(({ field, expression }) => [field.name, expression]));
}

function filterValue(value: Value): string {
  return value === null ? "NULL" : String(value);
}

function exploreUrl(
  result: Result,
  fields: readonly string[],
  filters: Readonly<Record<string, string>>,
): string {
  const { model, view } = result.plan.query;
  const parts = [`fields=${fields.join(",")}`];
  for (const [name, value] of Object.entries(filters)) {
    parts.push(`f[${name}]=${encodeURIComponent(value).replaceAll("%20", "+")}`);
  }
  return `/explore/${model}/${view}?${[...parts, "limit=500"].join("&")}`;
}
