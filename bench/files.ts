import { createWriteStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { LargeCsv } from "../src/core/model/result.ts";
import type { Column, Table } from "../src/core/model/table.ts";
import type { FormatInput } from "../src/core/ports/adapter.ts";
import type { SpoolFile } from "../src/core/ports/spool.ts";
import { median } from "./service.ts";

/** What the benches of files and bodies share: rows of twelve columns, and a fair comparison. */

const FIELDS: readonly (readonly [label: string, type: string])[] = [
  ["Id", "number"],
  ["Carrier", "string"],
  ["Name", "string"],
  ["Day", "date_date"],
  ["Departed", "date_time"],
  ["Fare", "sum"],
  ["Passengers", "count"],
  ["Load", "average"],
  ["Late", "yesno"],
  ["Origin", "string"],
  ["Note", "string"],
  ["Delay", "average"],
];
const NUMBERS: ReadonlySet<string> = new Set(["number", "sum", "count", "average"]);

export const LABELS: readonly string[] = FIELDS.map(([label]) => label);

const COLUMNS: readonly Column[] = FIELDS.map(([label, type]) => ({
  name: `flights.${label.toLowerCase()}`,
  label,
  kind: NUMBERS.has(type) ? "measure" : "dimension",
  isNumeric: NUMBERS.has(type),
  valueFormat: label === "Fare" ? "$#,##0.00" : null,
  type,
}));

/** The same rows as a library is handed them: with the types of the fields. */
export function* typedRecords(rows: number): Generator<(string | number | boolean | Date)[]> {
  for (let row = 0; row < rows; row += 1) {
    yield [
      row,
      `Carrier ${row % 97}`,
      `Name, ${row % 1_000}`,
      new Date(Date.UTC(2026, row % 12, 1 + (row % 28))),
      new Date(Date.UTC(2026, 10, 16, row % 24, row % 60, 41)),
      Math.round(row * 137.7) / 100,
      (row * 7_919) % 1_000_003,
      ((row * 7_919) % 1_000_003) / 1_000_003,
      row % 2 === 0,
      "ATL",
      `some words of text ${row}`,
      row * -1.5,
    ];
  }
}

function* textRecords(rows: number): Generator<string[]> {
  for (const record of typedRecords(rows)) yield record.map(asLooker);
}

function asLooker(value: string | number | boolean | Date, index: number): string {
  if (value instanceof Date) {
    const iso = value.toISOString();
    return index === 3 ? iso.slice(0, 10) : iso.slice(0, 19).replace("T", " ");
  }
  return typeof value === "boolean" ? (value ? "Yes" : "No") : String(value);
}

/** A large result as Looker sends it, and its rows. */
export async function largeFile(
  folder: string,
  rows: number,
): Promise<{ file: SpoolFile; records: () => Generator<string[]> }> {
  const path = join(folder, "result.csv");
  const lines = function* () {
    yield `${LABELS.join(",")}\n`;
    for (const record of textRecords(rows))
      yield `${record.map((cell) => (cell.includes(",") ? `"${cell}"` : cell)).join(",")}\n`;
  };
  await pipeline(Readable.from(lines()), createWriteStream(path));
  const { size } = await stat(path);
  return { file: { path, bytes: size }, records: () => textRecords(rows) };
}

export function tableOf(rows: number): Table {
  const cells = [...textRecords(rows)].map((record) =>
    record.map((rendered, index) => ({
      value: COLUMNS[index]?.isNumeric === true ? Number(rendered) : rendered,
      rendered,
    })),
  );
  return { columns: COLUMNS, pivotLabels: [], rows: cells, rowCount: rows, rowCountIsExact: true };
}

export function inputOver(csv: LargeCsv, rows: number, folder: string): FormatInput {
  const result = {
    title: null,
    table: { ...tableOf(50), rowCount: rows },
    csv,
    filters: {},
    ranAt: new Date(),
    dates: { timezone: null, calendar: { weekStart: 1, fiscalMonthOffset: null }, otherFilters: [] },
    fromCache: false,
    url: "https://looker.example.com",
    sql: null,
    tookMs: 1,
    warnings: [],
  };
  const run = {
    id: "bench",
    report: "bench",
    title: "Bench",
    owner: null,
    dueAt: "2026-11-16T13:00:00.000Z",
    timezone: "UTC",
  };
  return {
    sections: [{ index: 0, title: "Flights", result, filters: [] }],
    stem: "bench",
    spool: { directory: folder, path: (name) => join(folder, name), ensureRoom: async () => undefined },
    signal: new AbortController().signal,
    message: {
      key: "bench",
      run,
      purpose: "report",
      subject: "Bench",
      intro: null,
      period: null,
      sections: [],
      notices: [],
      artifacts: [],
      downloads: [],
      pictures: [],
    },
    bytesMax: Number.POSITIVE_INFINITY,
    draw: () => Promise.reject(new Error("nothing is drawn")),
  };
}

export async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "lookpost-bench-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Runs both by turns, once beforehand for warmth; the medians in milliseconds, and the first over the second. */
export async function compared(
  rounds: number,
  both: Readonly<Record<string, () => Promise<void> | void>>,
): Promise<Record<string, number>> {
  const times = new Map(Object.keys(both).map((name): [string, number[]] => [name, []]));
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, work] of Object.entries(both)) {
      const began = performance.now();
      await work();
      if (round > 0) times.get(name)?.push(performance.now() - began);
    }
  }
  const medians = [...times].map(([name, all]): [string, number] => [
    `${name}Ms`,
    Math.round(median(all) * 10) / 10,
  ]);
  const [ours = 0, theirs = 1] = medians.map(([, ms]) => ms);
  return { ...Object.fromEntries(medians), ratio: Math.round((ours / theirs) * 100) / 100 };
}
