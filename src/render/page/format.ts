import { createWriteStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { later } from "../../core/later.ts";
import { pictureType } from "../../core/model/picture.ts";
import type { LargeCsv } from "../../core/model/result.ts";
import type { Cell, Column } from "../../core/model/table.ts";
import type { Format, FormatInput, FormatSection } from "../../core/ports/adapter.ts";
import { numberOf } from "../../core/rules/numbers/cell-number.ts";
import { largeRows } from "../csv/large.ts";
import { filename } from "../filename.ts";
import type { HtmlOptions } from "./schema.ts";

/** Of a picture; for a larger one, its alt text is shown. */
const PICTURE_BYTES_MAX = 5_000_000;

const page = later(() => import("./page.ts"));

/** The digest as one self-contained web page, with more rows than an email may have. */
export const htmlFormat: Format<HtmlOptions> = {
  kind: "html",
  per: "all",
  reads: () => "formatted",
  isWhole: () => false,
  async render(input, options) {
    const { sections, stem, spool, signal } = input;
    if (sections.length === 0) return null;
    const path = spool.path(`artifact-${filename(stem, "html")}`);
    await pipeline(Readable.from(pieces(input)), createWriteStream(path), { signal });
    const { size } = await stat(path);
    return {
      filename: filename(options.filename ?? stem, "html"),
      contentType: "text/html; charset=utf-8",
      file: { path, bytes: size },
      rows: null,
      // Rows that do not fit in it have to be found elsewhere.
      sections: [],
    };
  },
};

async function* pieces({ message, sections, signal }: FormatInput): AsyncGenerator<string> {
  const { pageHtml, PAGE_ROWS_MAX } = await page();
  const longer: FormatSection[] = [];
  for (const section of sections) longer.push(await withRows(section, PAGE_ROWS_MAX, signal));
  const urls = new Map<string, string>();
  for (const picture of message.pictures) {
    const { name, file } = picture;
    if (file.bytes > PICTURE_BYTES_MAX) continue;
    urls.set(name, `data:${pictureType(picture)};base64,${(await readFile(file.path)).toString("base64")}`);
  }
  const pictures = message.pictures.filter(({ name }) => urls.has(name));
  yield* pageHtml({ ...message, pictures }, longer, ({ name }) => urls.get(name) ?? "");
}

/**
 * The table of a large result holds little more than a message shows, so the page takes more rows from its file. The table's own rows
 * stay, since the file does not have their links.
 */
async function withRows(
  section: FormatSection,
  rowsMax: number,
  signal: AbortSignal,
): Promise<FormatSection> {
  const { result } = section;
  if (result?.csv?.formatted == null || result.table.rows.length >= rowsMax) return section;
  const { columns } = result.table;
  const rows = [...result.table.rows];
  let passed = 0;
  for await (const [shown, raw] of bothForms(result.csv, signal)) {
    passed += 1;
    if (passed <= result.table.rows.length) continue;
    rows.push(columns.map((column, at) => cellOf(shown[at] ?? "", raw?.[at] ?? null, column)));
    if (rows.length >= rowsMax) break;
  }
  return { ...section, result: { ...result, table: { ...result.table, rows } } };
}

/** The rows as rendered, with their raw values if that form was fetched as well. */
async function* bothForms(
  csv: LargeCsv,
  signal: AbortSignal,
): AsyncGenerator<readonly [shown: readonly string[], raw: readonly string[] | null]> {
  const raws = csv.raw === null ? null : largeRows(csv, "raw", signal);
  try {
    for await (const shown of largeRows(csv, "formatted", signal)) {
      const raw = raws === null ? null : await raws.next();
      yield [shown, raw === null || raw.done === true ? null : raw.value];
    }
  } finally {
    await raws?.return(undefined);
  }
}

function cellOf(rendered: string, raw: string | null, { isNumeric }: Column): Cell {
  const text = raw ?? rendered;
  if (text === "") return { value: null, rendered };
  // If only the rendered form is known, "1,204" is the number 1204.
  const written =
    raw === null && /^-?\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,15})?$/.test(text) ? text.replaceAll(",", "") : text;
  const number = isNumeric ? numberOf(written) : null;
  return { value: number ?? text, rendered };
}
