import { numbers } from "./numbers.ts";
import { tables } from "./tables.ts";

const { count } = numbers;

export const files = {
  attached: "Attached",
  toDownload: "To download",
  /** "12,431 rows, 1.1 MB"; `rows` null: it has none. */
  details: (rows: number | null, size: string) =>
    rows === null ? size : `${tables.rowCount(rows)}, ${size}`,
  /** A file within a sentence: "delays.csv (1 GB, 12,431 rows)". */
  named: (name: string, rows: number | null, size: string) =>
    `${name} (${rows === null ? size : `${size}, ${tables.rowCount(rows)}`})`,
  /** Facts of one file: "12,431 rows, 21 MB, until 23 Nov 2026". */
  facts: (facts: readonly string[]) => facts.join(", "),
  list: (names: readonly string[]) => `Files: ${names.join(", ")}`,
  file: (name: string) => `File: ${name}`,
  download: (name: string) => `Download ${name}`,
  noName: "file",

  /** `file`: as `named`. */
  tooLarge: (file: string, limit: string) => `${file} is too large to attach here (limit ${limit})`,
  tooLargeTogether: (file: string, limit: string, withPictures: boolean) =>
    `${file} is too large to attach here together with ${withPictures ? "the other files and the pictures" : "the other files"} (limit ${limit} in all)`,
  split: (tooLarge: string, parts: number) =>
    `${tooLarge}: it comes as ${parts} files, one for each section.`,
  leftOut: (tooLarge: string, elsewhere: "download" | "message" | "looker") =>
    `${tooLarge}. ${ELSEWHERE[elsewhere]}`,
  compressed: (name: string, limit: string) =>
    `${name} is compressed to stay below ${limit}: unpack it to read it.`,
  allCompressed: (number: number, limit: string) =>
    `${count(number)} files are compressed to stay below ${limit}: unpack them to read them.`,
  picturesTooLarge: (limit: string, withFiles: boolean) =>
    `the pictures are too large${withFiles ? " together with the files" : ""} (limit ${limit} in all)`,
  sparklineLeftOut: (title: string, why: string) => `The sparkline of “${title}” is left out: ${why}.`,
  pictureLeftOut: (title: string, why: string, hasTable: boolean) =>
    `The picture of “${title}” is left out: ${why}.${hasTable ? " Its table is shown instead." : ""}`,

  /** The workbook. */
  contents: "Contents",
  notes: "Notes",
  sheet: "Sheet",
  whatItShows: "What it shows",
  rows: "Rows",
  filters: "Filters",
  readInLooker: "Read in Looker",
  noFilters: "none",
  /** On the sheet of notes. */
  about: (title: string, note: string) => `${title}: ${note}`,
  continuesOn: (sheets: readonly string[]) =>
    `it is larger than a sheet of Excel may be and continues on ${sheets.join(", ")}.`,
  mayHaveMore: (rows: number) =>
    `the query’s limit is ${tables.rowCount(rows)}, so there may be more than these.`,
  cellsCut: (cells: number, charsMax: number) =>
    `${cellCount(cells)} of more than ${count(charsMax)} characters, the most that Excel holds, cut. A CSV file has all of it.`,
  cellsLong: (cells: number) =>
    `${cellCount(cells)} with a number of more than 15 digits, the most that Excel keeps, written as text.`,
  cellsReplaced: (cells: number) =>
    `${cellCount(cells)} with characters that a workbook cannot hold, which are replaced by \ufffd.`,
};

export type FilePhrases = typeof files;

const ELSEWHERE = {
  download: "Download it by the link in this message.",
  // A page or a drawing of what the message shows has nothing of its own to open in Looker.
  message: "What it shows is in this message, as far as there is room, and in Looker.",
  looker: "Open it in Looker.",
};

function cellCount(cells: number): string {
  return cells === 1 ? "1 cell" : `${count(cells)} cells`;
}
