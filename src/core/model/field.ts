import { ReportError } from "../error.ts";
import { didYouMean } from "../rules/nearest.ts";
import type { Table } from "./table.ts";

/**
 * The indexes of a field's columns: several where it is pivoted. `use` is what it is wanted for: the key in the YAML. Throws
 * ReportError `config` where the table has none.
 */
export function columnsNamed(table: Table, field: string, use: string): number[] {
  const found = table.columns.flatMap(({ name }, index) => (name === field ? [index] : []));
  if (found.length > 0) return found;
  throw new ReportError(`The result has no field "${field}", which \`${use}:\` names.`, {
    code: "config",
    advice: whatThereIs(field, [...new Set(table.columns.map(({ name }) => name))]),
  });
}

/** An imperative sentence: the nearest of the known names, or all of them. */
export function whatThereIs(field: string, known: readonly string[]): string {
  const meant = didYouMean(field, known).trim();
  if (known.length === 0) return "Look at the query: its result has no columns.";
  const listed = known.slice(0, 12).join(", ");
  const all = `Use one of its fields: ${listed}${known.length > 12 ? ", …" : ""}.`;
  return meant === "" ? all : `${meant} ${all}`;
}
