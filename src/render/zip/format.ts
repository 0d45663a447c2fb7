import { createReadStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import type { Artifact } from "../../core/model/artifact.ts";
import type { Result } from "../../core/model/result.ts";
import type { Format, FormatInput } from "../../core/ports/adapter.ts";
import { CSV_TYPE, formOf, writeCsv } from "../csv/format.ts";
import { distinctFilename, filename } from "../filename.ts";
import { needsParts } from "../fit/artifacts.ts";
import type { ZipOptions } from "./schema.ts";
import { writeZip, type ZipMember } from "./writer.ts";

const ZIP_TYPE = "application/zip";

interface Section {
  readonly index: number;
  readonly title: string;
  readonly result: Result;
}

/** One archive with a CSV file for each section or tile, named after its title. */
export const zipFormat: Format<ZipOptions> = {
  kind: "zip",
  per: "all",
  reads: ({ csv }) => formOf(csv),
  isWhole: ({ csv }) => csv.raw,
  async render(input, options) {
    const sections = input.sections.flatMap(({ index, title, result }) =>
      result === null ? [] : [{ index, title, result }],
    );
    if (sections.length === 0) return null;
    const path = input.spool.path(`artifact-${filename(input.stem, "zip")}`);
    const files: Artifact[] = [];
    const members = csvMembers(sections, input, options, files);
    const file = await writeZip(path, members, new Date(input.message.run.dueAt), input.signal);
    const whole = {
      filename: filename(options.filename ?? input.stem, "zip"),
      contentType: ZIP_TYPE,
      file,
      rows: files.reduce((sum, { rows }) => sum + (rows ?? 0), 0),
      sections: sections.map(({ index }) => index),
    };
    if (needsParts(file.bytes, sections.length, input.bytesMax)) return { ...whole, parts: files };
    for (const { file } of files) await rm(file.path, { force: true });
    return whole;
  },
};

/** Each is first written next to the archive: if that becomes too large, they may be sent instead. */
async function* csvMembers(
  sections: readonly Section[],
  { stem, spool, signal }: FormatInput,
  { csv }: ZipOptions,
  files: Artifact[],
): AsyncGenerator<ZipMember> {
  const taken = new Set<string>();
  for (const { index, title, result } of sections) {
    const path = spool.path(`artifact-${filename(`${stem}-${index + 1}`, "csv")}`);
    const rows = await writeCsv(result, path, csv, signal);
    const { size } = await stat(path);
    const name = distinctFilename(filename(csv.filename ?? title, "csv"), taken);
    files.push({
      filename: name,
      contentType: CSV_TYPE,
      file: { path, bytes: size },
      rows,
      sections: [index],
    });
    yield { name, contents: createReadStream(path) };
  }
}
