import type { Field } from "./field.ts";

export interface Join {
  name: string;
  viewLabel: string;
  sqlTable: string;
  sqlOn: string;
}

export interface Explore {
  name: string;
  label: string;
  description: string;
  /** The view that the explore starts from, and the table below it. */
  view: string;
  sqlTable: string;
  joins: readonly Join[];
  fields: readonly Field[];
  /** Rows that are made up as they are read, by no database. */
  generated?: true;
}

export interface Model {
  name: string;
  label: string;
  explores: readonly Explore[];
}

export function findField(explore: Explore, name: string): Field | undefined {
  return explore.fields.find((field) => field.name === name);
}
