import type { QueryBody, RunOptions } from "./contract.ts";
import { WarehouseError } from "./contract.ts";
import { type DynamicFields, readDynamicFields, type TableCalculation } from "./model/dynamic-fields.ts";
import { fieldsIn } from "./model/expression.ts";
import type { Field } from "./model/field.ts";
import { type Explore, findField } from "./model/model.ts";
import { findExplore } from "./model/models.ts";

const ROWS_DEFAULT = 5000;
const COLUMNS_DEFAULT = 50;
const COLUMNS_MAX = 200;
/** Beyond this Looker only streams, and some queries cannot be streamed. */
const ROWS_UNSTREAMED_MAX = 100_000;

export interface Sort {
  name: string;
  descending: boolean;
  /** Which pivot column a measure is sorted by. */
  pivotIndex: number;
}

export interface FilterUse {
  field: Field;
  expression: string;
}

/** A query with every name looked up and every default filled in. */
export interface Plan {
  query: QueryBody;
  explore: Explore;
  /** Not pivoted, in the query's order. */
  dimensions: readonly Field[];
  pivots: readonly Field[];
  measures: readonly Field[];
  calculations: readonly TableCalculation[];
  filters: readonly FilterUse[];
  sorts: readonly Sort[];
  /** The sorts that were added because the query names none: `added_params.sorts`. */
  addedSorts: readonly string[] | null;
  rowsMax: number;
  columnsMax: number;
  hasTotals: boolean;
  hasRowTotals: boolean;
}

/** @throws WarehouseError for an unknown field, sort or filter, and for a limit that Looker refuses. */
export function planQuery(query: QueryBody, options: RunOptions): Plan {
  const explore = findExplore(query.model, query.view);
  if (explore === undefined) {
    throw new WarehouseError(`Unknown explore "${query.view}" in model "${query.model}".`);
  }
  if (query.filter_expression && constantIn(query.filter_expression) === null) {
    throw new WarehouseError(
      "Of filter_expression only constants, such as 1=2, are supported here: use filters.",
    );
  }
  const dynamic = readDynamicFields(explore, query.dynamic_fields, options.now);
  const { calculations } = dynamic;
  const find = finder(explore, dynamic);
  const { dimensions, pivots, measures } = selection(query, calculations, find);
  checkCalculations(calculations, [...dimensions, ...pivots, ...measures]);
  const filters = Object.entries(query.filters ?? {}).map(([name, expression]) => ({
    field: find(name, "filters"),
    expression,
  }));
  const given = (query.sorts ?? []).filter((sort) => sort.trim() !== "");
  const addedSorts = given.length === 0 ? defaultSorts(dimensions, pivots, measures) : null;
  const sorts = (addedSorts ?? given).filter((sort) => sort !== "__UNSORTED__").map(readSort);
  for (const { name } of sorts) if (!isCalculation(calculations, name)) find(name, "sorts");
  const hasTotals = query.total === true && measures.length > 0;
  const hasRowTotals = query.row_total === "right" && pivots.length > 0;
  return {
    query,
    explore,
    dimensions,
    pivots,
    measures,
    calculations,
    filters,
    sorts,
    addedSorts,
    rowsMax: rowLimit(options.limit ?? query.limit, { calculations, hasTotals, hasRowTotals }),
    columnsMax: columnLimit(query.column_limit),
    hasTotals,
    hasRowTotals,
  };
}

/** What an expression without fields says, "1=2", which callers use to have the columns and no rows; null for others. */
export function constantIn(expression: string): boolean | null {
  const [, left, operator, right] =
    /^\s*(-?\d{1,9})\s*(<=|>=|!=|=|<|>)\s*(-?\d{1,9})\s*$/.exec(expression) ?? [];
  if (operator === undefined) {
    const word = expression.trim().toLowerCase();
    return /^(?:yes|true)$/.test(word) ? true : /^(?:no|false)$/.test(word) ? false : null;
  }
  const difference = Number(left) - Number(right);
  if (operator === "!=") return difference !== 0;
  const isOnSide = operator.startsWith("<") ? difference < 0 : operator.startsWith(">") && difference > 0;
  return isOnSide || (operator.includes("=") && difference === 0);
}

type Find = (name: string, where: string) => Field;

function finder(explore: Explore, dynamic: DynamicFields): Find {
  return (name, where) => {
    const field = dynamic.fields.find((custom) => custom.name === name) ?? findField(explore, name);
    if (field !== undefined) return field;
    throw new WarehouseError(`Unknown field "${name}" in explore "${explore.name}".`, {
      details: `The query's ${where} name "${name}", which is not a field of ${explore.name}.`,
    });
  };
}

function isCalculation(calculations: readonly TableCalculation[], name: string): boolean {
  return calculations.some((calculation) => calculation.name === name);
}

function selection(query: QueryBody, calculations: readonly TableCalculation[], find: Find) {
  const pivotNames = new Set(query.pivots ?? []);
  const names = new Set([...(query.fields ?? []), ...pivotNames]);
  const fields = [...names]
    .filter((name) => !isCalculation(calculations, name))
    .map((name) => find(name, "fields"));
  if (fields.length === 0) throw new WarehouseError("Query must have at least one field.");
  const filterOnly = fields.find(({ category }) => category === "filter");
  if (filterOnly !== undefined) {
    throw new WarehouseError(`"${filterOnly.name}" can only be filtered on, not selected.`);
  }
  const pivots = [...pivotNames].map((name) => find(name, "pivots"));
  if (pivots.some(({ category }) => category !== "dimension")) {
    throw new WarehouseError("Only dimensions can be pivoted.");
  }
  return {
    dimensions: fields.filter(({ category, name }) => category === "dimension" && !pivotNames.has(name)),
    pivots,
    measures: fields.filter(({ category }) => category === "measure"),
  };
}

function checkCalculations(calculations: readonly TableCalculation[], fields: readonly Field[]): void {
  const known = new Set([...fields, ...calculations].map(({ name }) => name));
  for (const calculation of calculations) {
    const missing = fieldsIn(calculation.expression).find((name) => !known.has(name));
    if (missing !== undefined) {
      throw new WarehouseError(
        `Table calculation "${calculation.name}" uses "${missing}", which is not in the query.`,
      );
    }
  }
}

/** Looker's own order: the first date from the newest, else the first measure from the largest, else the first dimension. */
function defaultSorts(
  dimensions: readonly Field[],
  pivots: readonly Field[],
  measures: readonly Field[],
): string[] {
  const pivotSorts = pivots.map((field) => field.name);
  const date = dimensions.find((field) => field.timeFrame?.interval);
  if (date !== undefined) return [...pivotSorts, `${date.name} desc`];
  const [firstMeasure] = measures;
  if (firstMeasure !== undefined && dimensions.length > 0) {
    return [...pivotSorts, `${firstMeasure.name} desc${pivots.length > 0 ? " 0" : ""}`];
  }
  const [firstDimension] = dimensions;
  return firstDimension === undefined ? pivotSorts : [...pivotSorts, firstDimension.name];
}

/** `field`, `field desc`, or `field desc 2` for the third pivot column. */
function readSort(text: string): Sort {
  const match = /^(\S+)(?:\s+(asc|desc))?(?:\s+(\d+))?$/i.exec(text.trim());
  if (match === null) throw new WarehouseError(`Invalid sort "${text}".`);
  return {
    name: match[1] ?? "",
    descending: match[2]?.toLowerCase() === "desc",
    pivotIndex: Number(match[3] ?? 0),
  };
}

function columnLimit(text: string | null | undefined): number {
  if (text === null || text === undefined || text === "") return COLUMNS_DEFAULT;
  if (!/^\d+$/.test(text)) throw new WarehouseError(`Invalid column limit "${text}".`);
  return Math.min(Number(text), COLUMNS_MAX);
}

function rowLimit(
  given: string | number | null | undefined,
  plan: Pick<Plan, "calculations" | "hasTotals" | "hasRowTotals">,
): number {
  const text = String(given ?? "").trim();
  if (text === "") return ROWS_DEFAULT;
  if (!/^(-1|\d+)$/.test(text)) {
    throw new WarehouseError(`Invalid limit "${text}": it must be a number of rows, or -1 for all.`);
  }
  const limit = Number(text);
  const obstacle =
    plan.calculations.length > 0
      ? "table calculations"
      : plan.hasRowTotals
        ? "row totals"
        : plan.hasTotals
          ? "totals"
          : null;
  if ((limit === -1 || limit > ROWS_UNSTREAMED_MAX) && obstacle !== null) {
    throw new WarehouseError(
      limit === -1
        ? `Unlimited results are not available for a query with ${obstacle}, which cannot be streamed.`
        : `A query with ${obstacle} cannot be streamed and has at most ${ROWS_UNSTREAMED_MAX} rows; the limit is ${limit}.`,
    );
  }
  return limit === -1 ? Number.POSITIVE_INFINITY : limit;
}
