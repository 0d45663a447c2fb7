import type { Problem, QueryBody } from "./contract.ts";
import { findExplore, findModel } from "./model/models.ts";

/** What `POST /queries` refuses with 422. Fields are not looked up: Looker does that when the query runs. */
export function validateQuery(query: QueryBody): Problem[] {
  const problems: Problem[] = [];
  if (!isText(query.model)) problems.push(missing("model"));
  if (!isText(query.view)) problems.push(missing("view"));
  if (problems.length === 0) problems.push(...unknownNames(query));
  for (const name of ["fields", "pivots", "sorts"] as const) {
    const value: unknown = query[name];
    if (value !== undefined && value !== null && !isTextList(value)) {
      problems.push(invalid(name, `${name} must be a list of strings.`));
    }
  }
  const filters: unknown = query.filters;
  if (filters !== undefined && filters !== null && !isTextRecord(filters)) {
    problems.push(invalid("filters", "filters must be an object of strings."));
  }
  return problems;
}

function unknownNames(query: QueryBody): Problem[] {
  if (findModel(query.model) === undefined) {
    return [invalid("model", `Model "${query.model}" does not exist, or you may not see it.`)];
  }
  if (findExplore(query.model, query.view) === undefined) {
    return [invalid("view", `Explore "${query.view}" does not exist in model "${query.model}".`)];
  }
  return [];
}

function missing(field: string): Problem {
  return { field, code: "missing_field", message: "This field is required." };
}

function invalid(field: string, message: string): Problem {
  return { field, code: "invalid", message };
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.trim() !== "";
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isTextRecord(value: unknown): boolean {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((item) => typeof item === "string");
}
