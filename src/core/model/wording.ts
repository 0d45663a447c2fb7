/** Which way of a figure is the good one. */
export type Better = "up" | "down";

/** A word for one field, or for each of several by their names, `view.field`. */
export interface Named<T extends string = string> {
  /** Of the section as a whole, which counts before what the file says of a field; null: it says none. */
  readonly own: T | null;
  readonly byField: Readonly<Record<string, T>>;
}

/** What a report calls its fields, where it does not leave that to the model. */
export interface Wording {
  /** What a field is called, by its name. */
  readonly labels: Readonly<Record<string, string>>;
  /** What follows a value: "min", "flights". */
  readonly unit: Named;
  /** What a row is, in the plural: "airports". The field is the table's first. */
  readonly noun: Named;
  readonly better: Named<Better>;
}

/** The word for the field of a figure, or for the one that a table begins with. */
export function wordFor<T extends string>(named: Named<T>, field: string): T | null {
  if (named.own !== null) return named.own;
  return Object.hasOwn(named.byField, field) ? (named.byField[field] ?? null) : null;
}
