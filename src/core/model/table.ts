import { ReportError } from "../error.ts";
import { didYouMean } from "../rules/nearest.ts";
import type { Separators } from "../rules/numbers/separators.ts";

/** One value of a result, and how Looker would show it. */
export interface Cell {
  readonly value: string | number | boolean | null;
  /** As Looker renders it with the model's value format; "" for null. Plain text, not yet escaped for any output. */
  readonly rendered: string;
  /** Absolute URL the cell links to, where the model declares one. */
  readonly href?: string;
  /** Names of the marks (`Emphasis`) that it bears for what is not in it. */
  readonly marks?: readonly string[];
}

export interface Column {
  /** Looker's field name, `view.field`; for a pivoted column the same name occurs once for each pivot value. */
  readonly name: string;
  /** What heads the column: unique within its table. */
  readonly label: string;
  /** What heads the column in a file, as in Looker's own CSV: unique within its table. Absent: the same as `label`. */
  readonly fullLabel?: string;
  readonly kind: "dimension" | "measure" | "calculation";
  readonly isNumeric: boolean;
  /** Looker's value_format (Excel-like), or null. */
  readonly valueFormat: string | null;
  /** How Looker writes its digits; absent where the result does not say. */
  readonly separators?: Separators;
  /** Looker's own word for what it holds: "string", "number", "date_date", "date_week", "yesno", …; null where it is not known. */
  readonly type: string | null;
  /** Set on pivoted columns: the rendered pivot values from outermost to innermost, or the row total. */
  readonly pivot?: { readonly values: readonly string[]; readonly isRowTotal: boolean };
  /** Its author hides it in Looker: it is there to calculate with, and is neither shown nor named. */
  readonly isHidden?: true;
}

export interface Table {
  readonly columns: readonly Column[];
  /** The pivot fields' labels, outermost first; empty without pivots. */
  readonly pivotLabels: readonly string[];
  /** The first rows of the result: all of them unless `rowCount` is larger. */
  readonly rows: readonly (readonly Cell[])[];
  /** Column totals, one cell a column, where the query asks for them. */
  readonly totals?: readonly Cell[];
  /** Totals of groups of rows, in the order of their rows, the innermost first where several end at one. */
  readonly subtotals?: readonly Subtotal[];
  /** Rows of the whole result, not of `rows`. */
  readonly rowCount: number;
  /** False where Looker may have cut the result at the query's limit: then `rowCount` is a lower bound. */
  readonly rowCountIsExact: boolean;
  /** So many rows of the result are not among these, since its page in Looker does not show them. Totals are of them too. */
  readonly rowsHidden?: number;
  /** Set where Looker has left out pivoted columns, or may have. */
  readonly columnsCut?: ColumnsCut;
}

/** The total of rows that follow one another and have the same values in the first dimensions. */
export interface Subtotal {
  /** Index of the last of its rows. */
  readonly after: number;
  /** One a column: the values that its rows share, and their totals; without a value for what differs within. */
  readonly cells: readonly Cell[];
}

/** Columns that Looker leaves out beyond a query's column limit. */
export interface ColumnsCut {
  readonly limit: number;
  /** False: there are as many as the limit, and Looker does not say whether there are more. */
  readonly isCertain: boolean;
}

/** The first pivot value of a column of row totals, as Looker words it. */
export const ROW_TOTAL = "Row total";

/** What is written for a null among pivot values, as in Looker's own tables. */
export const NULL_PIVOT_VALUE = "∅";

/** A pivoted column's label on one line: its field's label, then its pivot values, "Flights – JFK – 2026". Empty values are left out. */
export function pivotedLabel(label: string, values: readonly string[]): string {
  return [label, ...values.filter((value) => value !== "")].join(" – ");
}

/**
 * Labels made unique: a label that occurs once is kept; the others get the field name, and where even that repeats, a number.
 * Returns the labels in order and which of them had to be told apart.
 */
export function distinctLabels(fields: readonly { name: string; label: string }[]): {
  labels: string[];
  repeated: string[];
} {
  const count = tally(fields.map((field) => field.label));
  const named = fields.map((field) =>
    (count.get(field.label) ?? 0) > 1 && field.name !== field.label
      ? `${field.label} (${field.name})`
      : field.label,
  );
  const taken = new Set<string>();
  const labels = named.map((label) => {
    let free = label;
    for (let number = 2; taken.has(free); number += 1) free = `${label} ${number}`;
    taken.add(free);
    return free;
  });
  return { labels, repeated: [...count].filter(([, times]) => times > 1).map(([label]) => label) };
}

function tally(words: readonly string[]): Map<string, number> {
  const count = new Map<string, number>();
  for (const word of words) count.set(word, (count.get(word) ?? 0) + 1);
  return count;
}

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
