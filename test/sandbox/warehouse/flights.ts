import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { QueryBody, ResultFormat, RunOptions } from "../../../src/sandbox/warehouse/contract.ts";
import { openWarehouse } from "../../../src/sandbox/warehouse/warehouse.ts";

/** A fixed Saturday, so that weeks and months in the expectations do not move with the calendar. */
export const NOW = new Date("2026-11-21T10:20:30Z");

export interface Flight {
  date: string;
  delay: number;
  distance: number;
  origin: string;
  destination: string;
  /** The moved date, YYYY-MM-DD, and time, computed here and not by the code that is tested. */
  day: string;
  time: string;
}

const folder = fileURLToPath(new URL("../../../node_modules/vega-datasets/data/", import.meta.url));

const raw: Flight[] = JSON.parse(readFileSync(`${folder}flights-20k.json`, "utf8"));
// 2001-03-31, the last day of the file, becomes the day before NOW.
const MOVED_MS = Date.UTC(2026, 10, 20) - Date.UTC(2001, 2, 31);

export const flights: Flight[] = raw.map((flight) => {
  const [year, month, day, hour, minute] = flight.date.split(/[/ :]/).map(Number) as [
    number,
    number,
    number,
    number,
    number,
  ];
  const moved = new Date(Date.UTC(year, month - 1, day, hour, minute) + MOVED_MS).toISOString();
  return { ...flight, day: moved.slice(0, 10), time: `${moved.slice(0, 10)} ${moved.slice(11, 19)}` };
});

/** Airport lines without quotes are enough to look up the state of a code: quotes are only in names and cities. */
export const stateOf = new Map<string, string>(
  readFileSync(`${folder}airports.csv`, "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => {
      const cells = line.replace(/"(?:[^"]|"")*"/g, "quoted").split(",");
      return [cells[0]!, cells[3]!];
    }),
);

export const warehouse = openWarehouse({ now: () => NOW });

export const OPTIONS: RunOptions = {
  applyFormatting: false,
  generateDrillLinks: false,
  now: NOW,
  taskId: "5f8a4ca7813c275decebf24905ed4e2c",
  fromCache: false,
  runtimeSeconds: 0.25,
  ranAt: NOW,
};

export function text(
  query: Partial<QueryBody>,
  format: ResultFormat = "csv",
  options: Partial<RunOptions> = {},
): string {
  const body = { model: "faa", view: "flights", ...query };
  return [...warehouse.run(body, { ...OPTIONS, ...options }).bytes(format)].join("");
}

export function rows(
  query: Partial<QueryBody>,
  options: Partial<RunOptions> = {},
): Record<string, unknown>[] {
  return JSON.parse(text(query, "json", options));
}

export interface Cell {
  value: string | number | null;
  rendered?: string;
  html?: string;
  links?: { label: string; url: string; type: string }[];
}

interface DescribedField {
  name: string;
  label: string;
  label_short: string;
  is_numeric: boolean;
  value_format: string | null;
  sorted?: { sort_index: number; desc: boolean };
}

/** What the tests read of a json_detail result. */
export interface Detail<Data = Record<string, Cell>> {
  data: Data[];
  totals_data: Data;
  pivots: { key: string; is_total: boolean; data: Record<string, unknown> }[];
  fields: Record<"dimensions" | "measures" | "table_calculations" | "pivots", DescribedField[]>;
  added_params: { sorts?: string[] };
  applied_filters: Record<string, { field: DescribedField; value: string }>;
  errors?: { message: string; message_details: string; params: string; sql_error_loc: unknown }[];
  truncated?: boolean;
  [other: string]: unknown;
}

export function detail<Data = Record<string, Cell>>(
  query: Partial<QueryBody>,
  options: Partial<RunOptions> = {},
): Detail<Data> {
  return JSON.parse(text(query, "json_detail", options));
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
