import { readFile } from "node:fs/promises";
import { expect } from "vitest";
import type { Artifact } from "../../src/core/model/artifact.ts";
import type { LargeCsv, Result } from "../../src/core/model/result.ts";
import type { Table } from "../../src/core/model/table.ts";
import type { Format, FormatInput } from "../../src/core/ports/adapter.ts";
import { filterSentences } from "../../src/core/rules/filters/sentences.ts";
import { ENGLISH } from "../../src/core/words/en/index.ts";
import { datesIn } from "../dates.ts";
import { message, section } from "./sample.ts";
import { fileIn, NEVER, spoolFolder } from "./spool.ts";

/** What a source brought back. */
export function result(whole: Table, more: Partial<Result> = {}): Result {
  return {
    table: whole,
    filters: {},
    ranAt: new Date("2026-11-16T13:00:00Z"),
    dates: datesIn("UTC"),
    fromCache: false,
    url: "https://looker.example.com/x",
    title: null,
    sql: null,
    tookMs: 1,
    warnings: [],
    ...more,
  };
}

/** A large result's file on disk, in the forms that are given. */
export async function largeCsv(
  text: { readonly raw?: string; readonly formatted?: string },
  labels: readonly string[],
  headingRows = 1,
): Promise<LargeCsv> {
  const spool = await spoolFolder();
  const file = async (name: string, content: string | undefined) =>
    content === undefined ? null : (await fileIn(spool, name, content)).file;
  return {
    raw: await file("raw.csv", text.raw),
    formatted: await file("formatted.csv", text.formatted),
    headingRows,
    labels,
  };
}

/** The input of a format over sections of these results, by their titles. */
export async function inputOf(
  results: Readonly<Record<string, Result | null>>,
  more: Partial<FormatInput> = {},
): Promise<FormatInput> {
  const sections = Object.entries(results).map(([title, one], index) => ({
    index,
    title,
    result: one,
    filters: one?.applied === undefined ? [] : filterSentences(one.applied, ENGLISH),
  }));
  return {
    sections,
    stem: "delays",
    spool: await spoolFolder(),
    signal: NEVER,
    message: message(
      sections.map((one) =>
        one.result === null
          ? { title: one.title, text: "Words.", data: null, notices: [] }
          : section(one.title, one.result.table),
      ),
    ),
    bytesMax: Number.POSITIVE_INFINITY,
    draw: () => Promise.reject(new Error("Nothing is drawn here.")),
    ...more,
  };
}

/** A file as the format makes it, and its bytes. */
export async function made<O>(
  format: Format<O>,
  input: FormatInput,
  options: O,
): Promise<{ artifact: Artifact; bytes: Buffer }> {
  const artifact = await format.render(input, options);
  if (artifact === null) throw new Error("No file was made.");
  const bytes = await readFile(artifact.file.path);
  expect(artifact.file.bytes).toBe(bytes.length);
  return { artifact, bytes };
}
