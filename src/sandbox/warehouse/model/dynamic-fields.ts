import { WarehouseError } from "../contract.ts";
import { filterCondition } from "../filter/filter.ts";
import { type Expression, fieldsIn, parseExpression, toSql } from "./expression.ts";
import { type Aggregate, aggregateSql, dimension, type Field, type FieldExtras, measure } from "./field.ts";
import { type Explore, findField } from "./model.ts";

/** Computed from the rows of the result, after the database. */
export interface TableCalculation {
  name: string;
  label: string;
  expression: Expression;
  source: string;
  valueFormat: string | null;
  valueFormatName: string | null;
}

export interface DynamicFields {
  fields: Field[];
  calculations: TableCalculation[];
}

/** One entry of the JSON list in a query's `dynamic_fields`. Everything else that Looker's UI writes there is ignored. */
interface Entry {
  measure?: string;
  dimension?: string;
  table_calculation?: string;
  based_on?: string;
  type?: string;
  label?: string;
  expression?: string;
  filters?: Record<string, string>;
  value_format?: string | null;
  value_format_name?: string | null;
}

const AGGREGATES = new Set(["count_distinct", "sum", "average", "min", "max"]);

/** @throws WarehouseError for text that is not a JSON list and for entries that cannot be computed. */
export function readDynamicFields(
  explore: Explore,
  text: string | null | undefined,
  now: Date,
): DynamicFields {
  const result: DynamicFields = { fields: [], calculations: [] };
  if (text === null || text === undefined || text.trim() === "") return result;
  for (const entry of parseEntries(text)) {
    if (entry.table_calculation !== undefined)
      result.calculations.push(readCalculation(entry.table_calculation, entry));
    else if (entry.measure !== undefined) result.fields.push(readMeasure(explore, entry.measure, entry, now));
    else if (entry.dimension !== undefined)
      result.fields.push(readDimension(explore, entry.dimension, entry));
  }
  return result;
}

function parseEntries(text: string): Entry[] {
  try {
    const entries: unknown = JSON.parse(text);
    if (Array.isArray(entries)) return entries;
  } catch (cause) {
    throw new WarehouseError("Invalid dynamic_fields: it is not JSON.", { cause });
  }
  throw new WarehouseError("Invalid dynamic_fields: it is not a list.");
}

function readCalculation(name: string, entry: Entry): TableCalculation {
  const source = entry.expression ?? "";
  const expression = parseExpression(source);
  if (expression === null) {
    throw new WarehouseError(`Invalid expression in table calculation "${name}": ${source}`);
  }
  return {
    name,
    label: entry.label ?? name,
    expression,
    source,
    valueFormat: entry.value_format ?? null,
    valueFormatName: entry.value_format_name ?? null,
  };
}

function readMeasure(explore: Explore, name: string, entry: Entry, now: Date): Field {
  const base = requireField(explore, entry.based_on ?? "", name);
  const aggregate = aggregateOn(base, entry.type, name);
  const conditions = Object.entries(entry.filters ?? {}).map(([field, expression]) =>
    filterCondition(requireField(explore, field, name), expression, now),
  );
  const kept = conditions.filter((sql) => sql !== null);
  const condition = kept.length === 0 ? undefined : kept.join(" AND ");
  if (condition !== undefined && aggregate.kind === "ratio") {
    throw new WarehouseError(
      `Custom measure "${name}" cannot filter "${base.name}", which is computed from other measures.`,
    );
  }
  const field = measure({ name: "", label: "" }, name, aggregate, {
    label: entry.label ?? name,
    ...formats(entry),
  });
  const sql = aggregateSql(aggregate, condition);
  return { ...field, sql, filterSql: sql, sortSql: sql };
}

function aggregateOn(base: Field, type: string | undefined, name: string): Aggregate {
  if (base.aggregate !== null && (type === undefined || type === "" || type === base.type))
    return base.aggregate;
  if (base.aggregate === null && type !== undefined && AGGREGATES.has(type)) {
    return { kind: type as Aggregate["kind"], sql: base.sql };
  }
  throw new WarehouseError(`Custom measure "${name}" has the unknown type "${type ?? ""}".`);
}

function readDimension(explore: Explore, name: string, entry: Entry): Field {
  const expression = parseExpression(entry.expression ?? "");
  if (expression === null) {
    throw new WarehouseError(`Invalid expression in custom dimension "${name}": ${entry.expression ?? ""}`);
  }
  const used = new Map(fieldsIn(expression).map((field) => [field, requireField(explore, field, name).sql]));
  const sql = toSql(expression, (field) => used.get(field) ?? "NULL");
  return dimension({ name: "", label: "" }, name, "number", sql, {
    label: entry.label ?? name,
    ...formats(entry),
  });
}

function requireField(explore: Explore, name: string, user: string): Field {
  const field = findField(explore, name);
  if (field === undefined) throw new WarehouseError(`Unknown field "${name}" in custom field "${user}".`);
  return field;
}

function formats(entry: Entry): FieldExtras {
  return {
    ...(entry.value_format && { valueFormat: entry.value_format }),
    ...(entry.value_format_name && { valueFormatName: entry.value_format_name }),
  };
}
